using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Pipeline.Jobs.Scheduling;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Steps;
using Pipeline.Models.Complaints;
using Pipeline.Reports;
using Pipeline.Tests.Ingest;

namespace Pipeline.Tests.Scheduling;

public sealed class ClassificationShardsTests
{
    private static readonly ReportingMonth November = new(2024, 11);

    [Fact]
    public async Task A_classification_cut_among_nodes_of_which_one_dies_gives_the_labels_and_the_workbooks_of_one_node_alone()
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
        Task<TaskEnd> run = Task.Run(() => new TaskRunner(open, session, "a", log) { TextsPerShard = 60 }.RunAsync(task, default));

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
        Assert.Equal(await LabelsAsync(alone), await LabelsAsync(shared));
        foreach (PublishedWorkbook book in undisturbed.Workbooks)
        {
            Assert.Equal(File.ReadAllBytes(book.Path), File.ReadAllBytes(Path.Combine(session.Home, "workbooks", Path.GetFileName(book.Path))));
        }
        await alone.DisposeAsync();
        await shared.DisposeAsync();
    }

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
