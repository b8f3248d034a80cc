using System.Globalization;
using System.Security.Cryptography;
using Pipeline.Jobs.Shell;
using Pipeline.Models.Complaints;
using Pipeline.Models.Regulatory;
using Pipeline.Models.Text;

namespace Pipeline.Jobs.Regulatory;

/// <summary>
/// Files of denominators: <c>from_month,branch,outlets,personal_customers</c>. The one that was loaded for a source stands among the rules
/// of the home folder, and its hash among the inputs of each run.
/// </summary>
public static class DenominatorFiles
{
    public const string Header = "from_month,branch,outlets,personal_customers";

    public static string PathOf(string home, string source) => Path.Combine(home, "rules", $"denominators.{source}.csv");

    /// <summary>What was loaded for the source; <see cref="Denominators.None"/> where nothing was.</summary>
    public static Denominators Load(string home, string source)
    {
        string path = PathOf(home, source);
        return File.Exists(path) ? Read(path, File.ReadAllBytes(path)) : Denominators.None;
    }

    /// <exception cref="PipelineFault">A line is not what is expected: exit code 1, with file, line and column.</exception>
    public static Denominators Read(string path, byte[] bytes)
    {
        List<DenominatorEntry> entries = [];
        HashSet<(ReportingMonth, string)> known = [];
        foreach ((int line, string[] cells) in HomeTable.Read(path, bytes, Header, found => Fault(path, 1, new("列名", "the column names"), found, new(Header, Header))))
        {
            if (!ReportingMonth.TryParse(cells[0], out ReportingMonth from))
            {
                throw Fault(path, line, Name("from_month"), cells[0], new("yyyy-MM，例如 2026-08", "yyyy-MM, for example 2026-08"));
            }
            string branch = cells[1];
            if (branch.Length == 0)
            {
                throw Fault(path, line, Name("branch"), "", new("机构名称，与投诉导出中的一致", "the branch as the exports name it"));
            }
            if (!known.Add((from, branch)))
            {
                throw Fault(path, line, Name("branch"), $"{from} {branch}", new("每机构每月只有一行", "one line only for each branch and month"));
            }
            entries.Add(new DenominatorEntry(from, branch, Number(path, line, "outlets", cells[2]), Number(path, line, "personal_customers", cells[3])));
        }
        if (entries.Count == 0)
        {
            throw Fault(path, 2, new(Header, Header), "", new("至少一行", "at least one line"));
        }
        return new Denominators(
            [.. entries.OrderBy(e => e.Branch, StringComparer.Ordinal).ThenBy(e => e.From)], Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    private static long Number(string path, int line, string column, string text) =>
        long.TryParse(text, NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out long number) && number > 0
            ? number
            : throw Fault(path, line, Name(column), text, new("大于零的整数", "a whole number above nought"));

    private static Bilingual Name(string column) => new(column, column);

    private static PipelineFault Fault(string path, int line, Bilingual column, string found, Bilingual expected) => PipelineFault.Failed(
        $"{path} 第 {line} 行，{column.Zh}：找到 '{found}'，应为{(char.IsAscii(expected.Zh[0]) ? " " : "")}{expected.Zh}。什么都没有载入。",
        $"{path}, line {line}, {column.En}: found '{found}', expected {expected.En}. Nothing was loaded.",
        place: new FaultPlace(path, line, column.En));
}
