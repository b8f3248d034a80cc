using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using Pipeline.Jobs.Ingest;
using Pipeline.Jobs.Ingest.Ledger;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Store;
using Pipeline.Models.Text;

namespace Pipeline.Jobs.Scheduling;

/// <summary>What one look at a drop folder did.</summary>
public sealed record DropResult(int Ingested, int Known, int Refused, int Waiting)
{
    public int Files => Ingested + Known + Refused;
}

/// <summary>
/// Takes what is complete from a drop folder. A file is complete when its size and time have stood still for a stated while, seen by two
/// looks; it is then renamed into a folder of its own under <c>taken/</c> (one step: of several nodes one gets it), and ingested from
/// there under its own name. A file that cannot be read goes to <c>refused/</c> with the reason beside it. A node that dies in between
/// leaves the file in <c>taken/</c> without a row in <c>dropped_file</c>: whoever looks next goes on with it, and the ledger knows a
/// content that it has. Never half a file, never twice, none lost.
/// </summary>
public sealed class DropFolder(JobSpec spec, string node)
{
    public const string Taken = "taken";
    public const string Refused = "refused";
    private const int MostFiles = 200;
    private const string TakenAt = "yyyyMMdd'T'HHmmss'Z'";
    private static readonly string[] Unfinished = [".tmp", ".part", ".partial", ".crdownload", ".filepart", "~"];

    private readonly Dictionary<string, Look> looks = new(StringComparer.Ordinal);
    private int taken;

    private readonly record struct Look(long Bytes, DateTime Written, DateTimeOffset Since);

    /// <summary>Looks once.</summary>
    /// <param name="living">Nodes that work now: what another one has just taken is left to it.</param>
    public async Task<DropResult> PassAsync(Database database, CommandSession session, IReadOnlySet<string> living)
    {
        string root = Path.GetFullPath(Path.Combine(session.Home, spec.Folder!));
        Directory.CreateDirectory(Path.Combine(root, Taken));
        Directory.CreateDirectory(Path.Combine(root, Refused));
        IReadOnlyList<string> left = await LeftBehindAsync(database, root, living, session.Cancellation);
        List<string> files = [.. left];
        int waiting = 0;
        foreach (string path in Complete(root, session.Time.GetUtcNow(), ref waiting).Take(MostFiles - files.Count))
        {
            if (Take(root, path, session.Time.GetUtcNow()) is { } kept)
            {
                files.Add(kept);
            }
        }
        return files.Count == 0 ? new DropResult(0, 0, 0, waiting) : await IngestAsync(database, session, root, files, left.Count, waiting);
    }

    /// <summary>Files whose size and time stood still, in the order of their names.</summary>
    private List<string> Complete(string root, DateTimeOffset now, ref int waiting)
    {
        List<string> complete = [];
        HashSet<string> present = new(StringComparer.Ordinal);
        foreach (FileInfo file in new DirectoryInfo(root).EnumerateFiles().OrderBy(f => f.Name, StringComparer.Ordinal))
        {
            if (file.Name.StartsWith('.') || file.LinkTarget is not null || Unfinished.Any(u => file.Name.EndsWith(u, StringComparison.OrdinalIgnoreCase)))
            {
                continue;
            }
            present.Add(file.FullName);
            if (!looks.TryGetValue(file.FullName, out Look before) || before.Bytes != file.Length || before.Written != file.LastWriteTimeUtc)
            {
                looks[file.FullName] = new Look(file.Length, file.LastWriteTimeUtc, now);
                waiting++;
            }
            else if (now - before.Since >= TimeSpan.FromSeconds(spec.StableSeconds))
            {
                complete.Add(file.FullName);
            }
            else
            {
                waiting++;
            }
        }
        foreach (string gone in looks.Keys.Where(k => !present.Contains(k)).ToArray())
        {
            looks.Remove(gone);
        }
        return complete;
    }

    /// <summary>Renames a file into a folder of its own; null where another node was faster, or where somebody wrote to it after all.</summary>
    private string? Take(string root, string path, DateTimeOffset now)
    {
        Look seen = looks[path];
        looks.Remove(path);
        string folder;
        do
        {
            taken++;
            folder = Path.Combine(root, Taken, string.Create(CultureInfo.InvariantCulture, $"{now.UtcDateTime.ToString(TakenAt, CultureInfo.InvariantCulture)}-{taken:0000}-{node}"));
        }
        while (Directory.Exists(folder));
        Directory.CreateDirectory(folder);
        string kept = Path.Combine(folder, Path.GetFileName(path));
        try
        {
            File.Move(path, kept, overwrite: false);
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            Directory.Delete(folder);
            return null;
        }
        FileInfo moved = new(kept);
        if (moved.Length == seen.Bytes && moved.LastWriteTimeUtc == seen.Written)
        {
            return kept;
        }
        // Written to between the look and the rename: back, to be watched again; whoever has put another file there keeps it.
        if (!File.Exists(path))
        {
            File.Move(kept, path, overwrite: false);
            Directory.Delete(folder);
        }
        return null;
    }

