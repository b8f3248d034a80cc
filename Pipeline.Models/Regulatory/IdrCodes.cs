using System.Text.Json.Serialization;

namespace Pipeline.Models.Regulatory;

/// <summary>A code of the Australian IDR data dictionary.</summary>
/// <param name="Element">Element of the file (<see cref="IdrReturn.Elements"/>), <c>column</c> (renames a column) or <c>columns</c> (how many a repeatable element has).</param>
/// <param name="Value">The ledger's value, <c>not_stated</c>, <c>not_collected</c>, or the column.</param>
public sealed record IdrCode(string Element, string Value, string Code);

/// <summary>The bank's table of codes of the Australian IDR data file. Numeric codes are not public here (DOMAIN D7), so without the table there is no file.</summary>
/// <param name="Entries">Each element and value at most once.</param>
/// <param name="Sha256">Of the file, lower-case hexadecimal; empty for none.</param>
public sealed record IdrCodes(IReadOnlyList<IdrCode> Entries, string Sha256)
{
    private readonly Dictionary<(string Element, string Value), string> codes = Entries.ToDictionary(e => (e.Element, e.Value), e => e.Code);

    public static readonly IdrCodes None = new([], "");

    [JsonIgnore]
    public bool IsLoaded => Entries.Count > 0;

    /// <summary>The code of a value; null where the table has none.</summary>
    public string? Of(string element, string value) => codes.GetValueOrDefault((element, value));
}
