using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;
using Pipeline.Reports;

namespace Pipeline.Tests.Reports;

/// <summary>What stands on the sheets is what a recount of the complaints gives, and a number that is no sum of its rows says so.</summary>
public sealed class RecountedSheetsTests
{
    private static readonly MonthReport Report = InventedMonth.Report(perMonth: 120, months: 14);

    private static Spreadsheet Book(MonthReport report, string kind, Language language = Language.En) => new(WorkbookWriter.Write(report, [kind], language).Single().Bytes);

    [Fact]
    public void Regions_stand_beside_the_month_before_and_the_same_month_last_year_and_add_up_to_them()
    {
        FigureSet figures = new(Report.Figures);
        IReadOnlyList<IReadOnlyList<object?>> rows = Book(Report, WorkbookKinds.Regulatory).Table("Regions");
        foreach ((int column, ReportingMonth month) in ((int, ReportingMonth)[])[(3, Report.Month.Add(-1)), (4, Report.Month.Add(-12))])
        {
            IReadOnlyList<object?>[] regions = [.. rows.Skip(1)];
            Assert.All(regions, r => Assert.Equal(figures.Of("complaints", month, new FilterTerm(Dimensions.Region, (string)r[0]!)).Value, r[column]));
            Assert.Equal(figures.Of("complaints", month).Value, regions.Sum(r => (decimal)r[column]!));
        }
    }

    [Theory]
    [InlineData(Language.En, "yes: 21 face to face (from 20)")]
    [InlineData(Language.Zh, "是：现场 21 人（20 人起）")]
    public void A_major_group_is_told_by_how_many_came_beside_how_many_make_it_major(Language language, string told) =>
        Assert.Contains(Book(InventedFindings.Report(Findings.One), WorkbookKinds.Cases, language).Table("Groups").Skip(1), r => r.Contains(told));

    [Theory]
    [InlineData(Language.En, "21 face to face (from 20)")]
    [InlineData(Language.Zh, "现场 21 人（20 人起）")]
    public void The_cases_of_a_major_group_are_told_by_how_many_came(Language language, string told)
    {
        MonthReport report = InventedFindings.Report(Findings.One);
        long[] members = [.. report.Findings!.Groups.Single().Complaints];
        MonthReport major = report with
        {
            Cases = [.. report.Cases.Select(r => members.Contains(r.Fact.ComplaintId) ? r with { Fact = r.Fact with { IsMajorGroup = true, Severity = null } } : r with { Fact = r.Fact with { Severity = null } })],
        };
        MonthReport counted = major with { Figures = Recounted(major) };
        IReadOnlyList<object?>[] rows = [.. Book(counted, WorkbookKinds.Regulatory, language).Table("MajorCases").Skip(1)];
        Assert.Equal(members.Length, rows.Length);
        Assert.All(rows, r => Assert.Equal(told, r[2]));
    }

    /// <summary>The figures of the pinned cases as they are now; all others as they were.</summary>
    private static IReadOnlyList<Figure> Recounted(MonthReport report)
    {
        FigureEngine engine = report.Engine([.. report.PinnedCases().Select(c => c.Fact)]);
        return [.. report.Figures.Select(f => FigureKey.Parse(f.Key) is var key && report.IsPinned(key) ? engine.Evaluate(key) : f)];
    }

    [Theory]
    [InlineData(Language.En, "may add up to more than the total")]
    [InlineData(Language.Zh, "各行之和可多于合计")]
    public void The_impact_of_causes_says_that_a_person_with_several_causes_stands_in_several_rows(Language language, string told)
    {
        Spreadsheet book = Book(Report, WorkbookKinds.RootCause, language);
        string sheet = language == Language.En ? "Impact" : "影响";
        Assert.Contains(book.Cells(sheet).Values.Select(book.Value).OfType<string>(), t => t.Contains(told, StringComparison.Ordinal));
    }

    [Fact]
    public void The_day_of_the_data_is_a_date_on_the_contents_and_on_the_lineage()
    {
        Spreadsheet book = Book(Report, WorkbookKinds.Trend);
        foreach (string sheet in (string[])["Contents", "Lineage"])
        {
            string label = book.Cells(sheet).Single(c => c.Key[0] == 'A' && book.Value(c.Value) as string == "Data as of").Key;
            Assert.Equal((decimal)(Report.Lineage.AsOf.DayNumber - 693593), book.Value(sheet, "B" + label[1..]));
        }
    }
}
