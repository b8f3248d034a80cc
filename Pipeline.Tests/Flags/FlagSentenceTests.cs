using Pipeline.Jobs.Rules;
using Pipeline.Models.Complainants;
using Pipeline.Models.Flags;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;

namespace Pipeline.Tests.Flags;

public sealed class FlagSentenceTests
{
    private static readonly ComplaintTaxonomy Chinese = RuleFiles.Taxonomy("/nowhere", "cn-jrt0169").Value;

    private static readonly FlagEvidence Escalation = new(
        FlagKinds.Escalating, 1, "TS20250101000001", new DateOnly(2025, 1, 1), 12, 1, MatterBases.SimilarText, 0.869, PersonBases.Identity,
        Chinese.KeyOf(Dimensions.Channel, "客服热线"), Chinese.KeyOf(Dimensions.Channel, "监管转办(12378)"), 0, 4, ["court"]);

    [Fact]
    public void An_escalation_is_said_in_one_sentence_of_either_language()
    {
        string zh = FlagSentence.In(Escalation, Language.Zh, Chinese);
        Assert.Equal(
            "同一事项第2次投诉：距上一件 TS20250101000001（2025-01-01 受理）相隔 12 天，内容相似度 86%，身份证号一致；渠道由"
            + $"{Chinese.Label(Dimensions.Channel, Escalation.FromChannel!, Language.Zh)}（0 级）升至{Chinese.Label(Dimensions.Channel, Escalation.ToChannel!, Language.Zh)}（4 级）；文中提及诉诸司法。",
            zh);
        string en = FlagSentence.In(Escalation, Language.En, Chinese);
        Assert.StartsWith("Complaint number 2 on one matter: 12 days after TS20250101000001 (received 2025-01-01), the texts are 86% alike, same identity number; the channel rose from ", en, StringComparison.Ordinal);
        Assert.EndsWith("; the text speaks of turning to the courts.", en, StringComparison.Ordinal);
    }

    [Fact]
    public void A_threat_without_an_earlier_case_is_a_sentence_of_its_own()
    {
        FlagEvidence threat = new(FlagKinds.Escalating, 0.5, Cues: ["regulator", "media"]);
        Assert.Equal("文中提及诉诸监管、媒体与舆情。", FlagSentence.In(threat, Language.Zh, Chinese));
        Assert.Equal("The text speaks of turning to the regulator, the media.", FlagSentence.In(threat, Language.En, Chinese));
    }

    [Fact]
    public void Two_cases_of_one_day_are_said_to_be_of_one_day()
    {
        FlagEvidence repeat = Escalation with { Kind = FlagKinds.Repeat, GapDays = 0, ToLevel = 0, Cues = null, MatterBasis = MatterBases.SameBusinessCause };
        Assert.Contains("为同日，业务类别与投诉原因相同", FlagSentence.In(repeat, Language.Zh, Chinese), StringComparison.Ordinal);
        Assert.Contains("on the same day as TS20250101000001", FlagSentence.In(repeat, Language.En, Chinese), StringComparison.Ordinal);
    }
}
