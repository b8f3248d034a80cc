using System.Globalization;
using Pipeline.Jobs.Ingest.Reading;
using Pipeline.Jobs.Shell;

namespace Pipeline.Jobs.Ingest.Quarantine;

/// <summary>A line of a correction sheet.</summary>
/// <param name="Sheet">Worksheet of the correction, or null.</param>
/// <param name="Line">Where it stands in it.</param>
/// <param name="Values">Header → cell.</param>
public sealed record CorrectedLine(string? Sheet, long Line, IReadOnlyDictionary<string, string> Values);

/// <summary>Reads a correction sheet back.</summary>
public static class CorrectionReader
{
    /// <returns>Identifier of the quarantined row → its line.</returns>
    /// <exception cref="PipelineFault">No sheet has the identifier's column, an identifier is no number or stands twice.</exception>
    public static IReadOnlyDictionary<long, CorrectedLine> Read(string path)
    {
        Dictionary<long, CorrectedLine> lines = [];
        bool isCorrection = false;
        foreach (ITableSource table in TableReader.Open(path, new ReadOptions()))
        {
            using (table)
            {
                int id = table.Shape.Columns.ToList().IndexOf(QuarantineExport.IdColumn);
                if (id < 0)
                {
                    continue;
                }
                isCorrection = true;
                foreach (TableRow row in table.Rows())
                {
                    Add(lines, path, table.Shape, row, id);
                }
            }
        }
        return isCorrection
            ? lines
            : throw PipelineFault.Failed(
                $"'{path}' 不是隔离区导出的更正表：没有 {QuarantineExport.IdColumn} 列。请用 quarantine export 导出后修改。",
                $"'{path}' is no correction sheet: it has no column {QuarantineExport.IdColumn}. Make one with 'quarantine export' and edit that.");
    }

    private static void Add(Dictionary<long, CorrectedLine> lines, string path, TableShape shape, TableRow row, int id)
    {
        if (!long.TryParse(row.Cells[id].Trim('\'', ' ', '\t'), NumberStyles.None, CultureInfo.InvariantCulture, out long number))
        {
            throw PipelineFault.Failed(
                $"'{path}' 第 {row.Line} 行的 {QuarantineExport.IdColumn} 不是编号。请不要改动该列；未做任何改动。",
                $"'{path}', line {row.Line}: {QuarantineExport.IdColumn} is no number. Leave that column as it was; nothing was changed.",
                place: new FaultPlace(path, row.Line, QuarantineExport.IdColumn));
        }
        Dictionary<string, string> values = new(StringComparer.Ordinal);
        for (int i = 0; i < shape.Columns.Count && i < row.Cells.Length; i++)
        {
            if (!QuarantineExport.OwnColumns.Contains(shape.Columns[i]))
            {
                values[shape.Columns[i]] = row.Cells[i];
            }
        }
        if (!lines.TryAdd(number, new CorrectedLine(shape.Sheet, row.Line, values)))
        {
            throw PipelineFault.Failed(
                $"'{path}' 第 {row.Line} 行：隔离编号 {number} 出现两次。请只保留一行；未做任何改动。",
                $"'{path}', line {row.Line}: the quarantined row {number} stands twice. Keep one of them; nothing was changed.",
                place: new FaultPlace(path, row.Line, QuarantineExport.IdColumn));
        }
    }
}
