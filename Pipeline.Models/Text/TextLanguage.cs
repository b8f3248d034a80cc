namespace Pipeline.Models.Text;

/// <summary>Tells Chinese texts from others by their characters.</summary>
public static class TextLanguage
{
    public const string Chinese = "zh";
    public const string English = "en";

    /// <summary><c>zh</c> where ideographs are at least a fifth of ideographs and words together, else <c>en</c>.</summary>
    public static string Of(string text)
    {
        TextUnits units = new();
        units.Read(text);
        (int ideographs, int words) = Count(units);
        return IsChinese(ideographs, words) ? Chinese : English;
    }

    /// <summary>The language of most of what is written in <paramref name="texts"/>.</summary>
    public static string Of(IEnumerable<string> texts)
    {
        TextUnits units = new();
        long ideographs = 0;
        long words = 0;
        foreach (string text in texts)
        {
            units.Read(text);
            (int i, int w) = Count(units);
            ideographs += i;
            words += w;
        }
        return IsChinese(ideographs, words) ? Chinese : English;
    }

    private static bool IsChinese(long ideographs, long words) => ideographs > 0 && ideographs * 4 >= words;

    private static (int Ideographs, int Words) Count(TextUnits units)
    {
        int ideographs = 0;
        int words = 0;
        foreach (ref readonly TextUnit unit in units.Units)
        {
            ideographs += unit.Kind == UnitKind.Ideograph ? 1 : 0;
            words += unit.Kind == UnitKind.Word ? 1 : 0;
        }
        return (ideographs, words);
    }
}
