using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using Pipeline.Jobs.Shell;

namespace Pipeline.Jobs.Store;

/// <summary>One numbered change of the schema. Once applied anywhere it never changes again.</summary>
/// <param name="Name">File name without number and ending.</param>
/// <param name="Sha256">Of the text with plain line feeds, so that a checkout on Windows has the same.</param>
public sealed record Migration(int Number, string Name, string Text, string Sha256);

/// <summary>Brings the schema of a database to that of the program, in order, each change in its own transaction.</summary>
public static class Migrations
{
    /// <summary>The lock that one migrating process holds: "pipeline" in bytes, cut to 63 bits.</summary>
    private const long AdvisoryLock = 0x706970656c696e65;

    private const string Prefix = "Pipeline.Jobs.Store.Migrations.";

    /// <summary>All that the program carries, ascending.</summary>
    public static IReadOnlyList<Migration> All { get; } = Load();

    /// <returns>The numbers that were applied now; none where the schema was up to date.</returns>
    /// <exception cref="PipelineFault">The database is newer than the program, differs from it, or gives no right to change it.</exception>
    public static Task<IReadOnlyList<int>> ApplyAsync(NpgsqlDataSource source, TimeProvider time, CancellationToken cancellation) =>
        ApplyAsync(source, All, time, cancellation);

    internal static async Task<IReadOnlyList<int>> ApplyAsync(
        NpgsqlDataSource source, IReadOnlyList<Migration> migrations, TimeProvider time, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(cancellation);
        IReadOnlyDictionary<int, string> applied = await AppliedAsync(connection, cancellation);
        Compare(applied, migrations);
        if (migrations.All(migration => applied.ContainsKey(migration.Number)))
        {
            return [];
        }

        List<int> now = [];
        try
        {
            await ExecuteLockedAsync(connection, null, cancellation);
            foreach (Migration migration in migrations)
            {
                if (await ExecuteLockedAsync(connection, (migration, time.GetUtcNow()), cancellation))
                {
                    now.Add(migration.Number);
                }
            }
        }
        catch (PostgresException denied) when (denied.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw PipelineFault.Environment(
                $"数据库账户无权建立表（SQLSTATE {denied.SqlState}）：{denied.MessageText}。请数据库管理员执行：create schema {Connections.Schema} authorization <账户>。",
                $"The database account may not create tables (SQLSTATE {denied.SqlState}): {denied.MessageText}. Ask the administrator for: create schema {Connections.Schema} authorization <account>.",
                denied);
        }
        return now;
    }

    /// <summary>Number and hash of what the database has; empty where it has no schema yet.</summary>
    public static async Task<IReadOnlyDictionary<int, string>> AppliedAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        Dictionary<int, string> applied = [];
        try
        {
            await using NpgsqlCommand command = new("select number, sha256 from schema_migration", connection);
            await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
            {
                applied.Add(reader.GetInt32(0), reader.GetString(1));
            }
        }
        catch (PostgresException missing) when (missing.SqlState is PostgresErrorCodes.UndefinedTable)
        {
        }
        return applied;
    }

    /// <exception cref="PipelineFault">The database has a migration that the program lacks or has otherwise.</exception>
    public static void Compare(IReadOnlyDictionary<int, string> applied, IReadOnlyList<Migration> migrations)
    {
        foreach ((int number, string sha256) in applied.OrderBy(entry => entry.Key))
        {
            Migration? known = migrations.FirstOrDefault(migration => migration.Number == number);
            if (known is null)
            {
                throw PipelineFault.Environment(
                    $"数据库比本程序新：它已有第 {number} 号结构变更，本程序只到第 {migrations[^1].Number} 号。什么都没有改动；请使用更新的 pipeline。",
                    $"The database is newer than this program: it has schema change {number}, the program knows up to {migrations[^1].Number}. Nothing was changed; use a newer pipeline.");
            }
            if (known.Sha256 != sha256)
            {
                throw PipelineFault.Environment(
                    $"数据库的第 {number} 号结构变更（{known.Name}）与本程序的不同：数据库 {sha256[..12]}，程序 {known.Sha256[..12]}。什么都没有改动；请用建立该数据库的版本，或用 --home 新建一个。",
                    $"Schema change {number} ({known.Name}) of the database is not this program's: database {sha256[..12]}, program {known.Sha256[..12]}. Nothing was changed; use the version that made the database, or a new one with --home.");
            }
        }
    }

    /// <summary>One transaction under the lock: the bookkeeping table, or one migration unless another process was faster.</summary>
    private static async Task<bool> ExecuteLockedAsync(
        NpgsqlConnection connection, (Migration Migration, DateTimeOffset At)? step, CancellationToken cancellation)
    {
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        await using (NpgsqlCommand gate = new("select pg_advisory_xact_lock($1)", connection) { Parameters = { new() { Value = AdvisoryLock } } })
        {
            await gate.ExecuteNonQueryAsync(cancellation);
        }
        bool isDone = false;
        if (step is not { } change)
        {
            await ExecuteAsync(connection, Sql.Get("Store/bookkeeping"), cancellation);
        }
        else if (await IsMissingAsync(connection, change.Migration.Number, cancellation))
        {
            await ExecuteAsync(connection, change.Migration.Text, cancellation);
            await using NpgsqlCommand record = new("insert into schema_migration (number, name, sha256, applied_at) values ($1, $2, $3, $4)", connection)
            {
                Parameters =
                {
                    new() { Value = change.Migration.Number },
                    new() { Value = change.Migration.Name },
                    new() { Value = change.Migration.Sha256 },
                    new() { Value = change.At.UtcDateTime },
                },
            };
            await record.ExecuteNonQueryAsync(cancellation);
            isDone = true;
        }
        await transaction.CommitAsync(cancellation);
        return isDone;
    }

    private static async Task<bool> IsMissingAsync(NpgsqlConnection connection, int number, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new("select not exists (select from schema_migration where number = $1)", connection)
        {
            Parameters = { new() { Value = number } },
        };
        return (bool)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string text, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(text, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static Migration[] Load() =>
    [
        .. typeof(Migrations).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name => Parse(name[Prefix.Length..], Sql.Text(name)))
            .OrderBy(migration => migration.Number),
    ];

    /// <param name="file">For example <c>0001_ledger.sql</c>.</param>
    internal static Migration Parse(string file, string text)
    {
        string[] parts = Path.GetFileNameWithoutExtension(file).Split('_', 2);
        return new Migration(
            int.Parse(parts[0], CultureInfo.InvariantCulture), parts[1], text, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))));
    }
}
