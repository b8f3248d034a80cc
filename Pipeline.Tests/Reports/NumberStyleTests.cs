using System.Text.RegularExpressions;
using Pipeline.Models.Complaints;
using Pipeline.Models.Regulatory;
using Pipeline.Models.Text;
using Pipeline.Reports;
using Pipeline.Tests.Flags;

namespace Pipeline.Tests.Reports;

/// <summary>One way of writing percentages, signs, ranges of months and counts over all texts of all sheets and charts.</summary>
public sealed partial class NumberStyleTests
{
    private static readonly Lazy<MonthReport[]> Reports = new(() =>
    [
        InventedMonth.Report(perMonth: 150, views: [RegulatoryViews.China, RegulatoryViews.UnitedStates, RegulatoryViews.UnitedKingdom]),
        InventedMonth.Report(perMonth: 40, months: 2),
        InventedBank.Open()!.Report(new ReportingMonth(2025, 12)),
    ]);

    public static TheoryData<string, Language> Workbooks
    {
        get
        {
            TheoryData<string, Language> all = [];
            foreach (string kind in WorkbookKinds.All)
            {
                all.Add(kind, Language.Zh);
                all.Add(kind, Language.En);
            }
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Workbooks))]
    public void Texts_write_numbers_in_one_way(string kind, Language language)
    {
        int texts = 0;
        foreach (MonthReport report in Reports.Value)
        {
            Spreadsheet book = new(WorkbookWriter.Write(report, [kind], language).Single().Bytes);
            // What customers wrote is theirs.
            HashSet<string> own = [.. report.Cases.Concat(report.OpenEarlier).Concat(report.Excluded).Select(c => c.TextMasked.ReplaceLineEndings(" "))];
            IEnumerable<(string Place, string Text)> all = book.Names
                .SelectMany(n => book.Cells(n).Values.Select(book.Value).OfType<string>().Where(t => !own.Contains(t)).Select(t => (n, t)))
                .Concat(book.Parts.Where(p => p.Key.Contains("/charts/", StringComparison.Ordinal)).SelectMany(p => p.Value.Descendants()
                    .Where(e => e.Name.LocalName is "t" or "v").Select(e => (p.Key, e.Value))));
            foreach ((string place, string text) in all)
            {
                texts++;
                Assert.False(SpacedPercent().IsMatch(text), $"{place}: a space before % in “{text}”");
                Assert.False(LongMinus().IsMatch(text), $"{place}: a number with a long minus in “{text}”");
                Assert.False(!IsKey(text) && PointedRange().IsMatch(text), $"{place}: months as a key has them in “{text}”");
                Assert.False(UnevenCount().IsMatch(text), $"{place}: a count with a space on one side in “{text}”");
            }
        }
        Assert.True(texts > 300, $"{texts} texts");
    }

    /// <summary>Keys of figures and commands, and tips that name them.</summary>
    private static bool IsKey(string text) => FigureOf().IsMatch(text);

    [GeneratedRegex(@"[\d.] +%")]
    private static partial Regex SpacedPercent();

    [GeneratedRegex(@"(?<![\d\w)] ?)−\d")]
    private static partial Regex LongMinus();

    [GeneratedRegex(@"\d{4}-\d{2}\.\.\d{4}")]
    private static partial Regex PointedRange();

    [GeneratedRegex(@"共\d+ \p{IsCJKUnifiedIdeographs}|共 \d+\p{IsCJKUnifiedIdeographs}")]
    private static partial Regex UnevenCount();

    [GeneratedRegex(@"[a-z_0-9]+/\d{4}-\d{2}\.\.")]
    private static partial Regex FigureOf();
}
