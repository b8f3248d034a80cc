using System.Globalization;
using Npgsql;
using Pipeline.Jobs.Classification;
using Pipeline.Jobs.Complainants;
using Pipeline.Jobs.Rules;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Steps;
using Pipeline.Jobs.Store;
using Pipeline.Models.Taxonomy;

namespace Pipeline.Jobs.Scheduling;

/// <summary>
/// Cuts what can be done complaint by complaint into tasks that any node takes, before the month is run: judging of texts, and opening of complaints and
/// making of the keys that linking finds others by. The run then finds every text judged and every complaint prepared. A complaint is done by itself, so
/// that what comes out is the same whoever does which part; a part whose node dies is done by another one.
/// </summary>
/// <param name="complaintsPerShard">Complaints of a part. Below twice as many one node is done before the others have begun.</param>
internal sealed class MonthShards(Database database, string node, SchedulingLog log, int complaintsPerShard)
{
    /// <summary>Some seconds of work, so that little is lost with a node.</summary>
    public const int UsualComplaints = 8_192;

    public const string Job = "shard";
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(300);

    /// <summary>Has the parts of the run's source done together with the other nodes; does nothing where this node is alone or little is to be done.</summary>
    /// <param name="take">Does one part here.</param>
    public async Task TogetherAsync(TaskClaim run, CommandSession session, Func<long, Task> take)
    {
        CancellationToken cancellation = session.Cancellation;
        if ((await Nodes.LivingAsync(database.Source, cancellation)).Count < 2)
        {
            return;
        }
        List<long> shards;
        await using (NpgsqlConnection connection = await database.Source.OpenConnectionAsync(cancellation))
        {
            string source = await LedgerMonths.SourceAsync(connection, run.Month!.Value, run.Source, session);
            ComplaintTaxonomy taxonomy = await TaxonomyAsync(connection, source, session);
            UnjudgedTexts? open = await ClassifyStep.UnjudgedAsync(database, taxonomy, source, session);
            long complaints = Math.Max(open?.Texts ?? 0, await Preparation(source, session).CountAsync(cancellation));
            if (complaints < 2L * complaintsPerShard)
            {
                return;
            }
            shards = await AddAsync(connection, run, source, taxonomy.Id, complaints, cancellation);
        }
        log.Shards(run.TaskId, shards.Count);
        while (shards.Count > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            IReadOnlySet<string> living = await Nodes.LivingAsync(database.Source, cancellation);
            Dictionary<long, (string State, string? Node)> states = await StatesAsync(shards, cancellation);
            shards.RemoveAll(s => states[s].State is "done" or "failed" or "gave_up" or "withdrawn"); // what failed is done by the run itself, and fails there with its reason
            // The parts that nobody has, from the back: the scheduler gives the others the front. And those of nodes that are gone.
            long? mine = shards.Where(s => states[s].State is "waiting" or "retrying" || (states[s].Node is { } holder && holder != node && !living.Contains(holder)))
                .Select(s => (long?)s).LastOrDefault();
            if (mine is { } part)
            {
                await take(part);
            }
            else if (shards.Count > 0)
            {
                await Task.Delay(Look, cancellation);
            }
        }
    }

    /// <summary>Does one part. A claim that was overtaken leaves nothing behind that another one would not have made.</summary>
    public async Task DoAsync(TaskClaim claim, CommandSession session)
    {
        CancellationToken cancellation = session.Cancellation;
        string[] cut = claim.Spec.Folder!.Split('/'); // part/parts/taxonomy
        SourcePart part = new(int.Parse(cut[0], CultureInfo.InvariantCulture), int.Parse(cut[1], CultureInfo.InvariantCulture));
        ComplaintTaxonomy taxonomy = RuleFiles.Taxonomy(session.Home, cut[2]).Value;
        ClassifyResult result = await ClassifyStep.RunAsync(
            database, database.Keys, RuleFiles.Rules(session.Home).Value, taxonomy, claim.Source!, null, session, part);
        long prepared = await Preparation(claim.Source!, session)
            .RunAsync(part, writing => TaskLedger.CheckFenceAsync(writing, claim, cancellation), cancellation);
        await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync(cancellation);
        await TaskLedger.FinishAsync(connection, claim, "done", null, null, new { result.Judged, Prepared = prepared }, null, null, cancellation);
    }

    private LinkPreparation Preparation(string source, CommandSession session) => new(
        database.Source, database.Keys, source, LinkRules.Load(session.Home), RuleFiles.Rules(session.Home).Value.SharedPhoneMinPersons);

    private async Task<List<long>> AddAsync(
        NpgsqlConnection connection, TaskClaim run, string source, string taxonomy, long complaints, CancellationToken cancellation)
    {
        int parts = (int)((complaints + complaintsPerShard - 1) / complaintsPerShard);
        // One set of parts for a run: whoever takes the run over goes on with the parts that stand.
        List<long> standing = await PartsAsync(connection, run.TaskId, cancellation);
        if (standing.Count > 0)
        {
            return standing;
        }
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        for (int part = 0; part < parts; part++)
        {
            JobSpec spec = new(Job, JobKind.Run, "", "UTC") { Folder = string.Create(CultureInfo.InvariantCulture, $"{part}/{parts}/{taxonomy}"), Source = source };
            string slot = string.Create(CultureInfo.InvariantCulture, $"{run.TaskId} {part:0000}");
            await TaskLedger.AddAsync(connection, new NewTask(Job, TaskKinds.Shard, slot, source, null, spec, null, 6, run.DueAt, null), cancellation);
        }
        await transaction.CommitAsync(cancellation);
        return await PartsAsync(connection, run.TaskId, cancellation);
    }

    private static async Task<List<long>> PartsAsync(NpgsqlConnection connection, long run, CancellationToken cancellation)
    {
        List<long> parts = [];
        await using NpgsqlCommand command = new("select task_id from task where job = $1 and slot like $2 order by slot", connection)
        {
            Parameters = { new() { Value = Job }, new() { Value = string.Create(CultureInfo.InvariantCulture, $"{run} %") } },
        };
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            parts.Add(row.GetInt64(0));
        }
        return parts;
    }

    private async Task<Dictionary<long, (string, string?)>> StatesAsync(List<long> tasks, CancellationToken cancellation)
    {
        Dictionary<long, (string, string?)> states = [];
        await using NpgsqlCommand command = database.Source.CreateCommand("select task_id, state, node from task where task_id = any($1)");
        command.Parameters.Add(new() { Value = tasks.ToArray() });
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            states[row.GetInt64(0)] = (row.GetString(1), row.IsDBNull(2) ? null : row.GetString(2));
        }
        return states;
    }

    private static async Task<ComplaintTaxonomy> TaxonomyAsync(NpgsqlConnection connection, string source, CommandSession session) =>
        RuleFiles.Taxonomy(session.Home, await LedgerMonths.TaxonomyAsync(connection, source, session)).Value;
}
