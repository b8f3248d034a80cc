using Pipeline.Models.Text;

namespace Pipeline.Models.Classification.LittleData;

/// <summary>
/// Labelled texts that come with the program: what a bank without labels begins with, and what one with few labels learns from beside its
/// own. They are weak examples: learned from with a weight below 1; no probability is fitted and no model is judged on them.
/// </summary>
/// <param name="Corpus">Texts and labels, in the keys of one taxonomy.</param>
public sealed record StarterCorpus(LabelledCorpus Corpus)
{
    /// <value>With this many labelled texts of its own a bank needs no others: nothing beyond was measured.</value>
    public const int EnoughOwn = 5000;

    /// <value>What an error on a starter text counts against one on an own text (docs/classification.md has what was tried).</value>
    public const float Weight = 0.9f;

    /// <summary>
    /// The own rows, unchanged and first, then the starter texts with the labels of the heads that the own corpus has. Starter texts that are
    /// near-duplicates of own texts are left out, so that none can stand on the other side of a split.
    /// </summary>
    public LabelledCorpus Join(LabelledCorpus own, int threads = 1, float weight = Weight, CancellationToken cancellation = default)
    {
        int before = own.Texts.Count;
        int[] leaders = NearDuplicateIndex.Group([.. own.Texts, .. Corpus.Texts], threads: threads, cancellation: cancellation).Leaders;
        LabelColumn?[] columns = [.. own.Columns.Select(c => Corpus.Columns.FirstOrDefault(s => s.Head == c.Head))];
        int[] kept = [.. Enumerable.Range(0, Corpus.Texts.Count).Where(i => leaders[before + i] >= before && columns.Any(c => c?.Labels[i] is not null))];
        return kept.Length == 0 ? own : new LabelledCorpus(
            [.. own.Texts, .. kept.Select(i => Corpus.Texts[i])],
            [.. own.Columns.Select((c, head) => new LabelColumn(c.Head, [.. c.Labels, .. kept.Select(i => columns[head]?.Labels[i])]))],
            [.. own.Weights ?? [.. own.Texts.Select(_ => 1f)], .. kept.Select(_ => weight)]);
    }
}
