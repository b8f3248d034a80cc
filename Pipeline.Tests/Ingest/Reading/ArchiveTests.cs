using System.IO.Compression;
using System.Text;
using Pipeline.Jobs.Ingest.Reading;
using Pipeline.Jobs.Shell;

namespace Pipeline.Tests.Ingest.Reading;

/// <summary>Files inside files, and files that are not what they are called.</summary>
public sealed class ArchiveTests
{
    private const string Table = "id,text\n1,a\n2,b\n";

    [Fact]
    public void Gzip_holds_one_table()
    {
        using ScratchFolder folder = new();
        WholeTable table = Assert.Single(WholeTable.Read(folder.File("t.csv.gz", Gzip(Encoding.UTF8.GetBytes(Table)))));
        Assert.Equal(("t.csv", 2), (table.Shape.Member, table.Rows.Count));
    }

    [Fact]
    public void Gzip_members_one_behind_the_other_are_one_text()
    {
        using ScratchFolder folder = new();
        Assert.Equal(3, Assert.Single(WholeTable.Read(folder.File("t.csv.gz", [.. Gzip(Bytes(Table)), .. Gzip(Bytes("3,c\n"))]))).Rows.Count);
    }

    [Fact]
    public void Zip_gives_its_members_in_natural_order_with_names_in_GBK()
    {
        using ScratchFolder folder = new();
        byte[] zip = Zip(("2024-10.csv", Bytes(Table)), ("2024-9.csv", Bytes(Table)), ("投诉.csv", Bytes(Table)), ("__MACOSX/._2024-9.csv", [0, 5, 22, 7]));
        List<WholeTable> tables = WholeTable.Read(folder.File("t.zip", zip));
        Assert.Equal(["2024-9.csv", "2024-10.csv", "投诉.csv"], tables.Select(table => table.Shape.Member));
    }

    [Fact]
    public void Tables_of_an_archive_can_be_read_in_any_order()
    {
        using ScratchFolder folder = new();
        string path = folder.File("t.zip", Zip(("a.csv", Bytes("id,text\n1,a\n\nname,count\nx,1\ny,2\n")), ("b.csv", Bytes("k,v\n3,c\n"))));
        List<ITableSource> tables = [.. TableReader.Open(path, new ReadOptions())];
        Assert.Equal(["3"], tables[2].Rows().Select(row => row.Cells[0]));
        Assert.Equal(["x", "y"], tables[1].Rows().Select(row => row.Cells[0]));
        Assert.Equal(["1"], tables[0].Rows().Select(row => row.Cells[0]));
    }

    [Fact]
    public void Archives_inside_archives_are_opened()
    {
        using ScratchFolder folder = new();
        byte[] zip = Zip(("inner.zip", Zip(("a.csv.gz", Gzip(Bytes(Table))))));
        Assert.Equal("inner.zip/a.csv.gz/a.csv", Assert.Single(WholeTable.Read(folder.File("t.zip", zip))).Shape.Member);
    }

    [Fact]
    public void A_member_that_is_no_table_is_passed_over_and_told()
    {
        using ScratchFolder folder = new();
        List<string> notices = [];
        string path = folder.File("t.zip", Zip(("a.csv", Bytes(Table)), ("scan.pdf", Bytes("%PDF-1.7 ...")), ("empty.csv", [])));
        Assert.Single(WholeTable.Read(path, new ReadOptions { Notice = text => notices.Add(text.En) }));
        Assert.Equal(2, notices.Count);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.95)]
    public void A_truncated_gzip_is_a_fault(double part)
    {
        byte[] whole = Gzip(Bytes("id,text\n" + string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{i},{(i * 7919L) % 1_000_003}\n"))));
        AssertFault("t.csv.gz", whole[..(int)(whole.Length * part)], "damaged");
    }

    [Fact]
    public void A_truncated_zip_is_a_fault()
    {
        byte[] whole = Zip(("a.csv", Bytes("id,text\n" + string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{i},{(i * 7919L) % 1_000_003}\n")))));
        AssertFault("t.zip", whole[..(whole.Length / 2)], "damaged");
    }

    [Fact]
    public void A_bomb_is_not_inflated()
    {
        byte[] row = Bytes(string.Concat(Enumerable.Repeat("0,0,0\n", 20_000)));
        using MemoryStream bomb = new();
        using (GZipStream gzip = new(bomb, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            for (int i = 0; i < 500; i++)
            {
                gzip.Write(row);
            }
        }
        AssertFault("t.csv.gz", bomb.ToArray(), "bomb");
    }

    [Fact]
    public void A_member_whose_name_climbs_out_is_refused() => AssertFault("t.zip", Zip(("../../etc/x.csv", Bytes(Table))), "outside");

    [Theory]
    [InlineData("%PDF-1.7 whatever", "PDF")]
    [InlineData("\u0089PNG\r\n\u001a\n", "PNG")]
    [InlineData("<html><table><tr><td>1</td></tr></table></html>", "HTML")]
    [InlineData("  <!DOCTYPE html>", "HTML")]
    [InlineData("", "empty")]
    [InlineData("\n\n\r\n", "empty lines")]
    public void A_file_of_another_kind_is_named(string content, string said) => AssertFault("export.csv", Encoding.Latin1.GetBytes(content), said);

    [Fact]
    public void A_text_with_the_ending_of_a_workbook_is_read_and_said()
    {
        using ScratchFolder folder = new();
        List<string> notices = [];
        WholeTable table = Assert.Single(WholeTable.Read(folder.File("export.xls", Table), new ReadOptions { Notice = text => notices.Add(text.En) }));
        Assert.Equal(2, table.Rows.Count);
        Assert.Contains("it is read as text", Assert.Single(notices), StringComparison.Ordinal);
    }

    [Fact]
    public void A_word_document_is_no_table() =>
        AssertFault("report.csv", Zip(("[Content_Types].xml", Bytes("<Types/>")), ("word/document.xml", Bytes("<w/>"))), "document");

    [Fact]
    public void A_missing_file_is_a_fault()
    {
        PipelineFault fault = Assert.Throws<PipelineFault>(() => TableReader.Open("/nowhere/at/all.csv", new ReadOptions()).Count());
        Assert.Equal(ExitCodes.Failed, fault.ExitCode);
    }

    private static void AssertFault(string name, byte[] content, string said)
    {
        using ScratchFolder folder = new();
        string path = folder.File(name, content);
        PipelineFault fault = Assert.Throws<PipelineFault>(() => WholeTable.Read(path));
        Assert.Equal(ExitCodes.Failed, fault.ExitCode);
        Assert.Contains(said, fault.Text.En, StringComparison.Ordinal);
        Assert.NotEqual(fault.Text.Zh, fault.Text.En);
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Gzip(byte[] content)
    {
        using MemoryStream stream = new();
        using (GZipStream gzip = new(stream, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(content);
        }
        return stream.ToArray();
    }

    private static byte[] Zip(params (string Name, byte[] Content)[] members)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        using MemoryStream stream = new();
        using (ZipArchive zip = new(stream, ZipArchiveMode.Create, leaveOpen: true, Encoding.GetEncoding("gb18030")))
        {
            foreach ((string name, byte[] content) in members)
            {
                using Stream member = zip.CreateEntry(name).Open();
                member.Write(content);
            }
        }
        return stream.ToArray();
    }
}
