using Npgsql;
using Pipeline.Jobs.Privacy;
using Pipeline.Jobs.Shell;

namespace Pipeline.Jobs.Store;

/// <summary>
/// The one store: the private cluster under the home folder, or the server that PIPELINE_DATABASE names, with its schema up to date
/// and the key that its personal data is sealed with.
/// </summary>
public sealed class Database : IAsyncDisposable
{
    private Database(NpgsqlDataSource source, KeyRing keys)
    {
        Source = source;
        Keys = keys;
    }

    public NpgsqlDataSource Source { get; }

    /// <summary>The keys of the home folder, proved to be the ones that this database was filled with.</summary>
    public KeyRing Keys { get; }

    /// <summary>Starts or joins the private cluster (or connects to <see cref="CommandSession.Server"/>) and applies missing migrations.</summary>
    /// <exception cref="PipelineFault">Server, disk, rights, schema or key do not allow it; exit code 5, and says what to do.</exception>
    public static async Task<Database> OpenAsync(CommandSession session)
    {
        NpgsqlDataSource source = await ConnectAsync(session);
        try
        {
            await Migrations.ApplyAsync(source, session.Time, session.Cancellation);
            KeyRing keys = await KeyCheck.OpenAsync(source, session.Home, session.Cancellation);
            return new Database(source, keys);
        }
        catch
        {
            await source.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => Source.DisposeAsync();

    /// <summary>The server as it is, whatever its schema.</summary>
    internal static Task<NpgsqlDataSource> ConnectAsync(CommandSession session)
    {
        if (session.Server is { } server)
        {
            return Connections.ServerAsync(server, session.Cancellation);
        }
        if (OperatingSystem.IsWindows())
        {
            throw PipelineFault.Environment(
                "在 Windows 上请用环境变量 PIPELINE_DATABASE 指定一台 PostgreSQL 服务器，例如：Host=db.example;Database=complaints;Username=pipeline;Password=…",
                "On Windows, name a PostgreSQL server in the environment variable PIPELINE_DATABASE, for example: Host=db.example;Database=complaints;Username=pipeline;Password=...");
        }
        return new PrivateCluster(session.Home).OpenAsync(session);
    }
}
