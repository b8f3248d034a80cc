using System.IO.Compression;
using System.Text;
using Pipeline.Jobs.Ingest.Reading;
using Pipeline.Jobs.Shell;

namespace Pipeline.Tests.Ingest.Reading;

public sealed class WorkbookTests
{
    [Fact]
    public void Values_are_text_as_a_person_reads_them()
    {
        string sheet = Row("<c r=\"A1\" t=\"inlineStr\"><is><t>编号</t></is></c>" + Text("B1", "日期") + Text("C1", "金额") + Text("D1", "身份证") + Text("E1", "电话") + Text("F1", "是否") + Text("G1", "机构号") + Text("H1", "时间"))
            + Row(Text("A2", "TS1") + "<c r=\"B2\" s=\"1\"><v>45597</v></c><c r=\"C2\"><v>0.1</v></c><c r=\"D2\"><v>9.90001E+17</v></c><c r=\"E2\"><v>13800001234</v></c><c r=\"F2\" t=\"b\"><v>1</v></c><c r=\"G2\" s=\"2\"><v>1201</v></c><c r=\"H2\" s=\"3\"><v>45597.5</v></c>")
            + Row(Text("A3", "TS2") + "<c r=\"B3\" s=\"1\"><v>45598</v></c><c r=\"C3\"><v>0.30000000000000004</v></c>" + Text("D3", "990000195101295058") + "<c r=\"E3\"><v>123456789012345</v></c><c r=\"F3\" t=\"b\"><v>0</v></c><c r=\"G3\" s=\"2\"><v>3206001</v></c><c r=\"H3\" s=\"3\"><v>45598.25</v></c>");
        WholeTable table = Assert.Single(Read(("明细", "visible", sheet)));
        Assert.Equal(("明细", "xlsx", 1), (table.Shape.Sheet, table.Shape.Encoding, table.Shape.HeaderRows));
        Assert.Equal(["TS1", "2024-11-01", "0.1", "9.90001E+17", "13800001234", "TRUE", "001201", "2024-11-01 12:00:00"], table.Rows[0].Cells);
        Assert.Equal(["TS2", "2024-11-02", "0.3", "990000195101295058", "123456789012345", "FALSE", "3206001", "2024-11-02 06:00:00"], table.Rows[1].Cells);
    }

    [Fact]
    public void Dates_of_the_1904_system_are_dates()
    {
        string sheet = Row(Text("A1", "编号") + Text("B1", "日期")) + Row(Text("A2", "TS1") + "<c r=\"B2\" s=\"1\"><v>44135</v></c>");
        Assert.Equal("2024-11-01", Assert.Single(Read(date1904: true, ("S", "visible", sheet))).Rows[0].Cells[1]);
    }

    [Fact]
    public void The_day_that_never_was_is_not_read_as_the_day_before()
    {
        string sheet = Row(Text("A1", "编号") + Text("B1", "日期") + Text("C1", "数量"))
            + string.Concat(((double[])[59, 60, 60.5, 61]).Select((serial, i) => Row(Text($"A{i + 2}", $"TS{i}") + $"<c r=\"B{i + 2}\" s=\"1\"><v>{serial}</v></c><c r=\"C{i + 2}\"><v>60</v></c>")));
        WholeTable table = Assert.Single(Read(("S", "visible", sheet)));
        Assert.Equal(["1900-02-28", "1900-02-29", "1900-02-29", "1900-03-01"], table.Rows.Select(row => row.Cells[1]));
        Assert.Equal(["60", "60", "60", "60"], table.Rows.Select(row => row.Cells[2]));
    }

    [Fact]
    public void Error_cells_are_faults_with_their_column()
    {
        string sheet = Row(Text("A1", "编号") + Text("B1", "金额")) + Row(Text("A2", "TS1") + "<c r=\"B2\"><v>1</v></c>") + Row(Text("A3", "TS2") + "<c r=\"B3\" t=\"e\"><f>X!A1</f><v>#REF!</v></c>");
        WholeTable table = Assert.Single(Read(("S", "visible", sheet)));
        Assert.Equal(RowFault.None, table.Rows[0].Fault);
        Assert.Equal((RowFault.ErrorCell, 2, "#REF!", 3L), (table.Rows[1].Fault, table.Rows[1].FaultColumn, table.Rows[1].Cells[1], table.Rows[1].Line));
    }

