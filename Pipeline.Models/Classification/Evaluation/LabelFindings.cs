using Pipeline.Models.Text;

namespace Pipeline.Models.Classification.Evaluation;

/// <summary>Rows with the same text and different labels under one head.</summary>
/// <param name="Rows">Indices of the corpus, ascending.</param>
/// <param name="Labels">Their distinct labels, in ordinal order.</param>
public sealed record Contradiction(string Head, IReadOnlyList<int> Rows, IReadOnlyList<string> Labels);

/// <summary>What is odd about a labelled corpus. Nothing here keeps it from being used; each is said.</summary>
/// <param name="EmptyTexts">Rows whose text holds no letter, ideograph or digit.</param>
/// <param name="Unlabelled">Rows with a text and without any label.</param>
/// <param name="Repeated">Rows whose text stood in an earlier row.</param>
/// <param name="OneClass">Heads all of whose labels are one class.</param>
/// <param name="HugeTexts">Indices of rows with more than <see cref="HugeLength"/> characters: more likely a broken quote than a complaint.</param>
public sealed record LabelFindings(
    int EmptyTexts, int Unlabelled, int Repeated, IReadOnlyList<Contradiction> Contradictions, IReadOnlyList<string> OneClass, IReadOnlyList<int> HugeTexts)
{
    /// <value>Characters from which a text is reported as huge.</value>
    public const int HugeLength = 1_000_000;

    /// <remarks>Texts are the same when their letters, ideographs and signs are, whatever their width, case, spaces, punctuation and numbers.</remarks>
    public static LabelFindings Of(LabelledCorpus corpus)
    {
        Dictionary<ulong, List<int>> byText = [];
        int empty = 0;
        int unlabelled = 0;
        ShingleReader reader = new();
        for (int row = 0; row < corpus.Texts.Count; row++)
        {
            if (reader.Fingerprint(corpus.Texts[row]) is not { } print)
            {
                empty++;
                continue;
            }
            unlabelled += corpus.Columns.All(c => string.IsNullOrWhiteSpace(c.Labels[row])) ? 1 : 0;
            if (!byText.TryGetValue(print, out List<int>? rows))
            {
                byText[print] = rows = [];
            }
            rows.Add(row);
        }
        List<int>[] repeated = [.. byText.Values.Where(rows => rows.Count > 1).OrderBy(rows => rows[0])];
        return new LabelFindings(
            empty,
            unlabelled,
            repeated.Sum(rows => rows.Count - 1),
            [.. corpus.Columns.SelectMany(column => repeated.Select(rows => Contradicting(column, rows)).OfType<Contradiction>())],
            [.. corpus.Columns.Where(c => c.Labels.OfType<string>().Select(l => l.Trim()).Where(l => l.Length > 0).Distinct(StringComparer.Ordinal).Count() == 1)
                .Select(c => c.Head)],
            [.. Enumerable.Range(0, corpus.Texts.Count).Where(row => corpus.Texts[row].Length > HugeLength)]);
    }

    private static Contradiction? Contradicting(LabelColumn column, List<int> rows)
    {
        int[] labelled = [.. rows.Where(row => !string.IsNullOrWhiteSpace(column.Labels[row]))];
        string[] labels = [.. labelled.Select(row => column.Labels[row]!.Trim()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return labels.Length > 1 ? new Contradiction(column.Head, labelled, labels) : null;
    }
}
