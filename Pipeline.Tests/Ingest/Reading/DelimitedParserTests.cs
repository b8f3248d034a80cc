using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using Pipeline.Jobs.Ingest.Reading;

namespace Pipeline.Tests.Ingest.Reading;

/// <summary>The parser against CsvHelper, an independent one, and at every boundary of its buffer.</summary>
[Collection("memory")]
public sealed class DelimitedParserTests
{
    [Fact]
    public void Random_tables_are_read_as_CsvHelper_reads_them()
    {
        Random random = new(20261005);
        for (int round = 0; round < 400; round++)
        {
            (string text, char delimiter) = RandomText(random);
            string[][] expected = CsvHelperCells(new StringReader(text), delimiter.ToString());
            string[][] read = Cells(text, new TextDialect(delimiter.ToString(), '"'), capacity: 128 + random.Next(200));
            Assert.Equal(expected, read);
        }
    }

    [Theory]
    [InlineData(",")]
    [InlineData(", ")]
    [InlineData("||")]
    public void Little_buffers_give_the_same_cells_as_large_ones(string delimiter)
    {
        string row = string.Join(delimiter, "a", "\"b \"\"q\"\"\nc\"", "", "\"\"", new string('x', 90), "投诉") + "\r\n";
        string text = string.Concat(Enumerable.Repeat(row, 50));
        TextDialect dialect = new(delimiter, '"');
        string[][] expected = Cells(text, dialect, CharFeed.DefaultCapacity);
        Assert.Equal(50, expected.Length);
        Assert.Equal(["a", "b \"q\"\nc", "", "", new string('x', 90), "投诉"], expected[0]);
        for (int capacity = 128; capacity < 420; capacity++)
        {
            Assert.Equal(expected, Cells(text, dialect, capacity));
        }
    }

    [Fact]
    public void Line_numbers_count_physical_lines_whatever_ends_them()
    {
        using DelimitedParser parser = Parser("a,b\r\n\"x\ny\r\nz\",1\r\n\r\nc,d\re,f\n", new TextDialect(",", '"'), 128);
        List<long> lines = [];
        while (parser.Read())
        {
            lines.Add(parser.Line);
        }
        Assert.Equal([1, 2, 5, 6, 7], lines);
    }

    [Fact]
    public void Skipping_to_a_line_reads_the_rows_from_there()
    {
        string text = string.Concat(Enumerable.Range(1, 500).Select(number => $"row {number},\"open\r\n"));
        using DelimitedParser parser = Parser(text, new TextDialect(",", '"'), 256);
        parser.SkipToLine(400);
        Assert.True(parser.Read());
        Assert.Equal(400, parser.Line);
        Assert.Equal("row 400", parser.Cell(0));
    }

    [Fact]
    public void An_unclosed_quote_costs_its_own_row_only()
    {
        StringBuilder text = new("id,text,amount\n");
        for (int i = 0; i < 5000; i++)
        {
            text.Append(i).Append(i == 17 ? ",\"never closed," : ",plain,").Append(i).Append('\n');
        }
        WholeTable table = WholeTable.OfText(text.ToString());
        Assert.Equal(5000, table.Rows.Count);
        Assert.Equal(["17", "\"never closed", "17"], table.Rows[17].Cells);
        Assert.Equal(new { Fault = RowFault.BrokenQuote, FaultColumn = 2, Line = 19L }, new { table.Rows[17].Fault, table.Rows[17].FaultColumn, table.Rows[17].Line });
        Assert.All(table.Rows.Where((_, i) => i != 17), row => Assert.Equal(RowFault.None, row.Fault));
    }

    [Fact]
    public void A_quote_left_open_before_quoted_rows_is_mended_too()
    {
        WholeTable table = WholeTable.OfText("id,text,amount\n1,\"a, b\",3\n2,\"lost,4\n3,\"c, d\",5\n4,\"e\nf\",6\n5,g,7\n");
        Assert.Equal([["1", "a, b", "3"], ["2", "\"lost", "4"], ["3", "c, d", "5"], ["4", "e\nf", "6"], ["5", "g", "7"]], table.Cells);
        Assert.Equal([2L, 3, 4, 5, 7], table.Rows.Select(row => row.Line));
        Assert.Equal(RowFault.BrokenQuote, table.Rows[1].Fault);
    }

