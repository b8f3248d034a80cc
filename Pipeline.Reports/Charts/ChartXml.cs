using System.Globalization;
using DocumentFormat.OpenXml;
using Pipeline.Reports.Sheets;
using A = DocumentFormat.OpenXml.Drawing;
using C = DocumentFormat.OpenXml.Drawing.Charts;

namespace Pipeline.Reports.Charts;

/// <summary>
/// Makes the part of a native chart. The numbers stand in it beside the reference to their cells, so that viewers which do not
/// recalculate show them too.
/// </summary>
internal static class ChartXml
{
    private const uint CategoryAxisId = 1;
    private const uint ValueAxisId = 2;
    private const uint SecondCategoryAxisId = 3;
    private const uint SecondValueAxisId = 4;

    /// <param name="font">Face of all texts of the chart.</param>
    public static C.ChartSpace Of(ChartSpec spec, string font)
    {
        C.PlotArea plot = new(new C.Layout());
        List<(ChartSeries Series, uint Index)> series = [.. spec.Series.Select((s, i) => (s, (uint)i))];
        bool isSecondary = spec.Series.Any(s => s.IsSecondary);
        if (series.Where(s => s.Series.Shape == SeriesShape.Bar).ToList() is { Count: > 0 } bars)
        {
            plot.Append(Bars(spec, bars));
        }
        if (series.Where(s => s.Series.Shape != SeriesShape.Bar && !s.Series.IsSecondary).ToList() is { Count: > 0 } lines)
        {
            plot.Append(Lines(spec, lines, CategoryAxisId, ValueAxisId));
        }
        if (series.Where(s => s.Series.Shape != SeriesShape.Bar && s.Series.IsSecondary).ToList() is { Count: > 0 } second)
        {
            plot.Append(Lines(spec, second, SecondCategoryAxisId, SecondValueAxisId));
        }
        plot.Append(ChartAxes.Categories(spec, CategoryAxisId, ValueAxisId, isHidden: false));
        plot.Append(ChartAxes.Values(spec, ValueAxisId, CategoryAxisId, isSecondary: false));
        if (isSecondary)
        {
            plot.Append(ChartAxes.Categories(spec, SecondCategoryAxisId, SecondValueAxisId, isHidden: true));
            plot.Append(ChartAxes.Values(spec, SecondValueAxisId, SecondCategoryAxisId, isSecondary: true));
        }
        plot.Append(new C.ShapeProperties(new A.NoFill(), new A.Outline(new A.NoFill())));

        C.Chart chart = new(
            ChartText.Title(spec.Title, 1200, isBold: true),
            new C.AutoTitleDeleted { Val = false },
            plot);
        if (spec.Series.Count > 1)
        {
            chart.Append(new C.Legend(
                new C.LegendPosition { Val = C.LegendPositionValues.Bottom }, new C.Overlay { Val = false }, ChartText.Properties(900, Palette.Ink)));
        }
        chart.Append(new C.PlotVisibleOnly { Val = true }, new C.DisplayBlanksAs { Val = C.DisplayBlanksAsValues.Gap });

        C.ChartSpace space = new(
            new C.Date1904 { Val = false },
            new C.RoundedCorners { Val = false },
            chart,
            new C.ShapeProperties(
                new A.SolidFill(new A.RgbColorModelHex { Val = "FFFFFF" }),
                new A.Outline(new A.SolidFill(new A.RgbColorModelHex { Val = Palette.Line })) { Width = 6350 }),
            new C.TextProperties(
                new A.BodyProperties(),
                new A.ListStyle(),
                new A.Paragraph(
                    new A.ParagraphProperties(new A.DefaultRunProperties(
                        new A.LatinFont { Typeface = font }, new A.EastAsianFont { Typeface = font })
                    { FontSize = 900 }),
                    new A.EndParagraphRunProperties { Language = "en-US" })));
        return space;
    }

    private static C.BarChart Bars(ChartSpec spec, List<(ChartSeries Series, uint Index)> series)
    {
        C.BarChart chart = new(
            new C.BarDirection { Val = spec.IsHorizontal ? C.BarDirectionValues.Bar : C.BarDirectionValues.Column },
            new C.BarGrouping
            {
                Val = spec.Grouping switch
                {
                    BarGrouping.Stacked => C.BarGroupingValues.Stacked,
                    BarGrouping.Shares => C.BarGroupingValues.PercentStacked,
                    _ => C.BarGroupingValues.Clustered,
                },
            },
            new C.VaryColors { Val = false });
        foreach ((ChartSeries item, uint index) in series)
        {
            C.BarChartSeries element = new(
                new C.Index { Val = index },
                new C.Order { Val = index },
                Name(item),
                new C.ChartShapeProperties(
                    new A.SolidFill(new A.RgbColorModelHex { Val = item.Color }),
                    // A white seam parts stacked pieces; around single bars it would cut the axis.
                    spec.Grouping == BarGrouping.Beside
                        ? new A.Outline(new A.NoFill())
                        : new A.Outline(new A.SolidFill(new A.RgbColorModelHex { Val = "FFFFFF" })) { Width = 6350 }),
                new C.InvertIfNegative { Val = false });
            if (item.HasLabels)
            {
                element.Append(Labels(
                    spec.Format,
                    spec.Grouping == BarGrouping.Beside ? C.DataLabelPositionValues.OutsideEnd : C.DataLabelPositionValues.Center,
                    spec.Grouping == BarGrouping.Beside ? Palette.Ink : "FFFFFF",
                    // A line that crosses a number makes it unreadable: the number stands on paper of its own.
                    isOnPaper: spec.Grouping == BarGrouping.Beside && spec.Series.Any(s => s.Shape != SeriesShape.Bar)));
            }
            element.Append(Categories(spec), Values(item, spec.Format));
            chart.Append(element);
        }
        chart.Append(new C.GapWidth { Val = spec.IsHorizontal ? (ushort)45 : (ushort)55 });
        if (spec.Grouping != BarGrouping.Beside)
        {
            chart.Append(new C.Overlap { Val = 100 });
        }
        chart.Append(new C.AxisId { Val = CategoryAxisId }, new C.AxisId { Val = ValueAxisId });
        return chart;
    }

