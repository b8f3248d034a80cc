using Npgsql;
using Pipeline.Jobs.Privacy;
using Pipeline.Jobs.Shell;

namespace Pipeline.Jobs.Store;

/// <summary>Whether the key files of the home folder are those that a database was filled with.</summary>
internal static class KeyCheck
{
    /// <summary>Opens the keys; makes the first one only for a database that has never had any, and records it there.</summary>
    /// <exception cref="PipelineFault">The database's key is missing or another.</exception>
    public static async Task<KeyRing> OpenAsync(NpgsqlDataSource source, string home, CancellationToken cancellation)
    {
        Dictionary<int, byte[]> expected = await ReadAsync(source, cancellation);
        RequireAny(expected, home);
        KeyRing keys = KeyRing.Open(home);
        int[] unknown = [.. keys.KeyIds.Where(keyId => !expected.ContainsKey(keyId))];
        foreach (int keyId in unknown)
        {
            await RecordAsync(source, keyId, keys.Fingerprint(keyId), cancellation);
        }
        // Read again where something was recorded: another process may have been faster with another key.
        RequireSame(unknown.Length == 0 ? expected : await ReadAsync(source, cancellation), keys, home);
        return keys;
    }

    /// <summary>As <see cref="OpenAsync"/>, but makes and records nothing.</summary>
    public static async Task VerifyAsync(NpgsqlDataSource source, string home, CancellationToken cancellation)
    {
        Dictionary<int, byte[]> expected = await ReadAsync(source, cancellation);
        RequireAny(expected, home);
        if (expected.Count > 0)
        {
            RequireSame(expected, KeyRing.Open(home), home);
        }
    }

    private static void RequireAny(Dictionary<int, byte[]> expected, string home)
    {
        if (expected.Count > 0 && !KeyRing.Exists(home))
        {
            throw PipelineFault.Environment(
                $"数据库里的个人信息已加密，但 {KeyRing.Folder(home)} 中没有密钥文件。什么都没有改动；请从备份恢复密钥文件（没有它，已加密的内容无法读出）。",
                $"The personal data in the database is sealed, and {KeyRing.Folder(home)} holds no key file. Nothing was changed; restore the key file from your backup (without it what is sealed cannot be read).");
        }
    }

    private static void RequireSame(Dictionary<int, byte[]> expected, KeyRing keys, string home)
    {
        foreach ((int keyId, byte[] fingerprint) in expected)
        {
            if (!keys.KeyIds.Contains(keyId) || !keys.Fingerprint(keyId).AsSpan().SequenceEqual(fingerprint))
            {
                throw PipelineFault.Environment(
                    $"{KeyRing.Folder(home)} 中的第 {keyId} 号密钥不是这个数据库所用的密钥。什么都没有改动；请从首次使用该数据库的机器或备份复制密钥文件 master-{keyId}.key，或核对 --home 与 PIPELINE_DATABASE 是否配套。",
                    $"Key {keyId} in {KeyRing.Folder(home)} is not the one that this database is sealed with. Nothing was changed; copy master-{keyId}.key from the machine that used the database first, or from your backup, or check that --home and PIPELINE_DATABASE belong together.");
            }
        }
    }

    private static async Task<Dictionary<int, byte[]>> ReadAsync(NpgsqlDataSource source, CancellationToken cancellation)
    {
        Dictionary<int, byte[]> fingerprints = [];
        await using NpgsqlCommand command = source.CreateCommand("select key_id, fingerprint from key_check");
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            fingerprints.Add(reader.GetInt32(0), reader.GetFieldValue<byte[]>(1));
        }
        return fingerprints;
    }

    private static async Task RecordAsync(NpgsqlDataSource source, int keyId, byte[] fingerprint, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = source.CreateCommand("insert into key_check (key_id, fingerprint) values ($1, $2) on conflict (key_id) do nothing");
        command.Parameters.Add(new NpgsqlParameter { Value = keyId });
        command.Parameters.Add(new NpgsqlParameter { Value = fingerprint });
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
