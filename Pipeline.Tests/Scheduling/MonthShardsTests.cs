using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Pipeline.Jobs.Scheduling;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Steps;
using Pipeline.Models.Complaints;
using Pipeline.Reports;
using Pipeline.Tests.Ingest;

namespace Pipeline.Tests.Scheduling;

public sealed class MonthShardsTests
{
    private static readonly ReportingMonth November = new(2024, 11);

    [Fact]
    public async Task A_month_cut_among_nodes_of_which_one_dies_has_the_labels_the_persons_and_the_workbooks_of_one_node_alone()
    {
        using IngestFixture alone = await IngestFixture.CreateAsync();
        using IngestFixture shared = await IngestFixture.CreateAsync();
        foreach (IngestFixture fixture in (IngestFixture[])[alone, shared])
        {
            await fixture.IngestAsync(Path.Combine(SampleData.Bank, "exports", "2024-11.csv"));
        }
        CommandSession lone = alone.Session() with { Language = Models.Text.Language.Zh };
        RunResult undisturbed;
        await using (Jobs.Store.Database database = await Jobs.Store.Database.OpenAsync(lone))
        {
            undisturbed = await new MonthRun(database, database.Keys, lone)
                .ExecuteAsync(new RunRequest(November, null, Path.Combine(alone.Folder, "out"), WorkbookKinds.All));
        }

        CommandSession session = shared.Session();
        await using Jobs.Store.Database open = await Jobs.Store.Database.OpenAsync(session);
        SchedulingLog log = new(NullLogger<SchedulingLog>.Instance);
        await using NpgsqlConnection connection = await shared.Source.OpenConnectionAsync();
        NodeIdentity[] nodes = [.. ((string[])["a", "b", "c"]).Select(n => NodeIdentity.Of(session.Home, "x", n))];
        foreach (NodeIdentity node in nodes)
        {
            await Nodes.BeatAsync(connection, node, TimeProvider.System, default);
        }
        JobSpec spec = new("request", JobKind.Run, "", "UTC") { Folder = "workbooks" };
        long task = (await TaskLedger.AddAsync(
            connection, new NewTask(TaskOrigins.Request, TaskKinds.Run, "test", "cn-bank", November, spec, null, 5, DateTimeOffset.UnixEpoch, null), default))!.Value;
        using CancellationTokenSource beating = new();
        Task beats = Task.Run(async () =>
        {
            while (!beating.IsCancellationRequested)
            {
                await using NpgsqlConnection own = await shared.Source.OpenConnectionAsync();
                await Nodes.BeatAsync(own, nodes[0], TimeProvider.System, default);
                await Nodes.BeatAsync(own, nodes[2], TimeProvider.System, default);
                await Task.Delay(1_000);
            }
        });
        Task<TaskEnd> run = Task.Run(() => new TaskRunner(open, session, "a", log) { ComplaintsPerShard = 60 }.RunAsync(task, default));

        // Node b takes the first part and dies over it; node c does the second.
        long[] parts = [];
        while (parts.Length == 0 && !run.IsCompleted)
        {
            parts = await shared.ScalarAsync<long[]>("select array(select task_id from task where kind = 'shard' order by slot)");
            await Task.Delay(20);
        }
        Assert.True(parts.Length > 3, $"{parts.Length} parts");
        await Nodes.BeatAsync(connection, nodes[1], TimeProvider.System, default);
        TaskClaim? dead = await TaskLedger.ClaimAsync(shared.Source, parts[0], "b", default);
        Assert.Equal(TaskEnd.Over, await new TaskRunner(open, session, "c", log).RunAsync(parts[1], default));
        if (dead is not null)
        {
            // While b lives its part is left to it.
            await Nodes.BeatAsync(connection, nodes[1], TimeProvider.System, default);
            Assert.Null(await TaskLedger.ClaimAsync(shared.Source, parts[0], "c", default));
        }
        await Nodes.LeaveAsync(shared.Source, nodes[1], default);
        Assert.Equal(TaskEnd.Over, await run);
        await beating.CancelAsync();
        await beats;

        Assert.Equal((long)parts.Length, await shared.ScalarAsync<long>("select count(*) from task where kind = 'shard' and state = 'done'"));
        Assert.Equal("done", await shared.ScalarAsync<string>($"select state from task where task_id = {task}"));
        Assert.Equal(0L, await shared.ScalarAsync<long>($"select rows from task_step where task_id = {task} and name = 'classify'")); // nothing was left to the run
        long complaints = await shared.ScalarAsync<long>("select count(*) from complaint");
        Assert.Equal(complaints, await shared.ScalarAsync<long>("select sum((summary ->> 'prepared')::bigint)::bigint from task where kind = 'shard'"));
        Assert.Equal(0L, await shared.ScalarAsync<long>("select count(*) from match_prepared")); // all of it was taken over
        Assert.Equal(await LabelsAsync(alone), await LabelsAsync(shared));
        foreach (string kept in (string[])[Persons, Index])
        {
            string expected = await alone.ScalarAsync<string>(kept);
            Assert.True(expected.Length > 10_000, $"{expected.Length} characters");
            Assert.Equal(expected, await shared.ScalarAsync<string>(kept));
        }
        foreach (PublishedWorkbook book in undisturbed.Workbooks)
        {
            Assert.Equal(File.ReadAllBytes(book.Path), File.ReadAllBytes(Path.Combine(session.Home, "workbooks", Path.GetFileName(book.Path))));
        }
        await alone.DisposeAsync();
        await shared.DisposeAsync();
    }

