using Npgsql;
using NpgsqlTypes;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Steps;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complaints;
using Pipeline.Models.Editions;

namespace Pipeline.Jobs.Publishing;

/// <summary>An edition as it is listed.</summary>
/// <param name="State"><c>published</c>, <c>draft</c>, or <c>superseded</c> for a draft beside which a later edition or, once compared, another one stands.</param>
public sealed record ListedEdition(
    string RunId, string Source, ReportingMonth Month, int Edition, string State, DateOnly AsOf, string? PublishedBy, DateTimeOffset? PublishedAt, string? Note, RunInputs Inputs);

/// <summary>A month of which no edition counts what stands now.</summary>
/// <param name="Edition">The newest.</param>
/// <param name="Causes">What differs between its inputs and what stands.</param>
/// <param name="Complaints">Complaints of the month whose present state came from a file that the edition does not count.</param>
public sealed record StaleMonth(string Source, ReportingMonth Month, int Edition, IReadOnlyList<ChangeCause> Causes, long Complaints);

/// <summary>Editions beside what stands.</summary>
/// <param name="Editions">As they were given; after a rollback a draft that stands again is none that is superseded.</param>
/// <param name="Standing">Run ids of the editions that a run now would find.</param>
/// <param name="Stale">Months of which none does.</param>
public sealed record ComparedEditions(IReadOnlyList<ListedEdition> Editions, IReadOnlySet<string> Standing, IReadOnlyList<StaleMonth> Stale)
{
    /// <value>Months whose newest edition does not stand while an earlier one does: what its files counted was taken back.</value>
    public IEnumerable<(ListedEdition Standing, ListedEdition Newest)> TakenBack =>
        from month in Editions.GroupBy(e => (e.Source, e.Month))
        let standing = month.FirstOrDefault(e => Standing.Contains(e.RunId))
        let newest = month.MaxBy(e => e.Edition)
        where standing is not null && standing.Edition < newest.Edition
        select (standing, newest);
}

/// <summary>Every edition, and the months that should be run again.</summary>
public static class EditionList
{
    public static async Task<IReadOnlyList<ListedEdition>> LoadAsync(
        NpgsqlConnection connection, string? source, ReportingMonth? month, CancellationToken cancellation)
    {
        List<ListedEdition> editions = [];
        await using NpgsqlCommand command = new(Sql.Get("Publishing/list_editions"), connection)
        {
            Parameters =
            {
                new() { Value = (object?)source ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
                new() { Value = (object?)month?.FirstDay ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Date },
            },
        };
        await using (NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation))
        {
            while (await row.ReadAsync(cancellation))
            {
                bool isPublished = !row.IsDBNull(7);
                editions.Add(new ListedEdition(
                    row.GetString(0), row.GetString(1), ReportingMonth.Of(row.GetFieldValue<DateOnly>(2)), row.GetInt32(3), isPublished ? "published" : "draft",
                    row.GetFieldValue<DateOnly>(4), isPublished ? row.GetString(7) : null,
                    isPublished ? new DateTimeOffset(row.GetDateTime(8), TimeSpan.Zero) : null, row.IsDBNull(9) ? null : row.GetString(9), RunInputs.Read(row.GetString(6))));
            }
        }
        Dictionary<(string, ReportingMonth), int> newest = editions.GroupBy(e => (e.Source, e.Month)).ToDictionary(g => g.Key, g => g.Max(e => e.Edition));
        return [.. editions.Select(e => e.State == "draft" && e.Edition < newest[(e.Source, e.Month)] ? e with { State = "superseded" } : e)];
    }

    /// <summary>Which editions stand, and the months of which none does, each with what differs from the newest.</summary>
    /// <param name="editions">All of each month that shall be compared.</param>
    public static async Task<ComparedEditions> CompareAsync(
        NpgsqlConnection connection, IReadOnlyList<ListedEdition> editions, CommandSession session)
    {
        List<StaleMonth> stale = [];
        Dictionary<(string, ReportingMonth), string> stands = [];
        foreach (IGrouping<string, ListedEdition> of in editions.GroupBy(e => e.Source, StringComparer.Ordinal))
        {
            StandingInputs standing = await StandingInputs.OpenAsync(connection, of.Key, session);
            if (!standing.HasFiles)
            {
                continue;
            }
            foreach (IGrouping<ReportingMonth, ListedEdition> month in of.GroupBy(e => e.Month))
            {
                (string? runId, InputDifference? difference) = await standing.CompareAsync(month.Key, [.. month]);
                if (runId is not null)
                {
                    stands[(of.Key, month.Key)] = runId;
                }
                if (difference is not null)
                {
                    stale.Add(new StaleMonth(
                        of.Key, month.Key, month.Max(e => e.Edition), difference.All,
                        await TouchedAsync(connection, of.Key, [.. difference.Added.Select(a => a.New!)], month.Key, session.Cancellation)));
                }
            }
        }
        ListedEdition[] told =
        [
            .. editions.Select(e => e.State == "published" || !stands.TryGetValue((e.Source, e.Month), out string? standing)
                ? e
                : e with { State = e.RunId == standing ? "draft" : "superseded" }),
        ];
        return new ComparedEditions(told, stands.Values.ToHashSet(StringComparer.Ordinal), stale);
    }

    private static async Task<long> TouchedAsync(
        NpgsqlConnection connection, string source, string[] files, ReportingMonth month, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(Sql.Get("Publishing/touched_months"), connection) { Parameters = { new() { Value = source }, new() { Value = files } } };
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            if (ReportingMonth.Of(row.GetFieldValue<DateOnly>(0)) == month)
            {
                return row.GetInt64(1);
            }
        }
        return 0;
    }
}
