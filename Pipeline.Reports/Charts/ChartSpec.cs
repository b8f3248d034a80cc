namespace Pipeline.Reports.Charts;

internal enum SeriesShape
{
    Bar,
    Line,

    /// <summary>A level to compare with: dashed, without points.</summary>
    Level,

    /// <summary>Marks without a line: months that stand out.</summary>
    Marks,
}

/// <summary>How bars of several series stand at one category.</summary>
internal enum BarGrouping
{
    Beside,
    Stacked,

    /// <summary>Stacked to 100 %.</summary>
    Shares,
}

/// <summary>One row of points. A null is a gap, never nought.</summary>
/// <param name="NameRef">Cell that holds <paramref name="Name"/>.</param>
/// <param name="ValuesRef">Cells that hold <paramref name="Values"/>.</param>
/// <param name="IsSecondary">Read on the right-hand axis.</param>
/// <param name="Color">RRGGBB.</param>
/// <param name="HasLabels">The numbers are written at the points.</param>
internal sealed record ChartSeries(
    string Name, string NameRef, string ValuesRef, IReadOnlyList<decimal?> Values, SeriesShape Shape, string Color,
    bool IsSecondary = false, bool HasLabels = false);

/// <summary>A native chart: bars, lines, or bars with lines over them.</summary>
/// <param name="AltText">What the chart shows, for readers who do not see it.</param>
/// <param name="Format">Excel number format of the left axis.</param>
/// <param name="SecondaryFormat">Of the right axis, where there is one.</param>
/// <param name="Maximum">Upper end of the left axis; null for what the numbers need.</param>
/// <param name="SecondaryMaximum">Upper end of the right axis; null for what the numbers need.</param>
/// <param name="HasLevelLabels">There is room for the labels of the categories side by side.</param>
/// <param name="IsHorizontal">Bars lie, first category on top.</param>
internal sealed record ChartSpec(
    string Title,
    string AltText,
    string CategoriesRef,
    IReadOnlyList<string> Categories,
    IReadOnlyList<ChartSeries> Series,
    string Format = "#,##0",
    string SecondaryFormat = "0%",
    BarGrouping Grouping = BarGrouping.Beside,
    decimal? Maximum = null,
    decimal? SecondaryMaximum = null,
    bool IsHorizontal = false,
    string? AxisTitle = null,
    string? SecondaryAxisTitle = null,
    bool HasLevelLabels = false);
