using System.Security.Cryptography;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complaints;
using Pipeline.Models.RootCauses;

namespace Pipeline.Jobs.RootCauses;

/// <summary>The topics of earlier months, kept so that a topic has the same id and title in every month: the table <c>topic_month</c>.</summary>
public static class TopicLedger
{
    /// <summary>The topics of the <paramref name="months"/> months before <paramref name="month"/>, each by its latest state.</summary>
    public static async Task<IReadOnlyList<KnownTopic>> KnownAsync(
        NpgsqlConnection connection, string source, ReportingMonth month, int months, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(Sql.Get("RootCauses/known_topics"), connection)
        {
            Parameters = { new() { Value = source }, new() { Value = month.Add(-months).FirstDay }, new() { Value = month.Add(-1).FirstDay } },
        };
        List<KnownTopic> topics = [];
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            topics.Add(new KnownTopic(
                row.GetString(0), row.GetString(1), row.GetString(2), ReportingMonth.Of(row.GetFieldValue<DateOnly>(3)), ReportingMonth.Of(row.GetFieldValue<DateOnly>(4)),
                JsonSerializer.Deserialize<List<TopicTerm>>(row.GetString(5), StoredJson.Values) ?? throw new InvalidDataException($"the topic {row.GetString(0)} has no centroid")));
        }
        return topics;
    }

    /// <summary>Sha-256 of what is known, in lower-case hexadecimal: an input of the run.</summary>
    public static string Fingerprint(IReadOnlyList<KnownTopic> topics) => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(
        topics.Select(t => new { t.Id, t.Cause, t.Title, First = t.FirstMonth.ToString(), Last = t.LastMonth.ToString(), t.Centroid }), StoredJson.Values)));

    /// <summary>Puts the topics of a month in the place of those that an earlier run found, within the transaction that is open.</summary>
    public static async Task WriteAsync(
        NpgsqlConnection connection, string source, ReportingMonth month, string runId, IReadOnlyList<Topic> topics, CancellationToken cancellation)
    {
        await using (NpgsqlCommand remove = new("delete from topic_month where source = $1 and month = $2", connection)
        {
            Parameters = { new() { Value = source }, new() { Value = month.FirstDay } },
        })
        {
            await remove.ExecuteNonQueryAsync(cancellation);
        }
        await using NpgsqlCommand command = new(Sql.Get("RootCauses/write_topics"), connection)
        {
            Parameters =
            {
                new() { Value = source },
                new() { Value = month.FirstDay },
                new() { Value = runId },
                Array(topics.Select(t => t.Id), NpgsqlDbType.Text),
                Array(topics.Select(t => t.Cause), NpgsqlDbType.Text),
                Array(topics.Select(t => t.Title), NpgsqlDbType.Text),
                Array(topics.Select(t => t.FirstMonth.FirstDay), NpgsqlDbType.Date),
                Array(topics.Select(t => t.Complaints.Count), NpgsqlDbType.Integer),
                Array(topics.Select(t => JsonSerializer.Serialize(t.Centroid, StoredJson.Values)), NpgsqlDbType.Text),
            },
        };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static NpgsqlParameter Array<T>(IEnumerable<T> values, NpgsqlDbType type) => new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type };
}
