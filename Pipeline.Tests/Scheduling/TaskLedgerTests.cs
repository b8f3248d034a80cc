using Npgsql;
using Pipeline.Jobs.Scheduling;
using Pipeline.Jobs.Shell;
using Pipeline.Models.Complaints;

namespace Pipeline.Tests.Scheduling;

public sealed class TaskLedgerTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static int count;

    [Fact]
    public async Task A_claim_that_was_overtaken_can_commit_nothing_and_its_session_is_ended()
    {
        long id = await AddAsync();
        TaskClaim sleeper = (await TaskLedger.ClaimAsync(database.Source, id, "first", default))!;
        await using NpgsqlDataSource pool = Jobs.Store.Connections.Source(database.Server);
        await using NpgsqlConnection asleep = await pool.OpenConnectionAsync();
        await TaskLedger.HoldAsync(asleep, sleeper, default);

        TaskClaim taker = (await TaskLedger.ClaimAsync(database.Source, id, "second", default))!;
        Assert.Equal((sleeper.Fence + 1, 1, 1), (taker.Fence, taker.Attempt, taker.Deaths));

        // It wakes up: the session in which it would have written its outcome is gone, and by another one it gets nowhere either.
        await using NpgsqlCommand write = new("select 1", asleep);
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => write.ExecuteScalarAsync());
        await using NpgsqlConnection other = await database.Source.OpenConnectionAsync();
        await Assert.ThrowsAsync<OvertakenException>(() => TaskLedger.CheckFenceAsync(other, sleeper, default));
        await Assert.ThrowsAsync<OvertakenException>(() => TaskLedger.FinishAsync(other, sleeper, "done", null, "x", null, null, null, default));
        await TaskLedger.FinishAsync(other, taker, "done", null, "run", null, null, null, default);
        Assert.Null(await TaskLedger.ClaimAsync(database.Source, id, "third", default));
        Assert.Equal(("done", "run", "second"), await StateAsync(id));
    }

    [Fact]
    public async Task A_task_that_was_handed_back_counts_neither_as_an_attempt_nor_as_a_death()
    {
        long id = await AddAsync();
        TaskClaim first = (await TaskLedger.ClaimAsync(database.Source, id, "first", default))!;
        await TaskLedger.HandBackAsync(database.Source, first, default);
        TaskClaim second = (await TaskLedger.ClaimAsync(database.Source, id, "second", default))!;
        Assert.Equal((1, 0), (second.Attempt, second.Deaths));
    }

    [Fact]
    public async Task A_month_is_asked_for_once_at_a_time()
    {
        await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync();
        NewTask task = Task1(TaskOrigins.Backfill, new ReportingMonth(2020, 1));
        long first = (await TaskLedger.AddAsync(connection, task, default))!.Value;
        Assert.Null(await TaskLedger.AddAsync(connection, task with { Slot = "another", Job = TaskOrigins.Request }, default));
        TaskClaim claim = (await TaskLedger.ClaimAsync(database.Source, first, "n", default))!;
        await TaskLedger.FinishAsync(connection, claim, "done", null, null, null, null, null, default);
        Assert.NotNull(await TaskLedger.AddAsync(connection, task with { Slot = "later" }, default));
    }

    [Fact]
    public async Task Months_of_one_source_are_taken_in_their_order_the_urgent_first_and_other_sources_and_what_is_not_due_keep_nobody_waiting()
    {
        await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync();
        async Task<long> Add(int month, int priority = 5, string source = "ordered", DateTimeOffset? due = null) => (await TaskLedger.AddAsync(
            connection, Task1("test", new ReportingMonth(2022, month), source) with { Priority = priority, DueAt = due ?? DateTimeOffset.UnixEpoch }, default))!.Value;
        long later = await Add(1, due: DateTimeOffset.UnixEpoch.AddYears(300));
        long third = await Add(3);
        long second = await Add(2);
        long newest = await Add(4, priority: 9);
        long elsewhere = await Add(5, source: "another");

        List<long> order = [];
        while (order.Count < 4)
        {
            TaskClaim?[] claims = [.. await Task.WhenAll(((long[])[third, second, newest, elsewhere]).Select(id => TaskLedger.ClaimAsync(database.Source, id, "n", default)))];
            TaskClaim[] got = [.. claims.OfType<TaskClaim>()];
            Assert.InRange(got.Length, 1, 2); // two only where they are of two sources
            foreach (TaskClaim claim in got)
            {
                await TaskLedger.FinishAsync(connection, claim, "done", null, null, null, null, null, default);
                order.Add(claim.TaskId);
            }
        }
        Assert.Equal([newest, second, third], order.Where(id => id != elsewhere));
        Assert.NotNull(await TaskLedger.ClaimAsync(database.Source, later, "n", default));
    }

    [Fact]
    public async Task A_failure_is_made_good_by_a_later_success_of_its_month_and_not_by_one_of_another()
    {
        await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync();
        NewTask asked = Task1("test", new ReportingMonth(2023, 1), "mended");
        long id = (await TaskLedger.AddAsync(connection, asked, default))!.Value;
        TaskClaim claim = (await TaskLedger.ClaimAsync(database.Source, id, "n", default))!;
        await TaskLedger.FinishAsync(connection, claim, "failed", null, null, null, "disk_full", new("磁盘已满", "the disk is full"), default);
        Assert.True((await TaskAsync(id)).NeedsLook);
        await DoneAsync(asked with { Slot = "another month", Month = new ReportingMonth(2023, 2) });
        await DoneAsync(asked with { Slot = "another source", Source = "other" });
        Assert.True((await TaskAsync(id)).NeedsLook);
        await DoneAsync(asked with { Slot = "again", Job = TaskOrigins.Backfill });
        TaskState state = await TaskAsync(id);
        Assert.Equal((false, true, "failed"), (state.NeedsLook, state.IsMadeGood, state.State));

        async Task DoneAsync(NewTask task)
        {
            long next = (await TaskLedger.AddAsync(connection, task, default))!.Value;
            TaskClaim taken = (await TaskLedger.ClaimAsync(database.Source, next, "n", default))!;
            await TaskLedger.FinishAsync(connection, taken, "done", null, null, null, null, null, default);
        }
    }

    [Fact]
    public async Task A_task_that_cannot_be_done_ends_with_its_reason_and_one_alert_in_the_same_transaction()
    {
        CommandSession session = database.Session();
        await using Jobs.Store.Database open = await Jobs.Store.Database.OpenAsync(session);
        TaskRunner runner = new(open, session, "runner", new SchedulingLog(Microsoft.Extensions.Logging.Abstractions.NullLogger<SchedulingLog>.Instance));
        long id = await AddAsync(new ReportingMonth(2019, 5));
        Assert.Equal(TaskEnd.Over, await runner.RunAsync(id, default)); // the ledger is empty: trying again would not fill it
        TaskState task = await TaskAsync(id);
        Assert.Equal(("failed", "nothing_to_do"), (task.State, task.ErrorCode));
        Assert.Contains("2019-05", task.Error!.Zh, StringComparison.Ordinal);
        Assert.Equal(1L, await ScalarAsync($"select count(*) from outbox where kind = 'gave_up' and data ->> 'task_id' = '{id}'"));
        Assert.Equal(TaskEnd.Over, await runner.RunAsync(id, default));
        Assert.Equal(1L, await ScalarAsync($"select count(*) from outbox where kind = 'gave_up' and data ->> 'task_id' = '{id}'"));
    }

    [Fact]
    public async Task A_task_over_which_many_nodes_died_is_given_up()
    {
        CommandSession session = database.Session();
        await using Jobs.Store.Database open = await Jobs.Store.Database.OpenAsync(session);
        TaskRunner runner = new(open, session, "runner", new SchedulingLog(Microsoft.Extensions.Logging.Abstractions.NullLogger<SchedulingLog>.Instance));
        long id = await AddAsync(new ReportingMonth(2019, 6));
        for (int death = 0; death <= TaskRunner.MaxDeaths; death++)
        {
            Assert.NotNull(await TaskLedger.ClaimAsync(database.Source, id, $"node{death}", default));
        }
        await runner.RunAsync(id, default);
        Assert.Equal(("gave_up", "nodes_died"), ((await TaskAsync(id)).State, (await TaskAsync(id)).ErrorCode));
    }

    /// <param name="source">Null: one of its own, so that no other test's task goes before it.</param>
    private static NewTask Task1(string job, ReportingMonth month, string? source = null) => new(
        job, TaskKinds.Run, $"slot {Interlocked.Increment(ref count)}", source ?? $"source {count}", month, new JobSpec("t", JobKind.Run, "", "UTC"), null, 5, DateTimeOffset.UnixEpoch, null);

    private async Task<long> AddAsync(ReportingMonth? month = null)
    {
        await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync();
        return (await TaskLedger.AddAsync(connection, Task1("test", month ?? new ReportingMonth(2021, 1)), default))!.Value;
    }

    private async Task<TaskState> TaskAsync(long id)
    {
        await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync();
        return (await StatusView.TasksAsync(connection, id, 1, default)).Single();
    }

    private async Task<(string, string?, string?)> StateAsync(long id)
    {
        TaskState task = await TaskAsync(id);
        return (task.State, task.RunId, task.Node);
    }

    private async Task<long> ScalarAsync(string sql)
    {
        await using NpgsqlCommand command = database.Source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