    [Fact]
    public void Titles_and_merged_groups_above_the_names_are_header_not_data()
    {
        string sheet = Row(Text("A1", "客户投诉工单明细")) + Row(Text("B2", "投诉人信息") + Text("D2", "被投诉机构"))
            + Row(Text("A3", "工单号") + Text("B3", "姓名") + Text("C3", "省") + Text("D3", "网点") + Text("E3", "省"))
            + string.Concat(Enumerable.Range(4, 5).Select(row => Row(Text($"A{row}", $"TS{row}") + Text($"B{row}", "张测试") + Text($"C{row}", "江苏省") + Text($"D{row}", "江宁支行") + Text($"E{row}", "辽宁省"))));
        WholeTable table = Assert.Single(Read(("S", "visible", sheet)));
        Assert.Equal((1, 2, 5), (table.Shape.SkippedRows, table.Shape.HeaderRows, table.Rows.Count));
        Assert.Equal(["工单号", "姓名", "投诉人信息/省", "网点", "被投诉机构/省"], table.Shape.Columns);
    }

    [Fact]
    public void Hidden_sheets_are_passed_over_and_told_and_empty_ones_give_nothing()
    {
        string sheet = Row(Text("A1", "编号") + Text("B1", "金额")) + Row(Text("A2", "TS1") + "<c r=\"B2\"><v>1</v></c>");
        List<string> notices = [];
        using ScratchFolder folder = new();
        string path = folder.File("t.xlsx", Workbook(false, ("Data", "visible", sheet), ("Secret", "hidden", sheet), ("Nothing", "visible", ""), ("More", "visible", sheet)));
        List<WholeTable> tables = WholeTable.Read(path, new ReadOptions { Notice = text => notices.Add(text.En) });
        Assert.Equal(["Data", "More"], tables.Select(table => table.Shape.Sheet));
        Assert.Contains("Secret", Assert.Single(notices), StringComparison.Ordinal);
    }

