using DocumentFormat.OpenXml;
using Pipeline.Reports.Sheets;
using A = DocumentFormat.OpenXml.Drawing;
using C = DocumentFormat.OpenXml.Drawing.Charts;

namespace Pipeline.Reports.Charts;

/// <summary>Axes: light grid, no ticks, numbers from nought.</summary>
internal static class ChartAxes
{
    private const int Slanted = -2_700_000;

    public static C.CategoryAxis Categories(ChartSpec spec, uint id, uint crossing, bool isHidden)
    {
        bool isSlanted = !spec.IsHorizontal && !spec.HasLevelLabels && spec.Categories.Count > 8 && spec.Categories.Max(CellText.Width) > 5;
        return new C.CategoryAxis(
            new C.AxisId { Val = id },
            new C.Scaling(new C.Orientation { Val = spec.IsHorizontal ? C.OrientationValues.MaxMin : C.OrientationValues.MinMax }),
            new C.Delete { Val = isHidden },
            new C.AxisPosition { Val = spec.IsHorizontal ? C.AxisPositionValues.Left : C.AxisPositionValues.Bottom },
            new C.NumberingFormat { FormatCode = "General", SourceLinked = false },
            new C.MajorTickMark { Val = C.TickMarkValues.None },
            new C.MinorTickMark { Val = C.TickMarkValues.None },
            new C.TickLabelPosition { Val = C.TickLabelPositionValues.Low },
            new C.ChartShapeProperties(new A.Outline(new A.SolidFill(new A.RgbColorModelHex { Val = "8C8C8C" })) { Width = 9525 }),
            ChartText.Properties(900, Palette.Ink, isSlanted ? Slanted : null),
            new C.CrossingAxis { Val = crossing },
            new C.Crosses { Val = C.CrossesValues.AutoZero },
            new C.AutoLabeled { Val = false },
            new C.LabelAlignment { Val = C.LabelAlignmentValues.Center },
            new C.LabelOffset { Val = 100 },
            new C.TickLabelSkip { Val = 1 },
            new C.NoMultiLevelLabels { Val = true });
    }

    public static C.ValueAxis Values(ChartSpec spec, uint id, uint crossing, bool isSecondary)
    {
        C.Scaling scaling = new(new C.Orientation { Val = C.OrientationValues.MinMax });
        if ((isSecondary ? spec.SecondaryMaximum : spec.Maximum ?? MaximumOfShares(spec)) is { } maximum)
        {
            scaling.Append(new C.MaxAxisValue { Val = (double)maximum });
        }
        if (!spec.Series.Any(s => s.IsSecondary == isSecondary && s.Values.Any(v => v < 0)))
        {
            scaling.Append(new C.MinAxisValue { Val = 0 });
        }
        C.ValueAxis axis = new(
            new C.AxisId { Val = id },
            scaling,
            new C.Delete { Val = false },
            new C.AxisPosition
            {
                Val = isSecondary ? C.AxisPositionValues.Right : spec.IsHorizontal ? C.AxisPositionValues.Bottom : C.AxisPositionValues.Left,
            });
        if (!isSecondary)
        {
            axis.Append(new C.MajorGridlines(new C.ChartShapeProperties(
                new A.Outline(new A.SolidFill(new A.RgbColorModelHex { Val = "E4E4E4" })) { Width = 6350 })));
        }
        if ((isSecondary ? spec.SecondaryAxisTitle : spec.AxisTitle) is { } title)
        {
            axis.Append(ChartText.Title(title, 900, isBold: false, spec.IsHorizontal ? null : -5_400_000));
        }
        axis.Append(
            new C.NumberingFormat { FormatCode = isSecondary ? spec.SecondaryFormat : spec.Grouping == BarGrouping.Shares ? "0%" : spec.Format, SourceLinked = false },
            new C.MajorTickMark { Val = C.TickMarkValues.None },
            new C.MinorTickMark { Val = C.TickMarkValues.None },
            new C.TickLabelPosition { Val = C.TickLabelPositionValues.NextTo },
            new C.ChartShapeProperties(new A.Outline(new A.NoFill())),
            ChartText.Properties(900, Palette.Muted),
            new C.CrossingAxis { Val = crossing },
            new C.Crosses { Val = isSecondary || spec.IsHorizontal ? C.CrossesValues.Maximum : C.CrossesValues.AutoZero },
            new C.CrossBetween { Val = C.CrossBetweenValues.Between });
        return axis;
    }

    /// <summary>Left to itself the axis of shares near the whole would end at 120 %.</summary>
    private static decimal? MaximumOfShares(ChartSpec spec)
    {
        if (spec.Grouping == BarGrouping.Shares)
        {
            return 1;
        }
        decimal highest = spec.Series.Where(s => !s.IsSecondary).SelectMany(s => s.Values).Max() ?? 0;
        return spec.Format.EndsWith('%') && highest is > 0.75m and <= 1 ? 1 : null;
    }
}
