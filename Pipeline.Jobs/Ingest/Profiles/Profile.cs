using System.Text.Json;
using System.Text.Json.Serialization;
using Pipeline.Models.Taxonomy;

namespace Pipeline.Jobs.Ingest.Profiles;

/// <summary>One column of a profile: where a canonical field stands in the export.</summary>
/// <param name="Field">Canonical name, for example <c>received_date</c>. Several columns with one field are joined in the order of the profile.</param>
/// <param name="Headers">Spellings of the header; compared without spaces, brackets, width and case.</param>
/// <param name="Group">The title above the header, where one name stands under several groups.</param>
/// <param name="Position">1-based position: decides between equal names where the export has no groups, and alone where it has no header.</param>
/// <param name="Required">Without this column the table is not one of this profile.</param>
/// <param name="Unit">Amounts: what one stands for, for example 10000 for 万元; null: 1.</param>
/// <param name="Joint">What is put between the parts where several columns make one field.</param>
public sealed record ProfileColumn(
    string Field,
    IReadOnlyList<string> Headers,
    string? Group = null,
    int? Position = null,
    bool Required = false,
    decimal? Unit = null,
    string? Joint = null);

/// <summary>
/// How one kind of export is read. A data file (JSON): the built-in ones come with the program, others stand in the <c>profiles</c>
/// folder of the home folder, where a file with the id of a built-in one replaces it.
/// </summary>
/// <param name="Id">Name on the command line, for example <c>cn-bank</c>.</param>
/// <param name="Source">Where the complaints come from; together with the case number the key of a complaint.</param>
/// <param name="Taxonomy">Id of the taxonomy that translates labels.</param>
/// <param name="MinMatchedShare">Share of the profile's columns (0 to 1) that a table must have to be recognised.</param>
/// <param name="Ignore">Headers that say nothing about the complaint (the serial number of the row).</param>
/// <param name="DateFormats">.NET date formats, tried in order after yyyy-MM-dd; <c>excel_serial</c> reads days since 1899-12-30.</param>
/// <param name="Values">Field → spelling → value, asked before the taxonomy; for statuses, satisfaction, genders and booleans the only translation beside the common one.</param>
/// <param name="TotalRows">First cells of rows that are totals or titles and no complaints.</param>
/// <param name="ExportGraceDays">Days after the end of the month on which a monthly export is made; used where the file name gives a month only.</param>
/// <param name="EarliestReceived">A complaint received before is a typing error.</param>
/// <param name="AcceptsShortRows">True: a row with fewer cells than the header is read with the missing ones empty.</param>
public sealed record Profile(
    string Id,
    string Version,
    string Source,
    string Taxonomy,
    IReadOnlyList<ProfileColumn> Columns,
    string Zh = "",
    string En = "",
    double MinMatchedShare = 0,
    IReadOnlyList<string>? Ignore = null,
    IReadOnlyList<string>? DateFormats = null,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>? Values = null,
    IReadOnlyList<string>? TotalRows = null,
    int ExportGraceDays = 0,
    DateOnly? EarliestReceived = null,
    bool AcceptsShortRows = false)
{
    private static readonly JsonSerializerOptions Written = new(RuleJson.Options)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <exception cref="InvalidDataException">The file is not a profile; the message names every mistake at once.</exception>
    public static Profile Parse(string json)
    {
        Profile profile;
        try
        {
            profile = JsonSerializer.Deserialize<Profile>(json, RuleJson.Options)
                ?? throw new InvalidDataException("the profile file is empty");
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"the profile is not valid JSON of a profile: {fault.Message}", fault);
        }
        List<string> mistakes = [.. profile.Mistakes()];
        return mistakes.Count == 0
            ? profile
            : throw new InvalidDataException($"profile {profile.Id ?? "(without id)"}: {string.Join("; ", mistakes)}");
    }

    public string ToJson() => JsonSerializer.Serialize(this, Written);

    private IEnumerable<string> Mistakes()
    {
        if (string.IsNullOrWhiteSpace(Id) || string.IsNullOrWhiteSpace(Version) || string.IsNullOrWhiteSpace(Source) || string.IsNullOrWhiteSpace(Taxonomy))
        {
            yield return "id, version, source and taxonomy must be given";
        }
        if (Columns is not { Count: > 0 })
        {
            yield return "columns are missing";
            yield break;
        }
        foreach (ProfileColumn column in Columns)
        {
            if (column.Field is null || CanonicalFields.Find(column.Field) is null)
            {
                yield return $"'{column.Field}' is not a canonical field (they are: {string.Join(", ", CanonicalFields.AllNames)})";
            }
            if (column.Headers is not { Count: > 0 } && column.Position is null)
            {
                yield return $"the column of {column.Field} has neither headers nor a position";
            }
        }
        foreach (CanonicalField needed in (CanonicalField[])[CanonicalField.CaseNumber, CanonicalField.ReceivedDate])
        {
            if (!Columns.Any(c => c.Field == CanonicalFields.NameOf(needed)))
            {
                yield return $"no column gives {CanonicalFields.NameOf(needed)}, without which no row can be counted";
            }
        }
        foreach (string field in Values?.Keys ?? [])
        {
            if (CanonicalFields.Find(field) is null)
            {
                yield return $"values are given for '{field}', which is not a canonical field";
            }
        }
    }
}
