using System.Globalization;
using DocumentFormat.OpenXml;
using Pipeline.Reports.Sheets;
using A = DocumentFormat.OpenXml.Drawing;
using C = DocumentFormat.OpenXml.Drawing.Charts;
using X = DocumentFormat.OpenXml.Drawing.Spreadsheet;

namespace Pipeline.Reports.Charts;

/// <summary>Makes the part that says where the charts of a sheet stand, with their alternative texts.</summary>
internal static class DrawingXml
{
    /// <summary>The lower edge stands within the last row: on its edge it would be cut where the page ends there.</summary>
    private const string InLastRow = "160000";

    /// <param name="relations">Relationship ids of the chart parts, in the order of <paramref name="charts"/>.</param>
    public static X.WorksheetDrawing Of(IReadOnlyList<PlacedChart> charts, IReadOnlyList<string> relations)
    {
        X.WorksheetDrawing drawing = new();
        for (int i = 0; i < charts.Count; i++)
        {
            PlacedChart chart = charts[i];
            drawing.Append(new X.TwoCellAnchor(
                new X.FromMarker(new X.ColumnId(Zero(chart.Column)), new X.ColumnOffset("0"), new X.RowId(Zero(chart.Row)), new X.RowOffset("60000")),
                new X.ToMarker(new X.ColumnId(Zero(chart.EndColumn)), new X.ColumnOffset("0"), new X.RowId(Zero(chart.EndRow - 1)), new X.RowOffset(InLastRow)),
                new X.GraphicFrame(
                    new X.NonVisualGraphicFrameProperties(
                        new X.NonVisualDrawingProperties { Id = (uint)(i + 2), Name = $"Chart {i + 1}", Description = chart.Chart.AltText, Title = chart.Chart.Title },
                        new X.NonVisualGraphicFrameDrawingProperties()),
                    new X.Transform(new A.Offset { X = 0, Y = 0 }, new A.Extents { Cx = 0, Cy = 0 }),
                    new A.Graphic(new A.GraphicData(new C.ChartReference { Id = relations[i] }) { Uri = "http://schemas.openxmlformats.org/drawingml/2006/chart" }))
                { Macro = "" },
                new X.ClientData())
            { EditAs = X.EditAsValues.OneCell });
        }
        return drawing;
    }

    private static string Zero(int oneBased) => (oneBased - 1).ToString(CultureInfo.InvariantCulture);
}
