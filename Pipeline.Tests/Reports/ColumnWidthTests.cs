using System.Globalization;
using System.Xml.Linq;
using Pipeline.Models.Text;
using Pipeline.Reports;

namespace Pipeline.Tests.Reports;

/// <summary>A number that is wider than its column is shown as ####.</summary>
public sealed class ColumnWidthTests
{
    [Fact]
    public void Every_number_fits_its_column_also_the_largest_totals()
    {
        MonthReport report = InventedMonth.Report(perMonth: 400, months: 13);
        report = report with
        {
            Figures = [.. report.Figures.Select(f => f.Unit == Models.Measures.Units.Yuan ? f with { Value = f.Value * 1000 } : f)],
        };
        int numbers = 0;
        foreach (WorkbookFile file in WorkbookWriter.Write(report, [WorkbookKinds.Regulatory, WorkbookKinds.RootCause, WorkbookKinds.Trend], Language.Zh))
        {
            Spreadsheet book = new(file.Bytes);
            string[] formats = Formats(book.Styles);
            foreach (string sheet in book.Names)
            {
                Dictionary<int, double> widths = Widths(book.Sheet(sheet));
                foreach ((string name, XElement cell) in book.Cells(sheet).Where(c => book.Value(c.Value) is decimal))
                {
                    string format = formats[int.Parse(cell.Attribute("s")!.Value, CultureInfo.InvariantCulture)];
                    if (!format.Contains('y', StringComparison.Ordinal) && widths.TryGetValue(Spreadsheet.Range(name).Column, out double width))
                    {
                        string shown = ((decimal)book.Value(cell)!).ToString(format == "General" ? "0.##########" : Section(format), CultureInfo.InvariantCulture);
                        Assert.True(format == "General" || shown.Length + 0.5 <= width, $"{file.Kind}, {sheet}, {name}: {shown} in a column of {width}");
                        numbers++;
                    }
                }
            }
        }
        Assert.True(numbers > 5_000, $"{numbers} numbers were looked at");
    }

    private static Dictionary<int, double> Widths(XDocument sheet)
    {
        Dictionary<int, double> widths = [];
        foreach (XElement column in sheet.Descendants(Spreadsheet.Main + "col"))
        {
            for (int i = (int)column.Attribute("min")!; i <= Math.Min((int)column.Attribute("max")!, 100); i++)
            {
                widths[i] = (double)column.Attribute("width")!;
            }
        }
        return widths;
    }

    /// <summary>Of a format with a condition the section without one, which is as wide.</summary>
    private static string Section(string format) => format.StartsWith('[') ? format.Split(';')[^1] : format;

    /// <summary>The number format of each style of cells.</summary>
    private static string[] Formats(XElement styles)
    {
        Dictionary<int, string> named = styles.Descendants(Spreadsheet.Main + "numFmt").ToDictionary(f => (int)f.Attribute("numFmtId")!, f => f.Attribute("formatCode")!.Value);
        return [.. styles.Element(Spreadsheet.Main + "cellXfs")!.Elements(Spreadsheet.Main + "xf")
            .Select(x => named.GetValueOrDefault((int?)x.Attribute("numFmtId") ?? 0, "General"))];
    }
}
