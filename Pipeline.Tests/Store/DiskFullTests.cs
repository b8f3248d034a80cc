using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using System.Text;
using Npgsql;
using Pipeline.Jobs.Classification;
using Pipeline.Jobs.Ingest;
using Pipeline.Jobs.Ingest.Quarantine;
using Pipeline.Jobs.Ingest.Reading;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Steps;
using Pipeline.Jobs.Store;
using Pipeline.Tests.Ingest.Reading;
using Xunit.Abstractions;
using WorkbookFile = Pipeline.Reports.WorkbookFile;

namespace Pipeline.Tests.Store;

/// <summary>
/// A disk without room. Files of the program: each is written beside its place first, and that place leads to /dev/full, where the kernel answers
/// every write with "no space left" as a full disk does. Files of the server: it may make none larger than it has, by which PostgreSQL fails in the
/// middle of a load as it does on a full disk.
/// </summary>
[UnsupportedOSPlatform("windows")]
public sealed class DiskFullTests(ITestOutputHelper output)
{
    private const string Full = "/dev/full";
    private const int Rows = 25_000;

    [Fact]
    public void A_table_that_finds_no_room_leaves_nothing_of_itself()
    {
        using ScratchFolder folder = new();
        string input = folder.File("in.csv", "a,b\n" + string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{i},some text\n")));
        string target = folder.File("out.csv", "what stood");
        if (!LeadToFull(AtomicFile.PartialName($"{target}.1")))
        {
            return;
        }
        IOException fault = Assert.Throws<IOException>(() => ReadCommand.Run(input, target, new ReadOptions(), TestCluster.Quiet(folder.Path)));
        Assert.Contains("No space left", fault.Message, StringComparison.Ordinal);
        AssertAsBefore(folder, target);
        ReadCommand.Run(input, target, new ReadOptions(), TestCluster.Quiet(folder.Path));
        Assert.Equal(20_001, File.ReadLines(target).Count());
    }

    [Fact]
    public async Task Workbooks_that_find_no_room_leave_those_that_stood_and_the_next_try_writes_all()
    {
        using ScratchFolder folder = new();
        string target = folder.File("b.xlsx", "what stood");
        if (!LeadToFull(AtomicFile.PartialName(target)))
        {
            return;
        }
        WorkbookFile[] workbooks = [.. ((string[])["a", "b"]).Select(name => new WorkbookFile(name, $"{name}.xlsx", new byte[100_000], ""))];
        PipelineFault fault = await Assert.ThrowsAsync<PipelineFault>(() => Publication.WriteAsync(workbooks, folder.Path, default));
        Assert.Equal(ExitCodes.EnvironmentFailed, fault.ExitCode);
        Assert.Contains(folder.Path, fault.Text.En, StringComparison.Ordinal);
        Assert.Contains("the disk is full", fault.Text.En, StringComparison.Ordinal);
        AssertAsBefore(folder, target);
        Assert.Equal(2, (await Publication.WriteAsync(workbooks, folder.Path, default)).Count(File.Exists));
    }

    [Theory]
    [InlineData("q.xlsx")]
    [InlineData("q.csv")]
    public void A_correction_sheet_that_finds_no_room_leaves_the_one_that_stood(string name)
    {
        using ScratchFolder folder = new();
        string target = folder.File(name, "what stood");
        if (!LeadToFull(AtomicFile.PartialName(target)))
        {
            return;
        }
        CorrectionSheet sheet = new("1", ["quarantine_id", "b"], [.. Enumerable.Range(0, 2_000).Select(i => (string[])[$"{i}", $"text {i}"])]);
        Assert.ThrowsAny<IOException>(() => CorrectionWorkbook.Write(target, [sheet]));
        AssertAsBefore(folder, target);
        CorrectionWorkbook.Write(target, [sheet]);
        Assert.Equal(2_000, Assert.Single(WholeTable.Read(target)).Rows.Count);
    }

    [Fact]
    public async Task A_model_file_that_finds_no_room_leaves_the_one_that_stood()
    {
        using ScratchFolder folder = new();
        string target = folder.File("model.bin", "what stood");
        if (!LeadToFull(AtomicFile.PartialName(target)))
        {
            return;
        }
        await Assert.ThrowsAnyAsync<IOException>(() => AtomicFile.WriteAsync(target, new byte[100_000], default));
        AssertAsBefore(folder, target);
    }

    [Fact]
    public async Task A_database_that_finds_no_room_in_the_middle_of_a_load_gives_it_up_whole_and_the_next_try_succeeds()
    {
        string home = Directory.CreateTempSubdirectory("pipeline-full-").FullName;
        PrivateCluster cluster = new(home, TestCluster.Settings);
        CommandSession session = TestCluster.Quiet(home);
        try
        {
            await using NpgsqlDataSource source = await cluster.OpenAsync(session);
            await Migrations.ApplyAsync(source, TimeProvider.System, CancellationToken.None);
            string server = File.ReadLines(Path.Combine(cluster.DataFolder, "postmaster.pid")).First();
            // Above a segment of the log (16 MB), below what the load needs.
            if (!await LimitAsync(server, $"{20 << 20}:"))
            {
                return;
            }
            string export = Path.Combine(home, "2026-10-31.csv");
            await File.WriteAllTextAsync(export, Export());
            (int code, string said) = await IngestAsync(cluster, home, export);
            Assert.True(code == ExitCodes.EnvironmentFailed, said);
            Assert.Contains("Nothing is half done", said, StringComparison.Ordinal);
            Assert.Contains("could not extend file", said, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
            const string counts = "select concat_ws(' ', (select count(*) from source_file), (select count(*) from complaint), (select count(*) from audit_event))";
            Assert.Equal("0 0 0", await ScalarAsync(source, counts));

            Assert.True(await LimitAsync(server, "unlimited:"));
            (code, said) = await IngestAsync(cluster, home, export);
            Assert.True(code == ExitCodes.Done, said);
            Assert.Equal($"1 {Rows} 1", await ScalarAsync(source, counts));
        }
        finally
        {
            await cluster.StopAsync(session, isImmediate: true);
            Directory.Delete(home, recursive: true);
            if (Directory.Exists(cluster.SocketFolder))
            {
                Directory.Delete(cluster.SocketFolder, recursive: true);
            }
        }
    }

    private static string Export()
    {
        StringBuilder text = new("case number,received date,description\n");
        Random random = new(1);
        for (int i = 0; i < Rows; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"K-{i:0000000},2026-10-01,complaint {random.NextInt64()}");
            for (int word = 0; word < 40; word++)
            {
                text.Append(CultureInfo.InvariantCulture, $" {random.NextInt64():x}");
            }
            text.Append('\n');
        }
        return text.ToString();
    }

    private static async Task<(int Code, string Said)> IngestAsync(PrivateCluster cluster, string home, string export)
    {
        ProcessStartInfo start = new("dotnet", [typeof(IngestCommand).Assembly.Location, "ingest", export, "--home", home, "--lang", "en"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PIPELINE_DATABASE"] = cluster.ConnectionString(cluster.SocketFolder);
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, said + await errors);
    }

    /// <summary>Sets the most bytes that files of the server, and of every connection that it takes from now on, may have.</summary>
    private async Task<bool> LimitAsync(string server, string limit)
    {
        // A server that root has handed to another account is that account's to limit, where root is not almighty (in a container).
        const string script = """
            command -v prlimit setpriv >/dev/null || exit 127
            if [ "$(id -u)" = 0 ]; then
                exec setpriv $(stat -c '--reuid=%u --regid=%g' "/proc/$1") --clear-groups prlimit --pid "$1" --fsize="$2"
            fi
            exec prlimit --pid "$1" --fsize="$2"
            """;
        using Process process = Process.Start(new ProcessStartInfo("sh", ["-c", script, "sh", server, limit]) { RedirectStandardError = true })!;
        string said = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode == 127)
        {
            output.WriteLine("skipped: prlimit and setpriv (util-linux) are not here");
            return false;
        }
        Assert.True(process.ExitCode == 0, said);
        return true;
    }

    private bool LeadToFull(string path)
    {
        if (!File.Exists(Full))
        {
            output.WriteLine($"skipped: there is no {Full} here");
            return false;
        }
        File.CreateSymbolicLink(path, Full);
        return true;
    }

    private static void AssertAsBefore(ScratchFolder folder, string target)
    {
        Assert.Equal("what stood", File.ReadAllText(target));
        Assert.DoesNotContain(Directory.EnumerateFiles(folder.Path), file => file.EndsWith(".tmp", StringComparison.Ordinal));
    }

    private static async Task<string> ScalarAsync(NpgsqlDataSource source, string sql)
    {
        await using NpgsqlCommand command = source.CreateCommand(sql);
        return (string)(await command.ExecuteScalarAsync())!;
    }
}
