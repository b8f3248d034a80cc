using Pipeline.Reports.Sheets;

namespace Pipeline.Tests.Reports;

public sealed class CellTextTests
{
    [Theory]
    [InlineData("plain\ttext\n", "plain\ttext\n")]
    [InlineData("a\0b\u0001c\u001Fd", "abcd")]
    [InlineData("line\r\nline\rline", "line\nline\nline")]
    [InlineData("\uFFFE\uFFFFx", "x")]
    [InlineData("whole 😀 end", "whole 😀 end")]
    public void Characters_that_XML_forbids_are_left_out(string text, string clean) => Assert.Equal(clean, CellText.Clean(text));

    [Fact]
    public void Half_a_surrogate_pair_is_left_out() => Assert.Equal("half  end", CellText.Clean($"half {(char)0xD83D} end"));

    [Fact]
    public void A_text_is_cut_to_what_a_cell_holds_and_not_inside_a_pair()
    {
        string clean = CellText.Clean(new string('x', CellText.MaxLength - 1) + "😀😀");
        Assert.Equal(CellText.MaxLength - 1, clean.Length);
        Assert.Equal('x', clean[^1]);
    }

    [Theory]
    [InlineData("=1+1", true)]
    [InlineData("+86 138", true)]
    [InlineData("-5", true)]
    [InlineData("@cmd", true)]
    [InlineData("\tx", true)]
    [InlineData("＝1", true)]
    [InlineData("a=1", false)]
    [InlineData("", false)]
    public void What_begins_like_a_formula_is_seen(string text, bool looks) => Assert.Equal(looks, CellText.LooksLikeFormula(text));

    [Fact]
    public void A_wide_character_takes_two_digits() => Assert.Equal(8, CellText.Width("信用卡中"));

    [Theory]
    [InlineData("one two", 20, 1)]
    [InlineData("one two", 4, 2)]
    [InlineData("unbreakable word", 11, 2)]
    [InlineData("unbreakable", 4, 3)]
    [InlineData("well-known", 6, 2)]
    [InlineData("first\nsecond", 40, 2)]
    [InlineData("信用卡中心", 10, 1)]
    [InlineData("信用卡中心", 6, 2)]
    [InlineData("投诉 credit card", 7, 3)]
    [InlineData("", 10, 1)]
    public void A_text_breaks_between_words_and_beside_wide_characters(string text, double width, int lines) => Assert.Equal(lines, CellText.Lines(text, width));

    [Fact]
    public void A_name_too_long_for_a_chart_ends_in_an_ellipsis()
    {
        Assert.Equal("short", CellText.Shortened("short", 10));
        string cut = CellText.Shortened("Problem with a company's investigation into an existing problem", 26);
        Assert.EndsWith("…", cut, StringComparison.Ordinal);
        Assert.InRange(CellText.Width(cut), 20, 26);
    }

    [Theory]
    [InlineData(1, "A")]
    [InlineData(26, "Z")]
    [InlineData(27, "AA")]
    [InlineData(702, "ZZ")]
    [InlineData(703, "AAA")]
    public void Columns_are_named_as_in_Excel(int column, string name) => Assert.Equal(name, CellRef.Column(column));
}
