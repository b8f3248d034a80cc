using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;

namespace Pipeline.Tests.Measures;

public sealed class FigureKeyTests
{
    private static readonly ReportingMonth October = new(2026, 10);

    [Theory]
    [InlineData("complaints/2026-10")]
    [InlineData("repeat_90/2026-08..2026-10/business=CREDIT")]
    [InlineData("complaints/2026-10/business=CREDIT,cause=RULE")]
    [InlineData("complaints/2026-10/branch=EQUIFAX, INC.,business=CREDIT_REPORTING")]
    [InlineData("complaints/2026-10/cause=Fees, interest = too much/high")]
    [InlineData("complaints/2026-10/branch=_none")]
    public void A_key_reads_back_as_it_is_written(string text) => Assert.Equal(text, FigureKey.Parse(text).Text);

    [Theory]
    [InlineData("complaints")]
    [InlineData("complaints/2026-13")]
    [InlineData("complaints/2026-10..")]
    [InlineData("complaints/2026-10/business")]
    public void What_is_no_key_is_refused(string text) => Assert.Throws<FormatException>(() => FigureKey.Parse(text));

    [Fact]
    public void A_key_of_any_members_reads_back_as_the_same_terms()
    {
        string[] pieces = ["a", ",", "=", "\\", "/", "cause=", ",cause=x", "\\,", " ", "投诉", "_", "Z"];
        Random random = new(20261122);
        for (int round = 0; round < 20_000; round++)
        {
            string Member() => string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => pieces[random.Next(pieces.Length)]));
            FigureKey key = new("complaints", FigurePeriod.Of(October), new FilterTerm("branch", Member()), new FilterTerm("cause", Member()));
            Assert.Equal(key.Terms, FigureKey.Parse(key.Text).Terms);
        }
    }

    [Fact]
    public void The_order_of_the_terms_does_not_matter() => Assert.Equal(
        new FigureKey("complaints", FigurePeriod.Of(October), new FilterTerm("cause", "RULE"), new FilterTerm("business", "CREDIT")),
        new FigureKey("complaints", FigurePeriod.Of(October), new FilterTerm("business", "CREDIT"), new FilterTerm("cause", "RULE")));
}
