using Pipeline.Models.Text;
using Pipeline.Reports;
using Pipeline.Reports.Sheets;

namespace Pipeline.Tests.Reports;

/// <summary>Heads of columns in Chinese, also where a program breaks lines between any two characters.</summary>
public sealed class LineBreaksTests
{
    [Theory]
    [InlineData("重复投诉率（7日）", 12)]
    [InlineData("重复投诉率（90日）", 11)]
    [InlineData("60 日后或办结日不明（件）", 13)]
    public void A_head_with_a_bracket_gets_the_width_at_which_no_line_begins_with_its_end(string head, double least)
    {
        double width = LineBreaks.ForHead(head, least);
        Assert.InRange(width, least, least + 9);
        // Faces in which an ideograph takes two digits, down to those in which it takes hardly more than one and a half.
        for (double ideograph = 2.1; ideograph >= 1.58; ideograph -= 0.02)
        {
            IReadOnlyList<string> lines = LineBreaks.Broken(head, (width - 0.7) * 2 / ideograph);
            Assert.Equal(head.Replace(" ", "", StringComparison.Ordinal), string.Concat(lines).Replace(" ", "", StringComparison.Ordinal));
            Assert.DoesNotContain(lines.Skip(1), l => l[0] is '）' or '，');
            Assert.DoesNotContain(lines.SkipLast(1), l => l[^1] is '（');
        }
    }

    [Fact]
    public void A_head_without_marks_keeps_its_width()
    {
        Assert.Equal(11, LineBreaks.ForHead("合并重复后投诉量", 11));
        Assert.Equal(9, LineBreaks.ForHead("Median handling days (calendar)", 9));
    }

    [Fact]
    public void Heads_of_the_trend_sheets_break_before_no_bracket()
    {
        Spreadsheet book = new(WorkbookWriter.Write(InventedMonth.Report(perMonth: 60, months: 14), [WorkbookKinds.Trend], Language.Zh)[0].Bytes);
        int heads = 0;
        foreach (string sheet in book.Names.Where(n => n is "重复与升级" or "逐月总量"))
        {
            Dictionary<int, double> widths = book.Sheet(sheet).Descendants(Spreadsheet.Main + "col").ToDictionary(c => (int)c.Attribute("min")!, c => (double)c.Attribute("width")!);
            foreach ((string cell, System.Xml.Linq.XElement element) in book.Cells(sheet).Where(c => book.Value(c.Value) is string { Length: < 20 } text && text.EndsWith('）')))
            {
                string head = (string)book.Value(element)!;
                double room = widths[Spreadsheet.Range(cell).Column] - 0.7;
                foreach (double face in (double[])[0.95, 1, 1.1, 1.2, 1.25])
                {
                    Assert.DoesNotContain(LineBreaks.Broken(head, room * face).Skip(1), l => l[0] == '）');
                }
                heads++;
            }
        }
        Assert.True(heads >= 3, $"{heads} heads");
    }
}
