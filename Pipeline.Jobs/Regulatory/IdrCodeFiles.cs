using System.Globalization;
using System.Security.Cryptography;
using Pipeline.Jobs.Shell;
using Pipeline.Models.Regulatory;

namespace Pipeline.Jobs.Regulatory;

/// <summary>The bank's table of codes of the Australian data dictionary: <c>codes.au-idr.csv</c> among the rules of the home folder, <c>element,value,code</c>.</summary>
public static class IdrCodeFiles
{
    public const string FileName = "codes.au-idr.csv";
    public const string Header = "element,value,code";

    /// <summary>Columns that a repeatable element may have.</summary>
    private const int MostColumns = 20;

    public static string PathOf(string home) => Path.Combine(home, "rules", FileName);

    /// <summary>The table, or <see cref="IdrCodes.None"/> where there is none.</summary>
    /// <exception cref="PipelineFault">The file is no table of codes.</exception>
    public static IdrCodes Load(string home) => PathOf(home) is var path && File.Exists(path) ? Read(path, File.ReadAllBytes(path)) : IdrCodes.None;

    public static IdrCodes Read(string path, byte[] bytes)
    {
        List<IdrCode> entries = [];
        HashSet<(string, string)> seen = [];
        foreach ((int line, string[] cells) in HomeTable.Read(path, bytes, Header, found => PipelineFault.Failed(
            $"{path} 第 1 行：找到列 '{found}'，应为 {Header}。", $"{path}, line 1: found the columns '{found}', expected {Header}.", place: new FaultPlace(path, 1))))
        {
            if (!seen.Add((cells[0], cells[1])))
            {
                throw PipelineFault.Failed(
                    $"{path} 第 {line} 行：{cells[0]},{cells[1]} 出现两次。", $"{path}, line {line}: {cells[0]},{cells[1]} stands twice.", place: new FaultPlace(path, line));
            }
            if (cells[0] == "columns" && (!IdrReturn.Repeatable.Contains(cells[1]) || !int.TryParse(cells[2], NumberStyles.None, CultureInfo.InvariantCulture, out int count) || count is < 1 or > MostColumns))
            {
                throw PipelineFault.Failed(
                    $"{path} 第 {line} 行：找到 'columns,{cells[1]},{cells[2]}'，应为 columns、{string.Join(" 或 ", IdrReturn.Repeatable)} 之一、1 至 {MostColumns} 的列数。",
                    $"{path}, line {line}: found 'columns,{cells[1]},{cells[2]}', expected columns, one of {string.Join(", ", IdrReturn.Repeatable)}, and how many (1 to {MostColumns}).", place: new FaultPlace(path, line));
            }
            entries.Add(new IdrCode(cells[0], cells[1], cells[2]));
        }
        return new IdrCodes(entries, Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }
}