    private static C.LineChart Lines(ChartSpec spec, List<(ChartSeries Series, uint Index)> series, uint categoryAxis, uint valueAxis)
    {
        C.LineChart chart = new(new C.Grouping { Val = C.GroupingValues.Standard }, new C.VaryColors { Val = false });
        foreach ((ChartSeries item, uint index) in series)
        {
            bool isLevel = item.Shape == SeriesShape.Level;
            A.Outline line = new(new A.SolidFill(new A.RgbColorModelHex { Val = item.Color })) { Width = isLevel ? 15875 : 25400, CapType = A.LineCapValues.Round };
            if (isLevel)
            {
                line.Append(new A.PresetDash { Val = A.PresetLineDashValues.Dash });
            }
            line.Append(new A.Round());
            if (item.Shape == SeriesShape.Marks)
            {
                line = new A.Outline(new A.NoFill()) { Width = 25400 };
            }
            C.LineChartSeries element = new(
                new C.Index { Val = index }, new C.Order { Val = index }, Name(item), new C.ChartShapeProperties(line), isLevel ? NoMarker() : item.Shape == SeriesShape.Marks ? Mark(item) : Marker(item, index));
            if (item.HasLabels)
            {
                element.Append(Labels(item.IsSecondary ? spec.SecondaryFormat : spec.Format, C.DataLabelPositionValues.Top, Palette.Ink));
            }
            element.Append(Categories(spec), Values(item, item.IsSecondary ? spec.SecondaryFormat : spec.Format), new C.Smooth { Val = false });
            chart.Append(element);
        }
        chart.Append(new C.ShowMarker { Val = true }, new C.AxisId { Val = categoryAxis }, new C.AxisId { Val = valueAxis });
        return chart;
    }

    private static C.Marker NoMarker() => new(new C.Symbol { Val = C.MarkerStyleValues.None });

    /// <summary>Each line has points of its own shape, so that a grey print can be read.</summary>
    private static C.Marker Marker(ChartSeries series, uint index)
    {
        C.MarkerStyleValues[] shapes =
        [
            C.MarkerStyleValues.Circle, C.MarkerStyleValues.Square, C.MarkerStyleValues.Triangle, C.MarkerStyleValues.Diamond,
        ];
        return new C.Marker(
            new C.Symbol { Val = shapes[index % shapes.Length] },
            new C.Size { Val = 5 },
            new C.ChartShapeProperties(
                new A.SolidFill(new A.RgbColorModelHex { Val = series.Color }),
                new A.Outline(new A.SolidFill(new A.RgbColorModelHex { Val = "FFFFFF" })) { Width = 6350 }));
    }

    /// <summary>A large diamond with a dark rim: seen over bars, in grey too.</summary>
    private static C.Marker Mark(ChartSeries series) => new(
        new C.Symbol { Val = C.MarkerStyleValues.Diamond },
        new C.Size { Val = 11 },
        new C.ChartShapeProperties(
            new A.SolidFill(new A.RgbColorModelHex { Val = series.Color }),
            new A.Outline(new A.SolidFill(new A.RgbColorModelHex { Val = Palette.Ink })) { Width = 12700 }));

    private static C.DataLabels Labels(string format, C.DataLabelPositionValues position, string ink, bool isOnPaper = false) => new(
        new C.NumberingFormat { FormatCode = format, SourceLinked = false },
        new C.ChartShapeProperties(isOnPaper ? new A.SolidFill(new A.RgbColorModelHex { Val = "FFFFFF" }) : new A.NoFill(), new A.Outline(new A.NoFill())),
        ChartText.Properties(800, ink),
        new C.DataLabelPosition { Val = position },
        new C.ShowLegendKey { Val = false },
        new C.ShowValue { Val = true },
        new C.ShowCategoryName { Val = false },
        new C.ShowSeriesName { Val = false },
        new C.ShowPercent { Val = false },
        new C.ShowBubbleSize { Val = false });

    private static C.SeriesText Name(ChartSeries series) => new(new C.StringReference(
        new C.Formula(series.NameRef),
        new C.StringCache(new C.PointCount { Val = 1 }, new C.StringPoint(new C.NumericValue(series.Name)) { Index = 0 })));

    private static C.CategoryAxisData Categories(ChartSpec spec)
    {
        C.StringCache cache = new(new C.PointCount { Val = (uint)spec.Categories.Count });
        for (int i = 0; i < spec.Categories.Count; i++)
        {
            cache.Append(new C.StringPoint(new C.NumericValue(spec.Categories[i])) { Index = (uint)i });
        }
        return new C.CategoryAxisData(new C.StringReference(new C.Formula(spec.CategoriesRef), cache));
    }

    private static C.Values Values(ChartSeries series, string format)
    {
        C.NumberingCache cache = new(new C.FormatCode(format), new C.PointCount { Val = (uint)series.Values.Count });
        for (int i = 0; i < series.Values.Count; i++)
        {
            if (series.Values[i] is { } value)
            {
                cache.Append(new C.NumericPoint(new C.NumericValue(value.ToString(CultureInfo.InvariantCulture))) { Index = (uint)i });
            }
        }
        return new C.Values(new C.NumberReference(new C.Formula(series.ValuesRef), cache));
    }
}
