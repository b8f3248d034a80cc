using System.Xml;
using ExcelDataReader;
using ExcelDataReader.Exceptions;
using Pipeline.Jobs.Shell;
using Pipeline.Models.Text;

namespace Pipeline.Jobs.Ingest.Reading;

/// <summary>The worksheets of an .xlsx or .xls workbook, through ExcelDataReader. It holds a workbook's shared strings in memory, its rows not.</summary>
internal static partial class WorkbookFile
{
    /// <exception cref="PipelineFault">Protected by a password, damaged, over a limit, or without a visible sheet that holds something.</exception>
    public static IEnumerable<ITableSource> Tables(InputContent content, bool compound, ReadOptions options)
    {
        ErrorCells errors = compound ? CompoundCells(content) : PackageCells(content);
        List<string> sheets = VisibleSheets(content, options);
        int found = 0;
        foreach (string sheet in sheets)
        {
            RowSource source = new(
                (line, _) => new SheetRows(content, OpenAt(content, sheet), line, errors),
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

    private static ErrorCells PackageCells(InputContent content)
    {
        using Stream stream = Archives.Seekable(content, InflationLimits.Default);
        return WorkbookGuard.Check(content, stream, InflationLimits.Default);
    }

    private static ErrorCells CompoundCells(InputContent content)
    {
        using Stream stream = Archives.Seekable(content, InflationLimits.Default);
        try
        {
            return BiffCells.Read(new CompoundFile(stream));
        }
        catch (Exception fault) when (fault is InvalidDataException or OverflowException)
        {
            throw Unreadable(content, fault);
        }
    }

    /// <summary>
    /// An .xlsx under a password (or rights management) is a compound file with the enciphered package in it. That alone is no refusal: a mere
    /// write protection enciphers too, with a password that everybody knows, and the library opens it.
    /// </summary>
    private static bool IsEncrypted(InputContent content)
    {
        using Stream stream = Archives.Seekable(content, InflationLimits.Default);
        try
        {
            return new CompoundFile(stream).Has("EncryptedPackage");
        }
        catch (Exception fault) when (fault is InvalidDataException or OverflowException)
        {
            return false;
        }
    }

    private static PipelineFault Protected(InputContent content, Exception? cause) => PipelineFault.Failed(
        $"工作簿 '{content.Name}' 有密码保护，无法读取。请在 Excel 中打开，在“文件 › 信息 › 保护工作簿 › 用密码进行加密”中清空密码后另存，再重新导入。",
        $"The workbook '{content.Name}' is protected by a password and cannot be read. Open it in Excel, clear the password under File › Info › Protect Workbook › Encrypt with Password, save it, and ingest it again.",
        cause);

    private static PipelineFault Unreadable(InputContent content, Exception fault) => PipelineFault.Failed(
        $"'{content.Name}' 不是可读的 Excel 工作簿，或已损坏（{fault.GetType().Name}）。请在 Excel 中打开并另存为 .xlsx 或 CSV。",
        $"'{content.Name}' is not a readable Excel workbook, or is damaged ({fault.GetType().Name}). Open it in Excel and save it as .xlsx or CSV.",
        fault);

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
        while (Step(content, reader.NextResult));
        return visible;
    }

    private static IExcelDataReader OpenAt(InputContent content, string sheet)
    {
        IExcelDataReader reader = Open(content);
        while (reader.Name != sheet)
        {
            if (!Step(content, reader.NextResult))
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
            if (Explained(content, fault) is PipelineFault explained)
            {
                throw explained;
            }
            throw;
        }
    }

    /// <summary>Lets the library take a step; what its parser runs into on damaged bytes becomes a fault that names the file.</summary>
    public static bool Step(InputContent content, Func<bool> step)
    {
        try
        {
            return step();
        }
        catch (Exception fault) when (Explained(content, fault) is PipelineFault)
        {
            throw Explained(content, fault)!;
        }
    }

    /// <summary>The fault that an exception of the library means, or null where it is not the library's. It meets damaged files with whatever its parser runs into.</summary>
    private static PipelineFault? Explained(InputContent content, Exception fault) => fault switch
    {
        InvalidPasswordException => Protected(content, fault),
        PipelineFault or UnauthorizedAccessException or OutOfMemoryException => null,
        IOException and not EndOfStreamException => null,
        _ when IsEncrypted(content) => Protected(content, fault),
        ExcelReaderException or InvalidDataException or XmlException or EndOfStreamException or InvalidOperationException or ArgumentException
            or FormatException or IndexOutOfRangeException or NullReferenceException or InvalidCastException or ArithmeticException
            or KeyNotFoundException or NotSupportedException => Unreadable(content, fault),
        _ => null,
    };
}
