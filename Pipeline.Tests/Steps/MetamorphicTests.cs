using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using Pipeline.Jobs.Ingest;
using Pipeline.Jobs.Rules;
using Pipeline.Jobs.Steps;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;
using Pipeline.Models.Taxonomy;
using Pipeline.Reports.Sheets;
using Pipeline.Tests.Ingest;

namespace Pipeline.Tests.Steps;

/// <summary>What must not change a figure, and what must change those of one class by one.</summary>
public sealed class MetamorphicTests
{
    private const int HeaderRows = 3;
    private const int CaseNumberColumn = 3;
    private static readonly ReportingMonth January = new(2025, 1);

    [Fact]
    public async Task Shuffled_rows_split_files_a_workbook_and_a_file_sent_again_give_the_same_figures()
    {
        string[][] rows = Rows();
        // A row that stands twice counts once, and the later one wins: where the order decides it must stay.
        string[][] body = [.. rows[HeaderRows..].GroupBy(r => r[CaseNumberColumn]).Where(g => g.Count() == 1).Select(g => g.Single())];
        string[][] heads = rows[..HeaderRows];
        string[][] shuffled = [.. body];
        new Random(3).Shuffle(shuffled);
        IReadOnlyList<Figure> plain = await FiguresAsync(f => [f.Write("2025-01.csv", Csv([.. heads, .. body]))]);
        Assert.True(plain.Single(f => f.Key == "complaints/2025-01").Value > 400);

        Assert.Equal(plain, await FiguresAsync(f => [f.Write("2025-01.csv", Csv([.. heads, .. shuffled]))]));
        Assert.Equal(plain, await FiguresAsync(f =>
        [
            f.Write("2025-01-a.csv", Csv([.. heads, .. shuffled[..200]])), f.Write("2025-01-b.csv", Csv([.. heads, .. shuffled[200..]])),
        ]));
        Assert.Equal(plain, await FiguresAsync(f => [f.WriteBytes("2025-01.xlsx", Workbook([.. heads, .. body]))]));
        Assert.Equal(plain, await FiguresAsync(
            f => [f.Write("2025-01.csv", Csv([.. heads, .. body]))],
            f => [f.Write("2025-01 again.csv", Csv([.. heads, .. body])), f.Write("2025-01.csv", Csv([.. heads, .. body]))]));
    }

    [Fact]
    public void One_more_complaint_of_a_product_changes_that_products_counts_by_one_and_nothing_else()
    {
        RuleBook rules = RuleFiles.Rules("/nowhere").Value;
        ComplaintTaxonomy taxonomy = RuleFiles.Taxonomy("/nowhere", "cn-jrt0169").Value;
        ComplaintFact[] facts = [.. Reports.InventedMonth.Report(seed: 8, perMonth: 150, months: 3).Cases.Select(c => c.Fact)];
        ReportingMonth month = new(2026, 10);
        ComplaintFact more = facts[0] with
        {
            ComplaintId = 1_000_001,
            CaseNumber = "MORE",
            PersonKey = 1_000_001,
            RepeatOf = null,
            RepeatGapDays = null,
            IsEscalation = false,
            Business = new HeadLabel("WMP", LabelBasis.Reported, "WMP", "WMP", 0.9, false),
        };
        IReadOnlyList<FigureKey> plan = FigurePlan.For(month, month, FigurePlan.Members(taxonomy, [.. facts, more], month));
        FigureEngine before = new(facts, taxonomy, rules, new DateOnly(2026, 11, 5));
        FigureEngine after = new([.. facts, more], taxonomy, rules, new DateOnly(2026, 11, 5));
        int moved = 0;
        foreach (FigureKey key in plan.Where(k => MeasureCatalog.Find(k.Measure).Kind == MeasureKind.Count))
        {
            decimal difference = after.Evaluate(key).Value!.Value - before.Evaluate(key).Value!.Value;
            bool isOfIt = key.Terms.All(t => t.Dimension == Dimensions.Tag
                ? more.Tags.Contains(t.Member)
                : Up(taxonomy, t.Dimension, FigurePlan.MemberOf(more, t.Dimension)).Contains(t.Member));
            bool isCounted = after.Rows(key).Any(r => r.Fact.CaseNumber == "MORE");
            Assert.Equal(isOfIt && isCounted ? 1 : 0, difference);
            Assert.True(isOfIt || !isCounted, key.Text);
            moved += (int)difference;
        }
        Assert.True(moved > 30);
        Assert.Equal(1, after.Evaluate(new FigureKey("complaints", FigurePeriod.Of(month), new FilterTerm("business", "WMP"))).Value
            - before.Evaluate(new FigureKey("complaints", FigurePeriod.Of(month), new FilterTerm("business", "WMP"))).Value);
    }

    private static HashSet<string> Up(ComplaintTaxonomy taxonomy, string dimension, string member)
    {
        HashSet<string> classes = [];
        for (string? at = member; at is not null && classes.Add(at); at = taxonomy.Class(dimension, at)?.Parent)
        {
        }
        return classes;
    }

    private static async Task<IReadOnlyList<Figure>> FiguresAsync(params Func<IngestFixture, string[]>[] loads)
    {
        using IngestFixture fixture = await IngestFixture.CreateAsync();
        await using Database database = await Database.OpenAsync(fixture.Session());
        foreach (Func<IngestFixture, string[]> load in loads)
        {
            await IngestFiles.RunAsync(fixture.Session(), database, new IngestOptions(load(fixture)));
        }
        RunResult run = await new MonthRun(database, fixture.Database.Keys, fixture.Session()).ExecuteAsync(new RunRequest(January, null, null, []));
        return run.Report.Figures;
    }

    private static string[][] Rows()
    {
        using StreamReader text = new(Path.Combine(SampleData.Bank, "exports", "2025-01.csv"));
        using CsvParser rows = new(text, CultureInfo.InvariantCulture);
        List<string[]> all = [];
        while (rows.Read())
        {
            all.Add([.. rows.Record!]);
        }
        return [.. all];
    }

    private static string Csv(IEnumerable<string[]> rows)
    {
        StringBuilder text = new();
        using (CsvWriter writer = new(new StringWriter(text), new CsvConfiguration(CultureInfo.InvariantCulture)))
        {
            foreach (string[] row in rows)
            {
                foreach (string cell in row)
                {
                    writer.WriteField(cell);
                }
                writer.NextRecord();
            }
        }
        return text.ToString();
    }

    /// <summary>Every value as a text cell, as a system that exports text gives it.</summary>
    private static byte[] Workbook(IEnumerable<string[]> rows)
    {
        Book book = new(new BookProperties("", "", "", "", "", "zh-CN", new DateOnly(2025, 2, 5), ""), new PageMarks("", "", "", ""), "Arial");
        Sheet sheet = book.Add(new Sheet("工单", ""));
        foreach (string[] row in rows)
        {
            sheet.Row([.. row.Select(v => Cell.Of(v, Styles.Plain))]);
        }
        return book.Write();
    }
}
