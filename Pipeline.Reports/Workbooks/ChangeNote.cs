using Pipeline.Models.Text;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks;

/// <summary>Changes are made of values as they are, not of values as they are printed: said once on every sheet where the two can differ.</summary>
internal static class ChangeNote
{
    public static readonly Bilingual Text = new(
        "变动（差额、百分点、百分比）按未取整的数计算，可能与表中已取整的数相减所得末位不同。",
        "Changes (differences, percentage points, percent) are made of unrounded values; subtracting the rounded values of the table may give another last digit.");

    /// <summary>A change with decimals; changes of counts are exact.</summary>
    public static bool IsRounded(Cell cell) => cell.Kind == CellKind.Number && cell.Style.Format.StartsWith('+') && cell.Style.Format.Contains('.', StringComparison.Ordinal);

    /// <summary>Writes it once on a sheet on which such a change stands so far. Called for every sheet at the end, and earlier where a long table comes last.</summary>
    public static void Add(Composer c, Sheet sheet, int columns)
    {
        string text = c.T(Text);
        if (sheet.Written.Any(r => r.Any(IsRounded)) && !sheet.Written.Any(r => r.Any(cell => cell.Text == text)))
        {
            sheet.Paragraph(text, Styles.Note, 1, columns);
        }
    }
}
