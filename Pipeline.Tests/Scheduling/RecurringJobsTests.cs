using Npgsql;
using Pipeline.Jobs.Scheduling;
using Pipeline.Jobs.Shell;
using Pipeline.Models.Complaints;

namespace Pipeline.Tests.Scheduling;

public sealed class RecurringJobsTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly SchedulePlan Plan = ScheduleFile.Load("/nowhere");

    private static DateTimeOffset At(string utc) => DateTimeOffset.Parse(utc + "Z", null);

    private static PlannedJob Job(string name) => Plan.Jobs.Single(j => j.Spec.Name == name);

    [Fact]
    public void An_outage_over_three_months_is_made_up_once_for_each_of_them_and_the_month_comes_from_the_slot()
    {
        // The third working days, 06:00 in Shanghai (22:00 UTC of the day before): 2026-08-05, 2026-09-03, 2026-10-10 and 2026-11-04.
        (IReadOnlyList<NewTask> tasks, DateTimeOffset through) = RecurringJobs.Slots(Job("month"), Plan.Calendar, At("2026-08-01T00:00"), At("2026-10-20T00:00"));
        Assert.Equal(["2026-07", "2026-08", "2026-09", "2026-10"], tasks.Select(t => t.Month.ToString()));
        Assert.Equal(["2026-08-04T22:00:00Z", "2026-09-02T22:00:00Z", "2026-10-09T22:00:00Z", "2026-11-03T22:00:00Z"], tasks.Select(t => t.Slot));
        Assert.Equal(At("2026-11-03T22:00"), through);
        Assert.All(tasks, t => Assert.Equal(t.DueAt.AddMinutes(180), t.DeadlineAt));
    }

    [Fact]
    public void Nights_that_an_outage_passed_over_are_made_up_by_one()
    {
        (IReadOnlyList<NewTask> tasks, _) = RecurringJobs.Slots(Job("night"), Plan.Calendar, At("2026-11-01T00:00"), At("2026-11-10T00:00"));
        Assert.Equal(["2026-11-09T18:00:00Z", "2026-11-10T18:00:00Z"], tasks.Select(t => t.Slot));
    }

    [Fact]
    public async Task A_slot_becomes_one_task_however_often_and_by_however_many_it_is_planned()
    {
        await ApplyAsync(At("2026-10-05T00:00"));
        for (int round = 0; round < 3; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => PlanAsync(At("2026-10-12T00:00"))));
        }
        Assert.Equal(["2026-09", "2026-10"], await MonthsAsync("month"));
        Assert.Equal(2, (await MonthsAsync("export-expected")).Count);

        // A day's outage over the due time: exactly one more of each period.
        await PlanAsync(At("2026-11-05T00:00"));
        await PlanAsync(At("2026-11-05T00:00"));
        Assert.Equal(["2026-09", "2026-10", "2026-11"], await MonthsAsync("month"));
    }

    [Fact]
    public async Task A_job_with_several_slots_in_a_month_makes_up_the_month_once_though_one_slot_waited_when_the_outage_began()
    {
        using TestDatabase own = new();
        await own.InitializeAsync();
        File.WriteAllText(Path.Combine(own.Home, ScheduleFile.Name), """{ "time_zone": "UTC", "jobs": [ { "name": "often", "kind": "run", "when": "every Monday 07:30", "folder": "out" } ] }""");
        SchedulePlan plan = ScheduleFile.Load(own.Home);
        await using NpgsqlConnection connection = await own.Source.OpenConnectionAsync();
        await RecurringJobs.ApplyAsync(connection, plan, At("2026-10-20T00:00"), default);
        await RecurringJobs.PlanAsync(own.Source, plan.Calendar, At("2026-10-20T00:00"), default); // Monday 26 October waits
        await RecurringJobs.PlanAsync(own.Source, plan.Calendar, At("2026-11-20T00:00"), default); // four Mondays of November up to the 16th were missed

        await using NpgsqlCommand command = new("select string_agg(concat_ws(' ', month, slot, state), '; ' order by slot) from task", connection);
        Assert.Equal(
            "2026-09-01 2026-10-26T07:30:00Z waiting; 2026-10-01 2026-11-16T07:30:00Z waiting; 2026-10-01 2026-11-23T07:30:00Z waiting", await command.ExecuteScalarAsync());
        await RecurringJobs.PlanAsync(own.Source, plan.Calendar, At("2026-12-01T00:00"), default); // the 23rd waited, the 30th was missed: one is enough
        Assert.Equal(
            "2026-09-01 2026-10-26T07:30:00Z waiting; 2026-10-01 2026-11-16T07:30:00Z withdrawn; 2026-10-01 2026-11-23T07:30:00Z withdrawn; 2026-10-01 2026-11-30T07:30:00Z waiting; 2026-11-01 2026-12-07T07:30:00Z waiting",
            await command.ExecuteScalarAsync());
        await own.DisposeAsync();
    }

    [Theory]
    [InlineData("running")]
    [InlineData("retrying")]
    public async Task A_month_whose_slot_was_under_way_when_the_outage_began_is_done_by_that_slot_alone(string state)
    {
        using TestDatabase own = new();
        await own.InitializeAsync();
        File.WriteAllText(Path.Combine(own.Home, ScheduleFile.Name), """{ "time_zone": "UTC", "jobs": [ { "name": "often", "kind": "run", "when": "every Monday 07:30", "folder": "out" } ] }""");
        SchedulePlan plan = ScheduleFile.Load(own.Home);
        await using NpgsqlConnection connection = await own.Source.OpenConnectionAsync();
        await RecurringJobs.ApplyAsync(connection, plan, At("2026-10-30T00:00"), default);
        await RecurringJobs.PlanAsync(own.Source, plan.Calendar, At("2026-11-01T00:00"), default);
        Assert.Single(await RecurringJobs.PlanAsync(own.Source, plan.Calendar, At("2026-11-02T07:30"), default)); // the 2nd is due, the 9th waits
        await new NpgsqlCommand($"update task set state = '{state}' where slot = '2026-11-02T07:30:00Z'", connection).ExecuteNonQueryAsync();

        // While a node plans, a slot that comes due beside one that is under way is its own.
        Assert.Equal(["2026-11-16T07:30:00Z"], (await RecurringJobs.PlanAsync(own.Source, plan.Calendar, At("2026-11-09T07:30"), default)).Select(t => t.Slot));
        await using NpgsqlCommand command = new(
            "select string_agg(concat_ws(' ', to_char(month, 'MM'), left(slot, 10), state, reason), '; ' order by slot) from task", connection);
        Assert.Equal($"10 2026-11-02 {state}; 10 2026-11-09 waiting; 10 2026-11-16 waiting", await command.ExecuteScalarAsync());

        // The nodes die before the 9th is taken. The 9th and the 16th waited, the 23rd and 30th were missed; December's are for November.
        Assert.Equal(
            ["2026-12-07T07:30:00Z", "2026-12-14T07:30:00Z"], (await RecurringJobs.PlanAsync(own.Source, plan.Calendar, At("2026-12-08T00:00"), default)).Select(t => t.Slot));
        const string Later = "withdrawn a later slot in the outage does it";
        const string Why = "withdrawn slot 2026-11-02T07:30:00Z was under way when the outage began, and does it";
        Assert.Equal(
            $"10 2026-11-02 {state}; 10 2026-11-09 {Later}; 10 2026-11-16 {Later}; 10 2026-11-30 {Why}; 11 2026-12-07 waiting; 11 2026-12-14 waiting",
            await command.ExecuteScalarAsync());
        await own.DisposeAsync();
    }

    [Fact]
    public async Task A_slot_that_waited_and_fell_due_in_the_outage_is_left_to_the_one_that_was_under_way_for_its_month()
    {
        using TestDatabase own = new();
        await own.InitializeAsync();
        await using NpgsqlConnection connection = await own.Source.OpenConnectionAsync();
        File.WriteAllText(Path.Combine(own.Home, ScheduleFile.Name), """{ "time_zone": "UTC", "jobs": [ { "name": "often", "kind": "run", "when": "every Monday 07:30", "folder": "out" } ] }""");
        SchedulePlan plan = ScheduleFile.Load(own.Home);
        await RecurringJobs.ApplyAsync(connection, plan, At("2026-11-01T00:00"), default);
        await RecurringJobs.PlanAsync(own.Source, plan.Calendar, At("2026-11-01T00:00"), default);
        await RecurringJobs.PlanAsync(own.Source, plan.Calendar, At("2026-11-02T07:30"), default);
        await new NpgsqlCommand("update task set state = 'running' where slot = '2026-11-02T07:30:00Z'", connection).ExecuteNonQueryAsync();
        await RecurringJobs.PlanAsync(own.Source, plan.Calendar, At("2026-11-10T00:00"), default); // only the 9th passed: nothing is made up
        await using NpgsqlCommand command = new("select string_agg(concat_ws(' ', left(slot, 10), state, reason), '; ' order by slot) from task", connection);
        Assert.Equal(
            "2026-11-02 running; 2026-11-09 withdrawn slot 2026-11-02T07:30:00Z was under way when the outage began, and does it; 2026-11-16 waiting",
            await command.ExecuteScalarAsync());
        await own.DisposeAsync();
    }

    [Fact]
    public async Task A_paused_job_makes_no_tasks_and_goes_on_with_its_next_slot()
    {
        using TestDatabase own = new();
        await own.InitializeAsync();
        await using NpgsqlConnection connection = await own.Source.OpenConnectionAsync();
        await RecurringJobs.ApplyAsync(connection, Plan, At("2026-10-05T00:00"), default);
        await RecurringJobs.PlanAsync(own.Source, Plan.Calendar, At("2026-10-05T01:00"), default);
        Assert.True(await RecurringJobs.PauseAsync(connection, "month", "tester", default));
        Assert.False(await RecurringJobs.PauseAsync(connection, "nothing", "tester", default));
        await RecurringJobs.PlanAsync(own.Source, Plan.Calendar, At("2026-11-20T00:00"), default);
        Assert.Equal(0L, await OpenAsync(connection));
        Assert.True(await RecurringJobs.ResumeAsync(connection, "month", At("2026-11-20T00:00"), default));
        await RecurringJobs.PlanAsync(own.Source, Plan.Calendar, At("2026-11-20T00:00"), default);
        Assert.Equal(1L, await OpenAsync(connection));
        await own.DisposeAsync();

        static async Task<long> OpenAsync(NpgsqlConnection connection)
        {
            await using NpgsqlCommand command = new("select count(*) from task where job = 'month' and state = 'waiting'", connection);
            return (long)(await command.ExecuteScalarAsync())!;
        }
    }

    private async Task ApplyAsync(DateTimeOffset now)
    {
        await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync();
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        await RecurringJobs.ApplyAsync(connection, Plan, now, default);
        await transaction.CommitAsync();
    }

    private Task<IReadOnlyList<NewTask>> PlanAsync(DateTimeOffset now) => RecurringJobs.PlanAsync(database.Source, Plan.Calendar, now, default);

    private async Task<List<string>> MonthsAsync(string job)
    {
        List<string> months = [];
        await using NpgsqlCommand command = database.Source.CreateCommand("select month from task where job = $1 order by month");
        command.Parameters.Add(new() { Value = job });
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync())
        {
            months.Add(ReportingMonth.Of(row.GetFieldValue<DateOnly>(0)).ToString());
        }
        return months;
    }
}
