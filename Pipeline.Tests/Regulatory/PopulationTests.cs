using Pipeline.Jobs.Regulatory;
using Pipeline.Models.Complaints;
using Pipeline.Models.Regulatory;
using Pipeline.Tests.Measures;

namespace Pipeline.Tests.Regulatory;

public sealed class PopulationTests
{
    private static readonly PopulationRules Rules = RegulatoryRuleFiles.Load("/nowhere", "cn-jrt0169", null).Book.Rules.Population;
    private static readonly ComplaintFact Case = Facts.Plain(1, new DateOnly(2026, 10, 5));

    [Theory]
    [InlineData(null, null, null)]
    [InlineData("投诉", null, null)]
    [InlineData(" 消费投诉 ", null, null)]
    [InlineData("咨询", null, "matter:enquiry")]
    [InlineData("举报", "重复登记", "matter:report")]
    [InlineData("表扬", null, "matter:praise")]
    [InlineData("意见建议", null, "matter:suggestion")]
    [InlineData("投诉", "重复登记", "reason:duplicate")]
    [InlineData(null, "非本行业务", "reason:not_ours")]
    [InlineData(null, "征信异议", null)] // counts unless the bank decides otherwise
    [InlineData("不明事项", "不明理由", null)] // what is not known excludes nothing
    public void The_kind_of_matter_and_the_review_decide_what_counts(string? matter, string? reason, string? expected) =>
        Assert.Equal(expected, Rules.Exclusion(Case with { MatterType = matter, ExclusionReason = reason }));

    [Fact]
    public void The_rules_of_the_day_of_receipt_hold()
    {
        PopulationEdition first = Rules.Editions[0];
        PopulationRules dated = new(Rules.Matters, Rules.Reasons, [first, first with { EffectiveFrom = new DateOnly(2026, 10, 10), CountsWithdrawn = false, ExclusionReasons = ["credit_objection"] }]);
        ComplaintFact withdrawn = Case with { Status = "withdrawn" };
        Assert.Null(dated.Exclusion(withdrawn));
        Assert.Equal("withdrawn", dated.Exclusion(withdrawn with { Received = new DateOnly(2026, 10, 10) }));
        Assert.Equal("reason:credit_objection", dated.Exclusion(Case with { Received = new DateOnly(2026, 10, 11), ExclusionReason = "征信异议" }));
        Assert.Null(dated.Exclusion(Case with { Received = new DateOnly(2026, 10, 11), ExclusionReason = "重复登记" }));
    }

    [Fact]
    public void An_edition_that_names_an_unknown_reason_is_refused() =>
        Assert.Throws<InvalidDataException>(() => new PopulationRules(Rules.Matters, Rules.Reasons, [Rules.Editions[0] with { ExclusionReasons = ["none_such"] }]));

    [Fact]
    public void Every_exclusion_has_words_in_both_languages() => Assert.All(
        (string[])["withdrawn", "matter:unstated", .. Rules.Matters.Select(m => "matter:" + m.Key), .. Rules.Reasons.Select(r => "reason:" + r.Key)],
        e => Assert.DoesNotContain(':', Rules.Words(e).En[..2]));
}
