using Pipeline.Jobs.Ingest.Cleaning;

namespace Pipeline.Tests.Ingest.Cleaning;

public sealed class CellCleanerTests
{
    [Theory]
    [InlineData("１３９１２３４５６７８", "13912345678", Repair.FullWidth)]
    [InlineData("13912345678\t", "13912345678", Repair.OuterSpace)]
    [InlineData("\uFEFFTS1", "TS1", Repair.Invisible)]
    [InlineData("'00123", "00123", Repair.ExcelWrapper)]
    [InlineData("=\"00123\"", "00123", Repair.ExcelWrapper)]
    [InlineData("　TS1　", "TS1", Repair.OuterSpace)]
    public void A_code_is_repaired_and_the_repair_counted(string cell, string expected, Repair repair)
    {
        CellCleaner cleaner = new();
        Assert.Equal(expected, cleaner.Code(cell));
        Assert.Equal(1, cleaner.Counts[repair]);
        Assert.Equal(1, cleaner.Total);
    }

    [Theory]
    [InlineData("=1+1 客户反映")]
    [InlineData("'引文'开头")]
    [InlineData("全角１２３保留")]
    [InlineData("第一行\n第二行")]
    public void A_text_stays_as_it_came(string cell)
    {
        CellCleaner cleaner = new();
        Assert.Equal(cell, cleaner.Text(cell));
        Assert.Equal(0, cleaner.Total);
    }

    [Fact]
    public void Line_ends_of_a_text_become_one_kind()
    {
        CellCleaner cleaner = new();
        Assert.Equal("a\nb\nc\nd", cleaner.Text("a\r\nb\rc\nd"));
        Assert.Equal(1, cleaner.Counts[Repair.LineEnd]);
    }

    [Fact]
    public void Cleaning_twice_is_cleaning_once()
    {
        Random random = new(5);
        const string alphabet = "aA1１Ｚ '\"=\t\r\n\uFEFF\u200B　张；";
        for (int i = 0; i < 100_000; i++)
        {
            string cell = new([.. Enumerable.Range(0, random.Next(10)).Select(_ => alphabet[random.Next(alphabet.Length)])]);
            CellCleaner cleaner = new();
            string text = cleaner.Text(cell);
            Assert.Equal(text, cleaner.Text(text));
            Assert.True(text.Length <= cell.Length);
        }
    }
}
