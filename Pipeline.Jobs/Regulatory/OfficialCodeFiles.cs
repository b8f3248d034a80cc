using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using Pipeline.Jobs.Shell;
using Pipeline.Models.Regulatory;

namespace Pipeline.Jobs.Regulatory;

/// <summary>The bank's own table of official codes: <c>codes.TAXONOMY.csv</c> among the rules of the home folder, <c>dimension,key,official_code</c>.</summary>
public static class OfficialCodeFiles
{
    public const string Header = "dimension,key,official_code";

    public static string PathOf(string home, string taxonomyId) => Path.Combine(home, "rules", $"codes.{taxonomyId}.csv");

    /// <summary>The table, or <see cref="OfficialCodes.None"/> where there is none. What its codes mean is checked before filing, not here.</summary>
    /// <exception cref="PipelineFault">The file is no table of codes.</exception>
    public static OfficialCodes Load(string home, string taxonomyId)
    {
        string path = PathOf(home, taxonomyId);
        return File.Exists(path) ? Read(path, File.ReadAllBytes(path)) : OfficialCodes.None;
    }

    public static OfficialCodes Read(string path, byte[] bytes)
    {
        using StreamReader text = new(new MemoryStream(bytes), Encoding.UTF8, detectEncodingFromByteOrderMarks: true);
        using CsvReader csv = new(text, new CsvConfiguration(CultureInfo.InvariantCulture) { TrimOptions = TrimOptions.Trim, DetectColumnCountChanges = false });
        if (!csv.Read() || !csv.ReadHeader() || string.Join(',', csv.HeaderRecord!) != Header)
        {
            throw PipelineFault.Failed(
                $"{path} 第 1 行：找到列 '{string.Join(',', csv.HeaderRecord ?? [])}'，应为 {Header}。", $"{path}, line 1: found the columns '{string.Join(',', csv.HeaderRecord ?? [])}', expected {Header}.");
        }
        List<OfficialCode> entries = [];
        while (csv.Read())
        {
            string Cell(int column) => csv.TryGetField(column, out string? value) ? value ?? "" : "";
            entries.Add(new OfficialCode(Cell(0), Cell(1), Cell(2)));
        }
        return new OfficialCodes(entries, Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }
}
