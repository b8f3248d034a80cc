using Npgsql;
using NpgsqlTypes;
using Pipeline.Jobs.Complainants;
using Pipeline.Jobs.Shell;
using Pipeline.Models.Flags;

namespace Pipeline.Jobs.Persons;

/// <summary>Writes beside each merge and split what it moves.</summary>
internal static class EventImpact
{
    /// <summary>Of more events at once (another schema of matching, say) what each of them moves is not looked at.</summary>
    private const int MostDescribed = 200;

    /// <param name="events">Numbers of events whose links stand.</param>
    public static async Task DescribeAsync(
        NpgsqlConnection connection, IdentityImpact impact, string source, IReadOnlyList<long> events, CommandSession session)
    {
        if (events.Count > MostDescribed)
        {
            session.Notice(
                $"一次有 {events.Count} 次合并与拆分，超过 {MostDescribed} 次，未逐一列出各自影响的指标；下次运行受影响月份会得到新版本。",
                $"{events.Count} merges and splits at once are more than {MostDescribed}: which figures each of them moves was not looked at. Running the months again gives new editions.");
            return;
        }
        if (events.Count == 0)
        {
            return;
        }
        foreach (IdentityEvent moved in await IdentityEvents.BetweenAsync(connection, source, events.Min() - 1, events.Max(), session.Cancellation))
        {
            if (moved.Moves.Count == 0)
            {
                continue;
            }
            Dictionary<string, long> from = moved.Moves.ToDictionary(m => m.CaseNumber, m => m.FromKey, StringComparer.Ordinal);
            (Dictionary<long, long?> before, Dictionary<long, long?> after) = ([], []);
            await using (NpgsqlCommand command = new(
                "select complaint_id, case_number, person_key from complaint join complainant_link using (complaint_id) where person_key = any($1)", connection)
            {
                Parameters = { new() { Value = moved.Moves.SelectMany(m => (long[])[m.FromKey, m.ToKey]).Distinct().ToArray() } },
            })
            await using (NpgsqlDataReader row = await command.ExecuteReaderAsync(session.Cancellation))
            {
                while (await row.ReadAsync(session.Cancellation))
                {
                    (long id, long person) = (row.GetInt64(0), row.GetInt64(2));
                    after.Add(id, person);
                    before.Add(id, from.TryGetValue(row.GetString(1), out long old) ? old : person);
                }
            }
            await WriteAsync(connection, moved.EventId, await impact.OfAsync(before, after), session.Cancellation);
        }
    }

    private static async Task WriteAsync(NpgsqlConnection connection, long eventId, MovedFigures figures, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new("update identity_event set figures = $2 where event_id = $1", connection)
        {
            Parameters = { new() { Value = eventId }, new() { Value = figures.Json(), NpgsqlDbType = NpgsqlDbType.Jsonb } },
        };
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
