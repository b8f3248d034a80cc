using ExcelDataReader;
using Pipeline.Jobs.Shell;

namespace Pipeline.Jobs.Ingest.Reading;

internal static partial class WorkbookFile
{
    /// <summary>Rows of a sheet that are read: a form that people fill in is shorter.</summary>
    private const int MostValueRows = 5_000;

    /// <summary>The cells of each visible sheet as they are held: texts, numbers (<c>double</c>), days (<c>DateTime</c>), truth values; null where empty. A formula gives its last result.</summary>
    /// <exception cref="PipelineFault">There is no such file, it is no workbook, protected by a password, damaged or over a limit.</exception>
    public static IEnumerable<(string Sheet, List<object?[]> Rows)> Values(string path)
    {
        if (!File.Exists(path))
        {
            throw PipelineFault.Usage($"没有文件 '{path}'。", $"There is no file '{path}'.", new FaultPlace(path));
        }
        InputContent content = new(path, null, () => File.OpenRead(path), long.MaxValue);
        _ = FileKinds.Of(content.Head(FileKinds.HeadBytes)) switch
        {
            FileKind.Zip when WorkbookGuard.Kind(content) == ZipContent.Workbook => PackageCells(content),
            FileKind.CompoundDocument => CompoundCells(content),
            _ => throw PipelineFault.Failed(
                $"'{path}' 不是 Excel 工作簿（.xlsx 或 .xls）。", $"'{path}' is no Excel workbook (.xlsx or .xls).", place: new FaultPlace(path)),
        };
        using IExcelDataReader reader = Open(content);
        do
        {
            if (reader.VisibleState is "hidden" or "veryhidden")
            {
                continue;
            }
            List<object?[]> rows = [];
            while (rows.Count < MostValueRows && Step(content, reader.Read))
            {
                object?[] cells = new object?[reader.FieldCount];
                for (int i = 0; i < cells.Length; i++)
                {
                    cells[i] = reader.GetValue(i);
                }
                rows.Add(cells);
            }
            yield return (reader.Name, rows);
        }
        while (Step(content, reader.NextResult));
    }
}
