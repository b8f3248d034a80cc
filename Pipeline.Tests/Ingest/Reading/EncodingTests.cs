using System.Text;
using Pipeline.Jobs.Ingest.Reading;
using Pipeline.Jobs.Shell;

namespace Pipeline.Tests.Ingest.Reading;

public sealed class EncodingTests
{
    private const string Simplified = "工单号,网点名称,投诉内容\r\nTS1,和平支行,\"信用卡被多收年费，要求退还\"\r\nTS2,江宁支行,手机银行转账失败，款项已扣\r\n";
    private const string Traditional = "工單號,分行名稱,投訴內容\r\nTS1,台北分行,\"信用卡被多收年費，要求退還\"\r\nTS2,高雄分行,網路銀行轉帳失敗，款項已扣\r\n";
    private const string Western = "número,sucursal,descripción\r\n1,Málaga,\"La comisión se cobró dos veces\"\r\n2,Köln,Gebühr für größere Beträge\r\n";

    [Theory]
    [InlineData(Simplified, "utf-8", false, "utf-8")]
    [InlineData(Simplified, "utf-8", true, "utf-8-bom")]
    [InlineData(Simplified, "utf-16", true, "utf-16le")]
    [InlineData(Simplified, "utf-16", false, "utf-16le")]
    [InlineData(Simplified, "utf-16BE", true, "utf-16be")]
    [InlineData(Simplified, "utf-16BE", false, "utf-16be")]
    [InlineData(Simplified, "gb18030", false, "gb18030")]
    [InlineData(Simplified, "gbk", false, "gb18030")]
    [InlineData(Traditional, "big5", false, "big5")]
    [InlineData(Traditional, "utf-8", false, "utf-8")]
    [InlineData(Western, "windows-1252", false, "windows-1252")]
    [InlineData(Western, "utf-8", false, "utf-8")]
    [InlineData("a,b\r\n1,2\r\n", "utf-8", false, "utf-8")]
    public void The_encoding_is_recognised(string text, string encoding, bool mark, string expected)
    {
        WholeTable table = Read(Bytes(text, encoding, mark));
        Assert.Equal(expected, table.Shape.Encoding);
        string[] header = text.Split("\r\n")[0].Split(',');
        Assert.Equal(header, table.Shape.Columns);
        Assert.All(table.Rows, row => Assert.Equal(RowFault.None, row.Fault));
    }

    [Fact]
    public void Rare_characters_of_GB18030_survive()
    {
        // U+9FA6, U+3400 and U+20000 are not in GBK: a reader of GBK gives question marks.
        string rare = "姓名,备注\r\n\u9FA6\u3400,客户的名字里有生僻字\r\n\U00020000明,客户投诉银行的服务\r\n";
        WholeTable table = Read(Bytes(rare, "gb18030", false));
        Assert.Equal("gb18030", table.Shape.Encoding);
        Assert.Equal(["\u9FA6\u3400", "\U00020000明"], table.Rows.Select(row => row.Cells[0]));
    }

    [Fact]
    public void A_file_whose_first_Chinese_character_comes_late_is_still_recognised()
    {
        string text = "id,text\r\n" + string.Concat(Enumerable.Range(0, 60_000).Select(i => $"{i},plain\r\n")) + "60000,客户投诉银行多收手续费\r\n";
        WholeTable table = Read(Bytes(text, "gb18030", false));
        Assert.Equal("gb18030", table.Shape.Encoding);
        Assert.Equal("客户投诉银行多收手续费", table.Rows[^1].Cells[1]);
    }

    [Fact]
    public void A_character_cut_by_the_detection_prefix_does_no_harm()
    {
        for (int shift = 0; shift < 4; shift++)
        {
            string text = new string('x', shift) + "id,text\n" + string.Concat(Enumerable.Repeat("1,客户投诉银行的服务\n", 20_000));
            Assert.Equal("utf-8", Read(Encoding.UTF8.GetBytes(text)).Shape.Encoding);
            Assert.Equal("gb18030", Read(Bytes(text, "gb18030", false)).Shape.Encoding);
        }
    }

    [Fact]
    public void Damaged_bytes_mark_their_row_and_no_other()
    {
        byte[] bytes = Encoding.UTF8.GetBytes("id,text\n" + string.Concat(Enumerable.Range(0, 100).Select(i => $"{i},客户投诉服务\n")));
        int at = bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes("\n50,")) + 4;
        bytes[at] = 0xFF;
        WholeTable table = Read(bytes);
        Assert.Equal("utf-8", table.Shape.Encoding);
        TableRow damaged = Assert.Single(table.Rows, row => row.Fault != RowFault.None);
        Assert.Equal((RowFault.BrokenEncoding, 2, 52L), (damaged.Fault, damaged.FaultColumn, damaged.Line));
        Assert.DoesNotContain('\uFFFF', damaged.Cells[1]);
        Assert.Contains('\uFFFD', damaged.Cells[1]);
    }

    [Fact]
    public void A_replacement_character_of_the_file_itself_is_no_fault()
    {
        Assert.All(Read(Encoding.UTF8.GetBytes("a,b\n37\uFFFD36,客户\n")).Rows, row => Assert.Equal(RowFault.None, row.Fault));
    }

    [Fact]
    public void A_named_encoding_overrides_what_would_be_detected()
    {
        WholeTable table = Read(Bytes(Simplified, "gb18030", false), new ReadOptions(Encoding: "windows-1252"));
        Assert.Equal("windows-1252", table.Shape.Encoding);
        Assert.Equal("gb18030", Read(Bytes(Simplified, "gb18030", false), new ReadOptions(Encoding: "GBK")).Shape.Encoding);
    }

    [Fact]
    public void An_unknown_encoding_is_wrong_usage_and_lists_the_known_ones()
    {
        PipelineFault fault = Assert.Throws<PipelineFault>(() => Read("a,b\n1,2\n"u8.ToArray(), new ReadOptions(Encoding: "ebcdic")));
        Assert.Equal(ExitCodes.WrongUsage, fault.ExitCode);
        Assert.Contains("gb18030", fault.Text.En, StringComparison.Ordinal);
        Assert.Contains("gb18030", fault.Text.Zh, StringComparison.Ordinal);
    }

    private static byte[] Bytes(string text, string encoding, bool mark)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        Encoding target = Encoding.GetEncoding(encoding);
        return mark ? [.. target.GetPreamble(), .. target.GetBytes(text)] : target.GetBytes(text);
    }

    private static WholeTable Read(byte[] bytes, ReadOptions? options = null)
    {
        using ScratchFolder folder = new();
        return Assert.Single(WholeTable.Read(folder.File("table.csv", bytes), options));
    }
}