    [Fact]
    public async Task A_node_that_slept_over_a_part_and_wakes_up_leaves_nothing_of_it_and_the_part_is_done_by_the_other()
    {
        using IngestFixture fixture = await IngestFixture.CreateAsync();
        await fixture.IngestAsync(Path.Combine(SampleData.Bank, "exports", "2024-11.csv"));
        CommandSession session = fixture.Session();
        await using Jobs.Store.Database database = await Jobs.Store.Database.OpenAsync(session);
        await using NpgsqlConnection connection = await fixture.Source.OpenConnectionAsync();
        await Nodes.BeatAsync(connection, NodeIdentity.Of(session.Home, "x", "sleeper"), TimeProvider.System, default);
        JobSpec spec = new(MonthShards.Job, JobKind.Run, "", "UTC") { Folder = "1/2/cn-jrt0169", Source = "cn-bank" };
        long part = (await TaskLedger.AddAsync(
            connection, new NewTask(MonthShards.Job, TaskKinds.Shard, "0 0001", "cn-bank", null, spec, null, 6, DateTimeOffset.UnixEpoch, null), default))!.Value;
        MonthShards shards = new(database, "sleeper", new SchedulingLog(NullLogger<SchedulingLog>.Instance), 60);
        TaskClaim sleeper = (await TaskLedger.ClaimAsync(fixture.Source, part, "sleeper", default))!;
        await fixture.Source.CreateCommand("update node set seen_at = seen_at - interval '1 minute' where node = 'sleeper'").ExecuteNonQueryAsync();
        TaskClaim other = (await TaskLedger.ClaimAsync(fixture.Source, part, "other", default))!;

        await Assert.ThrowsAsync<OvertakenException>(() => shards.DoAsync(sleeper, session));
        Assert.Equal(0L, await fixture.ScalarAsync<long>("select count(*) from match_prepared"));
        await shards.DoAsync(other, session);
        await Assert.ThrowsAsync<OvertakenException>(() => shards.DoAsync(sleeper, session)); // nor after it is done
        Assert.Equal(
            await fixture.ScalarAsync<long>("select count(*) from complaint where complaint_id % 2 = 1"), await fixture.ScalarAsync<long>("select count(*) from match_prepared"));
        Assert.Equal("done other 1", await fixture.ScalarAsync<string>($"select concat_ws(' ', state, node, deaths) from task where task_id = {part}"));
        await fixture.DisposeAsync();
    }

    /// <summary>Keys as such: they hang on the order in which persons are met, and that is the same too.</summary>
    private const string Persons = """
        select string_agg(concat_ws('|', case_number, person_key, l.revision, evidence - 'token'), E'\n' order by case_number)
        from complainant_link l join complaint using (complaint_id)
        """;

    /// <summary>Signs differ from home to home: how many complaints have each key of theirs in common tells whether the index is the same.</summary>
    private const string Index = """
        select string_agg(concat_ws('|', complaint.case_number, component.case_number, (
            select string_agg(of.shared::text, ',' order by of.space, of.shared)
            from (select k & 127 as space, (select count(*) from match_key where key = k) as shared from unnest(keys) k) of)), E'\n' order by complaint.case_number)
        from match_record join complaint using (complaint_id)
        left join (select complaint_id as component, case_number from complaint) component using (component)
        """;

    private static async Task<List<string>> LabelsAsync(IngestFixture fixture)
    {
        List<string> labels = [];
        await using NpgsqlCommand command = fixture.Source.CreateCommand(
            "select concat_ws('|', case_number, head, class, probability, needs_review) from label join complaint using (complaint_id) order by 1");
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync())
        {
            labels.Add(row.GetString(0));
        }
        Assert.True(labels.Count > 1_000);
        return labels;
    }
}
