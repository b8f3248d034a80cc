using Pipeline.Models.Measures;
using Pipeline.Models.Regulatory;
using Pipeline.Models.Taxonomy;
using Pipeline.Reports.Charts;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.Regulatory;

/// <summary>The statistics in the shape in which regulators ask for them.</summary>
internal static class RegulatoryWorkbook
{
    public static void Compose(Composer c)
    {
        PreFlightSheet.Add(c);
        IndicatorsSheet.Add(c);
        PopulationSheet.Add(c);
        BusinessChannelSheet.Add(c);
        ByClass(c, Dimensions.Business, "BusinessLines");
        ByClass(c, Dimensions.Cause, "Causes");
        Crossed(c);
        SourceSheet.Add(c);
        OrganisationSheet.Add(c);
        TimelinessSheet.Add(c);
        bool isChina = c.HasView(RegulatoryViews.China);
        if (isChina)
        {
            RollOverSheet.Add(c);
        }
        ToDateSheet.Add(c);
        if (c.HasView(RegulatoryViews.UnitedStates))
        {
            CfpbSheet.Add(c);
            CfpbNamesSheet.Add(c);
        }
        if (c.HasView(RegulatoryViews.UnitedKingdom) && c.Report.Regulatory!.Rules.UnitedKingdom is not null)
        {
            UkSheet.Add(c);
        }
        if (isChina)
        {
            PeriodsSheet.AddIndicators(c);
            PeriodsSheet.AddDimensions(c);
            PeriodsSheet.AddSources(c);
            OrganisationClassesSheet.Add(c);
            PerBaseSheet.Add(c);
            MajorSheet.Add(c);
            IndustrySheet.Add(c);
            DisclosureSheet.Add(c);
        }
        ChangesSheet.Add(c);
    }

    /// <summary>A longer table would be printed too small together with its chart.</summary>
    private const int MostOnOnePage = 25;

    private static void ByClass(Composer c, string dimension, string table)
    {
        Breakdown breakdown = new(c, dimension);
        string name = c.DimensionName(dimension);
        string answers = c.T($"各{name}的投诉量、占比与变动", $"Complaints, shares and changes by {c.Noun(dimension)}");
        Sheet sheet = c.Page(name, name, answers, isOnOnePage: breakdown.Members.Count <= MostOnOnePage);
        if (!sheet.OnOnePage)
        {
            // A table longer than a page comes last: its heads are repeated on every page behind them.
            Chart(c, sheet, breakdown, name);
        }
        TablePlace place = ClassTable.Add(c, sheet, table, breakdown);
        if (!place.IsEmpty)
        {
            sheet.Conditions.Add(ConditionalRule.Bar(place.Column(2)));
        }
        if (sheet.OnOnePage)
        {
            sheet.FreezeBelow(place);
            sheet.Skip();
            Chart(c, sheet, breakdown, name);
        }
    }

    private static void Chart(Composer c, Sheet sheet, Breakdown breakdown, string name)
    {
        List<string> shown = [.. breakdown.Ranked().Where(m => m != FigurePlan.NoMember).Take(15)];
        if (shown.Count == 0)
        {
            return;
        }
        string title = c.Has(c.YearAgo) ? c.T($"{name}：本月与去年同月", $"{name}: this month and the same month last year") : c.T($"{name}：本月", $"{name}: this month");
        ChartSpec? chart = c.Charts.Chart(
            ChartData.Shape(title + ChartData.Largest(c, shown.Count, Math.Max(breakdown.Ranked().Count, breakdown.Classes), dimension: breakdown.Dimension), c.T(
                $"条形图：{name}投诉量，最多的是{breakdown.Label(shown[0])}，{breakdown.Count("complaints", shown[0])} 件。",
                $"Bar chart of complaints by {name.ToLowerInvariant()}; most: {breakdown.Label(shown[0])} with {breakdown.Count("complaints", shown[0])}.")) with
            { IsHorizontal = true },
            [.. shown.Select(breakdown.Label)],
            [
                new(c.Month.ToString(), [.. shown.Select(m => c.Value("complaints", c.Month, breakdown.Term(m)))], SeriesShape.Bar, Palette.Series[0], Styles.Count, HasLabels: true),
                .. c.Has(c.YearAgo)
                    ? (Plotted[])[new(c.YearAgo.ToString(), [.. shown.Select(m => c.Value("complaints", c.YearAgo, breakdown.Term(m)))], SeriesShape.Bar, Palette.Series[1], Styles.Count)]
                    : [],
            ]);
        sheet.Chart(chart, 1, 9, Math.Max(14, shown.Count * 2));
    }

    private static void Crossed(Composer c)
    {
        Breakdown business = new(c, Dimensions.Business);
        Breakdown cause = new(c, Dimensions.Cause);
        string by = c.T($"{c.DimensionName(Dimensions.Business)}×{c.DimensionName(Dimensions.Cause)}", $"{c.DimensionName(Dimensions.Business)} by {c.Noun(Dimensions.Cause)}");
        Sheet sheet = c.Page(by, by, c.T(
            $"每一{c.Noun(Dimensions.Business)}的投诉属于哪些{c.Noun(Dimensions.Cause)}", $"Which {c.Nouns(Dimensions.Cause)} the complaints about each {c.Noun(Dimensions.Business)} are of"));
        IReadOnlyList<string> causes = cause.Members.Count > 20 ? [.. cause.Ranked().Where(m => m != FigurePlan.NoMember).Take(15), .. cause.Members.Where(m => m == FigurePlan.NoMember)] : cause.Members;
        TablePlace place = CrossTable.Add(c, sheet, "BusinessByCause", business, business.Members, cause, causes);
        sheet.FreezeBelow(place);
        sheet.Skip();
        sheet.Paragraph(c.T("行合计、列合计均等于本月投诉量。", "Rows and columns both add up to the complaints of the month."), Styles.Note, 1, 8);
    }
}
