using System.Globalization;
using System.Xml.Linq;
using Pipeline.Models.Measures;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;
using Pipeline.Reports;
using Pipeline.Reports.Charts;
using Pipeline.Reports.Sheets;
using Pipeline.Reports.Workbooks;

namespace Pipeline.Tests.Reports;

/// <summary>What charts draw, from the written parts.</summary>
public sealed class ChartTests
{
    private static readonly XNamespace C = "http://schemas.openxmlformats.org/drawingml/2006/chart";
    private static readonly XNamespace A = "http://schemas.openxmlformats.org/drawingml/2006/main";

    [Fact]
    public void A_chart_of_which_nothing_is_known_is_left_out_with_its_numbers_and_columns()
    {
        MonthReport known = InventedMonth.Report(perMonth: 60, months: 14);
        MonthReport unknown = known with
        {
            Figures = [.. known.Figures.Select(f => FigureKey.Parse(f.Key).Measure is "on_time_rate" or "satisfaction_rate" ? f with { Value = null, Numerator = null } : f)],
        };
        Assert.Contains("On-time rate and satisfaction", Titles(Trend(known)));
        Assert.Contains("On-time rate and satisfaction", Texts(Trend(known), "Chart data"));
        Assert.DoesNotContain("On-time rate and satisfaction", Titles(Trend(unknown)));
        Assert.DoesNotContain("On-time rate and satisfaction", Texts(Trend(unknown), "Chart data"));
        Assert.Contains("Satisfaction rate", Trend(known).Table("Timeliness")[0]);
        Assert.DoesNotContain("Satisfaction rate", Trend(unknown).Table("Timeliness")[0]);
        Assert.Contains("Closure rate", Trend(unknown).Table("Timeliness")[0]);
    }

    [Fact]
    public void A_chart_says_how_many_months_it_shows_and_names_limits_only_where_it_has_them()
    {
        Spreadsheet few = Trend(InventedMonth.Report(perMonth: 60, months: 4));
        Assert.Contains("Complaints, 4 months", Titles(few));
        Assert.DoesNotContain(Titles(few), t => t.Contains("limits", StringComparison.Ordinal) || t.Contains("13", StringComparison.Ordinal) || t.Contains("25", StringComparison.Ordinal));
        Assert.Contains("Complaints and limits, 13 months", Titles(Trend(InventedMonth.Report(perMonth: 60, months: 25))));
    }

    /// <summary>A chart of the classes of a dimension, as series or as categories.</summary>
    [Theory]
    [InlineData("cn-jrt0169")]
    [InlineData("us-cfpb")]
    public void A_chart_of_classes_draws_all_of_them_or_the_rest_too_or_says_how_many_of_how_many(string taxonomy)
    {
        MonthReport report = taxonomy == "us-cfpb" ? InventedMonth.Open(taxonomy) : InventedMonth.Report();
        int charts = 0;
        int parts = 0;
        foreach (WorkbookFile file in WorkbookWriter.Write(report, [WorkbookKinds.Regulatory, WorkbookKinds.RootCause, WorkbookKinds.Trend], Language.En))
        {
            Spreadsheet book = new(file.Bytes);
            foreach (XElement chart in Charts(book))
            {
                string title = Title(chart);
                List<string> series = [.. chart.Descendants(C + "ser").Select(s => s.Element(C + "tx")!.Descendants(C + "v").Single().Value)];
                List<string> categories = [.. chart.Descendants(C + "ser").First().Element(C + "cat")!.Descendants(C + "v").Select(v => v.Value)];
                foreach (string dimension in (string[])[Dimensions.Nature, Dimensions.Business, Dimensions.Cause, Dimensions.Branch])
                {
                    HashSet<string> all = [.. report.Cases.Select(x => FigurePlan.MemberOf(x.Fact, dimension)).OfType<string>()
                        .Select(m => report.Taxonomy.Class(dimension, m)?.Parent ?? m).Select(m => report.Taxonomy.Label(dimension, m, Language.En))];
                    foreach (List<string> drawn in (List<string>[])[series, categories])
                    {
                        HashSet<string> full = [.. drawn.Where(d => all.Any(a => a == d || (d.EndsWith('…') && a.StartsWith(d[..^1], StringComparison.Ordinal))))];
                        if (full.Count < 2)
                        {
                            continue;
                        }
                        charts++;
                        if (full.Count < all.Count && !series.Exists(s => s.StartsWith($"{all.Count - full.Count} other ", StringComparison.Ordinal)))
                        {
                            parts++;
                            Assert.True(title.Contains($"({full.Count} largest ", StringComparison.Ordinal) || title.Contains($"{full.Count} causes with at least", StringComparison.Ordinal), $"{file.Kind}: {title} draws {full.Count} of {all.Count}");
                            Assert.Contains($"of {all.Count}", title, StringComparison.Ordinal);
                        }
                    }
                }
            }
        }
        Assert.True(charts >= 5, $"{charts} charts of classes");
        Assert.True(parts > 0, $"{parts} charts of some classes");
    }

