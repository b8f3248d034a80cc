using System.Security.Cryptography;
using Npgsql;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complaints;
using Pipeline.Models.RootCauses;
using Pipeline.Models.Taxonomy;

namespace Pipeline.Jobs.RootCauses;

/// <summary>What an import did.</summary>
/// <param name="IsChanged">False: the file says what the register says already.</param>
public sealed record RegisterImported(RemediationRegister Register, bool IsChanged, int Added, int Changed, int Removed);

/// <summary>Takes an edited register into the ledger: all of it or nothing.</summary>
public static class RegisterImport
{
    private const int ShownFaults = 30;

    /// <exception cref="PipelineFault">A row cannot be taken, or the sheet was made from another version than the one that stands.</exception>
    public static async Task<RegisterImported> RunAsync(
        NpgsqlConnection connection, string path, string source, ComplaintTaxonomy taxonomy, CommandSession session)
    {
        RegisterContent content = RegisterFile.Read(path, taxonomy);
        string fileSha256 = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(path, session.Cancellation)));
        DateTimeOffset now = session.Time.GetUtcNow();
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(session.Cancellation);
        await RegisterLedger.LockAsync(connection, source, session.Cancellation);
        RemediationRegister current = await RegisterLedger.CurrentAsync(connection, source, session.Cancellation);
        if (await RegisterLedger.IsFromFileAsync(connection, source, current.Version, fileSha256, session.Cancellation))
        {
            return new RegisterImported(current, false, 0, 0, 0);
        }
        int based = content.Version ?? 0;
        RegisterVocabulary words = await VocabularyAsync(connection, source, taxonomy, DateOnly.FromDateTime(session.Time.GetLocalNow().DateTime), session.Cancellation);
        (IReadOnlyList<RemediationEntry> entries, IReadOnlyList<RegisterFault> faults) = RegisterCheck.Read(
            content.Rows, current.Entries, await RegisterLedger.FirstFreeNumberAsync(connection, source, session.Cancellation), words);
        if (faults.Count == 0 && entries.SequenceEqual(current.Entries))
        {
            return new RegisterImported(current, false, 0, 0, 0);
        }
        if (based != current.Version)
        {
            throw PipelineFault.Failed(
                $"'{path}' 的工作表“{content.Sheet}”出自登记簿第 {based} 版，现为第 {current.Version} 版；直接导入会丢掉其间的改动。请导出最新登记簿（pipeline register export --out register.xlsx），把改动写进去再导入；什么都没有导入。",
                $"The sheet '{content.Sheet}' of '{path}' was made from version {based} of the register, which now stands at version {current.Version}; to take it would lose what changed between. Export the register (pipeline register export --out register.xlsx), make the changes there and import that; nothing was imported.",
                place: new FaultPlace(path));
        }
        if (faults.Count > 0)
        {
            throw Refused(path, content, faults);
        }
        RemediationRegister next = await RegisterLedger.AppendAsync(
            connection, source, current, entries, fileSha256, $"operator:{Environment.UserName}", now, session.Cancellation);
        await transaction.CommitAsync(session.Cancellation);
        Dictionary<string, RemediationEntry> before = current.Entries.ToDictionary(e => e.Id, StringComparer.Ordinal);
        return new RegisterImported(
            next, true, entries.Count(e => !before.ContainsKey(e.Id)), entries.Count(e => before.TryGetValue(e.Id, out RemediationEntry? old) && old != e),
            before.Keys.Except(entries.Select(e => e.Id)).Count());
    }

    private static PipelineFault Refused(string path, RegisterContent content, IReadOnlyList<RegisterFault> faults)
    {
        string zh = string.Join("\n", faults.Take(ShownFaults).Select(f => $"  工作表“{content.Sheet}” {Place(f)}（{RegisterColumns.Head(f.Column).Zh}）：{f.Text.Zh}"));
        string en = string.Join("\n", faults.Take(ShownFaults).Select(f => $"  sheet '{content.Sheet}' {Place(f)} ({RegisterColumns.Head(f.Column).En}): {f.Text.En}"));
        return PipelineFault.Failed(
            $"'{path}' 有 {faults.Count} 处不能导入，什么都没有导入：\n{zh}", $"'{path}' has {faults.Count} faults and nothing was imported:\n{en}",
            place: new FaultPlace(path, faults[0].Row, RegisterColumns.Head(faults[0].Column).En));

        string Place(RegisterFault fault) => content.Columns.TryGetValue(fault.Column, out string? letter) ? $"{letter}{fault.Row}" : $"{fault.Row}";
    }

    internal static async Task<RegisterVocabulary> VocabularyAsync(
        NpgsqlConnection connection, string source, ComplaintTaxonomy taxonomy, DateOnly today, CancellationToken cancellation)
    {
        Dictionary<string, HashSet<string>> seen = new(StringComparer.Ordinal);
        await using NpgsqlCommand command = new(Sql.Get("RootCauses/register_vocabulary"), connection) { Parameters = { new() { Value = source } } };
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            if (!seen.TryGetValue(row.GetString(0), out HashSet<string>? members))
            {
                seen.Add(row.GetString(0), members = new HashSet<string>(StringComparer.Ordinal));
            }
            members.Add(row.GetString(1));
        }
        return new RegisterVocabulary(
            taxonomy, seen.GetValueOrDefault(Dimensions.Branch) ?? [], seen.ToDictionary(s => s.Key, s => (IReadOnlySet<string>)s.Value, StringComparer.Ordinal), today);
    }
}
