using System.Globalization;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;

namespace Pipeline.Models.Flags.Priority;

/// <summary>Says a reason of the priority list in words.</summary>
public static class PrioritySentence
{
    public static string In(IEnumerable<PriorityReason> reasons, Language language, ComplaintTaxonomy taxonomy) =>
        string.Join(language == Language.Zh ? "；" : "; ", reasons.Select(r => In(r, language, taxonomy)));

    public static string In(PriorityReason reason, Language language, ComplaintTaxonomy taxonomy)
    {
        bool zh = language == Language.Zh;
        return reason.Family switch
        {
            PriorityFamilies.SinceClosing => zh ? $"办结后第 {Days(reason)} 天" : $"closed {Days(reason)} days ago",
            PriorityFamilies.DaysOpen => zh ? $"未办结，已历 {Days(reason)} 天" : $"open for {Days(reason)} days",
            PriorityFamilies.Handling => zh ? $"办理用时 {Days(reason)} 天" : $"took {Days(reason)} days to handle",
            PriorityFamilies.Gap => zh ? $"距上一件 {Days(reason)} 天即再投诉" : $"came back {Days(reason)} days after the case before",
            PriorityFamilies.Satisfaction => reason.Member switch
            {
                "dissatisfied" => zh ? "回访不满意" : "dissatisfied when asked",
                "not_reached" => zh ? "回访联系不上" : "not reached when asked",
                "not_asked" => zh ? "尚未回访" : "not asked yet",
                "fairly_satisfied" => zh ? "回访基本满意" : "fairly satisfied when asked",
                _ => zh ? "回访满意" : "satisfied when asked",
            },
            PriorityFamilies.Chain => zh ? "同一事项已再次投诉" : "came back on this matter before",
            PriorityFamilies.Person => reason.Member == "returns"
                ? zh ? "一年内有过重复投诉" : "repeated a complaint within a year"
                : zh ? "一年内有过其他投诉" : "other complaints within a year",
            PriorityFamilies.Stage => reason.Member switch
            {
                Stages.Escalation => zh ? "正文处于升级阶段" : "the text is at the stage of escalation",
                Stages.Complaint => zh ? "正文提出明确诉求" : "the text makes a claim",
                Stages.Grievance => zh ? "正文表达不满" : "the text voices a grievance",
                _ => zh ? "正文为咨询" : "the text asks",
            },
            PriorityFamilies.Threat => zh ? $"正文提及诉诸{FlagSentence.Cue(reason.Member, language)}" : $"the text speaks of turning to {FlagSentence.Cue(reason.Member, language)}",
            PriorityFamilies.Channel => reason.Member switch
            {
                "escalated" => zh ? "已升级到更高层级渠道" : "already went to a higher channel",
                _ when reason.Member.StartsWith(PriorityFeatures.Rung, StringComparison.Ordinal) => zh ? $"渠道层级 {reason.Member[PriorityFeatures.Rung.Length..]}" : $"channel on level {reason.Member[PriorityFeatures.Rung.Length..]}",
                _ => zh ? $"来自{taxonomy.Label(Dimensions.Channel, reason.Member, language)}" : $"came by {taxonomy.Label(Dimensions.Channel, reason.Member, language)}",
            },
            PriorityFamilies.Business => zh ? $"业务类别：{taxonomy.Label(Dimensions.Business, reason.Member, language)}" : $"business line: {taxonomy.Label(Dimensions.Business, reason.Member, language)}",
            PriorityFamilies.Cause => zh ? $"原因：{taxonomy.Label(Dimensions.Cause, reason.Member, language)}" : $"cause: {taxonomy.Label(Dimensions.Cause, reason.Member, language)}",
            PriorityFamilies.Branch => zh ? $"机构：{reason.Member}" : $"organisation: {reason.Member}",
            PriorityFamilies.Severity => zh ? $"投诉等级：{taxonomy.Label(Dimensions.Severity, reason.Member, language)}" : $"severity: {taxonomy.Label(Dimensions.Severity, reason.Member, language)}",
            PriorityFamilies.Amount => zh ? "涉及金额" : "an amount is claimed",
            PriorityFamilies.Compensation => reason.Member == "yes" ? zh ? "已小额补偿" : "compensated" : zh ? "未补偿" : "not compensated",
            PriorityFamilies.Liability => reason.Member switch
            {
                "yes" => zh ? "认定有责" : "the bank was found liable",
                "no" => zh ? "认定无责" : "the bank was found not liable",
                _ => zh ? "责任未认定" : "liability not decided",
            },
            PriorityFamilies.Group => zh ? "属于群体投诉" : "belongs to a group complaint",
            PriorityFamilies.Organised => zh ? "属于疑似有组织投诉" : "belongs to a suspected organised pattern",
            _ => reason.Family,
        };
    }

    /// <summary>A span such as <c>03-05</c> or <c>26+</c> without its noughts.</summary>
    private static string Days(PriorityReason reason)
    {
        string[] ends = reason.Member.TrimEnd('+').Split('-');
        string from = int.Parse(ends[0], CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);
        return ends.Length == 1 ? from + "+" : $"{from}–{int.Parse(ends[1], CultureInfo.InvariantCulture)}";
    }
}
