namespace Pipeline.Models.Classification.Evaluation;

/// <summary>Truth and answers as numbers of classes, so that a thousand draws can be counted quickly.</summary>
internal sealed class AnswerTally
{
    private readonly int[] truths;
    private readonly int[] answers; // -1: none
    private readonly int classes;

    /// <param name="names">All classes that occur in any truth or answer.</param>
    public AnswerTally(IReadOnlyList<JudgedAnswer> judged, IReadOnlyList<string> names)
    {
        Dictionary<string, int> index = names.Select((c, i) => (c, i)).ToDictionary(p => p.c, p => p.i, StringComparer.Ordinal);
        truths = [.. judged.Select(j => index[j.Truth])];
        answers = [.. judged.Select(j => j.Answer is null ? -1 : index[j.Answer])];
        classes = names.Count;
    }

    public static string[] NamesOf(IEnumerable<JudgedAnswer> judged) =>
        [.. judged.SelectMany(j => (string?[])[j.Truth, j.Answer]).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>Accuracy and macro-F1 of the texts, each counted as often as <paramref name="times"/> says.</summary>
    public (double Accuracy, double MacroF1) Score(int[] times)
    {
        Span<int> hits = classes <= 256 ? stackalloc int[classes] : new int[classes];
        Span<int> seen = classes <= 256 ? stackalloc int[classes] : new int[classes]; // truths + answers
        hits.Clear();
        seen.Clear();
        int texts = 0;
        int right = 0;
        for (int i = 0; i < truths.Length; i++)
        {
            int n = times[i];
            texts += n;
            seen[truths[i]] += n;
            if (answers[i] >= 0)
            {
                seen[answers[i]] += n;
            }
            if (answers[i] == truths[i])
            {
                hits[truths[i]] += n;
                right += n;
            }
        }
        double sum = 0;
        int occurring = 0;
        for (int c = 0; c < classes; c++)
        {
            if (seen[c] > 0)
            {
                occurring++;
                sum += 2.0 * hits[c] / seen[c]; // F1 = 2 hits / (truths + answers)
            }
        }
        return (texts == 0 ? 0 : (double)right / texts, occurring == 0 ? 0 : sum / occurring);
    }
}
