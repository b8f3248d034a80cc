using System.Security.Cryptography;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Pipeline.Jobs.Store;
using Pipeline.Models.RootCauses;

namespace Pipeline.Jobs.RootCauses;

/// <summary>The remediation register of a source, version by version: the table <c>remediation_version</c>. Versions are never changed.</summary>
public static class RegisterLedger
{
    /// <summary>The version that stands; <see cref="RemediationRegister.Empty"/> where none was imported.</summary>
    public static async Task<RemediationRegister> CurrentAsync(NpgsqlConnection connection, string source, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(Sql.Get("RootCauses/current_register"), connection) { Parameters = { new() { Value = source } } };
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation)
            ? new RemediationRegister(row.GetInt32(0), row.GetString(1), JsonSerializer.Deserialize<List<RemediationEntry>>(row.GetString(2), StoredJson.Values)!)
            : RemediationRegister.Empty;
    }

    /// <summary>The first number that no entry of any version has.</summary>
    public static async Task<int> FirstFreeNumberAsync(NpgsqlConnection connection, string source, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(Sql.Get("RootCauses/last_register_number"), connection) { Parameters = { new() { Value = source } } };
        return (int)(await command.ExecuteScalarAsync(cancellation))! + 1;
    }

    /// <summary>Whether a version was read from the workbook with this hash: the same file again is no news.</summary>
    public static async Task<bool> IsFromFileAsync(NpgsqlConnection connection, string source, int version, string fileSha256, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(Sql.Get("RootCauses/register_from_file"), connection)
        {
            Parameters = { new() { Value = source }, new() { Value = version }, new() { Value = fileSha256 } },
        };
        return (bool)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>Holds back other imports for the source until the transaction ends.</summary>
    public static async Task LockAsync(NpgsqlConnection connection, string source, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new("select pg_advisory_xact_lock(hashtextextended('register|' || $1, 0))", connection) { Parameters = { new() { Value = source } } };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Writes the next version and an event of the audit chain, within the transaction that is open.</summary>
    /// <param name="fileSha256">Of the workbook that the entries were read from.</param>
    public static async Task<RemediationRegister> AppendAsync(
        NpgsqlConnection connection, string source, RemediationRegister current, IReadOnlyList<RemediationEntry> entries, string fileSha256,
        string actor, DateTimeOffset at, CancellationToken cancellation)
    {
        string json = JsonSerializer.Serialize(entries, StoredJson.Values);
        RemediationRegister next = new(current.Version + 1, Fingerprint(entries), entries);
        await using (NpgsqlCommand command = new(Sql.Get("RootCauses/append_register"), connection)
        {
            Parameters =
            {
                new() { Value = source }, new() { Value = next.Version }, new() { Value = next.Sha256 }, new() { Value = json, NpgsqlDbType = NpgsqlDbType.Text },
                new() { Value = fileSha256 }, new() { Value = actor }, new() { Value = at.UtcDateTime },
            },
        })
        {
            await command.ExecuteNonQueryAsync(cancellation);
        }
        HashSet<string> before = [.. current.Entries.Select(e => e.Id)];
        HashSet<string> now = [.. entries.Select(e => e.Id)];
        string detail = JsonSerializer.Serialize(
            new
            {
                source,
                next.Version,
                next.Sha256,
                file_sha256 = fileSha256,
                added = now.Except(before).Order(StringComparer.Ordinal),
                removed = before.Except(now).Order(StringComparer.Ordinal),
                changed = entries.Where(e => before.Contains(e.Id) && !current.Entries.Contains(e)).Select(e => e.Id),
            }, StoredJson.Values);
        await using NpgsqlCommand audit = new("select audit_append($1, $2, $3, $4)", connection)
        {
            Parameters =
            {
                new() { Value = at.UtcDateTime }, new() { Value = actor }, new() { Value = "register_imported" },
                new() { Value = detail, NpgsqlDbType = NpgsqlDbType.Jsonb },
            },
        };
        await audit.ExecuteNonQueryAsync(cancellation);
        return next;
    }

    /// <summary>Sha-256 of the entries in lower-case hexadecimal; empty where there are none.</summary>
    public static string Fingerprint(IReadOnlyList<RemediationEntry> entries) =>
        entries.Count == 0 ? "" : Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(entries, StoredJson.Values)));
}