    [Fact]
    public void A_workbook_is_known_by_its_content_and_inside_an_archive()
    {
        string sheet = Row(Text("A1", "编号") + Text("B1", "金额")) + Row(Text("A2", "TS1") + "<c r=\"B2\"><v>1</v></c>");
        using ScratchFolder folder = new();
        byte[] workbook = Workbook(false, ("S", "visible", sheet));
        Assert.Equal("xlsx", Assert.Single(WholeTable.Read(folder.File("export.csv", workbook))).Shape.Encoding);
        using MemoryStream stream = new();
        using (ZipArchive zip = new(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            using Stream member = zip.CreateEntry("export.xlsx").Open();
            member.Write(workbook);
        }
        Assert.Equal(("export.xlsx", "S"), Assert.Single(WholeTable.Read(folder.File("e.zip", stream.ToArray())).Select(table => (table.Shape.Member, table.Shape.Sheet))));
    }

    [Fact]
    public void A_document_type_definition_is_refused() =>
        AssertFault(Workbook(false, ("S", "visible", "<!--x-->")), "<worksheet", "<!DOCTYPE a [<!ENTITY x \"y\">]><worksheet", "document type");

    [Fact]
    public void A_sheet_that_inflates_without_end_is_refused()
    {
        StringBuilder rows = new();
        for (int i = 0; i < 700_000; i++)
        {
            rows.Append("<row><c><v>0</v></c></row>");
        }
        byte[] bomb = Workbook(false, CompressionLevel.SmallestSize, ("S", "visible", rows.ToString()));
        using ScratchFolder folder = new();
        string path = folder.File("bomb.xlsx", bomb);
        Assert.Contains("bomb", Assert.Throws<PipelineFault>(() => WholeTable.Read(path)).Text.En, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_workbook_is_a_fault()
    {
        using ScratchFolder folder = new();
        byte[] whole = Workbook(false, ("S", "visible", Row(Text("A1", "a") + Text("B1", "b"))));
        string truncated = folder.File("cut.xlsx", whole[..(whole.Length / 2)]);
        Assert.Equal(ExitCodes.Failed, Assert.Throws<PipelineFault>(() => WholeTable.Read(truncated)).ExitCode);
        string compound = folder.File("locked.xlsx", [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, .. new byte[600]]);
        Assert.Equal(ExitCodes.Failed, Assert.Throws<PipelineFault>(() => WholeTable.Read(compound)).ExitCode);
    }

    [Theory]
    [InlineData(0, null, "0")]
    [InlineData(42, null, "42")]
    [InlineData(-3.5, null, "-3.5")]
    [InlineData(1E-7, null, "0.0000001")]
    [InlineData(123456789012, null, "123456789012")]
    [InlineData(999999999999999, null, "999999999999999")]
    [InlineData(990001195101295000, "0", "9.90001E+17")]
    [InlineData(7, "000000", "000007")]
    public void Numbers_have_no_exponent_until_digits_are_lost(double number, string? format, string expected) =>
        Assert.Equal(expected, SheetRows.Number(number, format));

    private static List<WholeTable> Read(params (string Name, string State, string Rows)[] sheets) => Read(false, sheets);

    private static List<WholeTable> Read(bool date1904, params (string Name, string State, string Rows)[] sheets)
    {
        using ScratchFolder folder = new();
        return WholeTable.Read(folder.File("t.xlsx", Workbook(date1904, sheets)));
    }

    private static void AssertFault(byte[] workbook, string replaced, string by, string said)
    {
        using MemoryStream stream = new();
        stream.Write(workbook);
        using (ZipArchive zip = new(stream, ZipArchiveMode.Update, leaveOpen: true))
        {
            ZipArchiveEntry entry = zip.GetEntry("xl/worksheets/sheet1.xml")!;
            string text;
            using (StreamReader reader = new(entry.Open()))
            {
                text = reader.ReadToEnd();
            }
            entry.Delete();
            using StreamWriter writer = new(zip.CreateEntry("xl/worksheets/sheet1.xml").Open());
            writer.Write(text.Replace(replaced, by, StringComparison.Ordinal));
        }
        using ScratchFolder folder = new();
        string path = folder.File("t.xlsx", stream.ToArray());
        Assert.Contains(said, Assert.Throws<PipelineFault>(() => WholeTable.Read(path)).Text.En, StringComparison.Ordinal);
    }

    private static string Row(string cells) => $"<row>{cells}</row>";

    private static string Text(string address, string text) => $"<c r=\"{address}\" t=\"inlineStr\"><is><t>{text}</t></is></c>";

    private static byte[] Workbook(bool date1904, params (string Name, string State, string Rows)[] sheets) => Workbook(date1904, CompressionLevel.Fastest, sheets);

    /// <summary>A workbook written by hand, part by part, so that each test says exactly what is in it. Styles: 1 date, 2 six zeros, 3 date and time.</summary>
    private static byte[] Workbook(bool date1904, CompressionLevel level, params (string Name, string State, string Rows)[] sheets)
    {
        const string main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        const string relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        using MemoryStream stream = new();
        using (ZipArchive zip = new(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            void Part(string name, string content)
            {
                using StreamWriter writer = new(zip.CreateEntry(name, level).Open());
                writer.Write("<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + content);
            }
            Part("[Content_Types].xml", "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>");
            Part("_rels/.rels", $"<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"{relations}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>");
            Part("xl/workbook.xml", $"<workbook xmlns=\"{main}\" xmlns:r=\"{relations}\"><workbookPr date1904=\"{(date1904 ? 1 : 0)}\"/><sheets>"
                + string.Concat(sheets.Select((sheet, i) => $"<sheet name=\"{sheet.Name}\" sheetId=\"{i + 1}\" state=\"{sheet.State}\" r:id=\"r{i + 1}\"/>")) + "</sheets></workbook>");
            Part("xl/_rels/workbook.xml.rels", "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
                + string.Concat(sheets.Select((_, i) => $"<Relationship Id=\"r{i + 1}\" Type=\"{relations}/worksheet\" Target=\"worksheets/sheet{i + 1}.xml\"/>"))
                + $"<Relationship Id=\"rs\" Type=\"{relations}/styles\" Target=\"styles.xml\"/></Relationships>");
            Part("xl/styles.xml", $"<styleSheet xmlns=\"{main}\"><numFmts count=\"2\"><numFmt numFmtId=\"164\" formatCode=\"000000\"/><numFmt numFmtId=\"165\" formatCode=\"yyyy-mm-dd hh:mm\"/></numFmts>"
                + "<cellXfs count=\"4\"><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"164\"/><xf numFmtId=\"165\"/></cellXfs></styleSheet>");
            for (int i = 0; i < sheets.Length; i++)
            {
                Part($"xl/worksheets/sheet{i + 1}.xml", $"<worksheet xmlns=\"{main}\"><sheetData>{sheets[i].Rows}</sheetData></worksheet>");
            }
        }
        return stream.ToArray();
    }
}
