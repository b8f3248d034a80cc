using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Pipeline.Jobs.Privacy;
using Pipeline.Jobs.Rules;
using Pipeline.Jobs.Store;
using Pipeline.Models.Flags;

namespace Pipeline.Jobs.Flags;

/// <summary>What the lexicon finds in texts, found once for each text and kept: see the table <c>text_reading</c>.</summary>
internal static class TextReadings
{
    /// <summary>Reads the texts of a source that are new, or changed, or were read with another lexicon. Each batch is committed by itself.</summary>
    /// <returns>Texts opened.</returns>
    public static async Task<long> BringUpAsync(
        NpgsqlConnection connection, KeyRing keys, string source, PinnedRule<ThreatLexicon> lexicon, CancellationToken cancellation)
    {
        List<long> unread = [];
        await using (NpgsqlCommand command = new(Sql.Get("Flags/unread_texts"), connection)
        {
            Parameters = { new() { Value = source }, new() { Value = lexicon.Sha256 } },
        })
        await using (NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation))
        {
            while (await row.ReadAsync(cancellation))
            {
                unread.Add(row.GetInt64(0));
            }
        }
        foreach (long[] batch in unread.Chunk(SealedTexts.BatchCases))
        {
            await KeepAsync(connection, await SealedTexts.OpenAsync(connection, keys, source, batch, cancellation), lexicon, cancellation);
        }
        return unread.Count;
    }

    /// <summary>By complaint; the reading is null where the complaint has no text.</summary>
    public static async Task<Dictionary<long, TextReading?>> LoadAsync(
        NpgsqlConnection connection, long[] complaints, PinnedRule<ThreatLexicon> lexicon, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(Sql.Get("Flags/readings"), connection)
        {
            Parameters = { new() { Value = complaints, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint }, new() { Value = lexicon.Sha256 } },
        };
        Dictionary<long, TextReading?> readings = [];
        Dictionary<string, TextReading> withoutCues = new(StringComparer.Ordinal);
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            TextReading? reading = null;
            if (!row.IsDBNull(1))
            {
                string stage = row.GetString(1);
                string[] cues = row.GetFieldValue<string[]>(2);
                // Most texts threaten nothing: one object for each stage.
                reading = cues.Length > 0 ? new TextReading(stage, cues)
                    : withoutCues.TryGetValue(stage, out TextReading? known) ? known
                    : withoutCues[stage] = new TextReading(stage, []);
            }
            readings.Add(row.GetInt64(0), reading);
        }
        return readings;
    }

    private static async Task KeepAsync(
        NpgsqlConnection connection, List<SealedTexts.OpenText> texts, PinnedRule<ThreatLexicon> lexicon, CancellationToken cancellation)
    {
        TextReading?[] readings = [.. texts.Select(t => t.Text is null ? null : TextReading.Of(t.Text, lexicon.Value))];
        await using NpgsqlCommand command = new(Sql.Get("Flags/apply_readings"), connection)
        {
            Parameters =
            {
                new() { Value = texts.Select(t => t.ComplaintId).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint },
                new() { Value = texts.Select(t => t.ContentHash).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea },
                new() { Value = lexicon.Sha256 },
                new() { Value = readings.Select(r => r?.Stage).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
                new() { Value = readings.Select(r => JsonSerializer.Serialize(r?.Cues ?? [])).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
            },
        };
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
