using Pipeline.Jobs.Rules;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;

namespace Pipeline.Tests.Taxonomy;

public sealed class ComplaintTaxonomyTests
{
    private static readonly ComplaintTaxonomy Chinese = RuleFiles.Taxonomy("/nowhere", "cn-jrt0169").Value;

    [Theory]
    [InlineData("因管理制度、业务规则与流程引起的投诉", "RULE")]
    [InlineData("(金融机构)管理制度、业务规则与流程", "RULE")]
    [InlineData("其他", "OTH")]
    [InlineData("天气", null)]
    public void A_spelling_of_a_cause_in_an_export_finds_its_class(string spelling, string? key) =>
        Assert.Equal(key, Chinese.KeyOf(Dimensions.Cause, spelling));

    [Fact]
    public void Every_generation_of_a_US_product_label_belongs_to_one_family()
    {
        ComplaintTaxonomy us = RuleFiles.Taxonomy("/nowhere", "us-cfpb").Value;
        Assert.Equal("PAYDAY_PERSONAL", us.KeyOf(Dimensions.Business, "Payday loan, title loan, or personal loan"));
        Assert.Equal("CARD", us.KeyOf(Dimensions.Business, "Prepaid card"));
    }

    [Fact]
    public void An_open_dimension_takes_a_class_as_it_comes() =>
        Assert.Equal("南京分行", Chinese.KeyOf(Dimensions.Branch, " 南京分行 "));

    [Theory]
    [InlineData(Language.Zh, "账户管理")]
    [InlineData(Language.En, "Managing an account")]
    public void A_class_that_an_open_dimension_takes_as_it_comes_has_a_Chinese_name_and_makes_no_class(Language language, string label)
    {
        ComplaintTaxonomy us = RuleFiles.Taxonomy("/nowhere", "us-cfpb").Value;
        Assert.Equal(label, us.Label(Dimensions.Cause, us.KeyOf(Dimensions.Cause, "Managing an account")!, language));
        Assert.Equal("An issue of tomorrow", us.Label(Dimensions.Cause, "An issue of tomorrow", language));
        Assert.Empty(us.Dimension(Dimensions.Cause)!.Classes);
        Assert.All(us.Dimensions.SelectMany(d => d.Names ?? []), n => Assert.True(n.Zh.Any(Widths.IsHan) && !n.Key.Any(Widths.IsHan), n.Key));
    }

    [Fact]
    public void Two_names_of_one_class_are_refused()
    {
        InvalidDataException fault = Assert.Throws<InvalidDataException>(() => new ComplaintTaxonomy(
            "t", "1", new DateOnly(2026, 1, 1), "test", [new TaxonomyDimension("cause", "问题", "Issue", true, [], [new TaxonomyName("An issue", "问题一"), new TaxonomyName("an Issue", "问题二")])]));
        Assert.Contains("'an Issue' twice", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_rules_file_reads_whole() =>
        Assert.Equal([7, 30, 90], RuleFiles.Rules("/nowhere").Value.RepeatWindowCalendarDays);
}
