using System.Globalization;
using Npgsql;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Store;

namespace Pipeline.Tests.Store;

public sealed class MigrationsTests : IAsyncLifetime
{
    private static int _count;

    private NpgsqlDataSource _source = null!;

    public async Task InitializeAsync()
    {
        TestCluster cluster = await TestCluster.SharedAsync();
        string server = await cluster.CreateDatabaseAsync(string.Create(CultureInfo.InvariantCulture, $"migrations_{Interlocked.Increment(ref _count)}"));
        _source = Connections.Source(server);
        await using NpgsqlCommand empty = _source.CreateCommand("drop schema pipeline cascade");
        await empty.ExecuteNonQueryAsync();
    }

    public async Task DisposeAsync() => await _source.DisposeAsync();

    [Fact]
    public async Task An_empty_database_gets_all_in_order_and_a_second_time_nothing()
    {
        Assert.Equal(Migrations.All.Select(migration => migration.Number), await ApplyAsync(Migrations.All));
        Assert.Empty(await ApplyAsync(Migrations.All));
    }

    [Fact]
    public async Task Processes_that_migrate_at_once_apply_each_change_once()
    {
        IReadOnlyList<int>[] applied = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => ApplyAsync(Migrations.All))));
        Assert.Equal(Migrations.All.Select(migration => migration.Number), applied.SelectMany(numbers => numbers).Order());
    }

    [Fact]
    public async Task A_change_that_fails_leaves_nothing_of_itself_and_all_before_it()
    {
        Migration good = Migrations.Parse("0001_good.sql", "create table good (n integer);");
        Migration bad = Migrations.Parse("0002_bad.sql", "create table half (n integer); select 1 / 0;");
        await Assert.ThrowsAsync<PostgresException>(() => ApplyAsync([good, bad]));
        await using NpgsqlCommand tables = _source.CreateCommand("select array_agg(tablename::text order by tablename) from pg_tables where schemaname = 'pipeline'");
        Assert.Equal(["good", "schema_migration"], (string[])(await tables.ExecuteScalarAsync())!);
        Assert.Equal([2], await ApplyAsync([good, Migrations.Parse("0002_mended.sql", "create table whole (n integer);")]));
    }

    [Fact]
    public async Task A_change_that_arrives_between_two_others_is_applied()
    {
        Migration first = Migrations.Parse("0001_a.sql", "create table a (n integer);");
        Migration second = Migrations.Parse("0002_b.sql", "create table b (n integer);");
        Migration third = Migrations.Parse("0003_c.sql", "create table c (n integer);");
        await ApplyAsync([first, third]);
        Assert.Equal([2], await ApplyAsync([first, second, third]));
    }

    [Fact]
    public async Task A_database_newer_than_the_program_is_refused()
    {
        await ApplyAsync(Migrations.All);
        PipelineFault fault = await Assert.ThrowsAsync<PipelineFault>(() => ApplyAsync([.. Migrations.All.SkipLast(1)]));
        Assert.Equal(ExitCodes.EnvironmentFailed, fault.ExitCode);
        Assert.Contains("newer than this program", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_with_another_text_of_a_change_is_refused()
    {
        await ApplyAsync([Migrations.Parse("0001_a.sql", "create table a (n integer);")]);
        PipelineFault fault = await Assert.ThrowsAsync<PipelineFault>(() => ApplyAsync([Migrations.Parse("0001_a.sql", "create table a (n bigint);")]));
        Assert.Contains("Schema change 1 (a)", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_of_changes_are_unique() =>
        Assert.Equal(Migrations.All.Count, Migrations.All.Select(migration => migration.Number).Distinct().Count());

    private Task<IReadOnlyList<int>> ApplyAsync(IReadOnlyList<Migration> migrations) =>
        Migrations.ApplyAsync(_source, migrations, TimeProvider.System, CancellationToken.None);
}
