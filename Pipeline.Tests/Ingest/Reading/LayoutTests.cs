using Pipeline.Jobs.Ingest.Reading;

namespace Pipeline.Tests.Ingest.Reading;

/// <summary>Files that invite a wrong reading, each with the right one: delimiter, quote, skipped lines, header rows, columns, rows.</summary>
public sealed class LayoutTests
{
    [Theory]
    [InlineData("id;branch;amount\nA1;Main;12,5\nA2;South;7,25\nA3;West;100,0\n", ";", null, 0, 1, "id|branch|amount", 3)]
    [InlineData("sep=;\r\nid;branch\r\n1;a\r\n2;b\r\n", ";", null, 1, 1, "id|branch", 2)]
    [InlineData("text\nHello, world\nFoo, bar, and baz\nplain\nmore, text\n", null, null, 0, 1, "text", 4)]
    [InlineData("name\nJohn Smith\nJane Doe\nBob Ray\n", ",", null, 0, 1, "name", 3)]
    [InlineData("Branch,2024-01,2024-02,2024-03\nMain,1,2,3\nSouth,4,5,6\nWest,7,8,9\n", ",", null, 0, 1, "Branch|2024-01|2024-02|2024-03", 3)]
    [InlineData(",2022,2023,2024\nMain,11,12,13\nSouth,14,15,16\n", ",", null, 0, 1, "column_1|2022|2023|2024", 2)]
    [InlineData("Sales,,Returns,\nQ1,Q2,Q1,Q2\n1,2,3,4\n5,6,7,8\n9,1,2,3\n", ",", null, 0, 2, "Sales/Q1|Sales/Q2|Returns/Q1|Returns/Q2", 3)]
    [InlineData("2024,,2025,\nIn,Out,In,Out\n1,2,3,4\n5,6,7,8\n9,1,2,3\n", ",", null, 0, 2, "2024/In|2024/Out|2025/In|2025/Out", 3)]
    [InlineData("time,speed,mass\n(s),(m/s),(kg)\n0.1,1.5,3\n0.2,1.6,3\n0.3,1.7,3\n0.4,1.8,3\n", ",", null, 0, 2, "(s)|(m/s)|(kg)", 4)]
    [InlineData("Report for Bank, Inc, on request\nid,name,amount,date\n1,a,3.5,2024-01-01\n2,b,4.5,2024-01-02\n3,c,5.5,2024-01-03\n", ",", null, 1, 1, "id|name|amount|date", 3)]
    [InlineData("Report for Bank, Inc, on request, and, more, words\n\nid,name,amount,date\n1,a,3.5,2024-01-01\n2,b,4.5,2024-01-02\n3,c,5.5,2024-01-03\n", ",", null, 2, 1, "id|name|amount|date", 3)]
    [InlineData("# comment, with comma\n# more\n#\nid,name,amount\n1,a,3\n2,b,4\n", ",", null, 3, 1, "id|name|amount", 2)]
    [InlineData("Report,Complaints\nFrom,2024-01-01\nTo,2024-01-31\n\nid,name,amount,text\n1,a,3,x\n2,b,4,y\n3,c,5,z\n", ",", null, 4, 1, "id|name|amount|text", 3)]
    [InlineData("Alice,London\nBob,Paris\nCarl,Rome\nDan,London\nEve,Paris\n", ",", null, 0, 0, "column_1|column_2", 5)]
    [InlineData("1,2,3", ",", null, 0, 0, "column_1|column_2|column_3", 1)]
    [InlineData("2024-01-05 10:00:00,5,ok\n2024-01-05 11:00:00,6,ok\n2024-01-05 12:00:00,7,bad\n", ",", null, 0, 0, "column_1|column_2|column_3", 3)]
    [InlineData("id,,amount\n1,x,3\n2,y,4\n3,z,5\n", ",", null, 0, 1, "id|column_2|amount", 3)]
    [InlineData("id,name,name\n1,x,y\n2,y,z\n3,z,q\n", ",", null, 0, 1, "id|name|name_2", 3)]
    [InlineData("id,name\n1,a,x\n2,b,y\n3,c,z\n4,d,w\n", ",", null, 0, 1, "id|name|column_3", 4)]
    [InlineData("id,name,amount\n1,a,3,\n2,b,4,\n3,c,5,\n", ",", null, 0, 1, "id|name|amount", 3)]
    [InlineData("id,text,amount\n1,'it, is',3\n2,'no, not',4\n3,don't,5\n", ",", '\'', 0, 1, "id|text|amount", 3)]
    [InlineData("id\tsize\ttext\n1\t5\" pipe\t\"no end\n2\t6\" pipe\tfine\n3\t7\" pipe\tfine\n", "\t", null, 0, 1, "id|size|text", 3)]
    [InlineData("id name \"full text\" amount\n1 a \"hello world, again\" 3.5\n2 b \"x y\" 4.5\n3 c \"\" 5.5\n", " ", '"', 0, 1, "id|name|full text|amount", 3)]
    [InlineData("id,v,w\n\n1,a,2\n\n2,b,3\n\n3,c,4\n\n", ",", null, 0, 1, "id|v|w", 3)]
    [InlineData("x", ",", null, 0, 1, "x", 0)]
    public void A_file_is_understood_as_a_person_understands_it(string text, string? delimiter, char? quote, int skipped, int headerRows, string columns, int rows)
    {
        WholeTable table = WholeTable.OfText(text);
        Assert.Equal(
            (delimiter, quote, skipped, headerRows, columns, rows),
            (table.Shape.Delimiter, table.Shape.Quote, table.Shape.SkippedRows, table.Shape.HeaderRows, string.Join('|', table.Shape.Columns), table.Rows.Count));
        Assert.All(table.Rows, row => Assert.Equal(RowFault.None, row.Fault));
    }