    [Fact]
    public void The_numbers_of_a_chart_have_their_names_in_full_and_the_chart_reads_the_shortened_ones_beside_them()
    {
        MonthReport report = InventedMonth.Report(perMonth: 20, months: 2);
        Composer c = new(report, new FigureSet(report.Figures), new MemberLists(report.Figures, report.Month), new RowsBehind(report), WorkbookKinds.RootCause, Language.En);
        string[] names = ["Credit reporting or other personal consumer reports, disputed", "Fees"];
        ChartSpec chart = c.Charts.Chart(
            ChartData.Shape("Complaints", "Two bars") with { IsHorizontal = true }, names, [new("Complaints", [2, 1], SeriesShape.Bar, Palette.Series[0], Styles.Count)])!;
        c.Charts.Finish();
        Dictionary<(int Row, int Column), string?> cells = c.Book.Sheets[^1].Blocks.SelectMany(b => b.Rows.SelectMany((r, i) => r.Select((cell, k) => ((b.First + i, b.Column + k), cell.Text)))).ToDictionary(x => x.Item1, x => x.Text);
        (int row, int column, int lastRow, int _) = Spreadsheet.Range(chart.CategoriesRef.Split('!')[1].Replace("$", "", StringComparison.Ordinal));
        Assert.Equal("Credit reporting or other personal consumer reports…", chart.Categories[0]);
        Assert.Equal(chart.Categories, Enumerable.Range(row, lastRow - row + 1).Select(r => cells[(r, column)]!));
        Assert.Equal(names, Enumerable.Range(row, lastRow - row + 1).Select(r => cells[(r, 1)]!));
        Assert.NotEqual(1, column);
    }

    [Fact]
    public void A_number_at_a_bar_stands_on_paper_of_its_own_where_lines_are_drawn_over_the_bars()
    {
        int labelled = 0;
        foreach (XElement chart in WorkbookWriter.Write(InventedMonth.Report(), WorkbookKinds.All, Language.En).SelectMany(f => Charts(new Spreadsheet(f.Bytes))))
        {
            foreach (XElement labels in chart.Descendants(C + "barChart").Descendants(C + "dLbls"))
            {
                Assert.Equal(chart.Descendants(C + "lineChart").Any(), labels.Element(C + "spPr")!.Elements(A + "solidFill").Any());
                labelled++;
            }
        }
        Assert.True(labelled > 2, $"{labelled} charts with numbers at bars");
    }

    [Fact]
    public void Diamonds_are_spoken_of_only_where_some_are_drawn()
    {
        bool[] seen = [false, false];
        foreach (MonthReport report in (MonthReport[])[InventedMonth.Report(perMonth: 60, months: 25), InventedMonth.Report(), .. Enumerable.Range(1, 4).Select(seed => InventedMonth.Report(seed, 150))])
        {
            Spreadsheet book = Trend(report);
            XElement first = Charts(book).First(x => Title(x) == "Complaints and limits, 13 months");
            bool isDrawn = first.Descendants(C + "ser").Any(s => s.Element(C + "tx")!.Descendants(C + "v").Single().Value == "Months beyond the limits");
            Assert.Equal(isDrawn, Texts(book, "Summary").Any(t => t.Contains("Diamonds", StringComparison.Ordinal) && t.Contains("by chance alone about 0.", StringComparison.Ordinal)));
            seen[isDrawn ? 1 : 0] = true;
        }
        Assert.True(seen[0], "every chart has diamonds");
    }

    [Theory]
    [InlineData(WorkbookKinds.Trend)]
    [InlineData(WorkbookKinds.RootCause)]
    public void The_axis_of_shares_near_the_whole_ends_at_the_whole(string kind)
    {
        Spreadsheet book = new(WorkbookWriter.Write(InventedMonth.Report(perMonth: 150), [kind], Language.En)[0].Bytes);
        int axes = 0;
        foreach (XElement chart in Charts(book))
        {
            foreach (XElement axis in chart.Descendants(C + "valAx").Where(a => a.Element(C + "numFmt")!.Attribute("formatCode")!.Value.EndsWith('%')))
            {
                string id = axis.Element(C + "axId")!.Attribute("val")!.Value;
                XElement[] plots = [.. chart.Descendants(C + "axId").Where(x => x.Parent!.Name != C + "valAx" && x.Parent.Name != C + "catAx" && x.Attribute("val")!.Value == id).Select(x => x.Parent!)];
                bool isStacked = plots.Any(p => p.Element(C + "grouping")!.Attribute("val")!.Value == "percentStacked");
                decimal highest = plots.Descendants(C + "val").Descendants(C + "v").Max(v => decimal.Parse(v.Value, NumberStyles.Float, CultureInfo.InvariantCulture));
                if (isStacked || highest is > 0.75m and <= 1)
                {
                    Assert.Equal("1", axis.Element(C + "scaling")!.Element(C + "max")?.Attribute("val")?.Value);
                    axes++;
                }
            }
        }
        Assert.True(axes > 0);
    }

    private static Spreadsheet Trend(MonthReport report) => new(WorkbookWriter.Write(report, [WorkbookKinds.Trend], Language.En)[0].Bytes);

    private static IEnumerable<XElement> Charts(Spreadsheet book) => book.Parts.Where(p => p.Key.StartsWith("xl/charts/", StringComparison.Ordinal)).Select(p => p.Value.Root!);

    private static List<string> Titles(Spreadsheet book) => [.. Charts(book).Select(Title)];

    private static string Title(XElement chart) => string.Concat(chart.Element(C + "chart")!.Element(C + "title")!.Descendants(A + "t").Select(t => t.Value));

    private static HashSet<string> Texts(Spreadsheet book, string sheet) => [.. book.Cells(sheet).Values.Select(book.Value).OfType<string>()];
}