    /// <summary>Files that were taken and whose end nobody wrote down: this node's own, and those of nodes that work no more.</summary>
    private async Task<IReadOnlyList<string>> LeftBehindAsync(Database database, string root, IReadOnlySet<string> living, CancellationToken cancellation)
    {
        List<string> open = [];
        foreach (DirectoryInfo folder in new DirectoryInfo(Path.Combine(root, Taken)).EnumerateDirectories().OrderBy(f => f.Name, StringComparer.Ordinal))
        {
            string[] parts = folder.Name.Split('-', 3);
            string owner = parts.Length == 3 ? parts[2] : "";
            if (owner == node || !living.Contains(owner))
            {
                FileInfo[] files = folder.GetFiles();
                open.AddRange(files.Where(f => !f.Name.EndsWith(".reason.txt", StringComparison.Ordinal)).Select(f => f.FullName));
                if (files.Length == 0 && owner == node)
                {
                    folder.Delete();
                }
            }
        }
        if (open.Count == 0)
        {
            return open;
        }
        HashSet<string> settled = new(StringComparer.Ordinal);
        await using NpgsqlCommand command = database.Source.CreateCommand("select kept_as from dropped_file where kept_as = any($1)");
        command.Parameters.Add(new() { Value = open.Select(p => Path.GetRelativePath(root, p)).ToArray() });
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            settled.Add(row.GetString(0));
        }
        return [.. open.Where(p => !settled.Contains(Path.GetRelativePath(root, p))).Take(MostFiles)];
    }

    /// <param name="left">How many of the first files others left behind.</param>
    private async Task<DropResult> IngestAsync(Database database, CommandSession session, string root, List<string> files, int left, int waiting)
    {
        IngestResult result = await IngestFiles.RunAsync(session, database, new IngestOptions(files));
        DropResult total = new(0, 0, 0, waiting);
        foreach ((int number, string path) in files.Index())
        {
            FileResult[] parts = [.. result.Files.Where(f => f.Path == path || f.Path.StartsWith(path + "!", StringComparison.Ordinal))];
            if (number < left)
            {
                parts = await LoadedBeforeAsync(database, path, parts, session.Cancellation);
            }
            string outcome = parts.Length == 0 || parts.Any(f => f.Outcome == FileOutcome.Failed) ? "refused"
                : parts.Any(f => f.Outcome == FileOutcome.Ingested) ? "ingested" : "known";
            total = outcome switch
            {
                "ingested" => total with { Ingested = total.Ingested + 1 },
                "known" => total with { Known = total.Known + 1 },
                _ => total with { Refused = total.Refused + 1 },
            };
            await SettleAsync(database, session, root, path, outcome, parts, result.MaxRejectedShare);
        }
        return total;
    }

    /// <summary>
    /// What the taker that died had loaded before it could write that down is no file that was known: the load came after the file was taken,
    /// and nobody has told of it.
    /// </summary>
    private static async Task<FileResult[]> LoadedBeforeAsync(Database database, string path, FileResult[] parts, CancellationToken cancellation)
    {
        string at = Path.GetFileName(Path.GetDirectoryName(path)!).Split('-')[0];
        if (!DateTime.TryParseExact(at, TakenAt, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out DateTime taken))
        {
            return parts;
        }
        HashSet<long> loads = [];
        await using (NpgsqlCommand command = database.Source.CreateCommand(Sql.Get("Scheduling/untold_loads")))
        {
            command.Parameters.Add(new() { Value = parts.Where(p => p is { Outcome: FileOutcome.AlreadyIngested, FileId: not null }).Select(p => p.FileId!.Value).ToArray() });
            command.Parameters.Add(new() { Value = taken });
            await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
            while (await row.ReadAsync(cancellation))
            {
                loads.Add(row.GetInt64(0));
            }
        }
        return [.. parts.Select(p => p.FileId is { } id && loads.Contains(id) ? p with { Outcome = FileOutcome.Ingested } : p)];
    }

    private async Task SettleAsync(
        Database database, CommandSession session, string root, string path, string outcome, FileResult[] parts, double allowed)
    {
        string name = Path.GetFileName(path);
        Bilingual? reason = outcome == "refused"
            ? parts.FirstOrDefault(f => f.Error is not null)?.Error ?? new("没有可读的表格", "there is no table in it that can be read")
            : null;
        string sha256 = parts.FirstOrDefault()?.OfferedSha256 ?? await HashAsync(path, session.Cancellation);
        long bytes = new FileInfo(path).Length;
        string kept = Path.GetRelativePath(root, path);
        string? refusedFolder = null;
        if (reason is not null)
        {
            refusedFolder = Path.Combine(root, Refused, Path.GetFileName(Path.GetDirectoryName(path)!));
            Directory.CreateDirectory(refusedFolder);
            string told = Path.Combine(refusedFolder, name);
            await AtomicFile.WriteAsync(told + ".reason.txt", Encoding.UTF8.GetBytes($"{reason.Zh}\n{reason.En}\n"), session.Cancellation);
        }
        await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync(session.Cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(session.Cancellation);
        await using (NpgsqlCommand command = new(
            """
            insert into dropped_file (job, name, kept_as, sha256, bytes, outcome, read_count, rejected_count, reason_zh, reason_en, node, taken_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, clock_timestamp())
            """, connection))
        {
            long read = parts.Where(f => f.Outcome == FileOutcome.Ingested).Sum(f => f.Counts.Read);
            long rejected = parts.Where(f => f.Outcome == FileOutcome.Ingested).Sum(f => f.Counts.Rejected);
            foreach (object value in (object[])[spec.Name, name, kept, sha256, bytes, outcome, read, rejected])
            {
                command.Parameters.Add(new() { Value = value });
            }
            command.Parameters.Add(TaskLedger.Text(reason?.Zh));
            command.Parameters.Add(TaskLedger.Text(reason?.En));
            command.Parameters.Add(new() { Value = node });
            await command.ExecuteNonQueryAsync(session.Cancellation);
        }
        if (reason is not null)
        {
            await Outbox.AddAsync(connection, new AlertEvent(
                $"{EventKinds.FileRefused}/{sha256}", EventKinds.FileRefused, IsUrgent: true,
                new($"投递的文件 {name} 未能读入", $"The file {name} could not be taken"),
                new($"{reason.Zh}\n文件在 {Refused} 中，原因写在旁边。", $"{reason.En}\nThe file is under {Refused}, with the reason beside it."),
                new { File = name, Sha256 = sha256 }), session.Cancellation);
        }
        foreach (FileResult part in parts.Where(f => f.Outcome == FileOutcome.Ingested && f.RejectedShare > allowed))
        {
            await Outbox.AddAsync(connection, new AlertEvent(
                $"{EventKinds.QuarantineAboveLimit}/{part.Sha256}", EventKinds.QuarantineAboveLimit, IsUrgent: true,
                new($"{name}：隔离行超过上限", $"{name}: more rows in quarantine than allowed"),
                new(
                    $"读取 {part.Counts.Read} 行，隔离 {part.Counts.Rejected} 行（{part.RejectedShare:P1}，允许 {allowed:P1}）。运行 pipeline quarantine list 查看。",
                    $"{part.Counts.Rejected} of {part.Counts.Read} rows are in quarantine ({part.RejectedShare:P1}, allowed {allowed:P1}). Run 'pipeline quarantine list' to see them."),
                new { File = name, part.Sha256, part.Counts.Read, part.Counts.Rejected, Allowed = allowed }), session.Cancellation);
        }
        foreach (FileResult part in parts.Where(f => f.Outcome == FileOutcome.Ingested && f.Notices.Count > 0))
        {
            await Outbox.AddAsync(connection, new AlertEvent(
                $"{EventKinds.FileNoticed}/{part.Sha256}", EventKinds.FileNoticed, IsUrgent: false,
                new($"{name}：已读入，请看说明", $"{name}: taken, with remarks"),
                new(string.Join('\n', part.Notices.Select(n => n.Zh)), string.Join('\n', part.Notices.Select(n => n.En))),
                new { File = name, part.Sha256 }), session.Cancellation);
        }
        await transaction.CommitAsync(session.Cancellation);
        if (refusedFolder is not null && File.Exists(path))
        {
            File.Move(path, Path.Combine(refusedFolder, name), overwrite: true);
            Directory.Delete(Path.GetDirectoryName(path)!);
        }
    }

    private static async Task<string> HashAsync(string path, CancellationToken cancellation)
    {
        await using FileStream stream = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellation));
    }
}
