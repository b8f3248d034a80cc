using System.Globalization;
using ExcelDataReader;
using Pipeline.Jobs.Ingest.Reading;
using Pipeline.Jobs.Shell;
using Pipeline.Models.RootCauses;
using Pipeline.Models.Taxonomy;

namespace Pipeline.Jobs.RootCauses;

/// <summary>What a register sheet holds.</summary>
/// <param name="Sheet">Its name.</param>
/// <param name="Version">The version that it was made from; null where the sheet does not say.</param>
/// <param name="Columns">Letter of each column, by key.</param>
public sealed record RegisterContent(string Sheet, int? Version, IReadOnlyDictionary<string, string> Columns, IReadOnlyList<RegisterRow> Rows);

/// <summary>Reads the register back from a workbook: the sheet whose heads are those of the register.</summary>
public static class RegisterFile
{
    /// <summary>Words before the number of the version, in both languages.</summary>
    public static readonly IReadOnlyList<string> VersionLabels = ["登记簿版次", "Register version"];

    private const int MostMissing = 3;

    private static readonly string[] Required =
        [RegisterColumns.Cause, RegisterColumns.Action, RegisterColumns.Owner, RegisterColumns.Opened, RegisterColumns.Due, RegisterColumns.Done];

    /// <exception cref="PipelineFault">No workbook, or no sheet with the heads of the register.</exception>
    /// <param name="taxonomy">By whose words the heads may be written too; null: the usual ones only.</param>
    public static RegisterContent Read(string path, ComplaintTaxonomy? taxonomy = null)
    {
        (string Sheet, int Row, string[] Missing)? nearest = null;
        foreach ((string sheet, List<object?[]> rows) in WorkbookFile.Values(path))
        {
            for (int head = 0; head < rows.Count; head++)
            {
                Dictionary<string, int> columns = Columns(rows[head], taxonomy);
                string[] missing = [.. Required.Where(k => !columns.ContainsKey(k))];
                if (missing.Length == 0)
                {
                    return new RegisterContent(
                        sheet, Version(rows, head), columns.ToDictionary(c => c.Key, c => Letter(c.Value), StringComparer.Ordinal),
                        [.. rows.Skip(head + 1).Select((cells, i) => new RegisterRow(head + 2 + i, columns
                            .Where(c => c.Value < cells.Length && cells[c.Value] is not null)
                            .ToDictionary(c => c.Key, c => Cell(cells[c.Value]!), StringComparer.Ordinal)))]);
                }
                // A sheet of outcomes has some of the heads too: the one with most of them is the one that was meant.
                if (missing.Length <= MostMissing && missing.Length < (nearest?.Missing.Length ?? int.MaxValue))
                {
                    nearest = (sheet, head + 1, missing);
                }
            }
        }
        if (nearest is { } found)
        {
            throw PipelineFault.Failed(
                $"'{path}' 的工作表“{found.Sheet}”第 {found.Row} 行缺少列：{string.Join("、", found.Missing.Select(k => RegisterColumns.Head(k).Zh))}。请使用 rootcause 报表中的“整改登记”表，不要改表头；什么都没有导入。",
                $"'{path}', sheet '{found.Sheet}', row {found.Row} lacks the columns {string.Join(", ", found.Missing.Select(k => RegisterColumns.Head(k).En))}. Use the register sheet of the rootcause workbook and leave its heads as they are; nothing was imported.",
                place: new FaultPlace(path, found.Row));
        }
        throw PipelineFault.Failed(
            $"'{path}' 中没有整改登记表（表头含“{RegisterColumns.Head(RegisterColumns.Cause).Zh}”“{RegisterColumns.Head(RegisterColumns.Action).Zh}”等列的工作表）。请使用 rootcause 报表，或先导出：pipeline register export --out register.xlsx",
            $"'{path}' has no register: no sheet with the heads {RegisterColumns.Head(RegisterColumns.Cause).En}, {RegisterColumns.Head(RegisterColumns.Action).En} and so on. Use the rootcause workbook, or export one: pipeline register export --out register.xlsx",
            place: new FaultPlace(path));
    }

    private static Dictionary<string, int> Columns(object?[] cells, ComplaintTaxonomy? taxonomy)
    {
        Dictionary<string, int> columns = new(StringComparer.Ordinal);
        for (int i = 0; i < cells.Length; i++)
        {
            string head = TaxonomyClass.Fold(cells[i]?.ToString() ?? "");
            foreach ((string key, Models.Text.Bilingual usual) in RegisterColumns.All)
            {
                Models.Text.Bilingual own = taxonomy is null ? usual : RegisterColumns.Head(key, taxonomy);
                if (head.Length > 0 && ((string[])[usual.Zh, usual.En, own.Zh, own.En]).Any(n => head == TaxonomyClass.Fold(n)))
                {
                    columns.TryAdd(key, i);
                }
            }
        }
        return columns;
    }

    private static int? Version(List<object?[]> rows, int head)
    {
        foreach (object?[] cells in rows.Take(head))
        {
            for (int i = 0; i + 1 < cells.Length; i++)
            {
                if (cells[i] is string label && VersionLabels.Contains(label.Trim()) && cells[i + 1] is double number)
                {
                    return (int)number;
                }
            }
        }
        return null;
    }

    private static RegisterCell Cell(object value) => value switch
    {
        DateTime moment => new RegisterCell(DateOnly.FromDateTime(moment).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), DateOnly.FromDateTime(moment)),
        double number => new RegisterCell(number.ToString(CultureInfo.InvariantCulture), null),
        _ => new RegisterCell(value.ToString() ?? "", Day(value.ToString())),
    };

    private static DateOnly? Day(string? text) =>
        DateOnly.TryParseExact(text?.Trim(), ["yyyy-M-d", "yyyy/M/d", "yyyy.M.d", "yyyyMMdd", "yyyy年M月d日"], CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day) ? day : null;

    private static string Letter(int column)
    {
        string name = "";
        for (int rest = column + 1; rest > 0; rest = (rest - 1) / 26)
        {
            name = (char)('A' + ((rest - 1) % 26)) + name;
        }
        return name;
    }
}
