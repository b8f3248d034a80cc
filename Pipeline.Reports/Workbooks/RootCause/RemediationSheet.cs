using System.Globalization;
using Pipeline.Models.Measures;
using Pipeline.Models.RootCauses;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.RootCause;

/// <summary>Whether corrective actions worked: before against after, with what could have been seen.</summary>
internal static class RemediationSheet
{
    public static void Add(Composer c)
    {
        if (c.Report.RootCauses?.Remediation is not { } remediation)
        {
            return;
        }
        Sheet sheet = c.Page(c.T("整改效果", "Remediation"), c.T("整改效果检验", "Did remediation work?"), c.T("整改完成后，该范围的投诉是否真的减少", "Whether complaints of the scope really fell after the action was done"));
        sheet.Width(1, 10);
        sheet.Width(2, 26);
        sheet.Paragraph(Finding(c, remediation), Styles.Finding, 1, 12);
        sheet.Paragraph(
            c.T($"方法：开始日期之前的整月与完成日期之后的整月相比，其间各月不计；两个泊松率的精确条件检验，月间离散超过泊松时按准泊松折算，95% 区间（Clopper–Pearson）；有 24 个月数据时按其他投诉的季节权重调整。p < {RemediationEffect.Level:0.00} 且比值小于 1 为“有效”，大于 1 为“恶化”，否则“尚不能区分”。“可发现的降幅”：以前后各月的数据，有 {RemediationEffect.Power * 100:0}% 把握看出的最小降幅；“其他投诉比值”为同期未涉及的投诉的变化，供对照。前后对比不等于因果。",
                $"Method: whole months before the work began against whole months after it was done, months between left out; exact conditional test of two Poisson rates, quasi-Poisson where months vary more; 95% interval (Clopper–Pearson); months are weighted by the season of the other complaints where 24 months stand. p < {RemediationEffect.Level:0.00} and a ratio below 1: worked; above 1: worse; else not yet distinguishable. The fall that would be seen: the smallest that these months show with a probability of {RemediationEffect.Power * 100:0}%. Other complaints: what changed without the action. Before and after is no proof of cause."),
            Styles.Note, 1, 12);
        sheet.Skip();
        if (remediation.Outcomes.Count == 0)
        {
            return;
        }
        TablePlace place = sheet.Table(SheetTable.Of(
            "Remediation",
            [
                new(c.T("编号", "Id"), 10, true), new(c.DimensionName(Dimensions.Cause), 28, true), new(c.T("范围", "Scope"), 18, true), new(c.T("整改措施", "Action"), 36, true), new(c.T("负责人", "Owner"), 14, true),
                new(c.T("应完成", "Due"), 12), new(c.T("完成", "Done"), 12), new(c.T("进度", "Progress"), 16, true), new(c.T("结论", "Verdict"), 20, true),
                new(c.T("前：月均", "Mean before"), 10), new(c.T("后：月均", "Mean after"), 10), new(c.T("比值", "Ratio"), 9), new(c.T("95% 下限", "95% from"), 9), new(c.T("95% 上限", "95% to"), 9),
            ],
            [.. remediation.Outcomes.Select(o => Row(c, o))]));
        sheet.FreezeBelow(place, 2);
        sheet.Skip();
        sheet.Row(Cell.Of(c.T("检验所用数字", "Numbers of the tests"), Styles.Section));
        sheet.Table(SheetTable.Of(
            "RemediationTests",
            [
                new(c.T("编号", "Id"), 10, true), new(c.T("前：月份", "Months before"), 28, true), new(c.T("前：件数", "Complaints before"), 18), new(c.T("后：月份", "Months after"), 36, true), new(c.T("后：件数", "Complaints after"), 14),
                new(c.T("p 值", "p-value"), 12), new(c.T("离散", "Dispersion"), 12), new(c.T("季节调整", "Season"), 16, true), new(c.T("其他投诉比值", "Other complaints"), 20),
                new(c.T("可发现的降幅", "Fall that would be seen"), 10), new(c.T("看出三分之一降幅需几个月", "Months to see a fall by a third"), 10),
            ],
            [.. remediation.Outcomes.Select(o => Numbers(c, o))]));
    }

    private static IReadOnlyList<Cell> Row(Composer c, RemediationOutcome outcome)
    {
        RemediationEntry entry = outcome.Entry;
        RemediationEffect effect = outcome.Effect;
        string scope = string.Join(c.T("、", ", "), ((string?[])[entry.Business is { } b ? c.Label(Dimensions.Business, b) : null, entry.Branch]).OfType<string>());
        return
        [
            Cell.Of(entry.Id), Cell.Of(c.Label(Dimensions.Cause, entry.Cause), Styles.TextWrapped), Cell.Of(scope.Length == 0 ? c.T("全部", "all") : scope, Styles.TextWrapped),
            Cell.Of(entry.Action, Styles.TextWrapped), Cell.Of(entry.Owner, Styles.TextWrapped), Cell.Of(entry.Due), Cell.Of(entry.Done), Progress(c, entry), Verdict(c, effect.State),
            Mean(effect.Before, effect.CountBefore), Mean(effect.After, effect.CountAfter), Number(effect.Rates?.Ratio), Number(effect.Rates?.Low), Number(effect.Rates?.High),
        ];
    }

