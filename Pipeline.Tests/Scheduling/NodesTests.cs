using Npgsql;
using Pipeline.Jobs.Scheduling;
using Pipeline.Jobs.Shell;

namespace Pipeline.Tests.Scheduling;

public sealed class NodesTests
{
    private static readonly SchedulePlan Plan = ScheduleFile.Load("/nowhere");

    [Theory]
    [InlineData("program")]
    [InlineData("rules")]
    [InlineData("schedule")]
    public async Task A_node_that_differs_is_refused_while_others_work_and_may_come_once_they_are_gone(string what)
    {
        using TestDatabase database = new();
        await database.InitializeAsync();
        NodeIdentity first = NodeIdentity.Of(database.Home, Plan.Sha256, "first");
        await JoinAsync(database, first, Plan);
        SchedulePlan plan = what == "schedule" ? Plan with { Sha256 = new string('0', 64) } : Plan;
        NodeIdentity other = NodeIdentity.Of(database.Home, plan.Sha256, "other") with { };
        other = what switch
        {
            "program" => other with { ProgramVersion = "9.9.9+00000000" },
            "rules" => other with { RulesSha256 = new string('f', 64) },
            _ => other,
        };
        PipelineFault fault = await Assert.ThrowsAsync<PipelineFault>(() => JoinAsync(database, other, plan));
        Assert.Equal(ExitCodes.Failed, fault.ExitCode);
        Assert.Contains("first", fault.Text.En, StringComparison.Ordinal);
        Assert.Contains("first", fault.Text.Zh, StringComparison.Ordinal);

        await JoinAsync(database, first with { Node = "second" }, Plan);
        await Nodes.LeaveAsync(database.Source, first, default);
        await Nodes.LeaveAsync(database.Source, first with { Node = "second" }, default);
        await JoinAsync(database, other, plan);
        Assert.Equal(["other"], await Nodes.LivingAsync(database.Source, default));
        await database.DisposeAsync();
    }

    [Fact]
    public void Another_rule_file_is_another_node()
    {
        string home = Directory.CreateTempSubdirectory("pipeline-rules-").FullName;
        string before = NodeIdentity.RulesHash(home);
        Directory.CreateDirectory(Path.Combine(home, "rules"));
        File.WriteAllText(Path.Combine(home, "rules", "rules.json"), "{}");
        string with = NodeIdentity.RulesHash(home);
        File.WriteAllText(Path.Combine(home, "rules", "rules.json"), "{ }");
        Assert.Equal(3, new HashSet<string> { before, with, NodeIdentity.RulesHash(home) }.Count);
        Directory.Delete(home, recursive: true);
    }

