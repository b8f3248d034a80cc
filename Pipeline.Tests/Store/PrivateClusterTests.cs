using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using Npgsql;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Store;

namespace Pipeline.Tests.Store;

/// <summary>Each test has a cluster of its own and does to it what a bad day does.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class PrivateClusterTests : IAsyncLifetime
{
    private readonly string _home = Directory.CreateTempSubdirectory("pipeline-cluster-").FullName;
    private PrivateCluster _cluster = null!;
    private CommandSession _session = null!;

    public Task InitializeAsync()
    {
        _cluster = new PrivateCluster(_home, TestCluster.Settings);
        _session = TestCluster.Quiet(_home);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _cluster.StopAsync(_session, isImmediate: true);
        Directory.Delete(_home, recursive: true);
        if (Directory.Exists(_cluster.SocketFolder))
        {
            Directory.Delete(_cluster.SocketFolder, recursive: true);
        }
    }

    [Fact]
    public async Task A_new_cluster_keeps_password_and_data_from_others_listens_on_no_port_and_checks_its_pages()
    {
        await using NpgsqlDataSource source = await _cluster.OpenAsync(_session);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_cluster.PasswordFile));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_cluster.DataFolder));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_cluster.SocketFolder));
        Assert.Equal("", await ScalarAsync(source, "show listen_addresses"));
        Assert.Equal("on", await ScalarAsync(source, "show data_checksums"));
        Assert.Equal("C.UTF-8", await ScalarAsync(source, "show lc_collate"));
        Assert.Equal("none", await ScalarAsync(source, "show log_statement"));
        Assert.DoesNotContain(File.ReadAllText(_cluster.PasswordFile), source.ConnectionString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_home_of_root_that_the_server_account_cannot_reach_keeps_its_database_elsewhere()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            // Only root hands the data to another account.
            return;
        }
        string closed = Directory.CreateTempSubdirectory("pipeline-closed-").FullName;
        string home = Path.Combine(closed, "home");
        PrivateCluster first = new(home, TestCluster.Settings);
        try
        {
            await (await first.OpenAsync(_session with { Home = home })).DisposeAsync();
            PrivateCluster again = new(home, TestCluster.Settings);
            Assert.Equal(first.Folder, again.Folder);
            Assert.False(again.Folder.StartsWith(home, StringComparison.Ordinal));
            Assert.Equal(ClusterState.Running, again.State);
            await using NpgsqlDataSource source = await again.OpenAsync(_session with { Home = home });
            Assert.Equal("1", await ScalarAsync(source, "select 1::text"));
        }
        finally
        {
            await first.StopAsync(_session with { Home = home }, isImmediate: true);
            Directory.Delete(closed, recursive: true);
            Directory.Delete(first.Folder, recursive: true);
            if (Directory.Exists(first.SocketFolder))
            {
                Directory.Delete(first.SocketFolder, recursive: true);
            }
        }
    }

    [Fact]
    public void Settings_force_commits_to_the_disk_unless_a_test_asks_otherwise()
    {
        Assert.Contains("fsync=on", new ServerSettings().Arguments("/tmp/x"));
        Assert.Contains("full_page_writes=on", new ServerSettings().Arguments("/tmp/x"));
        Assert.DoesNotContain(new ServerSettings().Arguments("/tmp/x"), setting => setting.StartsWith("synchronous_commit", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_server_outlives_the_source_of_connections_and_the_next_open_joins_it()
    {
        string first = await ServerProcessAsync();
        Assert.Equal(ClusterState.Running, _cluster.State);
        Assert.Equal(first, await ServerProcessAsync());
    }

    [Fact]
    public async Task A_server_killed_with_all_its_children_at_work_comes_back_with_what_was_committed()
    {
        await using (NpgsqlDataSource source = await _cluster.OpenAsync(_session))
        {
            await ScalarAsync(source, "create schema pipeline; create table kept (n integer); insert into kept values (7)");
        }
        string killed = await ServerProcessAsync();
        Process.GetProcessById(int.Parse(killed, CultureInfo.InvariantCulture)).Kill();
        await using NpgsqlDataSource again = await _cluster.OpenAsync(_session);
        Assert.Equal(7, await ScalarAsync(again, "select n from kept"));
        Assert.NotEqual(killed, await ServerProcessAsync());
    }

    [Fact]
    public async Task A_stale_lock_file_that_names_another_program_is_put_aside()
    {
        await ServerProcessAsync();
        string[] lines = File.ReadAllLines(Path.Combine(_cluster.DataFolder, "postmaster.pid"));
        await _cluster.StopAsync(_session);
        // The number of this very process: alive, and no server of ours.
        lines[0] = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        await File.WriteAllLinesAsync(Path.Combine(_cluster.DataFolder, "postmaster.pid"), lines);
        Directory.CreateDirectory(_cluster.SocketFolder);
        await File.WriteAllLinesAsync(Path.Combine(_cluster.SocketFolder, ".s.PGSQL.5432.lock"), lines);
        Assert.Equal(ClusterState.Stopped, _cluster.State);
        Assert.NotEqual(lines[0], await ServerProcessAsync());
    }

    [Fact]
    public async Task A_socket_that_a_cleaner_took_away_is_made_again()
    {
        await ServerProcessAsync();
        File.Delete(Path.Combine(_cluster.SocketFolder, ".s.PGSQL.5432"));
        Assert.NotEmpty(await ServerProcessAsync());
    }

    [Fact]
    public async Task Openers_at_once_create_one_cluster_and_join_one_server()
    {
        string[] processes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(ServerProcessAsync)));
        Assert.Single(processes.Distinct());
    }

    [Fact]
    public async Task A_creation_that_was_killed_is_begun_again()
    {
        string half = Path.Combine(_cluster.Folder, "data.new-00000000");
        Directory.CreateDirectory(Path.Combine(half, "base"));
        await File.WriteAllTextAsync(Path.Combine(half, "PG_VERSION"), "15\n");
        Assert.Equal(ClusterState.Absent, _cluster.State);
        Assert.NotEmpty(await ServerProcessAsync());
        Assert.False(Directory.Exists(half));
    }

    [Fact]
    public async Task A_folder_that_is_no_data_folder_is_refused_and_left_alone()
    {
        string precious = Path.Combine(_cluster.DataFolder, "precious");
        Directory.CreateDirectory(_cluster.DataFolder);
        await File.WriteAllTextAsync(precious, "x");
        PipelineFault fault = await Assert.ThrowsAsync<PipelineFault>(() => _cluster.OpenAsync(_session));
        Assert.Equal(ExitCodes.EnvironmentFailed, fault.ExitCode);
        Assert.True(File.Exists(precious));
    }

    [Fact]
    public async Task Data_of_another_major_version_is_refused_with_the_way_to_upgrade()
    {
        Directory.CreateDirectory(_cluster.DataFolder);
        await File.WriteAllTextAsync(Path.Combine(_cluster.DataFolder, "PG_VERSION"), "9\n");
        PipelineFault fault = await Assert.ThrowsAsync<PipelineFault>(() => _cluster.OpenAsync(_session));
        Assert.Contains("postgresql-9", fault.Message, StringComparison.Ordinal);
        Assert.Contains("db backup", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_copied_home_folder_does_not_join_the_servers_of_the_original()
    {
        string original = await ServerProcessAsync();
        string copyHome = _home + "-copy";
        using (Process copy = Process.Start("cp", ["-a", _home, copyHome]))
        {
            await copy.WaitForExitAsync();
        }
        PrivateCluster other = new(copyHome, TestCluster.Settings);
        try
        {
            await using NpgsqlDataSource source = await other.OpenAsync(_session);
            Assert.NotEqual(original, File.ReadLines(Path.Combine(other.DataFolder, "postmaster.pid")).First());
            Assert.Equal(other.DataFolder, await ScalarAsync(source, "show data_directory"));
        }
        finally
        {
            await other.StopAsync(_session, isImmediate: true);
            Directory.Delete(copyHome, recursive: true);
        }
    }

    [Fact]
    public async Task Stopping_what_does_not_run_changes_nothing()
    {
        Assert.False(await _cluster.StopAsync(_session));
        await ServerProcessAsync();
        Assert.True(await _cluster.StopAsync(_session));
        Assert.False(Directory.Exists(_cluster.SocketFolder), "a stopped server leaves no folder of its socket");
        Assert.Equal(ClusterState.Stopped, _cluster.State);
    }

    /// <summary>Opens, proves that the server answers, and closes.</summary>
    /// <returns>The number of the server's process.</returns>
    private async Task<string> ServerProcessAsync()
    {
        await using NpgsqlDataSource source = await _cluster.OpenAsync(_session);
        Assert.Equal(1, await ScalarAsync(source, "select 1"));
        return File.ReadLines(Path.Combine(_cluster.DataFolder, "postmaster.pid")).First();
    }

    private static async Task<object?> ScalarAsync(NpgsqlDataSource source, string statement)
    {
        await using NpgsqlCommand command = source.CreateCommand(statement);
        return await command.ExecuteScalarAsync();
    }
}
