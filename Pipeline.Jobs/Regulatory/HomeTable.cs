using System.Globalization;
using System.Text;
using System.Text.Unicode;
using CsvHelper;
using CsvHelper.Configuration;
using Pipeline.Jobs.Shell;

namespace Pipeline.Jobs.Regulatory;

/// <summary>A small CSV table that a bank keeps among the rules of the home folder: UTF-8, one line of column names, cells without spaces around them.</summary>
internal static class HomeTable
{
    /// <summary>The lines after the names, each with its number in the file. A cell that a line does not have is empty.</summary>
    /// <param name="header">The column names, separated by commas.</param>
    /// <param name="wrongHeader">Makes the fault of other names from those that were found.</param>
    /// <param name="path">For messages.</param>
    /// <exception cref="PipelineFault">The names are others, or the bytes are no UTF-8.</exception>
    public static IEnumerable<(int Line, string[] Cells)> Read(string path, byte[] bytes, string header, Func<string, PipelineFault> wrongHeader)
    {
        RequireUtf8(path, bytes);
        using StreamReader text = new(new MemoryStream(bytes), Encoding.UTF8, detectEncodingFromByteOrderMarks: true);
        using CsvReader csv = new(text, new CsvConfiguration(CultureInfo.InvariantCulture) { TrimOptions = TrimOptions.Trim, DetectColumnCountChanges = false });
        if (!csv.Read() || !csv.ReadHeader() || string.Join(',', csv.HeaderRecord!) != header)
        {
            throw wrongHeader(string.Join(',', csv.HeaderRecord ?? []));
        }
        int columns = csv.HeaderRecord!.Length;
        while (csv.Read())
        {
            yield return (csv.Parser.RawRow, [.. Enumerable.Range(0, columns).Select(c => csv.TryGetField(c, out string? value) ? value ?? "" : "")]);
        }
    }

    /// <summary>Excel writes "CSV" in the encoding of the country; read as UTF-8 its names of branches would become signs of a fault, all alike.</summary>
    private static void RequireUtf8(string path, byte[] bytes)
    {
        if (bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
        {
            return; // UTF-16 with its mark, which the reader follows
        }
        int line = 1;
        foreach (Range part in bytes.AsSpan().Split((byte)'\n'))
        {
            if (!Utf8.IsValid(bytes.AsSpan()[part]))
            {
                throw PipelineFault.Failed(
                    $"{path} 第 {line} 行不是 UTF-8（Excel 另存的普通 CSV 多为 GBK）。请另存为“CSV UTF-8（逗号分隔）”，或运行 pipeline read {path} --output 新文件.csv 转换。什么都没有载入。",
                    $"{path}, line {line}, is not UTF-8 (Excel's plain CSV is in the country's own encoding). Save it as 'CSV UTF-8', or convert it: pipeline read {path} --output NEW.csv. Nothing was loaded.",
                    place: new FaultPlace(path, line));
            }
            line++;
        }
    }
}
