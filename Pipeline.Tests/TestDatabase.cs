using System.Globalization;
using Npgsql;
using Pipeline.Jobs.Privacy;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Store;
using Pipeline.Models.Text;

namespace Pipeline.Tests;

/// <summary>
/// A database of its own for a test class (<c>IClassFixture&lt;TestDatabase&gt;</c>), migrated, empty, in a private cluster that the test
/// run shares and removes at its end; and a home folder with keys. Tests of one class share it; classes never meet.
/// </summary>
/// <example><c>await using Database database = await Database.OpenAsync(fixture.Session());</c></example>
public sealed class TestDatabase : IAsyncLifetime, IDisposable
{
    private static int _count;

    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();
    private NpgsqlDataSource? _source;

    /// <summary>Connections to this class's database; search path and all else as the program has them.</summary>
    public NpgsqlDataSource Source => _source ?? throw new InvalidOperationException("the fixture has not been initialised by the test runner");

    /// <summary>A temporary home folder with a key of its own.</summary>
    public string Home { get; private set; } = "";

    public KeyRing Keys { get; private set; } = null!;

    /// <summary>Connection string of this class's database: what <see cref="CommandSession.Server"/> takes.</summary>
    public string Server { get; private set; } = "";

    public async Task InitializeAsync()
    {
        TestCluster cluster = await TestCluster.SharedAsync();
        string name = string.Create(CultureInfo.InvariantCulture, $"test_{Interlocked.Increment(ref _count)}");
        Home = Path.Combine(cluster.Root, name);
        Directory.CreateDirectory(Home);
        Keys = KeyRing.Open(Home);
        Server = await cluster.CreateDatabaseAsync(name);
        _source = Connections.Source(Server);
    }

    /// <summary>A session on this class's database and home, in English unless told otherwise.</summary>
    /// <param name="time">Null: the system's clock.</param>
    /// <param name="output">Where results go; null: a writer that nobody reads. Pass a <see cref="StringWriter"/> to look at them.</param>
    public CommandSession Session(
        TimeProvider? time = null,
        TextWriter? output = null,
        TextWriter? error = null,
        bool json = false,
        Language language = Language.En,
        CancellationToken cancellation = default) =>
        new(Home, language, json, time ?? TimeProvider.System, output ?? _output, error ?? _error, cancellation) { Server = Server };

    public async Task DisposeAsync()
    {
        if (_source is not null)
        {
            await _source.DisposeAsync();
        }
    }

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
    }
}
