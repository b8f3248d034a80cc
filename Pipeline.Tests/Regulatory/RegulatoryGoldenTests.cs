using System.Globalization;
using Pipeline.Models.Measures;
using Pipeline.Reports;
using Pipeline.Tests.Reports;

namespace Pipeline.Tests.Regulatory;

/// <summary>
/// The regulatory figures of an invented month against the file that stands beside this test, so that no definition moves unnoticed
/// (<see cref="GoldenFile"/>).
/// </summary>
public sealed class RegulatoryGoldenTests
{
    private const string Name = "Pipeline.Tests/Regulatory/figures.golden.txt";

    [Fact]
    public void The_figures_of_the_invented_month_are_those_of_the_golden_file()
    {
        MonthReport report = InventedMonth.Report(perMonth: 120);
        FigureSet figures = new(report.Figures);
        List<string> lines = [];
        foreach (FigurePeriod period in (IEnumerable<FigurePeriod>)[FigurePeriod.Of(report.Month), .. RegulatoryPlan.Periods(report.Month, report.History)])
        {
            foreach (string measure in RegulatoryPlan.PeriodMeasures)
            {
                Figure figure = figures[new FigureKey(measure, period)];
                lines.Add(string.Create(CultureInfo.InvariantCulture, $"{figure.Key} {figure.Value?.ToString("0.######", CultureInfo.InvariantCulture) ?? "-"} {figure.Numerator} {figure.Denominator} {figure.Rows}"));
            }
        }
        lines = [.. lines.Distinct()];
        GoldenFile.Check(Name, lines);
    }
}
