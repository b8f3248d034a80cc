using System.Text.Json;
using Npgsql;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Store;

namespace Pipeline.Tests.Store;

public sealed class DatabaseCommandsTests(TestDatabase fixture) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task A_backup_brings_back_what_was_there_and_only_over_data_when_forced()
    {
        await (await Database.OpenAsync(fixture.Session())).DisposeAsync();
        await ExecuteAsync(AComplaint("1"));
        string file = Path.Combine(fixture.Home, "a.backup");
        using StringWriter said = new();
        Assert.Equal(ExitCodes.Done, await DatabaseCommands.BackupAsync(fixture.Session(error: said), file, isForced: false));
        Assert.Contains("The keys are not in it", said.ToString(), StringComparison.Ordinal);

        await ExecuteAsync(AComplaint("2"));
        await ExecuteAsync("create table later_version (n integer)");
        PipelineFault refused = await Assert.ThrowsAsync<PipelineFault>(() => DatabaseCommands.RestoreAsync(fixture.Session(), file, isForced: false));
        Assert.Contains("holds 2 complaints", refused.Text.En, StringComparison.Ordinal);
        Assert.Equal(2L, await ScalarAsync("select count(*) from complaint"));

        Assert.Equal(ExitCodes.Done, await DatabaseCommands.RestoreAsync(fixture.Session(), file, isForced: true));
        Assert.Equal("1", await ScalarAsync("select string_agg(case_number, ' ') from complaint"));
        Assert.Equal(DBNull.Value, await ScalarAsync("select to_regclass('later_version')::text"));
    }

    [Fact]
    public async Task A_backup_replaces_a_file_that_is_there_only_when_forced()
    {
        await (await Database.OpenAsync(fixture.Session())).DisposeAsync();
        string file = Path.Combine(fixture.Home, "kept.backup");
        await File.WriteAllTextAsync(file, "of last month");
        PipelineFault refused = await Assert.ThrowsAsync<PipelineFault>(() => DatabaseCommands.BackupAsync(fixture.Session(), file, isForced: false));
        Assert.Equal(ExitCodes.WrongUsage, refused.ExitCode);
        Assert.Contains("--force", refused.Text.En, StringComparison.Ordinal);
        Assert.Equal("of last month", await File.ReadAllTextAsync(file));
        Assert.Equal([file], Directory.GetFiles(fixture.Home, "kept.backup*"));

        Assert.Equal(ExitCodes.Done, await DatabaseCommands.BackupAsync(fixture.Session(), file, isForced: true));
        Assert.StartsWith("PGDMP", await File.ReadAllTextAsync(file), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_backup_changes_nothing()
    {
        await (await Database.OpenAsync(fixture.Session())).DisposeAsync();
        await ExecuteAsync("create table kept as select generate_series(1, 1000) as n");
        string file = Path.Combine(fixture.Home, "damaged.backup");
        await DatabaseCommands.BackupAsync(fixture.Session(), file, isForced: false);
        byte[] whole = await File.ReadAllBytesAsync(file);
        await File.WriteAllBytesAsync(file, whole[..(whole.Length - 700)]);
        await Assert.ThrowsAsync<PipelineFault>(() => DatabaseCommands.RestoreAsync(fixture.Session(), file, isForced: true));
        await File.WriteAllTextAsync(file, "no archive");
        await Assert.ThrowsAsync<PipelineFault>(() => DatabaseCommands.RestoreAsync(fixture.Session(), file, isForced: true));
        Assert.Equal(1000L, await ScalarAsync("select count(*) from kept"));
    }

    [Fact]
    public async Task The_path_of_a_server_shows_everything_but_the_password()
    {
        using StringWriter output = new();
        await DatabaseCommands.PathAsync(fixture.Session(output: output, json: true));
        string password = new NpgsqlConnectionStringBuilder(fixture.Server).Password!;
        Assert.DoesNotContain(password, output.ToString(), StringComparison.Ordinal);
        Assert.Equal("pipeline", JsonDocument.Parse(output.ToString()).RootElement.GetProperty("user").GetString());
    }

    [Fact]
    public async Task The_path_of_a_cluster_that_is_not_there_yet_creates_nothing()
    {
        string home = Path.Combine(fixture.Home, "not-yet");
        using StringWriter output = new();
        await DatabaseCommands.PathAsync(fixture.Session(output: output, json: true) with { Home = home, Server = null });
        Assert.Equal("absent", JsonDocument.Parse(output.ToString()).RootElement.GetProperty("state").GetString());
        Assert.False(Directory.Exists(home));
    }

    [Fact]
    public async Task A_server_that_is_not_the_programs_own_is_not_stopped()
    {
        PipelineFault fault = await Assert.ThrowsAsync<PipelineFault>(() => DatabaseCommands.StopAsync(fixture.Session()));
        Assert.Equal(ExitCodes.WrongUsage, fault.ExitCode);
    }

    private static string AComplaint(string caseNumber) => $"""
        with file as (
            insert into source_file (sha256, name, source, profile, profile_sha256, as_of_date, ingested_at, bytes)
            values ('{caseNumber}', 'x', 'x', 'x', 'x', '2026-01-01', '2026-01-01', 1) returning file_id)
        insert into complaint (source, case_number, content_hash, as_of_date, file_id, line_number, received_date, status, key_id, sealed)
        select 'x', '{caseNumber}', '', '2026-01-01', file_id, 1, '2026-01-01', 'open', 1, '' from file
        """;

    private async Task ExecuteAsync(string statement) => await ScalarAsync(statement);

    private async Task<object?> ScalarAsync(string statement)
    {
        await using NpgsqlCommand command = fixture.Source.CreateCommand(statement);
        return await command.ExecuteScalarAsync();
    }
}
