using System.Globalization;
using System.Xml.Linq;
using Pipeline.Models.Measures;
using Pipeline.Models.Text;
using Pipeline.Reports;

namespace Pipeline.Tests.Reports;

/// <summary>What charts draw, from the written parts.</summary>
public sealed class ChartTests
{
    private static readonly XNamespace C = "http://schemas.openxmlformats.org/drawingml/2006/chart";
    private static readonly XNamespace A = "http://schemas.openxmlformats.org/drawingml/2006/main";

    [Fact]
    public void A_chart_of_which_nothing_is_known_is_left_out_with_its_numbers_and_columns()
    {
        MonthReport known = InventedMonth.Report(perMonth: 60, months: 14);
        MonthReport unknown = known with
        {
            Figures = [.. known.Figures.Select(f => FigureKey.Parse(f.Key).Measure is "on_time_rate" or "satisfaction_rate" ? f with { Value = null, Numerator = null } : f)],
        };
        Assert.Contains("On-time rate and satisfaction", Titles(Trend(known)));
        Assert.Contains("On-time rate and satisfaction", Texts(Trend(known), "Chart data"));
        Assert.DoesNotContain("On-time rate and satisfaction", Titles(Trend(unknown)));
        Assert.DoesNotContain("On-time rate and satisfaction", Texts(Trend(unknown), "Chart data"));
        Assert.Contains("Satisfaction rate", Trend(known).Table("Timeliness")[0]);
        Assert.DoesNotContain("Satisfaction rate", Trend(unknown).Table("Timeliness")[0]);
        Assert.Contains("Closure rate", Trend(unknown).Table("Timeliness")[0]);
    }

    [Fact]
    public void A_chart_says_how_many_months_it_shows_and_names_limits_only_where_it_has_them()
    {
        Spreadsheet few = Trend(InventedMonth.Report(perMonth: 60, months: 4));
        Assert.Contains("Complaints, 4 months", Titles(few));
        Assert.DoesNotContain(Titles(few), t => t.Contains("limits", StringComparison.Ordinal) || t.Contains("13", StringComparison.Ordinal) || t.Contains("25", StringComparison.Ordinal));
        Assert.Contains("Complaints and limits, 13 months", Titles(Trend(InventedMonth.Report(perMonth: 60, months: 25))));
    }

    [Theory]
    [InlineData(WorkbookKinds.Trend)]
    [InlineData(WorkbookKinds.RootCause)]
    public void The_axis_of_shares_near_the_whole_ends_at_the_whole(string kind)
    {
        Spreadsheet book = new(WorkbookWriter.Write(InventedMonth.Report(perMonth: 150), [kind], Language.En)[0].Bytes);
        int axes = 0;
        foreach (XElement chart in Charts(book))
        {
            foreach (XElement axis in chart.Descendants(C + "valAx").Where(a => a.Element(C + "numFmt")!.Attribute("formatCode")!.Value.EndsWith('%')))
            {
                string id = axis.Element(C + "axId")!.Attribute("val")!.Value;
                XElement[] plots = [.. chart.Descendants(C + "axId").Where(x => x.Parent!.Name != C + "valAx" && x.Parent.Name != C + "catAx" && x.Attribute("val")!.Value == id).Select(x => x.Parent!)];
                bool isStacked = plots.Any(p => p.Element(C + "grouping")!.Attribute("val")!.Value == "percentStacked");
                decimal highest = plots.Descendants(C + "val").Descendants(C + "v").Max(v => decimal.Parse(v.Value, NumberStyles.Float, CultureInfo.InvariantCulture));
                if (isStacked || highest is > 0.75m and <= 1)
                {
                    Assert.Equal("1", axis.Element(C + "scaling")!.Element(C + "max")?.Attribute("val")?.Value);
                    axes++;
                }
            }
        }
        Assert.True(axes > 0);
    }

    private static Spreadsheet Trend(MonthReport report) => new(WorkbookWriter.Write(report, [WorkbookKinds.Trend], Language.En)[0].Bytes);

    private static IEnumerable<XElement> Charts(Spreadsheet book) => book.Parts.Where(p => p.Key.StartsWith("xl/charts/", StringComparison.Ordinal)).Select(p => p.Value.Root!);

    private static List<string> Titles(Spreadsheet book) =>
        [.. Charts(book).Select(c => string.Concat(c.Element(C + "chart")!.Element(C + "title")!.Descendants(A + "t").Select(t => t.Value)))];

    private static HashSet<string> Texts(Spreadsheet book, string sheet) => [.. book.Cells(sheet).Values.Select(book.Value).OfType<string>()];
}
