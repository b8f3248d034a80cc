using Pipeline.Models.Text;

namespace Pipeline.Jobs.Ingest.Reading;

/// <summary>What a file is by its content; its ending is not asked.</summary>
internal enum FileKind
{
    Empty,
    Text,
    Zip,
    Gzip,

    /// <summary>Compound document: .xls, an encrypted .xlsx, or an old Word file.</summary>
    CompoundDocument,

    /// <summary>Anything that holds no table that this program reads; <see cref="FileKinds.Describe"/> names it.</summary>
    Other,
}

/// <summary>Tells kinds of files apart by their first bytes.</summary>
internal static class FileKinds
{
    /// <summary>Bytes from the beginning that are looked at.</summary>
    public const int HeadBytes = 4096;

    private static readonly (byte[] Mark, string Zh, string En)[] Foreign =
    [
        ([.. "%PDF"u8], "PDF 文件", "a PDF file"),
        ([0x89, .. "PNG"u8], "PNG 图片", "a PNG picture"),
        ([0xFF, 0xD8, 0xFF], "JPEG 图片", "a JPEG picture"),
        ([.. "GIF8"u8], "GIF 图片", "a GIF picture"),
        ([.. "Rar!"u8], "RAR 压缩包", "a RAR archive"),
        ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "7z 压缩包", "a 7z archive"),
        ([.. "BZh"u8], "bzip2 压缩文件", "a bzip2 file"),
        ([0xFD, .. "7zXZ"u8], "xz 压缩文件", "an xz file"),
        ([0x28, 0xB5, 0x2F, 0xFD], "zstd 压缩文件", "a zstd file"),
        ([.. "{\\rtf"u8], "RTF 文档", "an RTF document"),
        ([.. "SQLite format 3"u8], "SQLite 数据库", "an SQLite database"),
        ([.. "PAR1"u8], "Parquet 文件", "a Parquet file"),
        ([0x7F, .. "ELF"u8], "可执行程序", "an executable program"),
        ([.. "MZ"u8, 0x90], "可执行程序", "an executable program"),
    ];

    public static FileKind Of(ReadOnlySpan<byte> head)
    {
        if (head.IsEmpty)
        {
            return FileKind.Empty;
        }
        if (head is [0x50, 0x4B, 0x03, 0x04, ..] or [0x50, 0x4B, 0x05, 0x06, ..])
        {
            return FileKind.Zip;
        }
        if (head is [0x1F, 0x8B, ..])
        {
            return FileKind.Gzip;
        }
        if (head is [0xD0, 0xCF, 0x11, 0xE0, ..])
        {
            return FileKind.CompoundDocument;
        }
        return Describe(head) is null ? FileKind.Text : FileKind.Other;
    }

    /// <summary>The name of a kind that cannot be read as a table, or null.</summary>
    public static Bilingual? Describe(ReadOnlySpan<byte> head)
    {
        foreach ((byte[] mark, string zh, string en) in Foreign)
        {
            if (head.StartsWith(mark))
            {
                return new Bilingual(zh, en);
            }
        }
        if (Markup(head))
        {
            return new Bilingual("网页或 XML（常见于以 .xls 为后缀的网页导出）", "HTML or XML (often exported with the ending .xls)");
        }
        return IsBinary(head) ? new Bilingual("二进制文件", "a binary file") : null;
    }

    private static bool Markup(ReadOnlySpan<byte> head)
    {
        TextEncoding encoding = TextEncoding.Marked(head) ?? new TextEncoding("windows-1252", 1252, 0);
        ReadOnlySpan<char> text = encoding.Prefix(head).AsSpan().TrimStart();
        foreach (string beginning in (string[])["<html", "<!doctype", "<table", "<?xml", "<head", "<meta", "<body", "<style", "<div"])
        {
            if (text.StartsWith(beginning, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Text has few control characters. UTF-16 and stray NULs are text, so zero bytes are not counted.</summary>
    private static bool IsBinary(ReadOnlySpan<byte> head)
    {
        if (TextEncoding.Marked(head) is not null)
        {
            return false;
        }
        int control = 0;
        int zero = 0;
        foreach (byte value in head)
        {
            control += value is < 0x20 and not (0 or 0x01 or 0x09 or 0x0A or 0x0C or 0x0D or 0x1A or 0x1B) ? 1 : 0;
            zero += value == 0 ? 1 : 0;
        }
        return control * 20 > head.Length || zero * 10 > head.Length * 6;
    }
}
