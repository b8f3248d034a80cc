using System.CommandLine;
using Pipeline.Jobs.Shell;

namespace Pipeline.Jobs.Ingest.Reading;

/// <summary><c>pipeline read</c>: how a file was understood, and the table that results.</summary>
public static class ReadCommand
{
    /// <summary>
    /// Names the profile of a table, or gives null. Set by whoever knows the profiles; without it the command says that none was recognised.
    /// </summary>
    public static Func<TableShape, string?>? ProfileOf { get; set; }

    private static readonly Argument<string> PathArgument = new("PATH") { Description = "CSV, TSV, XLSX, XLS, or one of these in .gz or .zip / 要读取的文件" };

    private static readonly Option<string?> OutputOption = new("--output")
    {
        Description = "Write the table here as UTF-8 CSV; further tables go to -2, -3 … beside it / 将表格写为 UTF-8 CSV",
    };

    private static readonly Option<string?> EncodingOption = new("--encoding") { Description = "utf-8, gb18030, big5, utf-16le, utf-16be, windows-1252 (default: detected / 默认自动识别)" };

    private static readonly Option<string?> DelimiterOption = new("--delimiter") { Description = "One or two characters, \\t for a tab (default: detected / 默认自动识别)" };

    public static Command Create()
    {
        Command command = new(
            "read",
            "Show how a file is understood, without a database / 显示文件如何被理解，不使用数据库\nExample / 示例: pipeline read exports/2024-11.csv --output clean.csv")
        {
            PathArgument,
            OutputOption,
            EncodingOption,
            DelimiterOption,
        };
        return command.Runs((parsed, session) =>
        {
            ReadOptions options = new(parsed.GetValue(EncodingOption), parsed.GetValue(DelimiterOption))
            {
                Notice = text => session.Notice(text.Zh, text.En),
            };
            return Task.FromResult(Run(parsed.GetRequiredValue(PathArgument), parsed.GetValue(OutputOption), options, session));
        });
    }

    internal static int Run(string path, string? output, ReadOptions options, CommandSession session)
    {
        List<ReadTable> tables = [];
        List<TableFiles.Written> written = [];
        using TableFiles? files = output is null ? null : TableFiles.Begin(path, output);
        foreach (ITableSource source in TableReader.Open(path, options))
        {
            using (source)
            {
                tables.Add(ReadTable.Count(source, files?.Next(), session.Cancellation));
            }
        }
        // The first table is the main one, unless it is a mere remark beside a far larger one.
        int main = tables.FindIndex(table => table.Cells * 4 >= tables.Max(each => each.Cells));
        if (files is not null)
        {
            written.AddRange(files.Finish(main));
        }
        ReadTable shown = tables[main];
        string? profile = ProfileOf?.Invoke(shown.Shape);
        session.Document(new
        {
            path,
            shown.Shape.Member,
            shown.Shape.Sheet,
            shown.Shape.Encoding,
            shown.Shape.Delimiter,
            quote = shown.Shape.Quote?.ToString(),
            shown.Shape.HeaderRows,
            shown.Shape.SkippedRows,
            tables = tables.Count,
            shown.Rows,
            shown.Shape.Columns,
            profile,
            faults = shown.Faults,
            output = written.Count == 0 ? null : written.Select(file => file.Path),
            all = tables.Select((table, number) => new
            {
                table.Shape.Member,
                table.Shape.Sheet,
                table.Shape.HeaderRows,
                table.Shape.SkippedRows,
                table.Rows,
                columns = table.Shape.Columns.Count,
                faults = table.Faults,
                main = number == main,
            }),
        });
        for (int i = 0; i < tables.Count; i++)
        {
            Describe(tables[i], i, tables.Count, i == main, session);
        }
        session.Line($"配置（profile）：{profile ?? "未识别"}", $"Profile: {profile ?? "none recognised"}");
        foreach (TableFiles.Written file in written)
        {
            session.Line($"已写出：{file.Path}（{file.Rows} 行）", $"Written: {file.Path} ({file.Rows} rows)");
        }
        return ExitCodes.Done;
    }

    private static void Describe(ReadTable table, int number, int of, bool main, CommandSession session)
    {
        TableShape shape = table.Shape;
        string place = string.Join(" » ", new[] { shape.Path, shape.Member, shape.Sheet }.Where(part => part is not null));
        session.Line($"表 {number + 1}/{of}{(main && of > 1 ? "（主表）" : "")}：{place}", $"Table {number + 1} of {of}{(main && of > 1 ? " (main)" : "")}: {place}");
        string delimiter = shape.Delimiter?.Replace("\t", "\\t", StringComparison.Ordinal) ?? "-";
        string quote = shape.Quote?.ToString() ?? "-";
        session.Line($"  编码 {shape.Encoding} · 分隔符 '{delimiter}' · 引号 {quote}", $"  encoding {shape.Encoding} · delimiter '{delimiter}' · quote {quote}");
        session.Line(
            $"  跳过标题 {shape.SkippedRows} 行 · 表头 {shape.HeaderRows} 行 · 数据 {table.Rows} 行 × {shape.Columns.Count} 列",
            $"  skipped {shape.SkippedRows} rows · header {shape.HeaderRows} rows · data {table.Rows} rows × {shape.Columns.Count} columns");
        session.Line($"  列：{string.Join("、", shape.Columns)}", $"  columns: {string.Join(", ", shape.Columns)}");
        foreach ((string fault, FaultCount count) in table.Faults)
        {
            session.Line($"  问题 {fault}：{count.Rows} 行（首个在第 {count.FirstLine} 行）", $"  fault {fault}: {count.Rows} rows (first at line {count.FirstLine})");
        }
    }
}
