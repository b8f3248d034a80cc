using Pipeline.Models.Measures;
using Pipeline.Models.Taxonomy;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.Regulatory;

/// <summary>Branches and regions: how many, how quickly, how often again.</summary>
internal static class OrganisationSheet
{
    private const string Complaints = "complaints";

    private static readonly string[] Measures =
        ["closed", "closure_rate", "on_time_rate", "over_60_days", "repeat_90", "repeat_rate_90", "escalated", "regulator_transfers", "liable_rate", "satisfaction_rate"];

    public static void Add(Composer c)
    {
        string name = c.T($"{c.DimensionName(Dimensions.Branch)}与{c.DimensionName(Dimensions.Region)}", $"{c.DimensionNames(Dimensions.Branch)} and {c.Nouns(Dimensions.Region)}");
        Sheet sheet = c.Page(name, name, c.T(
            $"各{c.Noun(Dimensions.Branch)}、各{c.Noun(Dimensions.Region)}的投诉量、时效、办结与重复", $"Volume, timeliness, closing and repeats by {c.Noun(Dimensions.Branch)} and {c.Noun(Dimensions.Region)}"));
        // Of so many branches the regions stand first: the heads of a table longer than a page are repeated on every page behind them.
        bool isLong = new Breakdown(c, Dimensions.Branch).Members.Count > MostOnPage;
        if (isLong)
        {
            Regions(c, sheet);
            sheet.Skip();
        }
        sheet.Row(Cell.Of(c.By(Dimensions.Branch), Styles.Section));
        TablePlace place = Table(c, sheet, Dimensions.Branch, "Branches");
        if (!isLong)
        {
            sheet.FreezeBelow(place);
            sheet.Skip();
            Regions(c, sheet);
        }
    }

    private const int MostOnPage = 30;

    private static void Regions(Composer c, Sheet sheet)
    {
        sheet.Row(Cell.Of(c.By(Dimensions.Region), Styles.Section));
        Table(c, sheet, Dimensions.Region, "Regions");
    }

    private static TablePlace Table(Composer c, Sheet sheet, string dimension, string name)
    {
        Breakdown breakdown = new(c, dimension);
        List<string> members = [.. breakdown.Members.Where(m => breakdown.Count(Complaints, m) > 0
            || c.Value(Complaints, c.Previous, breakdown.Term(m)) > 0 || c.Value(Complaints, c.YearAgo, breakdown.Term(m)) > 0)];
        List<long> counts = [.. members.Select(m => breakdown.Count(Complaints, m))];
        long rest = c.Count(Complaints) - counts.Sum();
        IReadOnlyList<Cell> shares = c.Shares(rest > 0 ? [.. counts, rest] : counts);
        List<IReadOnlyList<Cell>> rows = [.. members.Select((m, i) => (IReadOnlyList<Cell>)
        [
            Cell.Of(breakdown.Label(m)), c.Cell(Complaints, c.Month, breakdown.Term(m)), shares[i],
            c.Cell(Complaints, c.Previous, breakdown.Term(m)), c.Cell(Complaints, c.YearAgo, breakdown.Term(m)),
            .. Measures.Select(k => c.Cell(k, c.Month, breakdown.Term(m))),
        ])];
        (decimal? previous, decimal? yearAgo) = (breakdown.Rest(Complaints, c.Previous), breakdown.Rest(Complaints, c.YearAgo));
        if (rest > 0 || previous > 0 || yearAgo > 0)
        {
            rows.Add(
            [
                Cell.Of(breakdown.RestLabel), Composer.Derived(rest), rest > 0 ? shares[^1] : c.Share(0, c.Count(Complaints)), Composer.Derived(previous), Composer.Derived(yearAgo),
                .. Measures.Select(k => MeasureCatalog.Find(k) is { Kind: MeasureKind.Count } ? Composer.Derived(breakdown.Rest(k, c.Month)) : Cell.Undefined(c.ShareStyle)),
            ]);
        }
        List<TableColumn> columns =
        [
            new(c.DimensionName(dimension), 0, true), new(c.MeasureName(Complaints), 11), new(c.T("占比", "Share"), 9.5),
            new(c.T("上月", "Month before"), 10), new(c.T("去年同月", "Same month last year"), 11), .. Measures.Select(k => new TableColumn(c.MeasureName(k), 10.5)),
        ];
        return sheet.Table(SheetTable.Of(name, columns, rows,
        [
            Cell.Of(c.T("合计", "Total")), c.Cell(Complaints, c.Month), c.Count(Complaints) > 0 ? Cell.Of(1m, c.ShareStyle) : Cell.Undefined(c.ShareStyle),
            c.Cell(Complaints, c.Previous), c.Cell(Complaints, c.YearAgo), .. Measures.Select(k => c.Cell(k, c.Month)),
        ]));
    }
}
