using DocumentFormat.OpenXml;
using A = DocumentFormat.OpenXml.Drawing;
using C = DocumentFormat.OpenXml.Drawing.Charts;

namespace Pipeline.Reports.Charts;

/// <summary>Texts of charts. Sizes are in hundredths of a point.</summary>
internal static class ChartText
{
    public static C.Title Title(string text, int size, bool isBold, int? rotation = null)
    {
        A.BodyProperties body = new();
        if (rotation is { } angle)
        {
            body.Rotation = angle;
            body.Vertical = A.TextVerticalValues.Horizontal;
        }
        return new C.Title(
            new C.ChartText(new C.RichText(
                body,
                new A.ListStyle(),
                new A.Paragraph(
                    new A.ParagraphProperties(Run(new A.DefaultRunProperties { FontSize = size, Bold = isBold })),
                    new A.Run(Run(new A.RunProperties { FontSize = size, Bold = isBold }), new A.Text(text))))),
            new C.Overlay { Val = false });
    }

    /// <param name="rotation">In 60,000ths of a degree; null for level.</param>
    public static C.TextProperties Properties(int size, string color, int? rotation = null)
    {
        A.BodyProperties body = new();
        if (rotation is { } angle)
        {
            body.Rotation = angle;
            body.Vertical = A.TextVerticalValues.Horizontal;
        }
        return new C.TextProperties(
            body,
            new A.ListStyle(),
            new A.Paragraph(
                new A.ParagraphProperties(new A.DefaultRunProperties(new A.SolidFill(new A.RgbColorModelHex { Val = color })) { FontSize = size, Bold = false }),
                new A.EndParagraphRunProperties { Language = "en-US" }));
    }

    private static T Run<T>(T properties)
        where T : OpenXmlCompositeElement
    {
        properties.Append(new A.SolidFill(new A.RgbColorModelHex { Val = Sheets.Palette.Ink }));
        return properties;
    }
}
