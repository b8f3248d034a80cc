namespace Pipeline.Jobs.Classification;

/// <summary>Files that appear whole or not at all: written beside their place, flushed to disk, then renamed.</summary>
internal static class AtomicFile
{
    public static Task WriteAsync(string path, byte[] bytes, CancellationToken cancellation) =>
        WriteAsync(path, stream => stream.WriteAsync(bytes, cancellation).AsTask());

    public static async Task WriteAsync(string path, Func<Stream, Task> write)
    {
        string full = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        string partial = full + ".tmp";
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
}
