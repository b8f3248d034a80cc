using Npgsql;
using NpgsqlTypes;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Steps;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complaints;
using Pipeline.Models.Editions;

namespace Pipeline.Jobs.Publishing;

/// <summary>An edition as it is listed.</summary>
/// <param name="State"><c>published</c>, <c>draft</c>, or <c>superseded</c> for a draft with a later edition.</param>
public sealed record ListedEdition(
    string RunId, string Source, ReportingMonth Month, int Edition, string State, DateOnly AsOf, string? PublishedBy, DateTimeOffset? PublishedAt, string? Note, RunInputs Inputs);

/// <summary>A month of which no edition counts what stands now.</summary>
/// <param name="Edition">The newest.</param>
/// <param name="Causes">What differs between its inputs and what stands.</param>
/// <param name="Complaints">Complaints of the month whose present state came from a file that the edition does not count.</param>
public sealed record StaleMonth(string Source, ReportingMonth Month, int Edition, IReadOnlyList<ChangeCause> Causes, long Complaints);

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

    /// <summary>The months of which no edition counts what stands now, each with what differs from the newest.</summary>
    public static async Task<IReadOnlyList<StaleMonth>> StaleAsync(
        NpgsqlConnection connection, IReadOnlyList<ListedEdition> editions, CommandSession session)
    {
        List<StaleMonth> stale = [];
        foreach (IGrouping<string, ListedEdition> of in editions.GroupBy(e => e.Source, StringComparer.Ordinal))
        {
            StandingInputs standing = await StandingInputs.OpenAsync(connection, of.Key, session);
            if (!standing.HasFiles)
            {
                continue;
            }
            foreach (IGrouping<ReportingMonth, ListedEdition> month in of.GroupBy(e => e.Month))
            {
                ListedEdition newest = month.MaxBy(e => e.Edition)!;
                RunInputs now = await standing.AtAsync(month.Key, newest.Inputs);
                // After a rollback an earlier edition stands again.
                if (month.All(e => e.Inputs.RunId != now.RunId))
                {
                    InputDifference difference = await standing.DifferenceAsync(newest.Inputs, now);
                    stale.Add(new StaleMonth(
                        of.Key, month.Key, newest.Edition, difference.All,
                        await TouchedAsync(connection, of.Key, [.. difference.Added.Select(a => a.New!)], month.Key, session.Cancellation)));
                }
            }
        }
        return stale;
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
