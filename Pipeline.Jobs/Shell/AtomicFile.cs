using System.Security.Cryptography;

namespace Pipeline.Jobs.Shell;

/// <summary>Files that appear whole or not at all: written beside their place, flushed to disk, then renamed.</summary>
internal static class AtomicFile
{
    private static readonly string OfThisProcess = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));

    public static Task WriteAsync(string path, byte[] bytes, CancellationToken cancellation) =>
        WriteAsync(path, stream => stream.WriteAsync(bytes, cancellation).AsTask());

    public static async Task WriteAsync(string path, Func<Stream, Task> write)
    {
        string full = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        string partial = PartialName(full);
        RemoveLeftBehind(full);
        try
        {
            await using (FileStream stream = new(partial, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
            {
                await write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(partial, full, overwrite: true);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    /// <summary>
    /// Where to write what will be <paramref name="path"/>: in the same folder, so that the rename is one step, and a name of the
    /// process's own. With a shared one a second writer would truncate the file that the first is about to rename, and half a file would
    /// get the name of a whole one.
    /// </summary>
    public static string PartialName(string path) => $"{path}.{OfThisProcess}.tmp";

    /// <summary>
    /// Removes what processes that were killed left of <paramref name="path"/> half written. What a process is writing at this moment it holds
    /// for itself, so that it stays.
    /// </summary>
    public static void RemoveLeftBehind(string path)
    {
        string full = Path.GetFullPath(path);
        string own = PartialName(full);
        string folder = Path.GetDirectoryName(full)!;
        foreach (string other in (Directory.Exists(folder) ? Directory.GetFiles(folder, "*.tmp") : []).Where(f => f != own && IsPartialOf(full, f)))
        {
            try
            {
                using FileStream free = new(other, FileMode.Open, FileAccess.ReadWrite, FileShare.Delete);
                File.Delete(other);
            }
            catch (Exception inUse) when (inUse is IOException or UnauthorizedAccessException)
            {
                continue; // written at this moment, removed by another, or not ours to remove
            }
        }
    }

    private static bool IsPartialOf(string path, string file) =>
        file.Length == PartialName(path).Length && file.StartsWith(path + ".", StringComparison.Ordinal) && file[(path.Length + 1)..^4].All(char.IsAsciiHexDigitLower);
}
