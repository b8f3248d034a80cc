namespace Pipeline.Jobs.Shell;

/// <summary>
/// One holder at a time of a named file, across threads and processes; the kernel lets go when the holder is killed. The file itself
/// stays: deleting it would let two holders lock two files of one name.
/// </summary>
internal static class FileLock
{
    public const int MaxWaitSeconds = 300;
    private const int PauseMilliseconds = 20;
    private const int MaxAttempts = MaxWaitSeconds * 1000 / PauseMilliseconds;

    /// <summary>Waits for the lock.</summary>
    /// <returns>The lock, held until it is disposed.</returns>
    /// <exception cref="PipelineFault">Another holder kept it for <see cref="MaxWaitSeconds"/> seconds.</exception>
    /// <exception cref="IOException">The file cannot be made or opened; also <see cref="UnauthorizedAccessException"/>.</exception>
    public static async Task<FileStream> TakeAsync(string path, CancellationToken cancellation)
    {
        for (int attempt = 0; attempt < MaxAttempts; attempt++)
        {
            if (TryTake(path) is { } taken)
            {
                return taken;
            }
            await Task.Delay(PauseMilliseconds, cancellation);
        }
        throw TooLong(path);
    }

    /// <summary>As <see cref="TakeAsync"/>, for work of milliseconds that has nobody to await it.</summary>
    public static FileStream Take(string path)
    {
        for (int attempt = 0; attempt < MaxAttempts; attempt++)
        {
            if (TryTake(path) is { } taken)
            {
                return taken;
            }
            Thread.Sleep(PauseMilliseconds);
        }
        throw TooLong(path);
    }

    /// <summary>Whether somebody holds it. Lookers do not disturb one another: they share the lock for the moment of looking.</summary>
    public static bool IsHeld(string path)
    {
        try
        {
            using FileStream probe = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            return false;
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (IOException fault) when (IsSharingViolation(fault))
        {
            return true;
        }
    }

    private static FileStream? TryTake(string path)
    {
        FileStreamOptions options = new() { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }
        try
        {
            return new FileStream(path, options);
        }
        catch (IOException fault) when (IsSharingViolation(fault))
        {
            return null;
        }
    }

    /// <summary>EWOULDBLOCK of flock (11 on Linux, 35 on macOS), ERROR_SHARING_VIOLATION on Windows: any other fault is no matter of waiting.</summary>
    private static bool IsSharingViolation(IOException fault) => fault.HResult is 11 or 35 or unchecked((int)0x80070020);

    private static PipelineFault TooLong(string path) => PipelineFault.Environment(
        $"另一个 pipeline 进程占用 {path} 已超过 {MaxWaitSeconds} 秒。请等它结束后重试。",
        $"Another pipeline process has held {path} for more than {MaxWaitSeconds} seconds. Wait for it to end, then run this again.");
}
