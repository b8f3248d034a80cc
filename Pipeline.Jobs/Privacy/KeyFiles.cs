using System.Globalization;
using System.Security.Cryptography;
using Pipeline.Jobs.Shell;

namespace Pipeline.Jobs.Privacy;

/// <summary>The files <c>keys/master-N.key</c> of a home folder: raw bytes, mode 0600, in a folder of mode 0700.</summary>
internal static class KeyFiles
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerFolder = OwnerFile | UnixFileMode.UserExecute;

    /// <summary>Number and path of each key file.</summary>
    public static IEnumerable<(int KeyId, string Path)> Find(string home)
    {
        string folder = KeyRing.Folder(home);
        if (!Directory.Exists(folder))
        {
            yield break;
        }
        foreach (string path in Directory.GetFiles(folder, "master-*.key"))
        {
            string number = Path.GetFileNameWithoutExtension(path)["master-".Length..];
            if (int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int keyId) && keyId > 0)
            {
                yield return (keyId, path);
            }
        }
    }

    public static SortedDictionary<int, byte[]> ReadOrCreate(string home, int bytes)
    {
        try
        {
            if (!Find(home).Any())
            {
                Create(home, bytes);
            }
            SortedDictionary<int, byte[]> keys = [];
            foreach ((int keyId, string path) in Find(home))
            {
                keys.Add(keyId, Read(path, bytes));
            }
            return keys;
        }
        catch (Exception denied) when (denied is UnauthorizedAccessException or IOException)
        {
            throw PipelineFault.Environment(
                $"无法读写密钥文件夹 {KeyRing.Folder(home)}：{SystemWords.Of(denied).Zh}。请检查权限与磁盘空间，或用 --home 换一个数据目录。",
                $"The key folder {KeyRing.Folder(home)} cannot be read or written: {SystemWords.Of(denied).En}. Check rights and free space, or choose another home folder with --home.",
                denied);
        }
    }

    /// <summary>Null where the mode is right: readable and writable by the owner alone. Always null on Windows, where rights are inherited.</summary>
    public static UnixFileMode? OpenToOthers(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }
        UnixFileMode mode = File.GetUnixFileMode(path);
        return (mode & ~OwnerFolder) == 0 ? null : mode;
    }

    private static byte[] Read(string path, int bytes)
    {
        if (OpenToOthers(path) is { } mode)
        {
            throw PipelineFault.Environment(
                $"密钥文件 {path} 对其他用户开放（权限 {Octal(mode)}，应为 600）。请执行 chmod 600 {path}；若他人可能已读过它，请更换密钥。",
                $"The key file {path} is open to other users (mode {Octal(mode)}, expected 600). Run chmod 600 {path}; if somebody may have read it, replace the key.");
        }
        byte[] key = File.ReadAllBytes(path);
        return key.Length == bytes
            ? key
            : throw PipelineFault.Environment(
                $"密钥文件 {path} 已损坏：应为 {bytes} 字节，实为 {key.Length}。请从备份恢复它。",
                $"The key file {path} is damaged: {bytes} bytes expected, {key.Length} found. Restore it from your backup.");
    }

    /// <summary>
    /// Makes the first key, unless another creator was faster. A rename cannot decide that: where it does not overwrite it is a check and
    /// then a rename, and two creators would each keep a key of their own in memory. So one at a time looks and creates, and everybody
    /// reads the file afterwards. The key is whole before it has its name: a kill leaves none.
    /// </summary>
    private static void Create(string home, int bytes)
    {
        string folder = KeyRing.Folder(home);
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(home, OwnerFolder);
            Directory.CreateDirectory(folder, OwnerFolder);
            options.UnixCreateMode = OwnerFile;
        }
        using FileStream gate = FileLock.Take(Path.Combine(home, "keys.lock"));
        if (Find(home).Any())
        {
            return;
        }
        string target = Path.Combine(folder, "master-1.key");
        // One name for all: what a killed creator left is written anew by the next one, who alone is here.
        string staging = $"{target}.new";
        File.Delete(staging);
        using (FileStream file = new(staging, options))
        {
            file.Write(RandomNumberGenerator.GetBytes(bytes));
            file.Flush(flushToDisk: true);
        }
        File.Move(staging, target, overwrite: false);
    }

    internal static string Octal(UnixFileMode mode) => Convert.ToString((int)mode, 8);
}
