using System.Buffers;

namespace Pipeline.Reports.Sheets;

/// <summary>
/// Where the Chinese head of a column breaks over lines. Excel does not break before a closing mark; LibreOffice breaks in cells between any
/// two characters. A column is therefore made so wide that no line begins with a closing mark or ends with an opening one.
/// </summary>
internal static class LineBreaks
{
    private static readonly SearchValues<char> Closing = SearchValues.Create("）」』》】〉，、。；：！？”’");
    private static readonly SearchValues<char> Opening = SearchValues.Create("（「『《【〈“‘");

    /// <summary>
    /// Room beside the usual, in digits of the sheet's face: a column is as wide as digits are, and an ideograph is two digits wide in some
    /// faces and hardly more than one and a half in others.
    /// </summary>
    private static readonly double[] Faces = [.. Enumerable.Range(0, 12).Select(i => 0.94 + (0.03 * i))];

    private const double Padding = 0.7;
    private const double MostWidened = 9;
    private const double Step = 0.5;

    /// <summary>The width of a column, or the next larger one at which its head breaks well in every face; the width itself where that would be much wider.</summary>
    /// <param name="width">In digits.</param>
    public static double ForHead(string head, double width)
    {
        if (head.AsSpan().IndexOfAny(Closing) < 0 || head.AsSpan().IndexOfAnyInRange('\u2E80', '\uFFE6') < 0)
        {
            return width;
        }
        for (double wider = width; wider <= width + MostWidened; wider += Step)
        {
            if (Array.TrueForAll(Faces, face => IsGood(Broken(head, (wider - Padding) * face))))
            {
                return wider;
            }
        }
        return width;
    }

    /// <summary>The lines of a text that breaks between any two wide characters and after spaces and hyphens.</summary>
    /// <param name="width">In digits.</param>
    public static IReadOnlyList<string> Broken(string text, double width)
    {
        List<string> lines = [];
        int start = 0;
        double line = 0;
        for (int at = 0; at < text.Length;)
        {
            int end = at + 1;
            while (!CellText.IsWide(text[at]) && end < text.Length && !CellText.IsWide(text[end]) && text[end - 1] is not ' ' and not '-')
            {
                end++;
            }
            if (at > start && line + CellText.Width(text[at..end].TrimEnd()) > width)
            {
                lines.Add(text[start..at].Trim());
                (start, line) = (at, 0);
            }
            line += CellText.Width(text[at..end]);
            at = end;
        }
        lines.Add(text[start..].Trim());
        return lines;
    }

    private static bool IsGood(IReadOnlyList<string> lines) =>
        Enumerable.Range(1, lines.Count - 1).All(i => !Closing.Contains(lines[i][0]) && !Opening.Contains(lines[i - 1][^1]));
}
