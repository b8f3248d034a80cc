using Pipeline.Jobs.Shell;
using Pipeline.Models.Text;

namespace Pipeline.Jobs.Ingest.Reading;

/// <summary>
/// Opens whatever an export comes as (delimited text in any of the usual encodings, .xlsx, .xls, and these inside .gz and .zip) as tables of
/// text. What a file is, is told by its content.
/// </summary>
public static class TableReader
{
    /// <summary>Archives inside archives are opened this deep.</summary>
    private const int DeepestArchive = 3;

    /// <summary>
    /// The tables of a file, in its order: members of an archive by name, worksheets as they stand, tables one below the other in a text. Each
    /// can be read independently of the others; dispose them.
    /// </summary>
    /// <exception cref="PipelineFault">
    /// On opening or while enumerating: no such file, no right to read it, empty, no table, another kind of file, damaged, protected, or over a limit.
    /// </exception>
    public static IEnumerable<ITableSource> Open(string path, ReadOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Contents(path, options).SelectMany(content => Tables(content, options));
    }

    /// <summary>What is to be read of a file: itself, or what stands in it where it is an archive, in natural order of the names.</summary>
    /// <exception cref="PipelineFault">As <see cref="Open"/>, but for what only reading the tables shows.</exception>
    internal static IEnumerable<TableContent> Contents(string path, ReadOptions options)
    {
        InputContent content = new(path, Member: null, () => OpenFile(path), SearchBytes: long.MaxValue);
        return Contents(content, options, depth: 0, onlyMember: true);
    }

    /// <summary>The tables of one content, in its order.</summary>
    /// <exception cref="PipelineFault">As <see cref="Open"/>.</exception>
    internal static IEnumerable<ITableSource> Tables(TableContent content, ReadOptions options) => content.Kind switch
    {
        TableKind.Text => TextTables(content.Bytes, options),
        TableKind.Workbook => WorkbookFile.Tables(content.Bytes, compound: false, options),
        _ => WorkbookFile.Tables(content.Bytes, compound: true, options),
    };

    private static IEnumerable<TableContent> Contents(InputContent content, ReadOptions options, int depth, bool onlyMember)
    {
        byte[] head = content.Head(FileKinds.HeadBytes);
        switch (FileKinds.Of(head))
        {
            case FileKind.Empty when onlyMember:
                throw PipelineFault.Failed(
                    $"'{content.Name}' 是空文件（0 字节）。请重新导出。",
                    $"'{content.Name}' is an empty file (0 bytes). Export it again.");
            case FileKind.Text:
                return [new TableContent(content, TableKind.Text)];
            case FileKind.Gzip when depth < DeepestArchive:
                return Contents(Archives.Inside(content, InflationLimits.Default), options, depth + 1, onlyMember);
            case FileKind.Zip:
                return WorkbookGuard.Kind(content) switch
                {
                    ZipContent.Workbook => [new TableContent(content, TableKind.Workbook)],
                    ZipContent.Archive when depth < DeepestArchive => Members(content, options, depth),
                    ZipContent.Archive => throw TooDeep(content),
                    _ => PassOver(content, new Bilingual("文字或演示文档", "a text or presentation document"), options, onlyMember),
                };
            case FileKind.Gzip:
                throw TooDeep(content);
            case FileKind.CompoundDocument:
                return [new TableContent(content, TableKind.CompoundWorkbook)];
            case FileKind.Empty:
                return PassOver(content, new Bilingual("空文件", "an empty file"), options, onlyMember);
            default:
                return PassOver(content, FileKinds.Describe(head)!, options, onlyMember);
        }
    }

    private static IEnumerable<ITableSource> TextTables(InputContent content, ReadOptions options)
    {
        TextFile file = TextFile.Understand(content, options);
        if (Path.GetExtension(content.Member ?? content.Path) is ".xls" or ".xlsx" or ".XLS" or ".XLSX")
        {
            options.Notice?.Invoke(new Bilingual(
                $"'{content.Name}' 的后缀是 Excel，但内容是文本，按文本读取。",
                $"'{content.Name}' has the ending of a workbook but is text; it is read as text."));
        }
        int found = 0;
        foreach (ITableSource table in file.Tables())
        {
            found++;
            yield return table;
        }
        if (found == 0)
        {
            throw PipelineFault.Failed(
                $"'{content.Name}' 只有空行，没有表格。请重新导出。",
                $"'{content.Name}' holds only empty lines, no table. Export it again.");
        }
    }

    private static IEnumerable<TableContent> Members(InputContent zip, ReadOptions options, int depth)
    {
        IReadOnlyList<InputContent> members = Archives.Members(zip, InflationLimits.Default);
        int found = 0;
        foreach (InputContent member in members)
        {
            foreach (TableContent content in Contents(member, options, depth + 1, members.Count == 1))
            {
                found++;
                yield return content;
            }
        }
        if (found == 0)
        {
            throw PipelineFault.Failed(
                $"压缩包 '{zip.Name}' 中没有可读的表格（需要 CSV、TSV、XLSX 或 XLS）。",
                $"The archive '{zip.Name}' holds no readable table (expected CSV, TSV, XLSX or XLS).");
        }
    }

    /// <summary>A file of another kind is a fault; among other members of an archive it is passed over, and said so.</summary>
    private static IEnumerable<TableContent> PassOver(InputContent content, Bilingual kind, ReadOptions options, bool onlyMember)
    {
        if (onlyMember)
        {
            throw PipelineFault.Failed(
                $"'{content.Name}' 是{kind.Zh}，不是表格。需要 CSV、TSV、XLSX、XLS，或其 .gz / .zip；请在来源系统中重新导出。",
                $"'{content.Name}' is {kind.En}, not a table. Expected CSV, TSV, XLSX, XLS, or one of these in .gz or .zip; export it again from its source.");
        }
        options.Notice?.Invoke(new Bilingual($"'{content.Name}' 是{kind.Zh}，已跳过。", $"'{content.Name}' is {kind.En} and was passed over."));
        return [];
    }

    private static PipelineFault TooDeep(InputContent content) => PipelineFault.Failed(
        $"'{content.Name}' 的压缩包嵌套超过 {DeepestArchive} 层。请先解压。",
        $"'{content.Name}' is an archive more than {DeepestArchive} deep inside others. Unpack it first.");

    private static FileStream OpenFile(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, FileOptions.SequentialScan);
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            throw PipelineFault.Failed($"找不到文件 '{path}'。请检查路径。", $"The file '{path}' does not exist. Check the path.", fault, new FaultPlace(path));
        }
        catch (UnauthorizedAccessException fault)
        {
            throw Directory.Exists(path)
                ? PipelineFault.Usage($"'{path}' 是文件夹，需要文件。", $"'{path}' is a folder; a file is expected.", new FaultPlace(path))
                : PipelineFault.Environment(
                    $"没有权限读取文件 '{path}'。请申请读取权限。", $"No right to read the file '{path}'. Ask for read access to it.", fault);
        }
    }
}
