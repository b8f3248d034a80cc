using System.Globalization;
using Pipeline.Jobs.Ingest.Cleaning;

namespace Pipeline.Tests.Ingest.Cleaning;

public sealed class DateReaderTests
{
    private static readonly DateReader Chinese = new(["yyyy-M-d", "yyyy/M/d", "yyyy.M.d", "yyyyMMdd", "yyyy年M月d日", DateReader.ExcelSerial]);

    [Theory]
    [InlineData("2026-10-01")]
    [InlineData("2026-10-01 23:59:59")]
    [InlineData("2026-10-01T08:00:00Z")]
    [InlineData("2026-10-1")]
    [InlineData("2026/10/1")]
    [InlineData("2026/10/01 8:05")]
    [InlineData("2026.10.1")]
    [InlineData("20261001")]
    [InlineData("2026年10月1日")]
    [InlineData("46296")]
    public void A_date_is_read_in_each_of_the_formats(string text) =>
        Assert.Equal(new DateReading(DateState.Valid, new DateOnly(2026, 10, 1)), Chinese.Read(text));

    [Theory]
    [InlineData("2025-02-30", DateState.Impossible)]
    [InlineData("2025-13-01", DateState.Impossible)]
    [InlineData("2025/2/29", DateState.Impossible)]
    [InlineData("2025年4月31日", DateState.Impossible)]
    [InlineData("20250230", DateState.Impossible)]
    [InlineData("", DateState.Absent)]
    [InlineData("昨天", DateState.Unreadable)]
    [InlineData("13912345678", DateState.Unreadable)]
    [InlineData("12", DateState.Unreadable)]
    public void What_is_no_day_is_never_made_one(string text, DateState state) => Assert.Equal(state, Chinese.Read(text).State);

    [Fact]
    public void Every_day_of_a_century_reads_back_in_every_format()
    {
        foreach (string format in (string[])["yyyy-MM-dd", "yyyy-M-d", "yyyy/M/d", "yyyyMMdd", "yyyy年M月d日"])
        {
            for (DateOnly day = new(1990, 1, 1); day.Year < 2090; day = day.AddDays(7))
            {
                Assert.Equal(day, Chinese.Read(day.ToString(format, CultureInfo.InvariantCulture)).Date);
            }
        }
    }

    [Fact]
    public void Random_text_never_throws_and_valid_dates_agree_with_the_framework()
    {
        Random random = new(11);
        const string alphabet = "0123456789-/. 年月日T:Z１Ａx";
        for (int i = 0; i < 200_000; i++)
        {
            string text = new([.. Enumerable.Range(0, random.Next(14)).Select(_ => alphabet[random.Next(alphabet.Length)])]);
            DateReading reading = Chinese.Read(text);
            bool iso = DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly expected);
            Assert.True(!iso || reading == new DateReading(DateState.Valid, expected), text);
        }
    }

    [Theory]
    [InlineData("d/M/yyyy", "13/02/2026", "01/02/2026")]
    [InlineData("M/d/yyyy", "02/13/2026", "01/02/2026 10:00")]
    [InlineData(null, "01/02/2026", "03/04/2026")]
    [InlineData(null, "13/02/2026", "02/13/2026")]
    [InlineData(null, "2026-01-02", "text")]
    public void The_first_rows_prove_the_order_of_slash_dates_or_nothing_does(string? format, params string[] cells) =>
        Assert.Equal(format, DateReader.SlashFormat(cells));
}
