using System.Text;
using Pipeline.Jobs.Scheduling;
using Pipeline.Jobs.Shell;
using Pipeline.Tests.Ingest;

namespace Pipeline.Tests.Scheduling;

public sealed class DropFolderTests
{
    private static readonly JobSpec Spec = new("exports", JobKind.Watch, "every 30 seconds", "UTC") { Folder = "drop", StableSeconds = 20 };
    private static readonly HashSet<string> Alone = new(StringComparer.Ordinal) { "a" };

    [Fact]
    public async Task A_file_is_taken_once_it_has_stood_still_and_never_while_it_grows()
    {
        await using Fixture f = await Fixture.CreateAsync();
        DropFolder folder = new(Spec, "a");
        string path = f.Drop("2024-11.csv", Fixture.Export("2024-11.csv")[..1000]);
        Assert.Equal(new DropResult(0, 0, 0, 1), await f.PassAsync(folder));
        f.Clock.Advance(15);
        File.WriteAllText(path, Fixture.Export("2024-11.csv"), Encoding.Latin1);
        Assert.Equal(1, (await f.PassAsync(folder)).Waiting);
        f.Clock.Advance(15);
        Assert.Equal(1, (await f.PassAsync(folder)).Waiting); // it grew in between: it has stood still for 15 s only
        f.Clock.Advance(10);
        Assert.Equal(new DropResult(1, 0, 0, 0), await f.PassAsync(folder));
        Assert.False(File.Exists(path));
        string kept = Assert.Single(Directory.GetFiles(Path.Combine(f.Root, "taken"), "*", SearchOption.AllDirectories));
        Assert.Equal("2024-11.csv", Path.GetFileName(kept)); // its name is part of what an export says
        Assert.True(await f.CountAsync("select read_count from dropped_file") > 100);

        f.Drop("2024-11.csv", Fixture.Export("2024-11.csv"));
        Assert.Equal(new DropResult(0, 1, 0, 0), await f.TakeAllAsync(folder));
        Assert.Equal(1, await f.CountAsync("select count(*) from source_file"));
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_is_refused_with_the_reason_beside_it_and_an_alert()
    {
        await using Fixture f = await Fixture.CreateAsync();
        f.Drop("notes.csv", "hello\n");
        f.Drop("half.csv.part", "x");
        f.Drop(".hidden.csv", "x");
        Assert.Equal(new DropResult(0, 0, 1, 0), await f.TakeAllAsync(new DropFolder(Spec, "a")));
        string refused = Assert.Single(Directory.GetFiles(Path.Combine(f.Root, "refused"), "notes.csv", SearchOption.AllDirectories));
        Assert.True(new FileInfo(refused + ".reason.txt").Length > 10);
        Assert.Equal(1, await f.CountAsync("select count(*) from outbox where kind = 'file_refused'"));
        Assert.Equal(2, Directory.GetFiles(f.Root).Length); // what is being written, and what is hidden, stays
        Assert.Empty(Directory.GetFiles(Path.Combine(f.Root, "taken"), "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_file_whose_taker_died_is_taken_up_by_another_node_and_left_to_one_that_lives()
    {
        await using Fixture f = await Fixture.CreateAsync();
        string taken = Path.Combine(f.Root, "taken", "20261130T060000Z-0001-dead.node");
        Directory.CreateDirectory(taken);
        File.WriteAllText(Path.Combine(taken, "2024-11.csv"), Fixture.Export("2024-11.csv"), Encoding.Latin1);
        DropFolder folder = new(Spec, "a");
        Assert.Equal(0, (await f.PassAsync(folder, new HashSet<string> { "a", "dead.node" })).Files);
        Assert.Equal(1, (await f.PassAsync(folder)).Ingested);
        Assert.Equal(0, (await f.PassAsync(folder)).Files);
    }

    [Fact]
    public async Task A_file_that_its_taker_had_loaded_before_it_died_counts_as_ingested_with_its_rows_and_the_same_content_later_as_known()
    {
        await using Fixture f = await Fixture.CreateAsync();
        string taken = Path.Combine(f.Root, "taken", $"{f.Clock.GetUtcNow():yyyyMMdd'T'HHmmss'Z'}-0001-dead.node");
        Directory.CreateDirectory(taken);
        string path = Path.Combine(taken, "2024-11.csv");
        File.WriteAllText(path, Fixture.Export("2024-11.csv"), Encoding.Latin1);
        await f.IngestAsync(path);
        DropFolder folder = new(Spec, "a");
        Assert.Equal(new DropResult(1, 0, 0, 0), await f.PassAsync(folder));
        Assert.Equal(1, await f.CountAsync("select count(*) from dropped_file d join source_file s on s.read_count = d.read_count and s.rejected_count = d.rejected_count where d.outcome = 'ingested'"));
        f.Drop("again.csv", Fixture.Export("2024-11.csv"));
        Assert.Equal(new DropResult(0, 1, 0, 0), await f.TakeAllAsync(folder));
        Assert.Equal(1, await f.CountAsync("select count(*) from source_file"));
    }

    [Fact]
    public async Task Files_of_three_writers_under_two_watchers_are_each_ingested_once_and_none_is_lost()
    {
        await using Fixture f = await Fixture.CreateAsync();
        string[] lines = [.. Fixture.Export("2024-11.csv").Split('\n').Where(line => line.Count(c => c == '"') % 2 == 0)];
        const int files = 45;
        using CancellationTokenSource done = new();
        Task[] writers =
        [
            .. Enumerable.Range(0, 3).Select(writer => Task.Run(async () =>
            {
                for (int i = writer; i < files; i += 3)
                {
                    // One row of its own in each, so that each is another content.
                    f.Drop($"part-{i:00}-2024-11-30.csv", string.Join('\n', lines[..3]) + "\n" + lines[i + 3] + "\n");
                    await Task.Delay(5);
                }
            })),
        ];
        DropFolder[] watchers = [new(Spec with { StableSeconds = 1 }, "a"), new(Spec with { StableSeconds = 1 }, "b")];
        HashSet<string> both = new(StringComparer.Ordinal) { "a", "b" };
        await Task.WhenAll(writers);
        for (int round = 0; round < 4; round++)
        {
            await Task.WhenAll(watchers.Select(w => f.PassAsync(w, both)));
            f.Clock.Advance(2);
        }
        Assert.Empty(Directory.GetFiles(f.Root));
        Assert.Equal(files, await f.CountAsync("select count(*) from source_file"));
        Assert.Equal(files, await f.CountAsync("select count(*) from dropped_file where outcome = 'ingested'"));
    }

    private sealed class Fixture(IngestFixture ingest, Jobs.Store.Database database) : IAsyncDisposable
    {
        public SteppedClock Clock { get; } = new();

        public string Root => Path.Combine(ingest.Database.Home, "drop");

        public static async Task<Fixture> CreateAsync()
        {
            IngestFixture ingest = await IngestFixture.CreateAsync();
            Fixture made = new(ingest, await Jobs.Store.Database.OpenAsync(ingest.Session()));
            Directory.CreateDirectory(made.Root);
            return made;
        }

        /// <summary>Byte for byte: the exports are in GB18030.</summary>
        public static string Export(string name) => File.ReadAllText(Path.Combine(SampleData.Bank, "exports", name), Encoding.Latin1);

        public string Drop(string name, string content)
        {
            string path = Path.Combine(Root, name);
            File.WriteAllText(path, content, Encoding.Latin1);
            return path;
        }

        public Task<DropResult> PassAsync(DropFolder folder, IReadOnlySet<string>? living = null) =>
            folder.PassAsync(database, ingest.Session() with { Time = Clock }, living ?? Alone);

        public async Task<DropResult> TakeAllAsync(DropFolder folder)
        {
            await PassAsync(folder);
            Clock.Advance(30);
            return await PassAsync(folder);
        }

        /// <summary>As a node does it that dies right afterwards.</summary>
        public Task<Jobs.Ingest.IngestResult> IngestAsync(string path) => Jobs.Ingest.IngestFiles.RunAsync(ingest.Session() with { Time = Clock }, database, new Jobs.Ingest.IngestOptions([path]));

        public Task<long> CountAsync(string sql) => ingest.ScalarAsync<long>(sql);

        public async ValueTask DisposeAsync()
        {
            await database.DisposeAsync();
            await ingest.DisposeAsync();
            ingest.Dispose();
        }
    }
}

/// <summary>A clock that goes when it is told to.</summary>
internal sealed class SteppedClock : TimeProvider
{
    private DateTimeOffset now = new(2026, 11, 21, 8, 0, 0, TimeSpan.Zero);

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public void Advance(double seconds) => now = now.AddSeconds(seconds);

    public override DateTimeOffset GetUtcNow() => now;
}
