using System.Security.Cryptography;
using System.Text;
using Npgsql;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Steps;
using Pipeline.Jobs.Store;

namespace Pipeline.Jobs.Scheduling;

/// <summary>A node as the others see it.</summary>
/// <param name="SilentSeconds">Since its last sign of life.</param>
public sealed record NodeState(
    string Node, string Host, int ProcessId, string ProgramVersion, string RulesSha256, string ScheduleSha256, DateTime StartedAt, DateTime SeenAt,
    int ClockAheadMilliseconds, DateTime? StoppedAt, double SilentSeconds)
{
    public bool IsLiving => StoppedAt is null && SilentSeconds < Nodes.SilenceSeconds;
}

/// <summary>Who this process is among the nodes.</summary>
public sealed record NodeIdentity(string Node, string Host, int ProcessId, string ProgramVersion, string RulesSha256, string ScheduleSha256)
{
    /// <summary>A name that tells machine and process; what is no letter or digit becomes '_'.</summary>
    public static NodeIdentity Of(string home, string scheduleSha256, string? name = null)
    {
        string host = Environment.MachineName;
        string start = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(2));
        string node = name ?? $"{host}.{Environment.ProcessId}.{start}";
        return new NodeIdentity(
            string.Concat(node.Select(c => char.IsAsciiLetterOrDigit(c) || c == '.' ? c : '_')), host, Environment.ProcessId, Steps.ProgramVersion.Text, RulesHash(home), scheduleSha256);
    }

    /// <summary>Of everything that the home folder puts in place of the program's own rules and profiles.</summary>
    public static string RulesHash(string home)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string folder in (string[])["rules", "profiles"])
        {
            string path = Path.Combine(home, folder);
            foreach (string file in (Directory.Exists(path) ? Directory.GetFiles(path) : []).Order(StringComparer.Ordinal))
            {
                hash.AppendData(Encoding.UTF8.GetBytes($"{folder}/{Path.GetFileName(file)}\n"));
                hash.AppendData(SHA256.HashData(File.ReadAllBytes(file)));
            }
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

/// <summary>The nodes of a database: who works, and whether they may work together.</summary>
public static class Nodes
{
    /// <summary>Silence after which a node counts as gone.</summary>
    public const double SilenceSeconds = 15;

    /// <summary>Silence after which a node's transactions that nobody goes on with are ended: longer than the scheduler's own patience.</summary>
    private const double IdleSeconds = 8;

    /// <summary>Clocks further apart than this are warned of: the scheduler asks for a second.</summary>
    public const int ClockToleranceMilliseconds = 1_000;

    private const long JoinLock = 0x6E6F646573; // 'nodes'

    public static async Task<IReadOnlyList<NodeState>> ListAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        List<NodeState> nodes = [];
        await using NpgsqlCommand command = new(Sql.Get("Scheduling/nodes"), connection);
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            nodes.Add(new NodeState(
                row.GetString(0), row.GetString(1), row.GetInt32(2), row.GetString(3), row.GetString(4), row.GetString(5), row.GetDateTime(6), row.GetDateTime(7),
                row.GetInt32(8), row.IsDBNull(9) ? null : row.GetDateTime(9), row.GetDouble(10)));
        }
        return nodes;
    }

    public static async Task<IReadOnlySet<string>> LivingAsync(NpgsqlDataSource source, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(cancellation);
        return (await ListAsync(connection, cancellation)).Where(n => n.IsLiving).Select(n => n.Node).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Joins the others, one at a time, and applies the schedule.</summary>
    /// <exception cref="PipelineFault">Nodes of another program version, other rules or another schedule work on this database; exit code 1.</exception>
    public static async Task JoinAsync(NpgsqlDataSource source, NodeIdentity me, SchedulePlan plan, TimeProvider time, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        await using (NpgsqlCommand gate = new("select pg_advisory_xact_lock($1)", connection) { Parameters = { new() { Value = JoinLock } } })
        {
            await gate.ExecuteNonQueryAsync(cancellation);
        }
        NodeState[] others = [.. (await ListAsync(connection, cancellation)).Where(n => n.IsLiving && n.Node != me.Node)];
        if (others.FirstOrDefault(o => o.ProgramVersion != me.ProgramVersion) is { } newer)
        {
            throw PipelineFault.Failed(
                $"节点 {newer.Node} 运行程序 {newer.ProgramVersion}，本机是 {me.ProgramVersion}：不同版本不能同时工作。请先停止其他节点，再统一升级。",
                $"The node {newer.Node} runs program {newer.ProgramVersion}, this one is {me.ProgramVersion}: different versions do not work together. Stop the other nodes, then start them all with one version.");
        }
        if (others.FirstOrDefault(o => o.RulesSha256 != me.RulesSha256) is { } other)
        {
            throw PipelineFault.Failed(
                $"节点 {other.Node}（{other.Host}）的规则文件与本机不同（{other.RulesSha256[..12]} 与 {me.RulesSha256[..12]}）：不能同时工作。请使各机数据目录下的 rules 与 profiles 一致。",
                $"The node {other.Node} on {other.Host} has other rule files ({other.RulesSha256[..12]}, here {me.RulesSha256[..12]}): they do not work together. Make 'rules' and 'profiles' of the home folders equal on all machines.");
        }
        string? applied = await RecurringJobs.AppliedAsync(connection, cancellation);
        if (others.Length > 0 && applied is not null && applied != plan.Sha256)
        {
            throw PipelineFault.Failed(
                $"本机的 {ScheduleFile.Name} 与正在工作的节点（{others[0].Node}）所用的不同（{plan.Sha256[..12]} 与 {applied[..12]}）。请使各机一致，或先停止其他节点。",
                $"{ScheduleFile.Name} of this machine is another than that of the nodes at work ({others[0].Node}): {plan.Sha256[..12]} here, {applied[..12]} there. Make them equal, or stop the other nodes first.");
        }
        await BeatAsync(connection, me, time, cancellation);
        if (applied != plan.Sha256)
        {
            await RecurringJobs.ApplyAsync(connection, plan, time.GetUtcNow(), cancellation);
        }
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>A sign of life.</summary>
    /// <returns>How far this node's clock is ahead of the server's, in ms.</returns>
    public static async Task<int> BeatAsync(NpgsqlConnection connection, NodeIdentity me, TimeProvider time, CancellationToken cancellation)
    {
        int ahead = await AheadAsync(connection, time, cancellation);
        await using NpgsqlCommand command = new(Sql.Get("Scheduling/beat"), connection);
        foreach (object value in (object[])[me.Node, me.Host, me.ProcessId, me.ProgramVersion, me.RulesSha256, me.ScheduleSha256, ahead])
        {
            command.Parameters.Add(new() { Value = value });
        }
        await command.ExecuteNonQueryAsync(cancellation);
        return ahead;
    }

    /// <summary>Ends the sessions of other nodes that are silent, so that their locks keep nobody waiting.</summary>
    /// <returns>Node and number of sessions.</returns>
    public static async Task<IReadOnlyList<(string Node, long Sessions)>> EndSilentSessionsAsync(NpgsqlConnection connection, NodeIdentity me, CancellationToken cancellation)
    {
        List<(string, long)> ended = [];
        await using NpgsqlCommand command = new(Sql.Get("Scheduling/end_silent_sessions"), connection)
        {
            Parameters = { new() { Value = me.Node }, new() { Value = SilenceSeconds }, new() { Value = IdleSeconds } },
        };
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            ended.Add((row.GetString(0), row.GetInt64(1)));
        }
        return ended;
    }

    public static async Task LeaveAsync(NpgsqlDataSource source, NodeIdentity me, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = source.CreateCommand("update node set stopped_at = clock_timestamp() where node = $1");
        command.Parameters.Add(new() { Value = me.Node });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>By the middle of a round trip, so that a slow one does not count as a wrong clock.</summary>
    private static async Task<int> AheadAsync(NpgsqlConnection connection, TimeProvider time, CancellationToken cancellation)
    {
        DateTimeOffset before = time.GetUtcNow();
        await using NpgsqlCommand command = new("select clock_timestamp()", connection);
        DateTime server = (DateTime)(await command.ExecuteScalarAsync(cancellation))!;
        DateTimeOffset middle = before + ((time.GetUtcNow() - before) / 2);
        return (int)Math.Clamp((middle - new DateTimeOffset(server, TimeSpan.Zero)).TotalMilliseconds, int.MinValue, int.MaxValue);
    }
}
