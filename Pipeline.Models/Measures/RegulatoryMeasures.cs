using Pipeline.Models.Complaints;
using Pipeline.Models.Flags;
using Pipeline.Models.Regulatory;
using Pipeline.Models.Text;
using static Pipeline.Models.Measures.MeasureCatalog;

namespace Pipeline.Models.Measures;

/// <summary>
/// Measures that only regulators' tables ask for: both ways to count a limit, the stock and flow of a period, liability, merging, major
/// complaints, and complaints against outlets and customers. Formulas after DOMAIN A3.7; where it leaves one open, the definition states ours.
/// </summary>
internal static class RegulatoryMeasures
{
    public static IReadOnlyList<Measure> All { get; } =
    [
        Count("closed_on_time_15_strict", "15日内办结（不顺延）", "Closed within 15 days, no roll-over",
            "办结日距受理日不超过一般时限；自然日，受理当日不计，末日逢节假日不顺延。",
            "Closed no more than the first limit after receipt; calendar days, the day of receipt not counted, a last day off does not roll over.",
            (f, c) => Within(f, f.Received.AddDays(c.Limits.First))) with { Needs = Evidence.ClosingDays },
        Count("closed_on_time_15_rolled", "15日内办结（顺延）", "Closed within 15 days, rolled over",
            "同上，但末日逢法定休假日的，以休假日的次一工作日为末日；调休上班日为工作日。",
            "The same, but a limit that ends on a day off is over on the next working day; make-up working days are worked.",
            (f, c) => Within(f, c.RolledLastDay(f.Received, c.Limits.First))) with { Needs = Evidence.ClosingDays, ChineseRule = new("依民法典第203条。", "Civil Code art. 203.") },
        Count("closed_within_30_strict", "30日内办结（不顺延）", "Closed within 30 days, no roll-over", "办结日距受理日不超过复杂时限，不顺延。",
            "Closed no more than the extended limit after receipt, without roll-over.", (f, c) => Within(f, f.Received.AddDays(c.Limits.Extended))) with { Needs = Evidence.ClosingDays },
        Count("closed_within_60_strict", "60日内办结（不顺延）", "Closed within 60 days, no roll-over", "办结日距受理日不超过最终时限，不顺延。",
            "Closed no more than the final limit after receipt, without roll-over.", (f, c) => Within(f, f.Received.AddDays(c.Limits.Final))) with { Needs = Evidence.ClosingDays },
        Count("closed_within_30_rolled", "30日内办结（顺延）", "Closed within 30 days, rolled over", "办结日不晚于复杂时限末日，末日逢休假日顺延。",
            "Closed no later than the extended limit, which rolls over days off.", (f, c) => Within(f, c.RolledLastDay(f.Received, c.Limits.Extended))) with { Needs = Evidence.ClosingDays },
        Count("closed_within_60_rolled", "60日内办结（顺延）", "Closed within 60 days, rolled over", "办结日不晚于最终时限末日，末日逢休假日顺延。",
            "Closed no later than the final limit, which rolls over days off.", (f, c) => Within(f, c.RolledLastDay(f.Received, c.Limits.Final))) with { Needs = Evidence.ClosingDays },
        Share("on_time_rate_strict", "及时办结率（不顺延）", "On-time rate, no roll-over",
            "15日内办结（不顺延）÷（有办结日期的已办结投诉 + 载有办结期限且已过15日仍未办结的投诉）。",
            "Closed within the first limit without roll-over ÷ (closed on a known date + open past that limit, where the source states a due date).",
            (f, c) => Within(f, f.Received.AddDays(c.Limits.First)), (f, c) => IsDue(f, c, f.Received.AddDays(c.Limits.First))) with { Needs = Evidence.ClosingDays },
        Share("on_time_rate_rolled", "及时办结率（顺延）", "On-time rate, rolled over",
            "15日内办结（顺延）÷（有办结日期的已办结投诉 + 载有办结期限且已过顺延后时限仍未办结的投诉）。",
            "Closed within the first limit rolled over days off ÷ (closed on a known date + open past that limit, where the source states a due date).",
            (f, c) => Within(f, c.RolledLastDay(f.Received, c.Limits.First)), (f, c) => IsDue(f, c, c.RolledLastDay(f.Received, c.Limits.First))) with { Needs = Evidence.ClosingDays },

        Count("opening_open", "期初未办结", "Open at the start", "期间开始时尚未办结、此前受理的投诉；结束日期不明者视为已结束。",
            "Received before the period and not closed before it began; a case that ended on an unknown day is taken as ended.",
            (f, c) => f.Received < c.Period.From.FirstDay) with { Basis = MeasureBasis.Handled, Needs = Evidence.ClosingDays },
        Count("closed_in_period", "期间办结", "Closed in the period", "办结日期在期间内的投诉，不论何时受理。",
            "Closed on a day of the period, whenever received.", ClosedInPeriod) with { Basis = MeasureBasis.Handled, Needs = Evidence.ClosingDays },
        Count("withdrawn_in_period", "期间撤诉", "Withdrawn in the period", "撤诉日期在期间内的投诉，不论何时受理。",
            "Withdrawn on a day of the period, whenever received.",
            (f, c) => EndedInPeriod(f, c, "withdrawn")) with { Basis = MeasureBasis.Handled, Needs = Evidence.ClosingDays },
        Count("ended_day_unknown", "期间受理、结束日期不明", "Received in the period, ended on an unknown day",
            "期间受理且已办结或撤诉、但来源未载结束日期的投诉；期初未办结 + 受理 − 办结 − 撤诉 − 本项 = 下期期初未办结。",
            "Received in the period and closed or withdrawn on a day that the source does not state. Open at the start + received − closed − withdrawn − these = open at the start of the next period.",
            (f, _) => f.Status != "open" && f.Closed is null) with { Needs = Evidence.ClosingDays },
        Share("flow_closure_rate", "办结率（期初＋受理）", "Closure rate of stock and flow", "期间办结 ÷（期初未办结 + 期间受理）。",
            "Closed in the period ÷ (open at its start + received in it).", ClosedInPeriod) with { Basis = MeasureBasis.Handled, Needs = Evidence.ClosingDays },

        Share("liable_of_closed_rate", "有责率（按办结）", "Liable rate of closed cases", "认定有责的已办结投诉 ÷ 已办结投诉。",
            "Closed and found liable ÷ closed.", (f, _) => f.IsLiable == true, (f, _) => f.Status == "closed") with { Needs = Evidence.Liability },
        Count("merged_repeats", "可合并的重复投诉", "Repeats that may be merged",
            "前一件办理期间、内容相同的再次投诉，或短期内经两个渠道的同一投诉，90日内。",
            "Repeats within 90 days of the same content while the earlier case was being handled, or through two channels within few days.",
            (f, _) => IsMergeable(f)) with { Needs = Evidence.Persons, ChineseRule = new("依令2020年第3号第18条。", "Order 2020 No.3 art. 18.") },
        Count("complaints_merged", "投诉量（合并办理期间重复）", "Complaints, repeats while open merged", "投诉量减去可合并的重复投诉。",
            "Complaints less the repeats that may be merged.", (f, _) => !IsMergeable(f)) with { Needs = Evidence.Persons },
        Share("repeat_rate_merged", "重复投诉率（合并后）", "Repeat rate after merging",
            "合并后仍为重复的投诉（办结后再投诉、或有新事实）÷ 投诉量（合并办理期间重复）。",
            "Repeats that remain after merging (after closing, or with new facts) ÷ complaints with repeats while open merged.",
            (f, _) => RepeatsWithin(f, 90), (f, _) => !IsMergeable(f)) with { Needs = Evidence.Persons },

        Count("excluded", "不计入投诉的事项", "Not counted", "期间内受理、按统计范围规则不计入投诉的事项（非投诉事项、核减、按规则不计的撤诉）；不在其他任何指标中。",
            "Received in the period and no complaint by the rules of the population (other matters, taken out after review, withdrawn where the rules say so); in no other figure.",
            (_, _) => true) with { Basis = MeasureBasis.Excluded },

        Count("major", "重大消费投诉", "Major complaints", "本行定级为重大，或属于现场投诉人数达到规定人数的群体投诉。",
            "Graded major by the bank, or of a group whose complainants face to face reach the number of the rule.",
            (f, _) => f.IsMajorGroup || f.Severity == "major") with { Needs = Evidence.Grades, ChineseRule = new("依令2020年第3号第29条。", "Order 2020 No.3 art. 29.") },
        Count("major_group", "现场群体投诉（件）", "Complaints of face-to-face groups", "属于现场投诉人数达到规定人数的群体投诉的工单。",
            "Cases of a group whose complainants face to face reach the number of the rule.", (f, _) => f.IsMajorGroup) with { Needs = Evidence.Persons },

        Per("per_1000_outlets", Units.Per1000Outlets, "每千营业网点投诉量", "Per 1,000 outlets", "投诉量 ÷ 营业网点数 × 1000。", "Complaints ÷ outlets × 1,000.",
            new BaseNumber(Denominators.Outlets, 1_000), (_, _) => true),
        Per("per_10m_customers", Units.Per10MCustomers, "每千万个人客户投诉量", "Per 10 million personal customers", "投诉量 ÷ 个人客户数 × 10⁷。",
            "Complaints ÷ personal customers × 10⁷.", new BaseNumber(Denominators.PersonalCustomers, 10_000_000), (_, _) => true),
        Per("per_10k_customers", Units.Per10KCustomers, "每万个人客户投诉量", "Per 10,000 personal customers", "投诉量 ÷ 个人客户数 × 10⁴。",
            "Complaints ÷ personal customers × 10⁴.", new BaseNumber(Denominators.PersonalCustomers, 10_000), (_, _) => true),
        Per("per_outlet_month", Units.PerOutletMonth, "平均每网点月投诉量", "Per outlet and month", "投诉量 ÷ 营业网点数 ÷ 月数。", "Complaints ÷ outlets ÷ months.",
            new BaseNumber(Denominators.Outlets, 1, IsPerMonth: true), (_, _) => true),
        Per("complaint_rate", Units.Rate, "投诉率", "Complaint rate", "投诉量 ÷ 个人客户数。", "Complaints ÷ personal customers.",
            new BaseNumber(Denominators.PersonalCustomers, 1), (_, _) => true),
        Per("transfers_per_1000_outlets", Units.Per1000Outlets, "每千营业网点监管转办量（仅12378）", "Regulator transfers (12378 alone) per 1,000 outlets",
            "监管（12378）转送的投诉 ÷ 营业网点数 × 1000；与监管通报同口径（不含人行转办、一键呼转）。",
            "Complaints transferred by the regulator (12378) ÷ outlets × 1,000, as its bulletins count (without the central bank's and live transfers).",
            new BaseNumber(Denominators.Outlets, 1_000), (f, _) => f.Channel == Industry.BulletinChannel) with { Needs = Evidence.Channels },
        Per("transfers_per_10m_customers", Units.Per10MCustomers, "每千万个人客户监管转办量（仅12378）", "Regulator transfers (12378 alone) per 10 million customers",
            "监管（12378）转送的投诉 ÷ 个人客户数 × 10⁷；与监管通报同口径。", "Complaints transferred by the regulator (12378) ÷ personal customers × 10⁷, as its bulletins count.",
            new BaseNumber(Denominators.PersonalCustomers, 10_000_000), (f, _) => f.Channel == Industry.BulletinChannel) with { Needs = Evidence.Channels },
    ];

    private static Measure Per(
        string key, string unit, string zh, string en, string definitionZh, string definitionEn, BaseNumber per, Func<ComplaintFact, MeasureContext, bool> counted) =>
        new(key, MeasureKind.PerBase, unit, new Bilingual(zh, en),
            new Bilingual(
                definitionZh + "分母取期末月份所属季度的数；该季度缺数时无定义。不年化。",
                definitionEn + " Denominators of the quarter that the last month belongs to; not defined where they miss. Not annualised."),
            counted)
        { Per = per };

    private static bool Within(ComplaintFact fact, DateOnly lastDay) => fact is { Status: "closed", Closed: { } closed } && closed <= lastDay;

    private static bool IsDue(ComplaintFact fact, MeasureContext context, DateOnly lastDay) =>
        fact is { Status: "closed", Closed: not null } || (fact.Status == "open" && fact.Due is not null && context.AsOf > lastDay);

    private static bool IsMergeable(ComplaintFact fact) =>
        RepeatsWithin(fact, 90) && fact.RepeatCourse is RepeatCourses.WhileOpen or RepeatCourses.TwoChannels;
}
