using System.Globalization;
using System.Text;
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
    /// <exception cref="PipelineFault">The names are others.</exception>
    public static IEnumerable<(int Line, string[] Cells)> Read(byte[] bytes, string header, Func<string, PipelineFault> wrongHeader)
    {
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
}
