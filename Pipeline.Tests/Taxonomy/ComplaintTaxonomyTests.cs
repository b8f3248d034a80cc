using Pipeline.Jobs.Rules;
using Pipeline.Models.Taxonomy;

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

    [Fact]
    public void The_rules_file_reads_whole() =>
        Assert.Equal([7, 30, 90], RuleFiles.Rules("/nowhere").Value.RepeatWindowCalendarDays);
}
