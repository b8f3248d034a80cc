using Pipeline.Models.Text;

namespace Pipeline.Models.RootCauses;

/// <summary>
/// Cuts a text into runs: ideographs and words that stand side by side, up to a number, a sign, a space between ideographs or the end of
/// a clause. A phrase lies within one run. One instance serves one thread.
/// </summary>
internal sealed class TextRuns
{
    private readonly TextUnits units = new();

    public ReadOnlySpan<TextUnit> Units => units.Units;

    /// <summary>Reads a text; what was read before is forgotten.</summary>
    /// <param name="runs">Filled with the first unit of each run and the one after its last.</param>
    public void Read(ReadOnlySpan<char> text, List<(int Start, int End)> runs)
    {
        runs.Clear();
        units.Read(text);
        ReadOnlySpan<TextUnit> all = units.Units;
        int start = 0;
        for (int i = 0; i <= all.Length; i++)
        {
            if (i < all.Length && IsPart(all[i]) && (i == start || IsBeside(text, all[i - 1], all[i])))
            {
                continue;
            }
            if (i > start)
            {
                runs.Add((start, i));
            }
            start = i < all.Length && !IsPart(all[i]) ? i + 1 : i;
        }
    }

    private static bool IsPart(in TextUnit unit) => unit.Kind is UnitKind.Ideograph or UnitKind.Word;

    private static bool IsBeside(ReadOnlySpan<char> text, in TextUnit before, in TextUnit unit) =>
        before.End == unit.Start
        || (before.Kind == UnitKind.Word && unit.Kind == UnitKind.Word && unit.Start == before.End + 1 && text[before.End] is ' ' or '-' or '\'');
}