    [Fact]
    public void A_value_of_a_million_characters_and_lines_is_one_value()
    {
        string value = string.Concat(Enumerable.Repeat("0123456789\n", 100_000));
        WholeTable table = WholeTable.OfText($"id,text\n1,\"{value}\"\n2,b\n");
        Assert.Equal([["1", value], ["2", "b"]], table.Cells);
        Assert.Equal(100_003, table.Rows[1].Line);
    }

    [Fact]
    public void Memory_does_not_grow_with_the_rows()
    {
        using ScratchFolder folder = new();
        string line = "TS2026000001,2026-10-01,和平支行,\"信用卡被多收年费，要求退还\",2026-10-05,已办结\r\n";
        string path = folder.File("long.csv", string.Concat(Enumerable.Repeat(line, 300_000)));
        long before = GC.GetTotalMemory(forceFullCollection: true);
        long most = 0;
        long rows = 0;
        using ITableSource table = TableReader.Open(path, new ReadOptions()).First();
        foreach (TableRow _ in table.Rows())
        {
            if (++rows % 100_000 == 0)
            {
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
            }
        }
        Assert.Equal(300_000, rows);
        Assert.True(most < 8 << 20, $"{most} bytes are held while reading {new FileInfo(path).Length}");
    }

    [Fact]
    public void The_complaint_database_is_read_as_CsvHelper_reads_it()
    {
        if (SharedData.Path("cfpb", "complaints.csv.gz") is not string path)
        {
            return;
        }
        using Stream inflated = new System.IO.Compression.GZipStream(File.OpenRead(path), System.IO.Compression.CompressionMode.Decompress);
        using CsvParser oracle = new(new StreamReader(inflated), new CsvConfiguration(CultureInfo.InvariantCulture));
        using ITableSource table = Assert.Single(TableReader.Open(path, new ReadOptions()));
        Assert.True(oracle.Read());
        Assert.Equal(oracle.Record, table.Shape.Columns);
        long rows = 0;
        foreach (TableRow row in table.Rows())
        {
            rows++;
            Assert.True(oracle.Read());
            Assert.Equal(RowFault.None, row.Fault);
            Assert.True(row.Cells.AsSpan().SequenceEqual(oracle.Record), $"line {row.Line}");
        }
        Assert.False(oracle.Read());
        Assert.Equal(95_922, rows);
    }

    private static DelimitedParser Parser(string text, TextDialect dialect, int capacity) =>
        new(new CharFeed(new MemoryStream(Encoding.UTF8.GetBytes(text)), TextEncoding.Utf8, capacity), dialect);

    private static string[][] Cells(string text, TextDialect dialect, int capacity)
    {
        using DelimitedParser parser = Parser(text, dialect, capacity);
        List<string[]> rows = [];
        while (parser.Read())
        {
            if (!parser.IsEmptyLine)
            {
                rows.Add(parser.Cells());
            }
        }
        return [.. rows];
    }

    private static string[][] CsvHelperCells(TextReader text, string delimiter)
    {
        using CsvParser parser = new(text, new CsvConfiguration(CultureInfo.InvariantCulture) { Delimiter = delimiter });
        List<string[]> rows = [];
        while (parser.Read())
        {
            rows.Add([.. parser.Record!]);
        }
        return [.. rows];
    }

    private static (string Text, char Delimiter) RandomText(Random random)
    {
        char delimiter = ",;\t|"[random.Next(4)];
        string end = ((string[])["\n", "\r\n", "\r"])[random.Next(3)];
        string[] pieces = ["", "a", "投诉", "0", " ", delimiter.ToString(), "\"", "\n", "\r\n", "long enough to be no piece", "𠀀", ";"];
        StringBuilder text = new();
        int width = 1 + random.Next(6);
        int rows = 1 + random.Next(12);
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < width; column++)
            {
                string cell = string.Concat(Enumerable.Range(0, random.Next(5)).Select(_ => pieces[random.Next(pieces.Length)]));
                bool quoted = cell.AsSpan().ContainsAny("\"\r\n" + delimiter) || cell.StartsWith(' ') || random.Next(4) == 0 || width == 1;
                text.Append(column > 0 ? delimiter.ToString() : "").Append(quoted ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell);
            }
            text.Append(row == rows - 1 && random.Next(2) == 0 ? "" : end);
        }
        return (text.ToString(), delimiter);
    }
}