    [Fact]
    public async Task A_node_at_work_warns_of_a_clock_that_is_off_and_stops_where_others_of_another_version_have_come()
    {
        using TestDatabase database = new();
        await database.InitializeAsync();
        System.Collections.Concurrent.ConcurrentQueue<string> log = new();
        using System.Diagnostics.Process node = PipelineProcess.Prepare(database.Home, database.Server, "serve", "--urls", "http://127.0.0.1:0", "--node", "node");
        node.ErrorDataReceived += (_, line) => log.Enqueue(line.Data ?? "");
        node.OutputDataReceived += static (_, _) => { };
        node.Start();
        node.BeginErrorReadLine();
        node.BeginOutputReadLine();
        NodeIdentity other = NodeIdentity.Of(database.Home, Plan.Sha256, "other");
        await UntilAsync("\"EventId\":1001", other, new Shifted(TimeSpan.Zero));
        Assert.DoesNotContain(log, l => l.Contains("\"EventId\":1003", StringComparison.Ordinal));
        await UntilAsync("\"EventId\":1003", other, new Shifted(TimeSpan.FromSeconds(5)));
        Assert.Contains(log, l => l.Contains("that of other", StringComparison.Ordinal));
        await UntilAsync("\"EventId\":1005", other with { ProgramVersion = "9.9.9+00000000" }, TimeProvider.System);
        await node.WaitForExitAsync();
        Assert.Equal(ExitCodes.Failed, node.ExitCode);
        Assert.Contains(log, l => l.Contains("Make versions and rules equal", StringComparison.Ordinal));
        await database.DisposeAsync();

        async Task UntilAsync(string said, NodeIdentity beating, TimeProvider time)
        {
            long started = TimeProvider.System.GetTimestamp();
            while (!log.Any(l => l.Contains(said, StringComparison.Ordinal)))
            {
                Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromMinutes(2), $"never said: {said}");
                await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync();
                await Nodes.BeatAsync(connection, beating, time, default);
                await Task.Delay(300);
            }
        }
    }

    [Fact]
    public async Task Sessions_of_a_silent_node_are_ended_first_those_that_hold_locks_and_never_those_of_a_process_that_came_later()
    {
        using TestDatabase database = new();
        await database.InitializeAsync();
        await using NpgsqlDataSource sources = Jobs.Store.Connections.Source(database.Server);
        await using NpgsqlConnection idle = await sources.OpenConnectionAsync();
        await using NpgsqlConnection holding = await sources.OpenConnectionAsync();
        await using NpgsqlTransaction transaction = await holding.BeginTransactionAsync();
        await ExecuteAsync(holding, "lock table task in access exclusive mode");
        NodeIdentity silent = NodeIdentity.Of(database.Home, Plan.Sha256, "silent");
        NodeIdentity me = silent with { Node = "me" };
        await using NpgsqlDataSource others = new NpgsqlDataSourceBuilder(new NpgsqlConnectionStringBuilder(database.Server) { ApplicationName = "another process", SearchPath = "pipeline" }.ConnectionString).Build();
        await using NpgsqlConnection mine = await others.OpenConnectionAsync();
        await Nodes.BeatAsync(mine, silent, TimeProvider.System, default);
        await Nodes.BeatAsync(mine, me, TimeProvider.System, default);
        Assert.Empty(await Nodes.EndSilentSessionsAsync(mine, me, default));

        await ExecuteAsync(mine, "update node set seen_at = clock_timestamp() - interval '10 seconds' where node = 'silent'");
        Assert.Empty(await Nodes.EndSilentSessionsAsync(mine, me, default)); // they began after its last sign of life
        await Task.Delay(8_500);
        await ExecuteAsync(mine, "update node set seen_at = (select max(backend_start) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()) where node = 'silent'");
        Assert.Equal([("silent", 1L)], await Nodes.EndSilentSessionsAsync(mine, me, default));
        await using NpgsqlCommand alive = new("select 1", idle);
        Assert.Equal(1, await alive.ExecuteScalarAsync());
        await ExecuteAsync(mine, "begin; lock table task in access exclusive mode nowait; commit"); // nobody holds it any more
        await Task.Delay(7_000);
        Assert.Equal("silent", Assert.Single(await Nodes.EndSilentSessionsAsync(mine, me, default)).Node);
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => alive.ExecuteScalarAsync());
        await database.DisposeAsync();

        static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
        {
            await using NpgsqlCommand command = new(sql, connection);
            await command.ExecuteNonQueryAsync();
        }
    }

    [Fact]
    public async Task How_far_a_nodes_clock_is_off_is_known()
    {
        using TestDatabase database = new();
        await database.InitializeAsync();
        NodeIdentity me = NodeIdentity.Of(database.Home, Plan.Sha256, "ahead");
        await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync();
        int ahead = await Nodes.BeatAsync(connection, me, new Shifted(TimeSpan.FromSeconds(5)), default);
        Assert.InRange(ahead, 4_000, 6_000);
        Assert.InRange(Assert.Single(await Nodes.ListAsync(connection, default)).ClockAheadMilliseconds, 4_000, 6_000);
        await database.DisposeAsync();
    }

    private static Task JoinAsync(TestDatabase database, NodeIdentity me, SchedulePlan plan) =>
        Nodes.JoinAsync(database.Source, me, plan, TimeProvider.System, default);

    private sealed class Shifted(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
    }
}
