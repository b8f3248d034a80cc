using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Npgsql;
using Pipeline.Jobs.RootCauses;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complaints;

namespace Pipeline.Jobs.Steps;

/// <summary>
/// What a run is made from, pinned. The same inputs give the same run id, the same figures and the same workbooks; anything that can
/// move a figure is in here, and nothing that cannot (no clock, no durations, no machine).
/// </summary>
/// <param name="Files">sha-256 of every file in the ledger for the source, with the profile that read it and the day of its export, in the order in which their states follow each other.</param>
/// <param name="Models">Ids of the models whose predictions are counted.</param>
/// <param name="Rules">Name → sha-256 of every rule file that was read.</param>
/// <param name="Decisions">Fingerprint of the analysts' labels that count and of what their words on identities change up to the month's end. What the program itself decides follows from the rest.</param>
public sealed record RunInputs(
    string Month,
    string Source,
    DateOnly AsOf,
    IReadOnlyList<string> Files,
    IReadOnlyList<string> Models,
    IReadOnlyDictionary<string, string> Rules,
    string Decisions,
    string ProgramVersion)
{
    /// <value>Fingerprint of the topics of earlier months, whose ids and titles this month carries on.</value>
    public string Topics { get; init; } = "";

    /// <value>Fingerprint of the remediation register; empty where it has no entry.</value>
    public string Register { get; init; } = "";

    /// <value>First 12 hex digits of the sha-256 of the inputs.</value>
    [JsonIgnore]
    public string RunId => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Json)))[..12];

    [JsonIgnore]
    public string Json => JsonSerializer.Serialize(this with { Rules = new SortedDictionary<string, string>(Rules.ToDictionary(), StringComparer.Ordinal) }, Options);

    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Reads back <see cref="Json"/>.</summary>
    public static RunInputs Read(string json) => JsonSerializer.Deserialize<RunInputs>(json, Options)
        ?? throw new InvalidDataException("the kept inputs of a run are empty");

    /// <summary>Reads what the ledger holds for <paramref name="source"/>.</summary>
    public static async Task<RunInputs> PinAsync(
        NpgsqlConnection connection, ReportingMonth month, string source, IReadOnlyList<string> models,
        IReadOnlyDictionary<string, string> rules, CancellationToken cancellation)
    {
        List<string> files = [];
        DateOnly asOf = DateOnly.MinValue;
        await using (NpgsqlCommand command = new(
            "select sha256, profile_sha256, as_of_date from source_file where source = $1 and state = 'ingested' order by as_of_date, place, file_id", connection)
        {
            Parameters = { new() { Value = source } },
        })
        await using (NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation))
        {
            while (await row.ReadAsync(cancellation))
            {
                DateOnly made = row.GetFieldValue<DateOnly>(2);
                files.Add(string.Create(CultureInfo.InvariantCulture, $"{row.GetString(0)}:{row.GetString(1)}:{made:yyyy-MM-dd}"));
                asOf = made > asOf ? made : asOf;
            }
        }
        await using NpgsqlCommand decisions = new(Sql.Get("Steps/decisions"), connection)
        {
            Parameters = { new() { Value = source }, new() { Value = month.LastDay } },
        };
        string fingerprint = (string)(await decisions.ExecuteScalarAsync(cancellation))!;
        return new RunInputs(month.ToString(), source, asOf, files, models, rules, fingerprint, Steps.ProgramVersion.Text)
        {
            Register = (await RegisterLedger.CurrentAsync(connection, source, cancellation)).Sha256,
        };
    }
}
