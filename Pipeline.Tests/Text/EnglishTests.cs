using Pipeline.Models.Text;

namespace Pipeline.Tests.Text;

public sealed class EnglishTests
{
    [Theory]
    [InlineData(0, "0 branches")]
    [InlineData(1, "1 branch")]
    [InlineData(2, "2 branches")]
    [InlineData(1204, "1,204 branches")]
    public void One_is_said_otherwise_than_several(long number, string said) => Assert.Equal(said, English.Count(number, "branch", "branches"));

    [Fact]
    public void A_noun_that_only_takes_an_s_needs_no_second_form() => Assert.Equal("1 case, 3 cases", $"{English.Count(1, "case")}, {English.Count(3, "case")}");
}
