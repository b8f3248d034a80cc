using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.Front;

/// <summary>The sheets that every workbook has beside its own: contents in front; figures, the rows behind them, definitions and lineage behind.</summary>
internal static class FrontSheets
{
    /// <summary>Title, what the sheet answers, the way back, a free row, and no more than a sentence or two.</summary>
    private const int LastRowOfASentence = 8;

    /// <summary>Adds them to a workbook whose own sheets stand.</summary>
    public static void Add(Composer composer)
    {
        composer.Charts.Finish();
        FiguresSheet.Add(composer);
        RowsSheet.Add(composer);
        DefinitionsSheet.Add(composer);
        LineageSheet.Add(composer);
        foreach (Sheet sheet in composer.Book.Sheets)
        {
            int columns = Math.Clamp(sheet.Widths.Keys.DefaultIfEmpty(1).Max(), 1, 10);
            Uncovered.Note(composer, sheet, columns);
            ChangeNote.Add(composer, sheet, columns);
        }
        foreach (Sheet sheet in composer.Book.Sheets.Where(s => s.Unprinted is null && s.Tables.Count == 0 && s.Charts.Count == 0 && s.NextRow <= LastRowOfASentence))
        {
            Cell[] texts = [.. sheet.Written.SelectMany(r => r).Where(cell => cell.Text is not null)];
            sheet.Unprinted = FirstSentence(texts.Where(cell => cell.Style == Styles.Finding).DefaultIfEmpty(texts[^1]).First().Text!);
        }
        // Management opens the trends to read the summary, so it stands first there, before the contents.
        CoverSheet.Insert(composer, composer.Kind == WorkbookKinds.Trend ? 1 : 0);
    }

    private static string FirstSentence(string text) => text[..((string[])["。", ". "]).Select(e => text.IndexOf(e, StringComparison.Ordinal)).Where(i => i >= 0).DefaultIfEmpty(text.Length).Min()];
}
