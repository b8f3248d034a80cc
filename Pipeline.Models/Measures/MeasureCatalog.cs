using Pipeline.Models.Complaints;
using Pipeline.Models.Text;

namespace Pipeline.Models.Measures;

/// <summary>
/// Every measure that figures are made with. A measure counts complaints <em>received</em> in the period, whatever happened to them
/// later; formulas follow DOMAIN A3.7, where published formulas are rare: each definition states ours in full.
/// </summary>
public static class MeasureCatalog
{
    public static IReadOnlyList<Measure> All { get; } =
    [
        Count("complaints", "投诉量", "Complaints", "期间内受理的投诉件数，合并重复前，每个工单计一件。",
            "Complaints received in the period, before repeats are merged; one per case number.", (_, _) => true),
        new("persons", MeasureKind.DistinctPersons, Units.Persons, new("投诉人数", "Complainants"),
            new("期间内不同投诉人数；无法识别投诉人的每件计一人。",
                "Different complainants of the period; a complaint whose complainant is not known counts as one person."), (_, _) => true)
        { Needs = Evidence.Persons },
        new("persons_affected", MeasureKind.Sum, Units.Persons, new("涉及人数", "Persons affected"),
            new("工单“投诉人数”之和；工单未载者计一人。", "Sum of the number of persons that the cases state; one where a case states none."), (_, _) => true, null, f => f.Persons)
        { Needs = Evidence.Persons },
        Count("after_merging", "合并重复后投诉量", "Complaints after merging repeats", "投诉量减去90日内的重复投诉。",
            "Complaints less those that repeat an earlier case of the same matter within 90 days.", (f, _) => !RepeatsWithin(f, 90)) with { Needs = Evidence.Persons },

        Count("open", "未办结", "Open", "截至数据日尚未办结。", "Not closed as of the data date.", (f, _) => f.Status == "open"),
        Count("closed", "已办结", "Closed", "截至数据日已办结。", "Closed as of the data date.", (f, _) => f.Status == "closed"),
        Count("closed_on_time_15", "15日内办结", "Closed within 15 days",
            "办结日不晚于一般时限末日（自然日，受理当日不计）。",
            "Closed no later than the first limit (calendar days, the day of receipt not counted).",
            (f, c) => Within(f, c, c.Limits.First)) with
        {
            Needs = Evidence.ClosingDays,
            ChineseRule = new("末日逢休假日是否顺延依现行规则（令2020年第3号第18条）。", "Whether it rolls over days off follows the rule in force (Order 2020 No.3 art. 18)."),
        },
        Count("closed_within_30", "30日内办结", "Closed within 30 days", "办结日距受理日不超过复杂时限。",
            "Closed no more than the extended limit after receipt.", (f, c) => Within(f, c, c.Limits.Extended)) with { Needs = Evidence.ClosingDays },
        Count("closed_within_60", "60日内办结", "Closed within 60 days", "办结日距受理日不超过最终时限。",
            "Closed no more than the final limit after receipt.", (f, c) => Within(f, c, c.Limits.Final)) with { Needs = Evidence.ClosingDays },
        Count("over_60_days", "超过60日", "Over 60 days", "办结用时超过最终时限，或未办结且截至数据日已超过最终时限。",
            "Closed later than the final limit, or still open and past it on the data date.",
            (f, c) => IsOver(f, c, c.Limits.Final)) with { Needs = Evidence.ClosingDays },
        Share("closure_rate", "办结率", "Closure rate", "期间受理且已办结 ÷ 期间受理（撤诉除外）。",
            "Closed ÷ received in the period, withdrawn cases left out.", (f, _) => f.Status == "closed", (f, _) => f.Status != "withdrawn"),
        Share("on_time_rate", "及时办结率", "On-time rate", "15日内办结 ÷（有办结日期的已办结投诉 + 载有办结期限且已过15日仍未办结的投诉）。",
            "Closed within the first limit ÷ (closed on a known date + open past the first limit, where the source states a due date).",
            (f, c) => Within(f, c, c.Limits.First),
            (f, c) => f is { Status: "closed", HandlingDays: not null } || (f.Status == "open" && f.Due is not null && IsOver(f, c, c.Limits.First))) with { Needs = Evidence.ClosingDays },
        Share("first_contact_rate", "首次处理完结率", "First-contact resolution rate", "已办结且办结后30日内同一事项未再投诉 ÷ 已办结。",
            "Closed and not followed by a repeat of the same matter within 30 days of closing ÷ closed.",
            (f, _) => f.ReturnAfterClosingDays is null or > 30, (f, _) => f is { Status: "closed", Closed: not null }) with { Needs = Evidence.Persons | Evidence.ClosingDays },
        new("median_handling_days", MeasureKind.Median, Units.Days, new("办理天数中位数", "Median handling days"),
            new("已办结投诉从受理到办结的自然日中位数。", "Median calendar days from receipt to closing of the closed complaints."),
            (f, _) => f.Status == "closed", null, f => f.HandlingDays)
        { Needs = Evidence.ClosingDays },

        Share("satisfaction_rate", "满意率", "Satisfaction rate", "（满意 + 基本满意）÷ 有效回访（联系不上不计）。",
            "(Satisfied + fairly satisfied) ÷ follow-ups that reached the customer.",
            (f, _) => f.Satisfaction is "satisfied" or "fairly_satisfied",
            (f, _) => f.Satisfaction is "satisfied" or "fairly_satisfied" or "dissatisfied"),
        Share("liable_rate", "有责率", "Liable rate", "认定有责 ÷ 已作责任认定。", "Found liable ÷ cases with a finding on liability.",
            (f, _) => f.IsLiable == true, (f, _) => f.IsLiable is not null) with { Needs = Evidence.Liability },
        Share("timely_response_rate", "及时答复率", "Timely response rate", "来源标明及时答复 ÷ 来源标明是否及时的投诉。",
            "Marked timely by the source ÷ complaints that the source marks either way.",
            (f, _) => f.IsTimelyReported == true, (f, _) => f.IsTimelyReported is not null),

        Count("repeat_7", "7日内重复投诉", "Repeats within 7 days", "同一投诉人同一事项，距上一件不超过7日。",
            "Same complainant, same matter, at most 7 days after the case before.", (f, _) => RepeatsWithin(f, 7)) with { Needs = Evidence.Persons },
        Count("repeat_30", "30日内重复投诉", "Repeats within 30 days", "同一投诉人同一事项，距上一件不超过30日。",
            "Same complainant, same matter, at most 30 days after the case before.", (f, _) => RepeatsWithin(f, 30)) with { Needs = Evidence.Persons },
        Count("repeat_90", "90日内重复投诉", "Repeats within 90 days", "同一投诉人同一事项，距上一件不超过90日。",
            "Same complainant, same matter, at most 90 days after the case before.", (f, _) => RepeatsWithin(f, 90)) with { Needs = Evidence.Persons },
        Share("repeat_rate_7", "重复投诉率（7日）", "Repeat rate, 7 days", "7日内重复投诉 ÷ 投诉量（合并前）。",
            "Repeats within 7 days ÷ complaints before merging.", (f, _) => RepeatsWithin(f, 7)) with { Needs = Evidence.Persons },
        Share("repeat_rate_30", "重复投诉率（30日）", "Repeat rate, 30 days", "30日内重复投诉 ÷ 投诉量（合并前）。",
            "Repeats within 30 days ÷ complaints before merging.", (f, _) => RepeatsWithin(f, 30)) with { Needs = Evidence.Persons },
        Share("repeat_rate_90", "重复投诉率（90日）", "Repeat rate, 90 days", "90日内重复投诉 ÷ 投诉量（合并前）。",
            "Repeats within 90 days ÷ complaints before merging.", (f, _) => RepeatsWithin(f, 90)) with { Needs = Evidence.Persons },
        Count("escalated", "升级投诉", "Escalated", "重复投诉，且渠道层级高于所重复的上一件。",
            "Repeats whose channel stands higher on the ladder than the case they repeat.", (f, _) => f.IsEscalation) with { Needs = Evidence.Persons | Evidence.Channels },
        Share("escalation_rate", "升级率", "Escalation rate", "升级投诉 ÷ 投诉量。", "Escalated ÷ complaints.", (f, _) => f.IsEscalation) with { Needs = Evidence.Persons | Evidence.Channels },
        Count("returned_90", "90日内再投诉", "Returned within 90 days", "该件之后90日内同一投诉人就同一事项再次投诉；受理满90日前仍会增加。",
            "The same complainant complained again of the same matter within 90 days of this case; still grows until 90 days have passed.",
            (f, _) => ReturnsWithin(f, 90)) with { Needs = Evidence.Persons },
        Share("return_rate_90", "再投诉率（90日）", "Return rate, 90 days", "90日内再投诉 ÷ 投诉量；受理满90日前偏低。",
            "Returned within 90 days ÷ complaints; too low until 90 days have passed.", (f, _) => ReturnsWithin(f, 90)) with { Needs = Evidence.Persons },
        Share("escalated_after_rate_90", "再投诉时升级的比例（90日）", "Escalated on return, 90 days", "90日内再投诉且该次升级 ÷ 投诉量；受理满90日前偏低。",
            "Returned within 90 days through a higher channel ÷ complaints; too low until 90 days have passed.",
            (f, _) => ReturnsWithin(f, 90) && f.IsNextEscalation) with { Needs = Evidence.Persons | Evidence.Channels },
        Count("bypass", "越级投诉", "Bypass", "首次投诉即到机构以外（外部平台、监管、司法等），且未见该事项此前工单。",
            "First contact is already outside the organisation and no earlier case of the matter is known.", (f, _) => f.IsBypass) with { Needs = Evidence.Persons | Evidence.Channels },
        Count("regulator_transfers", "监管转办", "Regulator transfers", "经监管部门而来的投诉。",
            "Complaints that came through a regulator.", (f, _) => f.ChannelGroup == "regulator") with
        {
            Needs = Evidence.Channels,
            ChineseRule = new("含监管（12378）与人行（12363）。", "Those of the banking regulator (12378) and of the central bank (12363)."),
        },
        Share("regulator_share", "监管转办占比", "Regulator share", "监管转办 ÷ 投诉量。", "Regulator transfers ÷ complaints.",
            (f, _) => f.ChannelGroup == "regulator") with { Needs = Evidence.Channels },
        Count("threats", "含升级威胁", "Escalation threats", "正文出现投诉人将向监管、司法、媒体等升级的表述（否定句、转述对方的话除外）。",
            "The writer threatens to turn to a regulator, court, the media or the like (negations and what the other side says left out).", (f, _) => f.HasThreat) with { Needs = Evidence.Texts },

        .. RegulatoryMeasures.All,
        .. UkMeasures.All,

        new("amount_claimed", MeasureKind.Sum, Units.Yuan, new("涉诉金额", "Amount claimed"),
            new("工单投诉金额之和。", "Sum of the amounts that the cases state."), (_, _) => true, null, f => f.Amount)
        { Needs = Evidence.Amounts },
        new("compensation_paid", MeasureKind.Sum, Units.Yuan, new("小额补偿金额", "Compensation paid"),
            new("小额补偿金额之和。", "Sum of the goodwill payments."), (_, _) => true, null, f => f.Compensation)
        { Needs = Evidence.Compensation },

        Count("needs_review", "待复核预测", "Predictions to review", "计数所用标签来自模型且低于复核阈值的投诉。",
            "Complaints counted by a model label whose probability is below the review threshold.",
            (f, _) => Doubtful(f.Nature) || Doubtful(f.Business) || Doubtful(f.Cause)),
        Share("reported_business_share", "业务类别编码率", "Business line coded", "导出文件已编码业务类别 ÷ 投诉量。",
            "Business line coded in the export ÷ complaints.", (f, _) => f.Business.Reported is not null) with { NamesDimension = true },
        Share("reported_cause_share", "投诉原因编码率", "Cause coded", "导出文件已编码投诉原因 ÷ 投诉量。",
            "Cause coded in the export ÷ complaints.", (f, _) => f.Cause.Reported is not null) with { NamesDimension = true },
        Count("business_disagreement", "业务类别不一致", "Business line disagreements", "已编码业务类别与模型预测不同。",
            "The coded business line differs from the model's.", (f, _) => Disagrees(f.Business)) with { Needs = Evidence.ComparedBusiness, NamesDimension = true },
        Count("cause_disagreement", "投诉原因不一致", "Cause disagreements", "已编码投诉原因与模型预测不同。",
            "The coded cause differs from the model's.", (f, _) => Disagrees(f.Cause)) with { Needs = Evidence.ComparedCause, NamesDimension = true },
        Count("with_warning", "含数据警告", "With data warnings", "有取值被搁置或存疑的投诉。",
            "Complaints with a value that was set aside or is in doubt.", (f, _) => f.Warnings.Count > 0),
    ];

