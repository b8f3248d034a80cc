using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;
using Pipeline.Reports.Charts;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks;

/// <summary>One row of points as it is asked for.</summary>
internal sealed record Plotted(
    string Name, IReadOnlyList<decimal?> Values, SeriesShape Shape, string Color, CellStyle Style, bool IsSecondary = false, bool HasLabels = false);

/// <summary>
/// The sheet that the charts of a workbook read. It stands apart from the printed tables because Excel draws a dash as nought: here a
/// number that is not defined is blank, and a blank is a gap in the line.
/// </summary>
internal sealed class ChartData
{
    private readonly Composer composer;
    private readonly Sheet sheet;

    public ChartData(Composer composer)
    {
        this.composer = composer;
        sheet = new Sheet(composer.Names.ChartData, composer.T("各图所用数字", "The numbers that the charts are drawn from")) { TabColor = Palette.Rest };
        composer.Begin(sheet, composer.Names.ChartData);
        sheet.Width(1, 34);
        sheet.Paragraph(
            composer.T("空白（如有）表示没有定义（分母为零或尚无数据）：折线在此断开，不按零绘制。", "A blank, if there is one, means not defined (nothing in the denominator, or no data): a line breaks there and is not drawn as nought."),
            Styles.Note, 1, 8);
        sheet.Skip();
    }

    /// <summary>Adds the sheet to the workbook where some chart was drawn.</summary>
    public void Finish()
    {
        if (HasCharts)
        {
            composer.Book.Add(sheet);
        }
    }

    private bool HasCharts { get; set; }

    /// <summary>Longer names of categories would take the room of the bars: the chart has their beginnings, the sheet both.</summary>
    private const double WidestBeside = 44;
    private const double WidestBelow = 28;
    private const double WidestSlanted = 32;

    /// <summary>Puts the numbers on the sheet and gives the chart that reads them: of the series that have some number.</summary>
    /// <param name="shape">The looks beyond the numbers; its references and series are filled in.</param>
    /// <returns>Null where nothing but levels to compare with would be drawn: then nothing is put on the sheet.</returns>
    public ChartSpec? Chart(ChartSpec shape, IReadOnlyList<string> categories, IReadOnlyList<Plotted> all)
    {
        List<Plotted> series = [.. all.Where(s => s.Values.Any(v => v is not null))];
        if (series.TrueForAll(s => s.Shape == SeriesShape.Level))
        {
            return null;
        }
        double widest = shape.IsHorizontal ? WidestBeside : categories.Count > 8 ? WidestSlanted : WidestBelow;
        List<string> labels = [.. categories.Select(n => CellText.Shortened(n, widest))];
        bool isShortened = !labels.SequenceEqual(categories);
        HasCharts = true;
        sheet.Row(Cell.Of(shape.Title, Styles.Section));
        int head = sheet.Row(
        [
            Cell.Blank(Styles.Head), .. series.Select(s => Cell.Of(s.Name, Styles.Head)),
            .. isShortened ? (Cell[])[Cell.Of(composer.T("图中名称", "Name in the chart"), Styles.Head)] : [],
        ]);
        int first = sheet.NextRow;
        for (int i = 0; i < categories.Count; i++)
        {
            sheet.Row(
            [
                Cell.Of(categories[i]), .. series.Select(s => s.Values[i] is { } v ? Cell.Of(v, s.Style) : Cell.Blank(s.Style)),
                .. isShortened ? (Cell[])[Cell.Of(labels[i])] : [],
            ]);
        }
        int last = sheet.NextRow - 1;
        sheet.Skip();
        int labelled = isShortened ? series.Count + 2 : 1;
        for (int i = 2; i <= Math.Max(series.Count + 1, labelled); i++)
        {
            sheet.Width(i, Math.Max(sheet.Widths.GetValueOrDefault(i), i == labelled ? widest : 16));
        }
        return shape with
        {
            CategoriesRef = CellRef.Fixed(sheet.Name, first, labelled, last, labelled),
            Categories = labels,
            Series =
            [
                .. series.Select((s, i) => new ChartSeries(
                    s.Name, CellRef.Fixed(sheet.Name, head, i + 2), CellRef.Fixed(sheet.Name, first, i + 2, last, i + 2),
                    s.Values, s.Shape, s.Color, s.IsSecondary, s.HasLabels)),
            ],
        };
    }

    /// <summary>Puts one row of numbers on the sheet, for a sparkline.</summary>
    /// <param name="title">Written above, with <paramref name="heads"/>, where this row is the first of its kind; otherwise null.</param>
    /// <returns>The cells of the numbers, with their sheet.</returns>
    public string Row(string? title, IReadOnlyList<string> heads, string name, IReadOnlyList<decimal?> values)
    {
        HasCharts = true;
        if (title is not null)
        {
            sheet.Skip();
            sheet.Row(Cell.Of(title, Styles.Section));
            sheet.Row([Cell.Blank(Styles.Head), .. heads.Select(h => Cell.Of(h, Styles.Head))]);
        }
        int row = sheet.Row([Cell.Of(name), .. values.Select(v => v is { } n ? Cell.Of(n, Styles.Count) : Cell.Blank(Styles.Count))]);
        return CellRef.Fixed(sheet.Name, row, 2, row, values.Count + 1);
    }

    public static ChartSpec Shape(string title, string altText) => new(title, altText, "", [], []);

    /// <summary>
    /// What the title of a chart says that draws some of the classes and not the rest of them. A chart draws all classes, or a series of what
    /// is left, or says how many of how many it draws.
    /// </summary>
    /// <param name="by">What the classes drawn are the largest by, in a word or two each; null for complaints.</param>
    /// <param name="dimension">What the classes are of, where it is not plain that they are classes.</param>
    public static string Largest(Composer c, int drawn, int all, Bilingual? by = null, string? dimension = null) => drawn >= all ? ""
        : c.T($"（{(by is null ? "件数最多" : $"{by.Zh}最大")}的 {drawn} {Counter(dimension)}，共 {all} {Counter(dimension)}）", $" ({drawn} largest{(by is null ? "" : $" {by.En}")} of {all})");

    private static string Counter(string? dimension) => dimension switch
    {
        Dimensions.Branch => "家",
        Dimensions.Region => "个",
        _ => "类",
    };
}
