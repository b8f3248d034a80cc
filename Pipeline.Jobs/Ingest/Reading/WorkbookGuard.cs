using System.IO.Compression;
using Pipeline.Jobs.Shell;

namespace Pipeline.Jobs.Ingest.Reading;

/// <summary>What a ZIP container is.</summary>
internal enum ZipContent
{
    Archive,
    Workbook,
    OtherDocument,
}

/// <summary>
/// Looks over a workbook before anything reads it: number and names of its parts, what they really inflate to, no document type definitions. Inflates
/// every part once, in constant memory.
/// </summary>
internal static class WorkbookGuard
{
    /// <summary>A document type definition stands before the root element, so within this many bytes of a part.</summary>
    private const int PrologBytes = 16 * 1024;

    public static ZipContent Kind(InputContent zip)
    {
        using ZipArchive archive = Archives.Open(zip);
        bool types = archive.GetEntry("[Content_Types].xml") is not null;
        if (types && archive.Entries.Any(entry => entry.FullName.StartsWith("xl/", StringComparison.OrdinalIgnoreCase)))
        {
            return ZipContent.Workbook;
        }
        return types || archive.GetEntry("mimetype") is not null ? ZipContent.OtherDocument : ZipContent.Archive;
    }

    /// <returns>The workbook's error cells.</returns>
    /// <exception cref="PipelineFault">The workbook is damaged or breaks a limit.</exception>
    public static ErrorCells Check(InputContent workbook, Stream stream, InflationLimits limits)
    {
        try
        {
            using ZipArchive archive = new(stream, ZipArchiveMode.Read, leaveOpen: true);
            if (archive.Entries.Count > limits.Parts)
            {
                throw PipelineFault.Failed(
                    $"工作簿 '{workbook.Name}' 含 {archive.Entries.Count} 个部件，最多允许 {limits.Parts} 个。请另存为新的工作簿。",
                    $"The workbook '{workbook.Name}' has {archive.Entries.Count} parts; at most {limits.Parts} are read. Save it anew.");
            }
            long left = limits.InflatedBytes;
            byte[] buffer = new byte[64 * 1024];
            HashSet<string> erroneous = [];
            foreach (ZipArchiveEntry entry in archive.Entries)
            {
                Archives.RefuseOutside(workbook.Name, entry.FullName);
                long limit = Math.Min(left, limits.For(entry.CompressedLength));
                using LimitedStream part = new(entry.Open(), limit, $"{workbook.Name} » {entry.FullName}", entry.Length);
                int prolog = part.ReadAtLeast(buffer.AsSpan(0, PrologBytes), PrologBytes, throwOnEndOfStream: false);
                if (buffer.AsSpan(0, prolog).IndexOf("<!DOCTYPE"u8) >= 0 || buffer.AsSpan(0, prolog).IndexOf("<!ENTITY"u8) >= 0)
                {
                    throw PipelineFault.Failed(
                        $"工作簿 '{workbook.Name}' 的部件 '{entry.FullName}' 含文档类型定义（DTD），Excel 不会写出此内容，已拒绝读取。请核对来源。",
                        $"The part '{entry.FullName}' of the workbook '{workbook.Name}' holds a document type definition, which Excel never writes; refused. Check where it comes from.");
                }
                if (HoldsErrorCell(part, buffer, prolog))
                {
                    erroneous.Add(entry.FullName);
                }
                left -= part.Position;
            }
            return ErrorCells.Read(archive, erroneous, () => Archives.Seekable(workbook, limits));
        }
        catch (InvalidDataException fault)
        {
            throw LimitedStream.Damaged(workbook.Name, fault);
        }
    }

    /// <summary>Reads the part to its end, which counts it; the buffer's first <paramref name="filled"/> bytes are its beginning.</summary>
    private static bool HoldsErrorCell(LimitedStream part, byte[] buffer, int filled)
    {
        ReadOnlySpan<byte> mark = "t=\"e\""u8;
        bool found = false;
        int read = filled;
        while (read > 0)
        {
            found = found || buffer.AsSpan(0, filled).IndexOf(mark) >= 0;
            int kept = Math.Min(filled, mark.Length - 1);
            buffer.AsSpan(filled - kept, kept).CopyTo(buffer);
            read = part.Read(buffer.AsSpan(kept));
            filled = kept + read;
        }
        return found;
    }
}
