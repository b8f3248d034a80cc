using Pipeline.Models.Measures;
using Pipeline.Models.Taxonomy;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.RootCause;

/// <summary>What each cause costs: customers touched, amounts claimed and paid, how many came back.</summary>
internal static class ImpactSheet
{
    private const int MostRows = 30;
    private static readonly string[] OfMonth = ["complaints", "persons", "persons_affected", "amount_claimed", "compensation_paid", "liable_rate", "satisfaction_rate"];
    private static readonly string[] OfCohort = ["complaints", "returned_90", "return_rate_90", "escalated_after_rate_90"];

    public static void Add(Composer c)
    {
        Breakdown causes = new(c, Dimensions.Cause);
        Sheet sheet = c.Page(c.T("影响", "Impact"), c.T($"各{c.Noun(Dimensions.Cause)}的影响", $"Impact of {c.Nouns(Dimensions.Cause)}"), c.T($"每类{c.Noun(Dimensions.Cause)}影响多少客户、涉及和支付多少金额、多少人再次投诉", $"How many customers each {c.Noun(Dimensions.Cause)} touches, what is claimed and paid, how many return"), isOnOnePage: true);
        FigurePeriod? matured = FigurePlan.Matured(c.Month, c.Report.History);
        // Also what had complaints in the months of the returns alone: the rows add up to the total there too.
        List<string> ranked = [.. causes.Members
            .Where(m => causes.Count("complaints", m) > 0 || (matured is { } then && c.Value("complaints", then, causes.Term(m)) > 0))
            .OrderByDescending(m => causes.Count("complaints", m)).Take(MostRows)];
        IReadOnlyList<Cell>[] rest = Rest(c, matured, causes, ranked) is { } left ? [left] : [];
        sheet.Width(1, 36);
        sheet.Paragraph(
            matured is { } period
                ? c.T($"再投诉按已满 90 日的 {period.Span} 受理的投诉计算：此后 90 日内同一投诉人就同一事项再次投诉；其余各列为 {c.Month}。金额只含工单注明的。", $"Returns are of complaints received in {period.Span}, which had their 90 days: the same complainant complained again of the same matter; all other columns are of {c.Month}. Amounts are those that cases state.")
                : c.T($"数据不足以计算已满 90 日的再投诉。各列为 {c.Month}；金额只含工单注明的。", $"The data do not reach back far enough for returns within 90 days. Columns are of {c.Month}; amounts are those that cases state."),
            Styles.Note, 1, 10);
        sheet.Paragraph(
            c.T($"投诉人数：同一人因几类{c.Noun(Dimensions.Cause)}投诉的，在每类各计一人，在合计只计一人，故各行之和可多于合计。", $"Complainants: a person who complains of several {c.Nouns(Dimensions.Cause)} counts once for each of them and once in the total, so the rows may add up to more than the total."),
            Styles.Note, 1, 10);
        sheet.Skip();
        TablePlace place = sheet.Table(SheetTable.Of(
            "Impact",
            [
                new(c.DimensionName(Dimensions.Cause), 36, true), .. OfMonth.Select(m => new TableColumn(c.MeasureName(m), 13)),
                .. matured is null ? [] : OfCohort.Select((m, i) => new TableColumn(i == 0 ? c.T("满 90 日的投诉", "Complaints with 90 days") : c.MeasureName(m), 13)),
            ],
            [.. ranked.Select(m => Row(c, matured, causes.Label(m), causes.Term(m))), .. rest],
            Row(c, matured, c.T("合计", "Total")),
            matured is { } p ? [new HeadGroup("", 1), new HeadGroup(c.Month.ToString(), OfMonth.Length), new HeadGroup(p.Span, OfCohort.Length)] : null));
        if (!place.IsEmpty)
        {
            sheet.FreezeBelow(place);
        }
    }

    /// <summary>What the rows leave of the totals: counts and sums; null where they leave no complaint.</summary>
    private static IReadOnlyList<Cell>? Rest(Composer c, FigurePeriod? matured, Breakdown causes, List<string> rows)
    {
        FigureKey[] totals = [.. OfMonth.Select(m => new FigureKey(m, FigurePeriod.Of(c.Month))), .. matured is { } period ? OfCohort.Select(m => new FigureKey(m, period)) : []];
        decimal? Left(FigureKey total) => MeasureCatalog.Find(total.Measure).Kind is MeasureKind.Count or MeasureKind.Sum
            ? c.Value(total.Measure, total.Period) - rows.Sum(m => c.Value(total.Measure, total.Period, causes.Term(m)) ?? 0)
            : null;
        return totals.Where(t => t.Measure == "complaints").All(t => Left(t) == 0)
            ? null
            : [Cell.Of(causes.RestLabel), .. totals.Select(t => Cell.OrUndefined(Left(t), c.StyleOf(MeasureCatalog.Find(t.Measure).Unit)))];
    }

    private static IReadOnlyList<Cell> Row(Composer c, FigurePeriod? matured, string label, params FilterTerm[] terms) =>
    [
        Cell.Of(label), .. OfMonth.Select(m => c.Cell(m, c.Month, terms)),
        .. matured is { } period ? OfCohort.Select(m => c.Cell(new FigureKey(m, period, terms))) : [],
    ];
}
