using Npgsql;
using NpgsqlTypes;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;
using Pipeline.Models.Taxonomy;

namespace Pipeline.Jobs.Steps;

/// <summary>
/// The complaints that the run of a month looks at, so that its cost goes with the months and not with the years before them. Stated rule: those
/// received or closed since <see cref="From"/>, those still open, and those that an export made since then reported otherwise than before; and, so
/// that chains, counts of a person and links of the source are whole, every earlier complaint of their complainants and those that the source links
/// with them, and so on. What was received after the month is within reach too: it tells of returns.
/// </summary>
public static class LedgerReach
{
    /// <value>
    /// Whole months before the month: 24 that figures are given for, and of earlier ones as many as the priority list learns from when it is judged on
    /// past months, 24 before the third month back, with some to spare. Rules that look back further move the day.
    /// </value>
    public const int Months = 36;

    /// <summary>The first day on which everything that was received is looked at for its own sake.</summary>
    public static DateOnly From(ReportingMonth month, RunRules rules)
    {
        RuleBook book = rules.Rules.Value;
        DateOnly figures = month.Add(-FigurePlan.HistoryMonths).FirstDay;
        return new[]
        {
            month.Add(-Months).FirstDay,
            month.LastDay.AddDays(-rules.Flags.Organised.Value.LookBackCalendarDays),
            figures.AddDays(-book.Group.WindowCalendarDays - book.Group.UsualCalendarDays),
            month.FirstDay.AddDays(-book.WideRise.WindowCalendarDays - book.WideRise.UsualCalendarDays),
        }.Min();
    }

    /// <summary>The reach of a day, as the ledger stands.</summary>
    /// <param name="from">See <see cref="From"/>; <see cref="DateOnly.MinValue"/>: the whole ledger.</param>
    /// <returns>Complaint ids, in no order, each once.</returns>
    public static async Task<long[]> LoadAsync(NpgsqlConnection connection, string source, DateOnly from, CancellationToken cancellation)
    {
        List<long> reached = await IdsAsync(new(Sql.Get("Steps/reach_near"), connection)
        {
            Parameters = { new() { Value = source }, new() { Value = from } },
        }, cancellation);
        HashSet<long> known = [.. reached];
        await using NpgsqlCommand earlier = new("select exists (select from complaint where source = $1 and received_date < $2)", connection)
        {
            Parameters = { new() { Value = source }, new() { Value = from } },
        };
        List<long> added = (bool)(await earlier.ExecuteScalarAsync(cancellation))! ? reached : [];
        while (added.Count > 0)
        {
            added = [.. (await IdsAsync(new(Sql.Get("Steps/reach_earlier"), connection)
            {
                Parameters =
                {
                    new() { Value = source }, new() { Value = from }, new() { Value = added.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint },
                },
            }, cancellation)).Where(known.Add)];
        }
        return [.. known];
    }

    private static async Task<List<long>> IdsAsync(NpgsqlCommand asking, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = asking;
        List<long> ids = [];
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            ids.Add(row.GetInt64(0));
        }
        return ids;
    }
}
