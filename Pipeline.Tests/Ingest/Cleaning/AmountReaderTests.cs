using Pipeline.Jobs.Ingest.Cleaning;

namespace Pipeline.Tests.Ingest.Cleaning;

public sealed class AmountReaderTests
{
    [Theory]
    [InlineData("17.65", 10_000, "176500.00")]
    [InlineData("0.00005", 10_000, "0.50")]
    [InlineData("1.005", 1, "1.01")]
    [InlineData("1.004999", 1, "1.00")]
    [InlineData("￥1,234.5元", 1, "1234.50")]
    [InlineData("12.5万元", 1, "125000.00")]
    [InlineData("12.5万元", 10_000, "125000.00")]
    [InlineData("0", 1, "0.00")]
    public void An_amount_is_read_to_two_decimals_half_up(string text, int unit, string expected) =>
        Assert.Equal(expected, AmountReader.Read(text, unit)!.Value.ToString("0.00"));

    [Theory]
    [InlineData("-5")]
    [InlineData("约5000")]
    [InlineData("1.2E+5")]
    [InlineData("1.2.3")]
    [InlineData("99999999999999999")]
    [InlineData("元")]
    public void What_is_no_amount_is_null(string text) => Assert.Null(AmountReader.Read(text, 1));
}
