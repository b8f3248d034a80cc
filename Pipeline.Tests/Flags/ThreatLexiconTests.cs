using Pipeline.Jobs.Rules;
using Pipeline.Models.Flags;

namespace Pipeline.Tests.Flags;

public sealed class ThreatLexiconTests
{
    private static readonly ThreatLexicon Lexicon = RuleFiles.Load("/nowhere", "lexicon.threats.json", ThreatLexicon.Parse).Value;

    [Theory]
    [InlineData("如再不处理将向12378投诉。", "regulator")]
    [InlineData("已向人民银行１２３６３反映。", "regulator")]
    [InlineData("我会找媒体曝光。", "media")]
    [InlineData("已发到网上让大家看看。", "media")]
    [InlineData("下一步准备起诉。", "court")]
    [InlineData("再拖我就去信访局。", "petition")]
    [InlineData("不退钱我就报警", "police")]
    [InlineData("再这样我打12345投诉你们", "city_hotline")]
    [InlineData("If this is not fixed I will sue and report you to the CFPB.", "regulator,court")]
    [InlineData("I will contact the attorney general.", "regulator")]
    public void A_threat_is_found_and_named(string text, string cues) => Assert.Equal(cues.Split(','), Lexicon.Cues(text));

    [Theory]
    [InlineData("我不会向12378投诉，只想弄清楚")]
    [InlineData("客户表示不想起诉，希望协商")]
    [InlineData("也不打算找媒体曝光")]
    [InlineData("12378转办：投诉人反映年费问题")]
    [InlineData("催收发短信说即将起诉我")]
    [InlineData("账户被外地法院冻结，要求说明")]
    [InlineData("I do not want to sue anybody, please just fix the issue.")]
    [InlineData("I pursued the issue with the courteous clerk")]
    [InlineData("账号6212378001被扣款，请反映")]
    [InlineData("")]
    public void A_denied_threat_and_a_word_that_says_something_else_are_none(string text) => Assert.Empty(Lexicon.Cues(text));

    [Theory]
    [InlineData("I will not hesitate to take legal action.", "court")]
    [InlineData("保证不会再发如再不处理将向12378投诉。", "regulator")]
    public void What_begins_anew_after_a_negation_is_a_threat_again(string text, string cue) => Assert.Equal([cue], Lexicon.Cues(text));

    [Theory]
    [InlineData("大堂经理说他要报警")]
    [InlineData("催收员打电话威胁起诉到法院")]
    [InlineData("保安扬言要报警把人带走")]
    [InlineData("经理说再闹他就报警")]
    [InlineData("客服声称将走法律程序")]
    [InlineData("He told me to get out or he'd call the police.")]
    [InlineData("The manager said he would call the police if we stayed.")]
    [InlineData("They threatened to file a lawsuit over a debt that is not mine.")]
    [InlineData("The collector says they will take legal action next week.")]
    public void What_the_other_side_threatens_is_no_threat_of_the_writer(string text) => Assert.Empty(Lexicon.Cues(text));

    [Theory]
    [InlineData("银行说不退我就起诉", "court")]
    [InlineData("客服说没办法否则去12378投诉", "regulator")]
    [InlineData("客户说要报警", "police")]
    [InlineData("来电人称他将向12378投诉", "regulator")]
    [InlineData("经理不理人，我要报警", "police")]
    [InlineData("客服说处理不了，准备打12378投诉", "regulator")]
    [InlineData("They said no again so I will file a lawsuit.", "court")]
    [InlineData("The manager laughed, and I am going to call the police.", "police")]
    [InlineData("I told the agent that I would take legal action.", "court")]
    [InlineData("My representative told me nothing; see you in court.", "court")]
    public void What_the_writer_threatens_stays_a_threat_where_the_other_side_is_named_too(string text, string cue) => Assert.Equal([cue], Lexicon.Cues(text));

    [Fact]
    public void A_negation_in_another_clause_does_not_take_a_threat_away() =>
        Assert.Equal(["court"], Lexicon.Cues("银行说不会退钱，我准备起诉"));

    [Theory]
    [InlineData("想问一下提前还款需要什么材料？", Stages.Enquiry)]
    [InlineData("排了一上午队，服了，下次不来了", Stages.Grievance)]
    [InlineData("客户要求退还年费1800元并书面道歉", Stages.Complaint)]
    [InlineData("不退我就去法院起诉", Stages.Escalation)]
    [InlineData("12378转办：投诉人反映该行收费不透明，请求核查", Stages.Escalation)]
    public void The_stage_follows_the_words(string text, string stage) => Assert.Equal(stage, Lexicon.Stage(text, Lexicon.Cues(text)));
}
