using System.Net.Sockets;
using Npgsql;
using Pipeline.Jobs.Shell;

namespace Pipeline.Jobs.Store;

/// <summary>How the program talks to PostgreSQL, whichever server it is.</summary>
public static class Connections
{
    /// <summary>The schema that holds everything of the program's, so that a shared server is not cluttered.</summary>
    public const string Schema = "pipeline";

    /// <param name="connection">Where and as whom; what the program relies on is set here over what it says.</param>
    public static NpgsqlDataSource Source(string connection)
    {
        NpgsqlConnectionStringBuilder builder = new(connection)
        {
            SearchPath = Schema,
            // Tells the sessions of one process from those of another: a node that is silent has its sessions ended by the others.
            ApplicationName = $"pipeline {Environment.MachineName}/{Environment.ProcessId}",
            // The server's DETAIL quotes values of rows: personal data.
            IncludeErrorDetail = false,
            PersistSecurityInfo = false,
            // Bulk loads write megabytes at a time: fewer, larger writes.
            WriteBufferSize = 256 * 1024,
            // Loading a large file is one long statement; Ctrl-C ends it.
            CommandTimeout = 0,
        };
        return new NpgsqlDataSourceBuilder(builder.ConnectionString).Build();
    }

    /// <summary>A source for the server that PIPELINE_DATABASE names, once it answered.</summary>
    /// <exception cref="PipelineFault">The text is no connection string, or the server does not answer or refuses; exit code 5.</exception>
    public static async Task<NpgsqlDataSource> ServerAsync(string connection, CancellationToken cancellation)
    {
        NpgsqlDataSource source;
        try
        {
            source = Source(connection);
        }
        catch (Exception malformed) when (malformed is ArgumentException or FormatException)
        {
            // The text itself is not repeated: it may hold a password.
            throw PipelineFault.Environment(
                "PIPELINE_DATABASE 不是有效的连接字符串。应类似：Host=db.example;Database=complaints;Username=pipeline;Password=…",
                "PIPELINE_DATABASE is no connection string. Expected something like: Host=db.example;Database=complaints;Username=pipeline;Password=...",
                malformed);
        }
        NpgsqlConnectionStringBuilder where = new(source.ConnectionString);
        string place = $"{where.Host}:{where.Port}/{where.Database}";
        try
        {
            await using NpgsqlConnection probe = await source.OpenConnectionAsync(cancellation);
            return source;
        }
        catch (PostgresException refused)
        {
            await source.DisposeAsync();
            throw PipelineFault.Environment(
                $"服务器 {place} 拒绝连接（SQLSTATE {refused.SqlState}）：{refused.MessageText}。请检查 PIPELINE_DATABASE 中的账户、密码和数据库名。",
                $"The server {place} refused the connection (SQLSTATE {refused.SqlState}): {refused.MessageText}. Check account, password and database in PIPELINE_DATABASE.",
                refused);
        }
        catch (Exception unreachable) when (unreachable is NpgsqlException or SocketException or TimeoutException or ArgumentException)
        {
            await source.DisposeAsync();
            throw PipelineFault.Environment(
                $"无法连接 PIPELINE_DATABASE 指定的服务器 {place}：{unreachable.Message}。请检查主机、端口和网络；取消该变量则使用自带的数据库。",
                $"The server {place} that PIPELINE_DATABASE names cannot be reached: {unreachable.Message}. Check host, port and network; unset the variable to use the program's own database.",
                unreachable);
        }
    }
}
