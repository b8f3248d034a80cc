using Pipeline.Models.Complaints;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;
using Pipeline.Reports.Charts;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.RootCause;

/// <summary>Product, service or process: what would have to change.</summary>
internal static class NatureSheet
{
    private const string Complaints = "complaints";
    private const int Charted = 10;
    private const string Measured = "nature.accuracy";

    public static void Add(Composer c)
    {
        Breakdown natures = new(c, Dimensions.Nature);
        Breakdown businesses = new(c, Dimensions.Business);
        Breakdown causes = new(c, Dimensions.Cause);
        Sheet sheet = c.Page(c.T("产品、服务、流程", "Nature"), c.T("产品、服务、流程", "Product, service, process"), c.T("问题出在产品、服务还是流程", "Whether product, service or process is at fault"));
        List<string> shown = [.. businesses.Ranked().Take(Charted)];
        List<string> members = [.. natures.Members];
        sheet.Paragraph(LabelBases.Of(c, c.T("性质", "nature"), f => f.Nature) + Accuracy(c), Styles.Finding, 1, 9);
        Regulatory.ClassTable.Add(c, sheet, "Natures", natures);
        sheet.Skip();
        if (shown.Count > 0)
        {
            ChartSpec? months = c.Charts.Chart(
                ChartData.Shape(c.T($"近 {c.Months(13).Count} 个月构成", $"Make-up over {English.Count(c.Months(13).Count, "month")}"), c.T("堆积柱形图：各月产品、服务、流程类投诉所占份额。", "Stacked columns: shares of product, service and process complaints by month."))
                    with
                { Grouping = BarGrouping.Shares },
                [.. c.Months(13).Select(c.Head)],
                [.. members.Select((n, i) => new Plotted(
                    natures.Label(n), [.. c.Months(13).Select(m => c.Value(Complaints, m, natures.Term(n)))], SeriesShape.Bar, Color(n, i), Styles.Count))]);
            ChartSpec? lines = c.Charts.Chart(
                ChartData.Shape(c.T($"各{c.Noun(Dimensions.Business)}的构成（本月）", $"Make-up by {c.Noun(Dimensions.Business)}, this month") + ChartData.Largest(c, shown.Count, Math.Max(businesses.Ranked().Count, businesses.Classes)), c.T($"堆积条形图：各{c.Noun(Dimensions.Business)}中产品、服务、流程类投诉件数。", $"Stacked bars: product, service and process complaints by {c.Noun(Dimensions.Business)}."))
                    with
                { Grouping = BarGrouping.Stacked, IsHorizontal = true },
                [.. shown.Select(businesses.Label)],
                [.. members.Select((n, i) => new Plotted(
                    natures.Label(n), [.. shown.Select(b => c.Value(Complaints, c.Month, businesses.Term(b), natures.Term(n)))], SeriesShape.Bar, Color(n, i), Styles.Count))]);
            sheet.ChartsBeside(months, lines, 4, 9, 18);
        }
        sheet.Row(Cell.Of(c.By(Dimensions.Business), Styles.Section));
        CrossTable.Add(c, sheet, "NatureByBusiness", businesses, [.. businesses.Ranked().Take(20)], natures, members);
        sheet.Skip();
        sheet.Row(Cell.Of(c.By(Dimensions.Cause), Styles.Section));
        CrossTable.Add(c, sheet, "NatureByCause", causes, [.. causes.Ranked().Take(20)], natures, members);
    }

    /// <summary>How far the labels of the model can be trusted; empty where it decided none, or was not measured.</summary>
    private static string Accuracy(Composer c)
    {
        if (!c.Report.Cases.Any(r => r.Fact.Nature is { Class: not null, Basis: LabelBasis.Predicted }))
        {
            return "";
        }
        double[] measured = [.. c.Report.Lineage.Models.Select(m => m.Metrics.GetValueOrDefault(Measured, double.NaN)).Where(double.IsFinite).Distinct()];
        return measured is [double accuracy]
            ? c.T($"模型在留出文本上判对性质的占 {Composer.Percentage((decimal)accuracy)}。", $" On held-out texts the model is right about the nature in {Composer.Percentage((decimal)accuracy)}.")
            : "";
    }

    private static string Color(string member, int index) => member == Models.Measures.FigurePlan.NoMember ? Palette.Rest : Palette.Series[index % Palette.Series.Count];
}
