using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using Pipeline.Jobs.Shell;
using Pipeline.Models.Classification;

namespace Pipeline.Jobs.Classification;

/// <summary>
/// A UTF-8 CSV (with or without BOM) whose first row names its columns: labelled corpora and texts to judge. Rows are handed out one at a
/// time; a row with another number of fields than the header is a fault with its row number, never with its content.
/// </summary>
internal sealed class LabelFile : IDisposable
{
    private readonly string name;
    private readonly string path;
    private readonly StreamReader reader;
    private readonly CsvParser parser;

    private LabelFile(string name, Stream stream, string? path = null)
    {
        this.name = name;
        this.path = path ?? name;
        reader = new StreamReader(stream, new UTF8Encoding(false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: true, 1 << 16);
        parser = new CsvParser(reader, new CsvConfiguration(CultureInfo.InvariantCulture) { BufferSize = 1 << 16, CountBytes = false });
        Columns = Next() ?? throw PipelineFault.Failed(
            $"{name} 是空文件；需要首行为列名的 CSV。", $"{name} is empty; a CSV whose first row names the columns is needed.");
    }

    /// <value>Names of the columns, trimmed.</value>
    public IReadOnlyList<string> Columns { get; }

    /// <value>Data rows read so far.</value>
    public int Rows { get; private set; }

    /// <exception cref="PipelineFault">There is no such file, or it is empty.</exception>
    public static LabelFile Open(string path)
    {
        if (!File.Exists(path))
        {
            throw PipelineFault.Usage($"找不到文件 {path}。", $"There is no file {path}.", new FaultPlace(path));
        }
        return new LabelFile(Path.GetFileName(path), new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16), path);
    }

    /// <summary>A corpus that came with the program.</summary>
    public static LabelFile Bundled(string corpus)
    {
        Stream stream = typeof(LabelFile).Assembly.GetManifestResourceStream($"Pipeline.Jobs.Labels.{corpus}.csv")
            ?? throw new InvalidOperationException($"the program was built without the corpus {corpus}");
        return new LabelFile($"{corpus}/labels.csv", stream);
    }

    /// <summary>A file that is at hand as text.</summary>
    public static LabelFile Of(string name, string content) => new(name, new MemoryStream(Encoding.UTF8.GetBytes(content)));

    /// <summary>Where a column stands.</summary>
    /// <exception cref="PipelineFault">There is none of that name: the message lists those that there are.</exception>
    public int Column(string column)
    {
        int index = IndexOf(column);
        return index >= 0 ? index : throw PipelineFault.Usage(
            $"{name} 没有列“{column}”；现有列：{string.Join("、", Columns)}。",
            $"{name} has no column '{column}'; its columns are: {string.Join(", ", Columns)}.",
            new FaultPlace(name, 1, column));
    }

    /// <summary>Where a column stands, or -1.</summary>
    public int IndexOf(string column)
    {
        for (int i = 0; i < Columns.Count; i++)
        {
            if (Columns[i].Equals(column, StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }
        return -1;
    }

    /// <summary>The next data row, or null at the end.</summary>
    public string[]? Read()
    {
        string[]? row = Next();
        if (row is null)
        {
            return null;
        }
        Rows++;
        if (row.Length != Columns.Count)
        {
            throw PipelineFault.Failed(
                $"{name} 第 {Rows} 条数据（文件第 {parser.RawRow} 行）有 {row.Length} 个字段，列名有 {Columns.Count} 个。请更正该行（常见原因：文本中的引号未写成两个）。",
                $"{name}: data row {Rows} (line {parser.RawRow} of the file) has {row.Length} fields, the header {Columns.Count}. Mend that row (often a quote inside a text that is not doubled).",
                place: new FaultPlace(name, parser.RawRow));
        }
        return row;
    }

    /// <summary>The column <c>text</c> and the label columns named, to the end of the file; empty cells are no labels.</summary>
    public LabelledCorpus ReadCorpus(IReadOnlyList<(string Head, string Column)> heads)
    {
        int text = Column("text");
        int[] columns = [.. heads.Select(h => Column(h.Column))];
        List<string> texts = [];
        List<string?>[] labels = [.. heads.Select(_ => new List<string?>())];
        while (Read() is { } row)
        {
            texts.Add(row[text]);
            for (int head = 0; head < columns.Length; head++)
            {
                labels[head].Add(row[columns[head]].Length == 0 ? null : row[columns[head]]);
            }
        }
        return new LabelledCorpus(texts, [.. heads.Select((h, i) => new LabelColumn(h.Head, labels[i]))]);
    }

    public void Dispose()
    {
        parser.Dispose();
        reader.Dispose();
    }

    private string[]? Next()
    {
        try
        {
            return parser.Read() ? (Columns is null ? [.. parser.Record!.Select(c => c.Trim())] : parser.Record!) : null;
        }
        catch (DecoderFallbackException fault)
        {
            throw PipelineFault.Failed(
                $"{name} 不是 UTF-8（第 {parser.RawRow} 行之后）。可先用 pipeline read {path} --output 新文件.csv 转成 UTF-8。",
                $"{name} is not UTF-8 (after line {parser.RawRow}). 'pipeline read {path} --output NEW.csv' writes it as UTF-8.",
                fault,
                new FaultPlace(name, parser.RawRow));
        }
        catch (BadDataException)
        {
            // The exception quotes the row, which may hold personal data: it is not passed on.
            throw PipelineFault.Failed(
                $"{name} 第 {parser.RawRow} 行的引号不成对。请更正后重试。",
                $"{name}: the quotes in line {parser.RawRow} do not pair. Mend the line and run it again.",
                place: new FaultPlace(name, parser.RawRow));
        }
    }
}
