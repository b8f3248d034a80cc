using System.Xml;
using ExcelDataReader;
using ExcelDataReader.Exceptions;
using Pipeline.Jobs.Shell;
using Pipeline.Models.Text;

namespace Pipeline.Jobs.Ingest.Reading;

/// <summary>The worksheets of an .xlsx or .xls workbook, through ExcelDataReader. It holds a workbook's shared strings in memory, its rows not.</summary>
internal static class WorkbookFile
{
    /// <exception cref="PipelineFault">Protected by a password, damaged, over a limit, or without a visible sheet that holds something.</exception>
    public static IEnumerable<ITableSource> Tables(InputContent content, bool compound, ReadOptions options)
    {
        ErrorCells errors = ErrorCells.None;
        if (!compound)
        {
            using Stream stream = Archives.Seekable(content, InflationLimits.Default);
            errors = WorkbookGuard.Check(content, stream, InflationLimits.Default);
        }
        List<string> sheets = VisibleSheets(content, options);
        int found = 0;
        foreach (string sheet in sheets)
        {
            RowSource source = new(
                (line, _) => new SheetRows(OpenAt(content, sheet), line, errors),
                layout => new TableShape(
                    content.Path, content.Member, sheet, compound ? "xls" : "xlsx", Delimiter: null, Quote: null,
                    checked((int)layout.SkippedLines), layout.HeaderRows, layout.Header, layout.Columns),
                Padded: true);
            foreach (ITableSource table in source.Tables())
            {
                found++;
                yield return table;
            }
        }
        if (found == 0)
        {
            throw PipelineFault.Failed(
                $"工作簿 '{content.Name}' 没有任何含内容的可见工作表。请检查是否导出为空，或取消隐藏工作表。",
                $"The workbook '{content.Name}' has no visible sheet that holds anything. Check the export, or unhide the sheet.");
        }
    }

    private static List<string> VisibleSheets(InputContent content, ReadOptions options)
    {
        List<string> visible = [];
        using IExcelDataReader reader = Open(content);
        do
        {
            if (reader.VisibleState is not ("hidden" or "veryhidden"))
            {
                visible.Add(reader.Name);
            }
            else
            {
                options.Notice?.Invoke(new Bilingual(
                    $"'{content.Name}' 的工作表 '{reader.Name}' 是隐藏的，已跳过。",
                    $"The sheet '{reader.Name}' of '{content.Name}' is hidden and was passed over."));
            }
        }
        while (reader.NextResult());
        return visible;
    }

    private static IExcelDataReader OpenAt(InputContent content, string sheet)
    {
        IExcelDataReader reader = Open(content);
        while (reader.Name != sheet)
        {
            if (!reader.NextResult())
            {
                reader.Dispose();
                throw LimitedStream.Damaged(content.Name, null);
            }
        }
        return reader;
    }

    private static IExcelDataReader Open(InputContent content)
    {
        Stream stream = Archives.Seekable(content, InflationLimits.Default);
        try
        {
            // Old .xls files without a code page record are of Chinese Windows here.
            return ExcelReaderFactory.CreateReader(stream, new ExcelReaderConfiguration { FallbackEncoding = TextEncoding.ChineseWindows });
        }
        catch (Exception fault)
        {
            stream.Dispose();
            switch (fault)
            {
                case InvalidPasswordException:
                    throw PipelineFault.Failed(
                        $"工作簿 '{content.Name}' 有密码保护，无法读取。请在 Excel 中去掉密码后另存。",
                        $"The workbook '{content.Name}' is protected by a password and cannot be read. Save it in Excel without one.",
                        fault);
                case ExcelReaderException or InvalidDataException or XmlException or EndOfStreamException or InvalidOperationException or ArgumentException
                    or FormatException or IndexOutOfRangeException or NullReferenceException or OverflowException or KeyNotFoundException or NotSupportedException:
                    // The library meets damaged files with whatever exception its parser runs into.
                    throw PipelineFault.Failed(
                        $"'{content.Name}' 不是可读的 Excel 工作簿，或已损坏（{fault.GetType().Name}）。请在 Excel 中打开并另存为 .xlsx 或 CSV。",
                        $"'{content.Name}' is not a readable Excel workbook, or is damaged ({fault.GetType().Name}). Open it in Excel and save it as .xlsx or CSV.",
                        fault);
                default:
                    throw;
            }
        }
    }
}
