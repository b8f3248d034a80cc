using Pipeline.Jobs.Ingest.Mapping;

namespace Pipeline.Tests.Ingest.Mapping;

public sealed class ShownValueTests
{
    [Theory]
    [InlineData("2026-02-30")]
    [InlineData("20260230")]
    [InlineData("2026/13/01 09:30:00")]
    [InlineData("2026年2月30日")]
    [InlineData("45981")]
    [InlineData("TS20261006011866")]
    [InlineData("K-0000001")]
    [InlineData("9.90E+17")]
    public void A_date_or_a_number_of_a_system_is_shown(string value) => Assert.Equal(value, ShownValue.Of(value));

    [Theory]
    [InlineData("62345678")]
    [InlineData("6234567")]
    [InlineData("6234-5678")]
    [InlineData("010-62345678")]
    [InlineData("13800005678")]
    [InlineData("99000019900101123X")]
    [InlineData("E12345678")]
    [InlineData("EA1234567")]
    [InlineData("G12345678")]
    [InlineData("H1234567890")]
    [InlineData("M12345678")]
    [InlineData("A123456789")]
    [InlineData("C01X00T47")]
    [InlineData("XXX990000000001")]
    [InlineData("A123456(7)")]
    [InlineData("王小明")]
    public void What_may_be_a_telephone_an_identity_number_or_a_name_is_not(string value) =>
        Assert.DoesNotContain(ShownValue.Of(value)!, c => c != '*');
}
