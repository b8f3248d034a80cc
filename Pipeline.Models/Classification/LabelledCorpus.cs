namespace Pipeline.Models.Classification;

/// <summary>A column of labels: one for each text, null where the text has none.</summary>
public sealed record LabelColumn(string Head, IReadOnlyList<string?> Labels);

/// <summary>Texts with any set of label columns beside them.</summary>
public sealed record LabelledCorpus
{
    /// <param name="texts">May be empty strings: such rows are left out of training and counted.</param>
    /// <param name="columns">At least one; each as long as <paramref name="texts"/>.</param>
    /// <param name="weights">What an error on each text counts, above 0; null: 1 for all.</param>
    /// <exception cref="ArgumentException">No column, a column or weights of another length, the same head twice, or a weight that is not a number above 0.</exception>
    public LabelledCorpus(IReadOnlyList<string> texts, IReadOnlyList<LabelColumn> columns, IReadOnlyList<float>? weights = null)
    {
        if (weights is not null && weights.Count != texts.Count)
        {
            throw new ArgumentException($"there are {weights.Count} weights for {texts.Count} texts", nameof(weights));
        }
        if (weights is not null && weights.Any(w => !float.IsFinite(w) || w <= 0))
        {
            throw new ArgumentException("a weight is not a number above 0", nameof(weights));
        }
        if (columns.Count == 0)
        {
            throw new ArgumentException("a corpus has at least one label column", nameof(columns));
        }
        foreach (LabelColumn column in columns)
        {
            if (column.Labels.Count != texts.Count)
            {
                throw new ArgumentException($"column {column.Head} has {column.Labels.Count} labels for {texts.Count} texts", nameof(columns));
            }
        }
        if (columns.Select(c => c.Head).Distinct(StringComparer.Ordinal).Count() != columns.Count)
        {
            throw new ArgumentException("a head stands in two columns", nameof(columns));
        }
        Texts = texts;
        Columns = columns;
        Weights = weights;
    }

    public IReadOnlyList<string> Texts { get; }

    public IReadOnlyList<LabelColumn> Columns { get; }

    /// <value>What an error on each text counts; null: 1 for all. A text of weight below 1 is a weak example: it is learned from, but no probability is fitted and no model is judged on it.</value>
    public IReadOnlyList<float>? Weights { get; }

    /// <summary>The rows with these numbers, in that order.</summary>
    public LabelledCorpus Take(IReadOnlyList<int> rows) => new(
        [.. rows.Select(r => Texts[r])],
        [.. Columns.Select(c => new LabelColumn(c.Head, [.. rows.Select(r => c.Labels[r])]))],
        Weights is null ? null : [.. rows.Select(r => Weights[r])]);
}

/// <summary>A head of a classifier: a question that is answered with one of a set of classes.</summary>
/// <param name="Name">For example <c>nature</c>, or any other label column.</param>
/// <param name="Classes">In ordinal order.</param>
/// <param name="TrainingTexts">How many training texts each class had, in the same order.</param>
public sealed record ClassifierHead(string Name, IReadOnlyList<string> Classes, IReadOnlyList<int> TrainingTexts);
