using Pipeline.Jobs.RootCauses;
using Pipeline.Models.Complaints;
using Pipeline.Models.RootCauses;

namespace Pipeline.Tests.RootCauses;

public sealed class TagLexiconTests
{
    private static readonly TagLexicon Lexicon = RootCauseStep.Tags("/nowhere").Value;

    [Theory]
    [InlineData("办卡时没提过这张卡有年费，隐瞒了收费。", "right_know")]
    [InlineData("不买保险就不给放款，属于捆绑搭售。", "right_choice")]
    [InlineData("卡被盗刷，资金安全谁来管。", "right_property")]
    [InlineData("把我的身份证照片泄露给中介。", "right_information")]
    [InlineData("柜员态度恶劣还骂人。", "right_respect")]
    [InlineData("保险公司拒绝理赔，银行推脱。", "refusal_claim")]
    [InlineData("申请理赔三次都被驳回。", "refusal_claim")]
    [InlineData("去网点办退保，柜员不给办。", "refusal_surrender")]
    [InlineData("请立即停止骚扰我的家人。", "demand_stop")]
    [InlineData("多扣的利息退还给我。", "demand_refund")]
    [InlineData("必须书面道歉。", "demand_apology")]
    [InlineData("The bank's fraud team denied the claim.", "refusal_dispute")]
    [InlineData("盗刷申诉被拒，要求说明理由。", "refusal_dispute")]
    [InlineData("The insurance company denied what they had promised.", "refusal_claim")]
    [InlineData("Please waive the late fee.", "demand_refund")]
    public void A_text_gives_the_tag_that_its_words_say(string text, string tag) => Assert.Contains(tag, Lexicon.InText(text));

    [Theory]
    [InlineData("客户表示不要求赔偿，只想弄清楚。", "demand_compensation")]
    [InlineData("不需要书面道歉。", "demand_apology")]
    [InlineData("顺利拿到理赔款，感谢。", "refusal_claim")]
    [InlineData("银行做防诈骗宣传很好。", "right_property")]
    [InlineData("按个人信息保护法办理。", "right_information")]
    [InlineData("I am not asking for a refund.", "demand_refund")]
    public void A_negation_or_another_meaning_gives_none(string text, string tag) => Assert.DoesNotContain(tag, Lexicon.InText(text));

    [Fact]
    public void A_coded_cause_gives_a_right_and_a_predicted_one_never_does()
    {
        HeadLabel coded = new("INFO", LabelBasis.Reported, "INFO", "SERV", 0.9, false);
        Assert.Equal(["right_information"], Lexicon.OfCause(coded));
        Assert.Equal(["right_information"], Lexicon.OfCause(coded with { Basis = LabelBasis.Analyst }));
        Assert.Empty(Lexicon.OfCause(coded with { Basis = LabelBasis.Predicted }));
        Assert.Empty(Lexicon.OfCause(coded with { Class = "RULE" }));
    }

    [Fact]
    public void Every_one_of_the_eight_rights_has_words()
    {
        Assert.Equal(
            ["right_choice", "right_education", "right_fair", "right_information", "right_know", "right_property", "right_redress", "right_respect"],
            Lexicon.Names.Where(n => n.Group == "right").Select(n => n.Key).Order(StringComparer.Ordinal));
    }
}
