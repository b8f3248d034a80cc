using System.Globalization;

namespace Pipeline.Models.Text;

/// <summary>Nouns in English sentences, which have another form for one than for several.</summary>
public static class English
{
    /// <summary>For example <c>1 case</c>, <c>1,204 cases</c>.</summary>
    /// <param name="several">The form for several where it is another than <see cref="Several"/> makes.</param>
    public static string Count(long number, string one, string? several = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{number:#,##0} {(number == 1 ? one : several ?? Several(one))}");

    /// <summary>The regular form for several: <c>branches</c>, <c>companies</c>, <c>causes</c>.</summary>
    public static string Several(string one) => one switch
    {
        [.., not ('a' or 'e' or 'i' or 'o' or 'u'), 'y'] => one[..^1] + "ies",
        [.., 's' or 'x' or 'z'] or [.., 'c' or 's', 'h'] => one + "es",
        _ => one + "s",
    };
}
