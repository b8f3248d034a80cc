using System.IO.Compression;
using Pipeline.Jobs.Shell;

namespace Pipeline.Jobs.Ingest.Reading;

/// <summary>Files inside .gz and .zip, as contents of their own.</summary>
internal static class Archives
{
    /// <summary>What is inside an archive is searched for its encoding only so far, because that means inflating it once more. Bytes.</summary>
    private const long SearchBytes = 64 << 20;

    /// <summary>What a gzip file holds.</summary>
    public static InputContent Inside(InputContent gzip, InflationLimits limits)
    {
        string name = Path.GetFileName(gzip.Member ?? gzip.Path);
        string inner = name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? name[..^3] : name;
        return new InputContent(gzip.Path, gzip.Member is null ? inner : gzip.Member + "/" + inner, Open, SearchBytes) { IsArchived = gzip.IsArchived };

        Stream Open()
        {
            Stream compressed = gzip.Open();
            long limit = compressed.CanSeek ? limits.For(compressed.Length) : limits.InflatedBytes;
            return new LimitedStream(new WholeGzipStream(compressed), limit, gzip.Name, expected: null);
        }
    }

    /// <summary>The members of a ZIP file in natural order of their names, without folders and what macOS and Windows leave behind.</summary>
    /// <exception cref="PipelineFault">A damaged archive, one with too many members, a member whose name points outside.</exception>
    public static IReadOnlyList<InputContent> Members(InputContent zip, InflationLimits limits)
    {
        using ZipArchive archive = Open(zip);
        if (archive.Entries.Count > limits.Parts)
        {
            throw PipelineFault.Failed(
                $"'{zip.Name}' 含 {archive.Entries.Count} 个文件，最多允许 {limits.Parts} 个。请分开提供。",
                $"'{zip.Name}' holds {archive.Entries.Count} files; at most {limits.Parts} are read. Split it.");
        }
        List<InputContent> members = [];
        for (int i = 0; i < archive.Entries.Count; i++)
        {
            ZipArchiveEntry entry = archive.Entries[i];
            RefuseOutside(zip.Name, entry.FullName);
            if (entry.FullName.EndsWith('/') || entry.FullName.StartsWith("__MACOSX/", StringComparison.Ordinal) || entry.Name is ".DS_Store" or "Thumbs.db")
            {
                continue;
            }
            if (entry.IsEncrypted)
            {
                throw PipelineFault.Failed(
                    $"'{zip.Name}' 中的 '{entry.FullName}' 有密码保护。请去掉密码后重新打包。",
                    $"'{entry.FullName}' in '{zip.Name}' is protected by a password. Pack it again without one.");
            }
            int number = i;
            string name = zip.Member is null ? entry.FullName : zip.Member + "/" + entry.FullName;
            members.Add(new InputContent(zip.Path, name, () => OpenMember(zip, number, limits), SearchBytes) { IsArchived = true });
        }
        members.Sort((left, right) => InputPaths.NaturalOrder.Compare(left.Member, right.Member));
        return members;
    }

    /// <exception cref="PipelineFault">A part's name is absolute or climbs out of the archive.</exception>
    public static void RefuseOutside(string archive, string part)
    {
        if (part.StartsWith('/') || part.Contains('\\') && part.Contains("..\\", StringComparison.Ordinal) || part.Split('/').Contains(".."))
        {
            throw PipelineFault.Failed(
                $"'{archive}' 中的名称 '{part}' 指向压缩包之外，已拒绝读取。请核对来源。",
                $"The name '{part}' in '{archive}' points outside the archive; refused. Check where it comes from.");
        }
    }

    public static ZipArchive Open(InputContent zip)
    {
        Stream stream = Seekable(zip, InflationLimits.Default);
        try
        {
            // Chinese Windows writes names in GBK without saying so; what says UTF-8 is read as UTF-8.
            return new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: false, TextEncoding.ChineseWindows);
        }
        catch (InvalidDataException fault)
        {
            stream.Dispose();
            throw LimitedStream.Damaged(zip.Name, fault);
        }
    }

    /// <summary>A seekable stream: the file itself, or, for what is inside an archive, its bytes in memory (at most 512 MiB; never on disk, for it is personal data).</summary>
    public static Stream Seekable(InputContent content, InflationLimits limits)
    {
        Stream stream = content.Open();
        if (stream.CanSeek)
        {
            return stream;
        }
        using (stream)
        {
            const long most = 512L << 20;
            MemoryStream copy = new();
            byte[] buffer = new byte[81920];
            int read;
            while ((read = stream.Read(buffer)) > 0)
            {
                if (copy.Length + read > Math.Min(most, limits.InflatedBytes))
                {
                    throw PipelineFault.Failed(
                        $"压缩包内的 '{content.Name}' 超过 {most >> 20} MiB。请先解压再读取。",
                        $"'{content.Name}' inside the archive is larger than {most >> 20} MiB. Unpack it first.");
                }
                copy.Write(buffer, 0, read);
            }
            copy.Position = 0;
            return copy;
        }
    }

    private static LimitedStream OpenMember(InputContent zip, int number, InflationLimits limits)
    {
        ZipArchive archive = Open(zip);
        ZipArchiveEntry entry = archive.Entries[number];
        try
        {
            return new LimitedStream(entry.Open(), limits.For(entry.CompressedLength), $"{zip.Name} » {entry.FullName}", entry.Length, archive);
        }
        catch (InvalidDataException fault)
        {
            archive.Dispose();
            throw LimitedStream.Damaged($"{zip.Name} » {entry.FullName}", fault);
        }
    }
}
