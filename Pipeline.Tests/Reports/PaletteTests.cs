using System.Globalization;
using Pipeline.Reports.Sheets;

namespace Pipeline.Tests.Reports;

/// <summary>
/// Colours of series measured: CIE L* (D65, sRGB after IEC 61966-2-1) for grey prints, and the distance in CIE L*a*b* as seen with
/// deuteranopia and protanopia (Machado, Oliveira and Fernandes, IEEE Transactions on Visualization and Computer Graphics 15, 2009, severity 1).
/// </summary>
public sealed class PaletteTests
{
    private static readonly double[,] Deuteranopia = { { 0.367322, 0.860646, -0.227968 }, { 0.280085, 0.672501, 0.047413 }, { -0.011820, 0.042940, 0.968881 } };
    private static readonly double[,] Protanopia = { { 0.152286, 1.052583, -0.204868 }, { 0.114503, 0.786281, 0.099216 }, { -0.003882, -0.048116, 1.051998 } };

    public static TheoryData<string> Palettes => ["series", "lines"];

    [Theory]
    [MemberData(nameof(Palettes))]
    public void In_grey_neighbours_differ_clearly_in_lightness_and_no_two_colours_look_alike(string palette)
    {
        double[] lightness = [.. Of(palette).Select(c => Lab(Linear(c)).L)];
        Assert.All(lightness.Zip(lightness.Skip(1)), n => Assert.True(Math.Abs(n.First - n.Second) > 18, $"{palette}: neighbours of L* {n.First:0.0} and {n.Second:0.0}"));
        Assert.All(Pairs(lightness), p => Assert.True(Math.Abs(p.First - p.Second) > 7, $"{palette}: L* {p.First:0.0} and {p.Second:0.0}"));
    }

    [Theory]
    [MemberData(nameof(Palettes))]
    public void Readers_with_red_green_deficiencies_tell_every_two_colours_apart(string palette)
    {
        foreach (double[,] deficiency in (double[][,])[Deuteranopia, Protanopia])
        {
            Assert.All(Pairs([.. Of(palette)]), pair =>
            {
                double distance = Distance(Lab(Seen(Linear(pair.First), deficiency)), Lab(Seen(Linear(pair.Second), deficiency)));
                Assert.True(distance > 15, $"{palette}: {pair.First} and {pair.Second} are {distance:0.0} apart");
            });
        }
    }

    [Fact]
    public void What_is_left_over_differs_in_grey_from_the_colours_that_it_is_stacked_on() =>
        Assert.All(Palette.Series.Take(4), c => Assert.True(Math.Abs(Lab(Linear(c)).L - Lab(Linear(Palette.Rest)).L) > 8, c));

    private static IReadOnlyList<string> Of(string palette) => palette == "series" ? Palette.Series : Palette.Lines;

    private static IEnumerable<(T First, T Second)> Pairs<T>(T[] all) =>
        from i in Enumerable.Range(0, all.Length) from j in Enumerable.Range(i + 1, all.Length - i - 1) select (all[i], all[j]);

    private static double[] Linear(string color) =>
    [
        .. Enumerable.Range(0, 3).Select(i => int.Parse(color.AsSpan(2 * i, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0)
            .Select(v => v <= 0.04045 ? v / 12.92 : Math.Pow((v + 0.055) / 1.055, 2.4)),
    ];

    private static double[] Seen(double[] linear, double[,] deficiency) =>
        [.. Enumerable.Range(0, 3).Select(r => Math.Clamp(Enumerable.Range(0, 3).Sum(k => deficiency[r, k] * linear[k]), 0, 1))];

    private static (double L, double A, double B) Lab(double[] linear)
    {
        double x = F(((0.4124564 * linear[0]) + (0.3575761 * linear[1]) + (0.1804375 * linear[2])) / 0.95047);
        double y = F((0.2126729 * linear[0]) + (0.7151522 * linear[1]) + (0.0721750 * linear[2]));
        double z = F(((0.0193339 * linear[0]) + (0.1191920 * linear[1]) + (0.9503041 * linear[2])) / 1.08883);
        return ((116 * y) - 16, 500 * (x - y), 200 * (y - z));

        static double F(double t) => t > 216.0 / 24389 ? Math.Cbrt(t) : ((24389.0 / 27 * t) + 16) / 116;
    }

    private static double Distance((double L, double A, double B) one, (double L, double A, double B) other) =>
        Math.Sqrt(Math.Pow(one.L - other.L, 2) + Math.Pow(one.A - other.A, 2) + Math.Pow(one.B - other.B, 2));
}
