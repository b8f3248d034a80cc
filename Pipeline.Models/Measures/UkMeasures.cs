using Pipeline.Models.Complaints;
using Pipeline.Models.Flags.Profiles;
using Pipeline.Models.Regulatory;
using Pipeline.Models.Text;
using static Pipeline.Models.Measures.MeasureCatalog;

namespace Pipeline.Models.Measures;

/// <summary>What the UK's complaints return asks for (DISP 1 Annex 1R, DOMAIN C2; vulnerability counts of PS25/19, DOMAIN C3).</summary>
internal static class UkMeasures
{
    public static IReadOnlyList<Measure> All { get; } =
    [
        Count("uk_closed_3_days", "3 个营业日内办结", "Closed within 3 business days",
            "期间办结，且不晚于受理日之后第 3 个营业日（营业日依节假日历；DISP 1.5）。",
            "Closed in the period, by the close of the third business day after receipt (business days by the calendar; DISP 1.5).",
            (f, c) => ClosedInPeriod(f, c) && Within3Days(f, c)) with { Basis = MeasureBasis.Handled, View = RegulatoryViews.UnitedKingdom, Needs = Evidence.ClosingDays },
        Count("uk_closed_8_weeks", "3 日后 8 周内办结", "Closed after 3 days, within 8 weeks",
            "期间办结，超过 3 个营业日但不超过受理后 8 周（56 日；DISP 1.6）。",
            "Closed in the period, later than that and no more than 8 weeks (56 days) after receipt (DISP 1.6).",
            (f, c) => ClosedInPeriod(f, c) && !Within3Days(f, c) && IsWithin8Weeks(f)) with { Basis = MeasureBasis.Handled, View = RegulatoryViews.UnitedKingdom, Needs = Evidence.ClosingDays },
        Count("uk_closed_over_8_weeks", "超过 8 周办结", "Closed after more than 8 weeks",
            "期间办结，超过受理后 8 周。", "Closed in the period, more than 8 weeks after receipt.",
            (f, c) => ClosedInPeriod(f, c) && !Within3Days(f, c) && !IsWithin8Weeks(f)) with { Basis = MeasureBasis.Handled, View = RegulatoryViews.UnitedKingdom, Needs = Evidence.ClosingDays },
        Count("uk_upheld", "支持的投诉", "Upheld",
            "期间办结且认定有责（部分支持算支持；驳回而给予的好意补偿不算）。", "Closed in the period and found liable; upheld in part is upheld, a goodwill payment on a rejection is not.",
            (f, c) => ClosedInPeriod(f, c) && f.IsLiable == true) with { Basis = MeasureBasis.Handled, View = RegulatoryViews.UnitedKingdom, Needs = Evidence.Liability | Evidence.ClosingDays },
        new("uk_redress", MeasureKind.Sum, Units.Yuan, new Bilingual("赔付金额", "Redress"),
            new Bilingual("期间办结投诉的赔付金额之和，来源币种。", "Sum of what was paid on the complaints closed in the period, in the source's currency."),
            ClosedInPeriod, null, f => f.Compensation)
        { Basis = MeasureBasis.Handled, View = RegulatoryViews.UnitedKingdom, Needs = Evidence.Compensation | Evidence.ClosingDays },
        Count("uk_vulnerable", "弱势客户的投诉（来源注明）", "From customers identified as vulnerable, stated by the source",
            "期间受理，来源标签属于规则所列弱势客户标签（PS25/19 第 i 项）。", "Received in the period with a tag that the rules list for vulnerable customers (PS25/19, count i).",
            (f, c) => HasTag(f, c.Book?.Rules.UnitedKingdom?.VulnerableTags)) with { View = RegulatoryViews.UnitedKingdom, Needs = Evidence.SourceTags },
        Count("uk_vulnerable_found", "弱势客户的投诉（来源未注明，词表在正文中找到）", "From customers who tell of a need in the text, not stated by the source",
            "期间受理，来源未注明弱势，而正文有弱势词表（lexicon.vulnerable，注明日期）所列高龄、残障、重病或生活困难的表述；供人复核，不作认定。",
            "Received in the period, not stated to be vulnerable by the source, with words of the dated lexicon of vulnerability (old age, disability, illness, hardship) in the text; to be looked at by a person, no finding.",
            (f, c) => f.Tags.Any(t => t.StartsWith(VulnerableLexicon.TagPrefix, StringComparison.Ordinal)) && !HasTag(f, c.Book?.Rules.UnitedKingdom?.VulnerableTags)) with
        { View = RegulatoryViews.UnitedKingdom, Needs = Evidence.Texts },
        Count("uk_vulnerability_failure", "未顾及弱势的投诉", "About failure to consider vulnerability",
            "期间受理，来源标签或投诉原因属于规则所列（PS25/19 第 ii 项）。", "Received in the period with a tag or cause that the rules list for failure to consider vulnerability (PS25/19, count ii).",
            (f, c) => HasTag(f, c.Book?.Rules.UnitedKingdom?.FailureTags) || (f.Cause.Class is { } cause && c.Book?.Rules.UnitedKingdom?.FailureCauses.Contains(cause) == true))
            with
        {
            View = RegulatoryViews.UnitedKingdom,
            // Causes are coded or predicted in every source; without a listed cause nothing but the tags can tell.
            NeedsByRules = book => book?.Rules.UnitedKingdom?.FailureCauses is { Count: > 0 } ? Evidence.None : Evidence.SourceTags,
        },
    ];

    private const int EightWeeks = 56;

    private static bool Within3Days(ComplaintFact fact, MeasureContext context) =>
        fact.Closed <= (context.Book is { } book ? book.Calendar.AddWorkingDays(fact.Received, 3) : fact.Received.AddDays(3));

    private static bool IsWithin8Weeks(ComplaintFact fact) => fact.Closed <= fact.Received.AddDays(EightWeeks);

    private static bool HasTag(ComplaintFact fact, IReadOnlyList<string>? tags) =>
        fact.SourceTags is { } text && tags?.Any(t => text.Contains(t, StringComparison.OrdinalIgnoreCase)) == true;
}
