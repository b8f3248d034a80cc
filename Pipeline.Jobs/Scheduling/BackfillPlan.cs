using Npgsql;
using Pipeline.Jobs.RootCauses;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Steps;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complaints;
using Pipeline.Models.Text;

namespace Pipeline.Jobs.Scheduling;

public enum BackfillState
{
    /// <summary>Run from exactly what stands now.</summary>
    Current,

    /// <summary>Run before, from something else.</summary>
    Stale,

    /// <summary>Never run.</summary>
    Missing,
}

/// <summary>A month of a source with why it would be run, or why not.</summary>
public sealed record BackfillMonth(ReportingMonth Month, string Source, long Complaints, BackfillState State, Bilingual Why);

/// <summary>Which months of the ledger are missing or stale, and what changed since each was run.</summary>
public static class BackfillPlan
{
    /// <returns>The newest month first, then from the oldest on: the order in which they run.</returns>
    public static async Task<IReadOnlyList<BackfillMonth>> MakeAsync(
        NpgsqlConnection connection, ReportingMonth from, ReportingMonth to, string? source, CommandSession session)
    {
        List<LedgerMonth> held = [.. (await LedgerMonths.ListAsync(connection, source, session.Cancellation)).Where(m => m.Month.CompareTo(from) >= 0 && m.Month.CompareTo(to) <= 0)];
        Dictionary<(string, ReportingMonth), RunInputs> runs = await LatestAsync(connection, session.Cancellation);
        List<BackfillMonth> plan = [];
        foreach (IGrouping<string, LedgerMonth> of in held.GroupBy(m => m.Source))
        {
            RunRules rules = RunRules.Load(session.Home, await LedgerMonths.TaxonomyAsync(connection, of.Key, session), of.Key);
            string? champion = await ChampionAsync(connection, rules.Taxonomy.Value.Id, session.Cancellation);
            foreach (LedgerMonth month in of)
            {
                RootCauseInputs carried = await RootCauseInputs.LoadAsync(connection, of.Key, month.Month, rules.RootCauses.Value, session.Cancellation);
                RunInputs now = carried.Pin(await RunInputs.PinAsync(connection, month.Month, of.Key, champion is null ? [] : [champion], rules.Hashes, session.Cancellation));
                (BackfillState state, Bilingual why) = runs.TryGetValue((of.Key, month.Month), out RunInputs? then)
                    ? Compare(then, now)
                    : (BackfillState.Missing, new("尚未运行", "never run"));
                plan.Add(new BackfillMonth(month.Month, of.Key, month.Complaints, state, why));
            }
        }
        ReportingMonth newest = plan.Count == 0 ? default : plan.Max(m => m.Month);
        return [.. plan.OrderBy(m => m.Month != newest).ThenBy(m => m.Month).ThenBy(m => m.Source, StringComparer.Ordinal)];
    }

    internal static (BackfillState State, Bilingual Why) Compare(RunInputs then, RunInputs now)
    {
        List<Bilingual> changes = [];
        string[] came = [.. now.Files.Except(then.Files, StringComparer.Ordinal)];
        string[] went = [.. then.Files.Except(now.Files, StringComparer.Ordinal)];
        if (came.Length + went.Length > 0)
        {
            string first = (came.Length > 0 ? came : went)[0][..12];
            changes.Add(new($"文件：新增 {came.Length}、撤回 {went.Length}（如 {first}）", $"files: {came.Length} came, {went.Length} went (such as {first})"));
        }
        else if (!now.Files.SequenceEqual(then.Files))
        {
            changes.Add(new("文件次序", "order of the files"));
        }
        if (now.Models.Count > 0 && !now.Models.SequenceEqual(then.Models))
        {
            changes.Add(new($"模型 {string.Join(',', then.Models)} → {string.Join(',', now.Models)}", $"model {string.Join(',', then.Models)} -> {string.Join(',', now.Models)}"));
        }
        string[] rules = [.. now.Rules.Where(r => !then.Rules.TryGetValue(r.Key, out string? hash) || hash != r.Value).Select(r => r.Key)
            .Concat(then.Rules.Keys.Except(now.Rules.Keys)).Order(StringComparer.Ordinal)];
        if (rules.Length > 0)
        {
            changes.Add(new($"规则文件 {string.Join('、', rules)}", $"rule files {string.Join(", ", rules)}"));
        }
        if (now.Decisions != then.Decisions)
        {
            changes.Add(new("人工判定", "the analysts' decisions"));
        }
        if (now.Register != then.Register)
        {
            changes.Add(new("整改登记簿", "the remediation register"));
        }
        if (now.Topics != then.Topics)
        {
            changes.Add(new("以前月份的子主题", "topics of earlier months"));
        }
        if (now.ProgramVersion != then.ProgramVersion)
        {
            changes.Add(new($"程序 {then.ProgramVersion} → {now.ProgramVersion}", $"program {then.ProgramVersion} -> {now.ProgramVersion}"));
        }
        return changes.Count == 0
            ? (BackfillState.Current, new("与现有数据一致", "nothing changed"))
            : (BackfillState.Stale, new(string.Join('；', changes.Select(c => c.Zh)), string.Join("; ", changes.Select(c => c.En))));
    }

    private static async Task<string?> ChampionAsync(NpgsqlConnection connection, string taxonomy, CancellationToken cancellation)
    {
        // Which of several languages a source is in is known only by its texts: then the model is left out of the comparison.
        await using NpgsqlCommand command = new(
            "select min(model_id) from model where taxonomy = $1 and state = 'champion' having count(*) = 1", connection)
        { Parameters = { new() { Value = taxonomy } } };
        return await command.ExecuteScalarAsync(cancellation) as string;
    }

    private static async Task<Dictionary<(string, ReportingMonth), RunInputs>> LatestAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        Dictionary<(string, ReportingMonth), RunInputs> runs = [];
        await using NpgsqlCommand command = new(Sql.Get("Scheduling/latest_runs"), connection);
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            runs[(row.GetString(0), ReportingMonth.Of(row.GetFieldValue<DateOnly>(1)))] = RunInputs.Read(row.GetString(4));
        }
        return runs;
    }
}