    private static IReadOnlyList<Cell> Numbers(Composer c, RemediationOutcome outcome)
    {
        RemediationEffect effect = outcome.Effect;
        return
        [
            Cell.Of(outcome.Entry.Id), Cell.Of(effect.Before?.Span), Cell.Of(effect.CountBefore), Cell.Of(effect.After?.Span), Cell.Of(effect.CountAfter),
            effect.Rates is { } rates ? Cell.Of(Math.Round(rates.PValue, 6), Styles.PValue) : Cell.Undefined(Styles.PValue),
            effect.Rates is null ? Cell.Undefined(Styles.Score) : Number(effect.Dispersion), Cell.Of(effect.IsSeasonal ? c.T("是", "yes") : c.T("否", "no"), Styles.Text with { Align = CellAlign.Center }),
            Number(effect.OthersRatio), effect.SeenFall is { } fall ? Cell.Of(HalfUp.Round((decimal)fall, 3), Styles.Share(0)) : Cell.Undefined(Styles.Share(0)),
            effect.MonthsForThird is { } months ? Cell.Of(months) : Cell.Undefined(Styles.Count),
        ];
    }

    private static Cell Mean(FigurePeriod? period, long count) => period is { } p ? Cell.Of(HalfUp.Round((decimal)count / p.Months, 1), Styles.Days) : Cell.Undefined(Styles.Days);

    private static Cell Number(double? value) => Cell.OrUndefined(value is { } v ? HalfUp.Round((decimal)v, 2) : null, Styles.Score);

    private static Cell Progress(Composer c, RemediationEntry entry) => (entry.Done, entry.Due) switch
    {
        ({ } done, { } due) when done > due => Cell.Of(c.T($"逾期 {done.DayNumber - due.DayNumber} 天完成", $"done {English.Count(done.DayNumber - due.DayNumber, "day")} late"), Styles.TextWrapped with { Color = Palette.Alert }),
        ({ }, _) => Cell.Of(c.T("已完成", "done"), Styles.TextWrapped),
        (null, { } due) when due < c.Report.Lineage.AsOf => Cell.Of(c.T($"已逾期 {c.Report.Lineage.AsOf.DayNumber - due.DayNumber} 天", $"{English.Count(c.Report.Lineage.AsOf.DayNumber - due.DayNumber, "day")} overdue"), Styles.TextWrapped with { Color = Palette.Alert, Bold = true }),
        _ => Cell.Of(c.T("进行中", "under way"), Styles.TextWrapped),
    };

    internal static string Words(Composer c, RemediationState state) => state switch
    {
        RemediationState.Worked => c.T("▼ 有效", "▼ worked"),
        RemediationState.Worse => c.T("▲ 恶化", "▲ worse"),
        RemediationState.NotDistinguishable => c.T("尚不能区分", "not yet distinguishable"),
        RemediationState.TooEarly => c.T("完成后不足一个整月", "no whole month since"),
        RemediationState.NoBaseline => c.T("开始前数据不足", "too little before"),
        _ => c.T("未完成，不检验", "not done, not tested"),
    };

    private static Cell Verdict(Composer c, RemediationState state) => Cell.Of(Words(c, state), Styles.TextWrapped with
    {
        Bold = state is RemediationState.Worked or RemediationState.Worse,
        Color = state switch { RemediationState.Worked => Palette.Good, RemediationState.Worse => Palette.Alert, RemediationState.NotDistinguishable => Palette.Ink, _ => Palette.Muted },
    });

    private static string Finding(Composer c, RemediationReport remediation)
    {
        if (remediation.Outcomes.Count == 0)
        {
            return c.T($"登记簿中还没有整改。在“{RegisterSheet.Name(c.Language)}”表填写后导入，下次运行即检验效果。", $"The register holds no action yet. Fill in the sheet {RegisterSheet.Name(c.Language)}, import it, and the next run tests what it did.");
        }
        int Of(RemediationState state) => remediation.Outcomes.Count(o => o.Effect.State == state);
        string detail = string.Join(c.T("；", "; "), remediation.Outcomes.Where(o => o.Effect.State is RemediationState.Worked or RemediationState.Worse).Take(3).Select(o => string.Create(
            CultureInfo.InvariantCulture, $"{o.Entry.Id} {c.Label(Dimensions.Cause, o.Entry.Cause)} ×{o.Effect.Rates!.Ratio:0.00} (p {Workbooks.Words.P(o.Effect.Rates.PValue)})")));
        return c.T(
            $"登记簿第 {remediation.Version} 版共 {remediation.Outcomes.Count} 项：有效 {Of(RemediationState.Worked)}，尚不能区分 {Of(RemediationState.NotDistinguishable)}，恶化 {Of(RemediationState.Worse)}，尚不能检验 {Of(RemediationState.TooEarly) + Of(RemediationState.NoBaseline)}，进行中 {Of(RemediationState.UnderWay)}。{detail}",
            $"Register, version {remediation.Version}, {English.Count(remediation.Outcomes.Count, "action")}: {Of(RemediationState.Worked)} worked, {Of(RemediationState.NotDistinguishable)} not yet distinguishable, {Of(RemediationState.Worse)} worse, {Of(RemediationState.TooEarly) + Of(RemediationState.NoBaseline)} cannot be tested yet, {Of(RemediationState.UnderWay)} under way. {detail}");
    }
}
