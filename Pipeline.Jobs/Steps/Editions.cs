using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Pipeline.Jobs.Publishing;
using Pipeline.Jobs.Shell;
using Pipeline.Models.Complaints;
using Pipeline.Models.Editions;
using Pipeline.Models.Text;
using Pipeline.Reports;

namespace Pipeline.Jobs.Steps;

/// <summary>How an edition stands to what the ledger holds now.</summary>
public enum EditionState
{
    /// <summary>It counts what stands: files, analysts' decisions, model, rules and the tables loaded beside them, register, program.</summary>
    Standing,

    /// <summary>Other inputs stand, and no run has counted them yet.</summary>
    Overtaken,

    /// <summary>It was asked for by its number.</summary>
    Asked,
}

/// <summary>A kept report with how it stands to what there is now.</summary>
/// <param name="Changes">
/// What differs between its inputs and those of a run now. Of an edition that stands: topics of earlier months at most, by which sub-topics
/// are named and which move no figure. Empty for one that was asked for.
/// </param>
public sealed record KeptEdition(MonthReport Report, EditionState State, IReadOnlyList<ChangeCause> Changes)
{
    /// <summary>The changes in one line.</summary>
    public Bilingual Why => InputWords.Of(Changes);

    /// <summary>Says on standard error which edition is served, where that is not what a reader would take for granted.</summary>
    /// <returns>The exit code: a person must look where no run has counted what stands in the ledger.</returns>
    public int Tell(CommandSession session)
    {
        (ReportingMonth month, int edition, string source) = (Report.Month, Report.Lineage.Edition, Report.Source);
        if (State == EditionState.Overtaken)
        {
            session.Notice(
                $"注意：给出的是 {month}（{source}）第 {edition} 版，其后有变化而尚未重新运行：{Why.Zh}。要得到现有数据与规则下的指标：pipeline run --month {month} --source {source}",
                $"Note: this is edition {edition} of {month} ({source}); since then there changed, and was not run yet: {Why.En}. For figures of what stands now: pipeline run --month {month} --source {source}");
            return ExitCodes.LookNeeded;
        }
        if (Changes.Count > 0)
        {
            session.Notice(
                $"指标未变；{Why.Zh}有变化，重新运行后子主题的名称可能不同：pipeline run --month {month} --source {source}",
                $"No figure is concerned, but this changed: {Why.En}. Sub-topics may be named otherwise after: pipeline run --month {month} --source {source}");
        }
        session.Notice($"{month}（{source}）第 {edition} 版，运行号 {Report.Lineage.RunId}", $"{month} ({source}), edition {edition}, run {Report.Lineage.RunId}");
        return ExitCodes.Done;
    }
}

/// <summary>Which of a month's editions is served.</summary>
public static class Editions
{
    private sealed record Run(string RunId, int Edition, RunInputs Inputs);

    /// <summary>
    /// The edition asked for; else the newest that counts what stands (after a rollback that is an earlier one); else the newest of all,
    /// which is then <see cref="EditionState.Overtaken"/>.
    /// </summary>
    /// <param name="source">Null: the source with most complaints in the month, as a run chooses.</param>
    /// <param name="opened">Of the source, where several months are asked for; null: opened here.</param>
    /// <exception cref="PipelineFault">The month was never run, or has no such edition: exit code 4.</exception>
    public static async Task<KeptEdition> KeptAsync(
        NpgsqlConnection connection, ReportingMonth month, string? source, int? edition, CommandSession session, StandingInputs? opened = null)
    {
        CancellationToken cancellation = session.Cancellation;
        IReadOnlyList<Run> runs = await RunsAsync(connection, month, source, cancellation);
        if (runs.Count == 0)
        {
            throw PipelineFault.Nothing(
                $"{month} 尚未运行，没有已固定的指标。先运行：pipeline run --month {month}",
                $"{month} was never run, so it has no pinned figures. Run first: pipeline run --month {month}");
        }
        if (edition is { } number)
        {
            Run asked = runs.FirstOrDefault(r => r.Edition == number) ?? throw PipelineFault.Nothing(
                $"{month} 没有第 {number} 版；现有：{string.Join("、", runs.Select(r => r.Edition).Order())}。",
                $"{month} has no edition {number}; there are: {string.Join(", ", runs.Select(r => r.Edition).Order())}.");
            return new KeptEdition(await ReadAsync(connection, asked, cancellation), EditionState.Asked, []);
        }
        StandingInputs standing = opened ?? await StandingInputs.OpenAsync(connection, runs[0].Inputs.Source, session);
        RunInputs now = await standing.AtAsync(month, runs[0].Inputs);
        Run? counts = runs.FirstOrDefault(r => r.Inputs.RunId == now.RunId)
            ?? runs.FirstOrDefault(r => (r.Inputs with { Topics = now.Topics }).RunId == now.RunId);
        Run served = counts ?? runs[0];
        return new KeptEdition(
            await ReadAsync(connection, served, cancellation), counts is null ? EditionState.Overtaken : EditionState.Standing,
            (await standing.DifferenceAsync(served.Inputs, now)).All);
    }

    /// <summary>The complete runs of the month and one source, the newest first.</summary>
    private static async Task<IReadOnlyList<Run>> RunsAsync(
        NpgsqlConnection connection, ReportingMonth month, string? source, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(Store.Sql.Get("Steps/runs"), connection)
        {
            Parameters = { new() { Value = month.FirstDay }, new() { Value = (object?)source ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text } },
        };
        List<Run> runs = [];
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            runs.Add(new Run(row.GetString(0), row.GetInt32(1), RunInputs.Read(row.GetString(2))));
        }
        return runs;
    }

    private static async Task<MonthReport> ReadAsync(NpgsqlConnection connection, Run run, CancellationToken cancellation) =>
        await RunLedger.FindAsync(connection, run.RunId, cancellation) ?? throw new InvalidDataException($"the report of the run {run.RunId} is gone");
}
