using System.Globalization;

namespace Pipeline.Models.Text;

/// <summary>Numbers in English sentences, where a noun has another form for one than for several.</summary>
public static class English
{
    /// <summary>For example <c>1 case</c>, <c>1,204 cases</c>.</summary>
    /// <param name="several">The form for several where it is more than an s.</param>
    public static string Count(long number, string one, string? several = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{number:#,##0} {(number == 1 ? one : several ?? one + "s")}");
}
