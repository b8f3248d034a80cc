using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Pipeline.Jobs.Ingest.Quarantine;
using Pipeline.Jobs.Scheduling;
using Pipeline.Jobs.Shell;
using Pipeline.Tests.Ingest;

namespace Pipeline.Tests.Scheduling;

public sealed class MaintenanceTests
{
    [Fact]
    public async Task The_cells_of_rows_that_were_dismissed_longer_ago_than_the_rules_keep_go_and_what_is_open_or_newer_stays()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }
        using IngestFixture fixture = await IngestFixture.CreateAsync();
        await fixture.IngestAsync([.. ((string[])["2024-11", "2024-12", "2025-01", "2025-02"]).Select(m => Path.Combine(SampleData.Bank, "exports", $"{m}.csv"))]);
        CommandSession session = fixture.Session();
        await using Jobs.Store.Database database = await Jobs.Store.Database.OpenAsync(session);
        await using NpgsqlConnection connection = await fixture.Source.OpenConnectionAsync();
        long[] rows = [.. (await QuarantinedRow.ReadAsync(connection, "open", null, null, default)).Select(r => r.Id)];
        Assert.True(rows.Length >= 3, $"{rows.Length} rows in quarantine");
        DateTimeOffset now = session.Time.GetUtcNow();
        foreach ((long id, int years) in ((long, int)[])[(rows[0], 4), (rows[1], 2)])
        {
            await using NpgsqlCommand dismiss = new("update quarantined_row set state = 'dismissed', decided_at = $2, decided_reason = 'test' where quarantine_id = $1", connection)
            {
                Parameters = { new() { Value = id }, new() { Value = now.AddYears(-years).UtcDateTime } },
            };
            Assert.Equal(1, await dismiss.ExecuteNonQueryAsync());
        }

        Assert.Equal("1", await NightAsync("first"));
        foreach (QuarantinedRow row in await QuarantinedRow.ReadAsync(connection, null, null, null, default))
        {
            Assert.Equal(row.Id == rows[0], row.Cells(fixture.Database.Keys).All(c => c.Length == 0));
        }
        Assert.Equal("dismissed test", await fixture.ScalarAsync<string>($"select concat_ws(' ', state, decided_reason) from quarantined_row where quarantine_id = {rows[0]}"));
        Assert.Equal("job:night 1", await fixture.ScalarAsync<string>("select concat_ws(' ', actor, detail ->> 'rows') from audit_event where action = 'quarantine_erase'"));

        Assert.Equal("0", await NightAsync("second"));
        Assert.Equal(1L, await fixture.ScalarAsync<long>("select count(*) from audit_event where action = 'quarantine_erase'"));
        await fixture.DisposeAsync();

        async Task<string> NightAsync(string slot)
        {
            JobSpec spec = new("night", JobKind.Maintenance, "every day 02:00", "UTC");
            long task = (await TaskLedger.AddAsync(
                connection, new NewTask("night", TaskKinds.Maintenance, slot, null, null, spec, null, 5, DateTimeOffset.UnixEpoch, null), default))!.Value;
            Assert.Equal(TaskEnd.Over, await new TaskRunner(database, session, "node", new SchedulingLog(NullLogger<SchedulingLog>.Instance)).RunAsync(task, default));
            Assert.Equal("done", await fixture.ScalarAsync<string>($"select concat_ws(' ', state, error_en) from task where task_id = {task}"));
            return await fixture.ScalarAsync<string>($"select summary ->> 'dismissed_rows' from task where task_id = {task}");
        }
    }
}
