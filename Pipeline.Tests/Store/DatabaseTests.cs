using Npgsql;
using Pipeline.Jobs.Privacy;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Store;

namespace Pipeline.Tests.Store;

public sealed class DatabaseTests(TestDatabase fixture) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task A_database_opens_with_every_migration_applied_in_its_own_schema()
    {
        await using Database database = await Database.OpenAsync(fixture.Session());
        await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync();
        IReadOnlyDictionary<int, string> applied = await Migrations.AppliedAsync(connection, CancellationToken.None);
        Assert.Equal(Migrations.All.Select(migration => migration.Number), applied.Keys.Order());
        await using NpgsqlCommand stray = new("select count(*) from pg_tables where schemaname not in ('pipeline', 'pg_catalog', 'information_schema')", connection);
        Assert.Equal(0L, await stray.ExecuteScalarAsync());
    }

    [Fact]
    public async Task A_database_is_refused_with_another_key_and_with_none_and_taken_again_with_its_own()
    {
        await (await Database.OpenAsync(fixture.Session())).DisposeAsync();
        string other = Path.Combine(fixture.Home, "elsewhere");
        CommandSession stranger = fixture.Session() with { Home = other };

        PipelineFault missing = await Assert.ThrowsAsync<PipelineFault>(() => Database.OpenAsync(stranger));
        Assert.Equal(ExitCodes.EnvironmentFailed, missing.ExitCode);
        Assert.Contains("holds no key file", missing.Message, StringComparison.Ordinal);
        Assert.False(KeyRing.Exists(other));

        KeyRing.Open(other);
        PipelineFault wrong = await Assert.ThrowsAsync<PipelineFault>(() => Database.OpenAsync(stranger));
        Assert.Contains("is not the one that this database is sealed with", wrong.Message, StringComparison.Ordinal);

        File.Copy(Path.Combine(KeyRing.Folder(fixture.Home), "master-1.key"), Path.Combine(KeyRing.Folder(other), "master-1.key"), overwrite: true);
        await (await Database.OpenAsync(stranger)).DisposeAsync();
    }

    [Theory]
    [InlineData("Host=/nowhere/at/all;Username=x;Password=secret-word", "cannot be reached")]
    [InlineData("Host=127.0.0.1;Port=1;Username=x;Password=secret-word", "cannot be reached")]
    [InlineData("postgres://x:secret-word@host/db", "no connection string")]
    [InlineData("Username=x;Password=secret-word", "no connection string")]
    public async Task A_server_that_cannot_be_reached_is_an_environment_fault_without_the_password(string server, string expected)
    {
        PipelineFault fault = await Assert.ThrowsAsync<PipelineFault>(() => Database.OpenAsync(fixture.Session() with { Server = server }));
        Assert.Equal(ExitCodes.EnvironmentFailed, fault.ExitCode);
        Assert.Contains(expected, fault.Text.En, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-word", fault.Text.En + fault.Text.Zh, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_refuses_the_account_says_so_without_the_password()
    {
        string server = new NpgsqlConnectionStringBuilder(fixture.Server) { Password = "secret-word" }.ConnectionString;
        PipelineFault fault = await Assert.ThrowsAsync<PipelineFault>(() => Database.OpenAsync(fixture.Session() with { Server = server }));
        Assert.Contains("refused the connection (SQLSTATE 28P01)", fault.Text.En, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-word", fault.Text.En + fault.Text.Zh, StringComparison.Ordinal);
    }
}