    private static readonly Dictionary<string, Measure> ByKey = All.ToDictionary(m => m.Key, StringComparer.Ordinal);

    /// <exception cref="KeyNotFoundException">There is no such measure.</exception>
    public static Measure Find(string key) =>
        ByKey.TryGetValue(key, out Measure? measure) ? measure : throw new KeyNotFoundException($"no measure is called '{key}'");

    public static bool Has(string key) => ByKey.ContainsKey(key);

    internal static Measure Count(string key, string zh, string en, string definitionZh, string definitionEn, Func<ComplaintFact, MeasureContext, bool> counted) =>
        new(key, MeasureKind.Count, Units.Complaints, new Bilingual(zh, en), new Bilingual(definitionZh, definitionEn), counted);

    internal static Measure Share(
        string key, string zh, string en, string definitionZh, string definitionEn,
        Func<ComplaintFact, MeasureContext, bool> counted, Func<ComplaintFact, MeasureContext, bool>? of = null) =>
        new(key, MeasureKind.Share, Units.Share, new Bilingual(zh, en), new Bilingual(definitionZh, definitionEn), counted, of ?? ((_, _) => true));

    private static bool Within(ComplaintFact fact, MeasureContext context, int limit) =>
        fact is { Status: "closed", Closed: { } closed } && closed <= context.LastDay(fact.Received, limit);

    /// <summary>Ended after the limit, or still open and past it on the data date.</summary>
    private static bool IsOver(ComplaintFact fact, MeasureContext context, int limit) =>
        (fact.Closed ?? (fact.Status == "open" ? context.AsOf : fact.Received)) > context.LastDay(fact.Received, limit);

    /// <summary>Whether a complaint of a status ended on a day of the period, whenever it was received.</summary>
    internal static bool EndedInPeriod(ComplaintFact fact, MeasureContext context, string status) =>
        fact.Status == status && fact.Closed is { } ended && context.Period.Contains(ended);

    internal static bool ClosedInPeriod(ComplaintFact fact, MeasureContext context) => EndedInPeriod(fact, context, "closed");

    internal static bool RepeatsWithin(ComplaintFact fact, int calendarDays) => fact.RepeatGapDays is { } gap && gap <= calendarDays;

    private static bool ReturnsWithin(ComplaintFact fact, int calendarDays) => fact.NextGapDays is { } gap && gap <= calendarDays;

    private static bool Doubtful(HeadLabel label) => label.Basis == LabelBasis.Predicted && label.NeedsReview;

    private static bool Disagrees(HeadLabel label) => label.Reported is { } r && label.Predicted is { } p && r != p;
}
