using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Pipeline.Jobs.Flags;
using Pipeline.Jobs.Ingest;
using Pipeline.Jobs.Privacy;
using Pipeline.Jobs.Rules;
using Pipeline.Jobs.Store;
using Pipeline.Models.Flags.Profiles;
using Pipeline.Models.RootCauses;
using Pipeline.Models.Taxonomy;

namespace Pipeline.Jobs.RootCauses;

/// <summary>The rule files that complaints are read with for tags and the found cause.</summary>
public sealed record ReadingRules(PinnedRule<TagLexicon> Tags, PinnedRule<VulnerableLexicon> Vulnerable, PinnedRule<RootCauseRules> RootCauses, PinnedRule<ComplaintTaxonomy> Taxonomy)
{
    /// <value>Of all four files: a change of any makes the readings stale.</value>
    public string Sha256 { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        $"{Tags.Sha256}|{Vulnerable.Sha256}|{RootCauses.Sha256}|{Taxonomy.Sha256}")));
}

/// <summary>What tags and found causes were read of complaints, read once for each content and kept: see the table <c>case_reading</c>.</summary>
public static class CaseReadings
{
    public const string VulnerablePrefix = VulnerableLexicon.TagPrefix;
    public const string RiskPrefix = "risk_";

    /// <summary>Reads the complaints of a source that are new, or changed, or were read with other rules. Each batch is committed by itself.</summary>
    /// <returns>Complaints opened.</returns>
    public static async Task<long> BringUpAsync(NpgsqlConnection connection, KeyRing keys, string source, ReadingRules rules, CancellationToken cancellation)
    {
        List<long> unread = [];
        await using (NpgsqlCommand command = new(Sql.Get("RootCauses/unread_cases"), connection)
        {
            Parameters = { new() { Value = source }, new() { Value = rules.Sha256 } },
        })
        await using (NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation))
        {
            while (await row.ReadAsync(cancellation))
            {
                unread.Add(row.GetInt64(0));
            }
        }
        HashSet<string> foundHeaders = [.. rules.RootCauses.Value.FoundCauseHeaders.Select(TaxonomyClass.Fold)];
        HashSet<string> demandHeaders = [.. rules.RootCauses.Value.DemandHeaders.Select(TaxonomyClass.Fold)];
        foreach (long[] batch in unread.Chunk(SealedTexts.BatchCases))
        {
            List<(long Id, byte[] Hash, CaseReading Reading)> read = [];
            await using (NpgsqlCommand command = new(Sql.Get("Flags/sealed_texts"), connection)
            {
                Parameters = { new() { Value = batch, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint } },
            })
            await using (NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation))
            {
                while (await row.ReadAsync(cancellation))
                {
                    SealedRow content = SealedRow.Read(keys.Open(row.GetFieldValue<byte[]>(3), row.GetInt32(2), SealedRow.Place(source, row.GetString(1))));
                    read.Add((row.GetInt64(0), row.GetFieldValue<byte[]>(4), Read(content, rules, foundHeaders, demandHeaders)));
                }
            }
            await KeepAsync(connection, read, rules.Sha256, cancellation);
        }
        return unread.Count;
    }

    /// <summary>By complaint; one that gives nothing is left out.</summary>
    public static async Task<IReadOnlyDictionary<long, CaseReading>> LoadAsync(NpgsqlConnection connection, long[] complaints, ReadingRules rules, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(Sql.Get("RootCauses/case_readings"), connection)
        {
            Parameters = { new() { Value = complaints, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint }, new() { Value = rules.Sha256 } },
        };
        Dictionary<long, CaseReading> readings = [];
        Dictionary<string, string> keys = new(StringComparer.Ordinal);
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            readings.Add(row.GetInt64(0), new CaseReading(
                [.. row.GetFieldValue<string[]>(1).Select(k => keys.TryGetValue(k, out string? known) ? known : keys[k] = k)], row.IsDBNull(2) ? null : row.GetString(2)));
        }
        return readings;
    }

    /// <summary>The tags of a text and of a demand column; the found cause of a column that has one, where the taxonomy knows it.</summary>
    internal static CaseReading Read(SealedRow content, ReadingRules rules, HashSet<string> foundHeaders, HashSet<string> demandHeaders)
    {
        string? text = content[SealedRow.Narrative];
        string? found = null;
        List<string> asked = [];
        foreach ((string field, string value) in content)
        {
            if (!field.StartsWith("column:", StringComparison.Ordinal))
            {
                continue;
            }
            string header = TaxonomyClass.Fold(field.Split(':', 3)[^1]);
            found ??= foundHeaders.Contains(header) ? rules.Taxonomy.Value.KeyOf(Dimensions.Cause, value) : null;
            if (demandHeaders.Contains(header))
            {
                asked.AddRange(rules.Tags.Value.InText(value));
            }
        }
        IReadOnlyList<string> said = text is null ? [] : rules.Tags.Value.InText(text);
        IEnumerable<string> needs = text is null ? [] : rules.Vulnerable.Value.Kinds(text).Select(k => VulnerablePrefix + k);
        HashSet<string> all = [.. said, .. asked];
        return new CaseReading([.. rules.Tags.Value.Names.Select(n => n.Key).Where(all.Contains), .. needs], found);
    }

    private static async Task KeepAsync(
        NpgsqlConnection connection, List<(long Id, byte[] Hash, CaseReading Reading)> read, string sha256, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(Sql.Get("RootCauses/keep_case_readings"), connection)
        {
            Parameters =
            {
                new() { Value = read.Select(r => r.Id).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint },
                new() { Value = read.Select(r => r.Hash).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea },
                new() { Value = sha256 },
                new() { Value = read.Select(r => JsonSerializer.Serialize(r.Reading.Tags)).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
                new() { Value = read.Select(r => r.Reading.CauseFound).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
            },
        };
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
