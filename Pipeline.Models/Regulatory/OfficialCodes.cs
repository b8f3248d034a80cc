using Pipeline.Models.Taxonomy;

namespace Pipeline.Models.Regulatory;

/// <summary>The official code of a class.</summary>
/// <param name="Dimension">Dimension of the taxonomy.</param>
/// <param name="Key">Internal key of the class.</param>
public sealed record OfficialCode(string Dimension, string Key, string Code);

/// <summary>
/// Codes of the standard, from a table that the bank loads: they are not public, and lists of labels differ in their order, so no position
/// can stand for a code (DOMAIN A1.7, A1.8).
/// </summary>
/// <param name="Sha256">Of the file; null where none was loaded.</param>
public sealed record OfficialCodes(IReadOnlyList<OfficialCode> Entries, string? Sha256)
{
    public static OfficialCodes None { get; } = new([], null);

    /// <value>Dimensions that have codes, in the order of the table.</value>
    public IReadOnlyList<string> Dimensions => [.. Entries.Select(e => e.Dimension).Distinct(StringComparer.Ordinal)];

    public string? Of(string dimension, string key) => Entries.FirstOrDefault(e => e.Dimension == dimension && e.Key == key)?.Code;

    /// <summary>What is wrong with the table, each as a sentence: classes that the taxonomy does not have, codes or classes that stand twice, codes with blanks.</summary>
    public IEnumerable<string> Problems(ComplaintTaxonomy taxonomy)
    {
        foreach (OfficialCode entry in Entries)
        {
            if (taxonomy.Dimension(entry.Dimension) is not { } dimension)
            {
                yield return $"{entry.Dimension}: not a dimension of {taxonomy.Id}";
            }
            else if (!dimension.Open && taxonomy.Class(entry.Dimension, entry.Key) is null)
            {
                yield return $"{entry.Dimension}/{entry.Key}: not a class of {taxonomy.Id}";
            }
            if (entry.Code.Length == 0 || entry.Code.Any(char.IsWhiteSpace))
            {
                yield return $"{entry.Dimension}/{entry.Key}: '{entry.Code}' is no code";
            }
        }
        foreach (IGrouping<(string, string), OfficialCode> twice in Entries.GroupBy(e => (e.Dimension, e.Key)).Where(g => g.Count() > 1))
        {
            yield return $"{twice.Key.Item1}/{twice.Key.Item2}: {string.Join(", ", twice.Select(e => e.Code))}";
        }
        foreach (IGrouping<(string, string), OfficialCode> twice in Entries.GroupBy(e => (e.Dimension, e.Code)).Where(g => g.Select(e => e.Key).Distinct().Count() > 1))
        {
            yield return $"{twice.Key.Item1}: {twice.Key.Item2} = {string.Join(", ", twice.Select(e => e.Key))}";
        }
    }
}
