using Pipeline.Jobs.Shell;
using Pipeline.Reports;

namespace Pipeline.Jobs.Steps;

/// <summary>Puts finished workbooks where people look: wholly there or not at all.</summary>
public static class Publication
{
    /// <summary>
    /// Writes each workbook beside its place, flushes it to the disk, and renames them once all are written: a full disk leaves those
    /// that stood. An unchanged file is left alone.
    /// </summary>
    /// <returns>The full paths, in the order of <paramref name="files"/>.</returns>
    public static async Task<IReadOnlyList<string>> WriteAsync(IReadOnlyList<WorkbookFile> files, string folder, CancellationToken cancellation)
    {
        string target = Path.GetFullPath(folder);
        List<(string Partial, string Path)> written = [];
        try
        {
            Directory.CreateDirectory(target);
            foreach (WorkbookFile file in files)
            {
                string path = Path.Combine(target, file.FileName);
                AtomicFile.RemoveLeftBehind(path);
                if (await StandsAsync(path, file, cancellation))
                {
                    continue;
                }
                string partial = AtomicFile.PartialName(path);
                await using FileStream stream = new(partial, FileMode.Create, FileAccess.Write, FileShare.None);
                written.Add((partial, path));
                await stream.WriteAsync(file.Bytes, cancellation);
                stream.Flush(flushToDisk: true);
            }
            foreach ((string partial, string path) in written)
            {
                File.Move(partial, path, overwrite: true);
            }
            return [.. files.Select(f => Path.Combine(target, f.FileName))];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw PipelineFault.Environment(
                $"无法写入报表目录 {target}：{SystemWords.Of(fault).Zh}。检查该目录的权限与磁盘空间，或用 --out 指定其他目录，再运行一次。",
                $"The workbooks cannot be written to {target}: {SystemWords.Of(fault).En}. Check the folder's rights and the free space, or name another folder with --out, and run it again.",
                fault);
        }
        finally
        {
            foreach ((string partial, _) in written)
            {
                File.Delete(partial);
            }
        }
    }

    private static async Task<bool> StandsAsync(string path, WorkbookFile file, CancellationToken cancellation) =>
        File.Exists(path)
        && new FileInfo(path).Length == file.Bytes.Length
        && (await File.ReadAllBytesAsync(path, cancellation)).AsSpan().SequenceEqual(file.Bytes);
}
