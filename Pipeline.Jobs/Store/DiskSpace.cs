using Pipeline.Jobs.Shell;

namespace Pipeline.Jobs.Store;

/// <summary>Free space, looked at before work begins: a disk that fills in the middle takes the server down until space is freed.</summary>
public static class DiskSpace
{
    private const long Mebibyte = 1L << 20;

    /// <summary>Bytes that this user may still write in the file system of <paramref name="folder"/> (or of its nearest parent that exists).</summary>
    public static long FreeBytes(string folder)
    {
        string? existing = Path.GetFullPath(folder);
        while (existing is not null && !Directory.Exists(existing))
        {
            existing = Path.GetDirectoryName(existing);
        }
        return new DriveInfo(existing ?? folder).AvailableFreeSpace;
    }

    /// <exception cref="PipelineFault">Less than <paramref name="bytes"/> is free: exit code 5, and nothing was begun.</exception>
    /// <param name="purposeZh">What needs the space, for the message.</param>
    public static void Require(string folder, long bytes, string purposeZh, string purposeEn)
    {
        long free = FreeBytes(folder);
        if (free < bytes)
        {
            throw PipelineFault.Environment(
                $"磁盘空间不足：{purposeZh}需要 {Megabytes(bytes)} MB，{folder} 所在磁盘只剩 {Megabytes(free)} MB。什么都没有改动；请清理磁盘，或用 --home 换一个磁盘。",
                $"Not enough disk space: {purposeEn} needs {Megabytes(bytes)} MB, and the disk of {folder} has {Megabytes(free)} MB left. Nothing was changed; free some space, or choose another disk with --home.");
        }
    }

    /// <summary>Whole mebibytes, rounded down.</summary>
    public static long Megabytes(long bytes) => bytes / Mebibyte;
}