    [Fact]
    public void Ragged_rows_keep_all_their_cells_and_say_where_they_differ()
    {
        WholeTable table = WholeTable.OfText("id,name,amount\n1,a,3\n2,b\n3,c,5,,\n4,d,6,x,y\n5,e,7\n");
        Assert.Equal([["1", "a", "3"], ["2", "b", ""], ["3", "c", "5"], ["4", "d", "6", "x", "y"], ["5", "e", "7"]], table.Cells);
        Assert.Equal(
            [(RowFault.None, 0), (RowFault.TooFewCells, 3), (RowFault.None, 0), (RowFault.TooManyCells, 4), (RowFault.None, 0)],
            table.Rows.Select(row => (row.Fault, row.FaultColumn)));
    }

    [Fact]
    public void Many_tables_in_one_file_are_read_in_one_pass()
    {
        string page = "id,name,amount\n" + string.Concat(Enumerable.Range(1, 40).Select(i => $"{i},a,{i}\n"));
        using ScratchFolder folder = new();
        List<WholeTable> tables = WholeTable.Read(folder.File("pages.csv", string.Concat(Enumerable.Repeat(page, 3000))));
        Assert.Equal(3000, tables.Count);
        Assert.All(tables, table => Assert.Equal(40, table.Rows.Count));
        Assert.Equal((2999 * 41) + 2, tables[^1].Rows[0].Line);
    }

    [Fact]
    public void Footers_are_rows_for_the_profile_to_judge()
    {
        WholeTable table = WholeTable.OfText("id,branch,amount\n1,a,3\n2,b,4\n3,c,5\n合计,,12\n\nSource: the bank\n");
        Assert.Equal(["合计", "", "12"], table.Rows[3].Cells);
        Assert.Equal(("Source: the bank", RowFault.TooFewCells), (table.Rows[4].Cells[0], table.Rows[4].Fault));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("\"")]
    [InlineData("|||")]
    public void An_impossible_delimiter_is_wrong_usage(string delimiter) =>
        Assert.Equal(2, Assert.Throws<Pipeline.Jobs.Shell.PipelineFault>(() => WholeTable.OfText("a|b\n", new ReadOptions(Delimiter: delimiter))).ExitCode);

    [Fact]
    public void A_given_delimiter_is_taken() =>
        Assert.Equal(["a,b", "c"], WholeTable.OfText("a,b|c\n1,2|3\n4,5|6\n", new ReadOptions(Delimiter: "|")).Shape.Columns);
}
