using Npgsql;
using Pipeline.Jobs.Publishing;
using Pipeline.Jobs.RootCauses;
using Pipeline.Jobs.Shell;
using Pipeline.Models.Complaints;
using Pipeline.Models.Editions;

namespace Pipeline.Jobs.Steps;

/// <summary>
/// What runs of a source would be made from if they were made now, by which an edition is told from what stands. The rules are those that
/// stand when this is opened.
/// </summary>
public sealed class StandingInputs
{
    private readonly NpgsqlConnection connection;
    private readonly string source;
    private readonly RunRules? rules;
    private readonly CancellationToken cancellation;
    private Dictionary<string, string>? names;

    private StandingInputs(NpgsqlConnection connection, string source, RunRules? rules, CancellationToken cancellation)
    {
        this.connection = connection;
        this.source = source;
        this.rules = rules;
        this.cancellation = cancellation;
    }

    public static async Task<StandingInputs> OpenAsync(NpgsqlConnection connection, string source, CommandSession session)
    {
        await using NpgsqlCommand files = new("select exists (select from source_file where source = $1 and state = 'ingested')", connection)
        {
            Parameters = { new() { Value = source } },
        };
        // Without a file no profile says by which taxonomy the source counts, and a run has nothing to count.
        RunRules? rules = (bool)(await files.ExecuteScalarAsync(session.Cancellation))!
            ? RunRules.Load(session.Home, await LedgerMonths.TaxonomyAsync(connection, source, session), source)
            : null;
        return new StandingInputs(connection, source, rules, session.Cancellation);
    }

    /// <summary>False: every file of the source was taken back, so that no month can be run.</summary>
    public bool HasFiles => rules is not null;

    /// <summary>The inputs of a run of the month now.</summary>
    /// <param name="last">Of the last run of the month: its models tell in which language the texts of the source are.</param>
    public async Task<RunInputs> AtAsync(ReportingMonth month, RunInputs last)
    {
        RunInputs pinned = await RunInputs.PinAsync(
            connection, month, source, rules is null ? last.Models : await ChampionsAsync(last), rules?.Hashes ?? last.Rules, cancellation);
        return rules is null
            ? pinned with { Topics = last.Topics }
            : (await RootCauseInputs.LoadAsync(connection, source, month, rules.RootCauses.Value, cancellation)).Pin(pinned);
    }

    /// <summary>Which of a month's editions a run now would find; where it would find none, what differs from the newest.</summary>
    /// <param name="editions">All of the month, at least one.</param>
    /// <returns>The run id of the edition that stands, else the difference; the other is null.</returns>
    public async Task<(string? Standing, InputDifference? Difference)> CompareAsync(ReportingMonth month, IReadOnlyCollection<ListedEdition> editions)
    {
        RunInputs last = editions.MaxBy(e => e.Edition)!.Inputs;
        RunInputs now = await AtAsync(month, last);
        // After a rollback an earlier edition stands again.
        return editions.Any(e => e.Inputs.RunId == now.RunId) ? (now.RunId, null) : (null, await DifferenceAsync(last, now));
    }

    /// <summary>What differs, with the names of files.</summary>
    public async Task<InputDifference> DifferenceAsync(RunInputs before, RunInputs now)
    {
        names ??= await NamesAsync();
        return InputDifferences.Between(before, now, sha => names.GetValueOrDefault(sha, sha));
    }

    private async Task<IReadOnlyList<string>> ChampionsAsync(RunInputs last)
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

    private async Task<Dictionary<string, string>> NamesAsync()
    {
        Dictionary<string, string> found = new(StringComparer.Ordinal);
        await using NpgsqlCommand command = new("select sha256, name from source_file where source = $1 order by file_id", connection) { Parameters = { new() { Value = source } } };
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            found[row.GetString(0)] = row.GetString(1);
        }
        return found;
    }
}
