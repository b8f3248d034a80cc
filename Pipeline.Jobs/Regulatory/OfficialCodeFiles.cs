using System.Security.Cryptography;
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
        OfficialCode[] entries =
        [
            .. HomeTable.Read(path, bytes, Header, found => PipelineFault.Failed(
                    $"{path} 第 1 行：找到列 '{found}'，应为 {Header}。", $"{path}, line 1: found the columns '{found}', expected {Header}.", place: new FaultPlace(path, 1)))
                .Select(line => new OfficialCode(line.Cells[0], line.Cells[1], line.Cells[2])),
        ];
        return new OfficialCodes(entries, Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }
}
