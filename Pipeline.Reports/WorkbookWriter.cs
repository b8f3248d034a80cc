using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using Pipeline.Models.Measures;
using Pipeline.Models.Text;
using Pipeline.Reports.Workbooks;
using Pipeline.Reports.Workbooks.Front;

namespace Pipeline.Reports;

/// <summary>A written workbook.</summary>
/// <param name="Kind">See <see cref="WorkbookKinds"/>.</param>
/// <param name="FileName"><c>2026-10-trend.xlsx</c>; <c>2026-10-trend-r2.xlsx</c> for the second edition.</param>
/// <param name="Sha256">Of <paramref name="Bytes"/>, lower-case hexadecimal.</param>
public sealed record WorkbookFile(string Kind, string FileName, byte[] Bytes, string Sha256);

/// <summary>Writes the workbooks of a month. The same report in the same language gives the same bytes, on any day.</summary>
public static class WorkbookWriter
{
    /// <param name="kinds">Names of <see cref="WorkbookKinds"/>; the workbooks come back in this order.</param>
    /// <exception cref="ArgumentException">A kind is not known.</exception>
    /// <exception cref="KeyNotFoundException">The report lacks a figure that a workbook prints: the plan and the workbooks disagree.</exception>
    public static IReadOnlyList<WorkbookFile> Write(MonthReport report, IReadOnlyList<string> kinds, Language language)
    {
        foreach (string kind in kinds)
        {
            _ = WorkbookTitles.Of(kind);
        }
        FigureSet figures = new(report.Figures);
        MemberLists members = new(report.Figures, report.Month);
        RowsBehind behind = new(report);
        WorkbookFile[] files = new WorkbookFile[kinds.Count];
        try
        {
            Parallel.For(0, kinds.Count, i => files[i] = Write(new Composer(report, figures, members, behind, kinds[i], language)));
        }
        catch (AggregateException several)
        {
            ExceptionDispatchInfo.Throw(several.Flatten().InnerExceptions[0]);
        }
        return files;
    }

    private static WorkbookFile Write(Composer composer)
    {
        switch (composer.Kind)
        {
            case WorkbookKinds.Regulatory:
                Workbooks.Regulatory.RegulatoryWorkbook.Compose(composer);
                break;
            case WorkbookKinds.RootCause:
                Workbooks.RootCause.RootCauseWorkbook.Compose(composer);
                break;
            case WorkbookKinds.Trend:
                Workbooks.Trend.TrendWorkbook.Compose(composer);
                break;
            case WorkbookKinds.Cases:
                Workbooks.Cases.CasesWorkbook.Compose(composer);
                break;
            case WorkbookKinds.Disclosure:
                Workbooks.Regulatory.DisclosureWorkbook.Compose(composer);
                break;
            default:
                Workbooks.Quality.QualityWorkbook.Compose(composer);
                break;
        }
        if (!composer.IsOutward)
        {
            FrontSheets.Add(composer);
        }
        byte[] bytes = composer.Book.Write();
        int edition = composer.Report.Lineage.Edition;
        string name = edition <= 1 ? $"{composer.Month}-{composer.Kind}.xlsx" : $"{composer.Month}-{composer.Kind}-r{edition}.xlsx";
        return new WorkbookFile(composer.Kind, name, bytes, Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }
}
