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

/// <summary>A month whose newest edition does not count what stands now.</summary>
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

    /// <summary>The months whose newest edition counts other inputs than stand now, each with what differs.</summary>
    public static async Task<IReadOnlyList<StaleMonth>> StaleAsync(
        NpgsqlConnection connection, IReadOnlyList<ListedEdition> editions, CommandSession session)
    {
        List<StaleMonth> stale = [];
        foreach (IGrouping<string, ListedEdition> of in editions.GroupBy(e => e.Source, StringComparer.Ordinal))
        {
            ListedEdition[] newest = [.. of.GroupBy(e => e.Month).Select(g => g.MaxBy(e => e.Edition)!)];
            if (!await HasFilesAsync(connection, of.Key, session.Cancellation))
            {
                continue;
            }
            RunRules rules = RunRules.Load(session.Home, await LedgerMonths.TaxonomyAsync(connection, of.Key, session), of.Key);
            IReadOnlyList<string> champions = await ChampionsAsync(connection, newest[^1].Inputs, session.Cancellation);
            Dictionary<string, string> names = await NamesAsync(connection, of.Key, session.Cancellation);
            foreach (ListedEdition edition in newest)
            {
                // Topics carry names over from month to month and move no figure.
                RunInputs now = (await RunInputs.PinAsync(connection, edition.Month, of.Key, champions, rules.Hashes, session.Cancellation)) with
                {
                    Topics = edition.Inputs.Topics,
                };
                InputDifference difference = InputDifferences.Between(edition.Inputs, now, sha => names.GetValueOrDefault(sha, sha));
                if (difference.All.Count > 0)
                {
                    stale.Add(new StaleMonth(
                        of.Key, edition.Month, edition.Edition, difference.All,
                        await TouchedAsync(connection, of.Key, [.. difference.Added.Select(a => a.New!)], edition.Month, session.Cancellation)));
                }
            }
        }
        return stale;
    }

    private static async Task<bool> HasFilesAsync(NpgsqlConnection connection, string source, CancellationToken cancellation)
    {
        await using NpgsqlCommand files = new("select exists (select from source_file where source = $1 and state = 'ingested')", connection)
        {
            Parameters = { new() { Value = source } },
        };
        return (bool)(await files.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>The models that a run would count now, in place of those that the last one counted.</summary>
    private static async Task<IReadOnlyList<string>> ChampionsAsync(NpgsqlConnection connection, RunInputs last, CancellationToken cancellation)
    {
        List<string> champions = [];
        await using NpgsqlCommand command = new(
            """
            select distinct now.model_id
            from model used
            join model now using (taxonomy, language)
            where used.model_id = any($1) and now.state = 'champion'
            order by 1
            """, connection)
        {
            Parameters = { new() { Value = last.Models.ToArray() } },
        };
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            champions.Add(row.GetString(0));
        }
        return champions;
    }

    private static async Task<Dictionary<string, string>> NamesAsync(NpgsqlConnection connection, string source, CancellationToken cancellation)
    {
        Dictionary<string, string> names = new(StringComparer.Ordinal);
        await using NpgsqlCommand command = new("select sha256, name from source_file where source = $1 order by file_id", connection) { Parameters = { new() { Value = source } } };
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            names[row.GetString(0)] = row.GetString(1);
        }
        return names;
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
