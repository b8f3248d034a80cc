using System.Text;
using Npgsql;
using Pipeline.Jobs.Ingest;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Store;

namespace Pipeline.Tests.Ingest;

/// <summary>A database, its home folder and a folder for files, for tests that ingest.</summary>
public sealed class IngestFixture : IAsyncLifetime, IDisposable
{
    /// <value>A day after all sample exports, so that no test depends on the machine's date.</value>
    public static readonly TimeProvider Clock = new FixedClock(new DateTimeOffset(2026, 11, 21, 8, 0, 0, TimeSpan.Zero));

    private readonly TestDatabase database = new();

    public NpgsqlDataSource Source => database.Source;

    public TestDatabase Database => database;

    /// <value>A folder for the test's own files.</value>
    public string Folder { get; private set; } = "";

    static IngestFixture() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>A ledger of its own inside a test; dispose it.</summary>
    public static async Task<IngestFixture> CreateAsync()
    {
        IngestFixture fixture = new();
        await fixture.InitializeAsync();
        return fixture;
    }

    public async Task InitializeAsync()
    {
        await database.InitializeAsync();
        Folder = Path.Combine(database.Home, "files");
        Directory.CreateDirectory(Folder);
    }

    public CommandSession Session(TextWriter? output = null, TextWriter? error = null, bool json = false, CancellationToken cancellation = default) =>
        database.Session(Clock, output, error, json, cancellation: cancellation);

    public async Task<IngestResult> IngestAsync(params string[] paths) => await IngestAsync(new IngestOptions(paths));

    public async Task<IngestResult> IngestAsync(IngestOptions options, CommandSession? session = null)
    {
        CommandSession used = session ?? Session();
        await using Database open = await Jobs.Store.Database.OpenAsync(used);
        return await IngestFiles.RunAsync(used, open, options);
    }

    /// <summary>Writes a UTF-8 file into the test's folder and gives its path.</summary>
    public string Write(string name, string content)
    {
        string path = Path.Combine(Folder, name);
        File.WriteAllText(path, content);
        return path;
    }

    public string WriteBytes(string name, byte[] content)
    {
        string path = Path.Combine(Folder, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using NpgsqlCommand command = Source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public Task<IReadOnlyList<string>> SnapshotAsync(bool withLineage = true) => LedgerSnapshot.TakeAsync(Source, database.Keys, withLineage);

    public Task DisposeAsync() => database.DisposeAsync();

    public void Dispose() => database.Dispose();

    private sealed class FixedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;

        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;
    }
}
