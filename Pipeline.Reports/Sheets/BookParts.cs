using System.Globalization;
using System.Security;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Spreadsheet;

namespace Pipeline.Reports.Sheets;

/// <summary>The small parts of a workbook: its list of sheets, its tables, its properties.</summary>
internal static class BookParts
{
    /// <param name="pages">Of each sheet, in order.</param>
    public static Workbook Workbook(IReadOnlyList<Sheet> sheets, IReadOnlyList<PagePlan> pages, Sheet? opened)
    {
        Workbook workbook = new();
        workbook.AddNamespaceDeclaration("r", "http://schemas.openxmlformats.org/officeDocument/2006/relationships");
        uint active = opened is null ? 0 : (uint)sheets.ToList().IndexOf(opened);
        DocumentFormat.OpenXml.Spreadsheet.Sheets list = new();
        List<DefinedName> names = [];
        for (int i = 0; i < sheets.Count; i++)
        {
            list.Append(new DocumentFormat.OpenXml.Spreadsheet.Sheet { Name = sheets[i].Name, SheetId = (uint)(i + 1), Id = $"rId{i + 1}" });
            if (pages[i].Repeated is { } rows)
            {
                string quoted = sheets[i].Name.Replace("'", "''", StringComparison.Ordinal);
                names.Add(new DefinedName($"'{quoted}'!${rows.First}:${rows.Last}") { Name = "_xlnm.Print_Titles", LocalSheetId = (uint)i });
            }
            if (sheets[i].Unprinted is not null)
            {
                // An empty cell below everything and right of it, where no text runs over into it: there is nothing to print.
                names.Add(new DefinedName(CellRef.Fixed(sheets[i].Name, sheets[i].NextRow + 2, sheets[i].Widths.Keys.DefaultIfEmpty(1).Max() + 2)) { Name = "_xlnm.Print_Area", LocalSheetId = (uint)i });
            }
            names.AddRange(sheets[i].Named.Select(n => new DefinedName(CellRef.Fixed(sheets[i].Name, n.Row, n.Column)) { Name = n.Name }));
        }
        workbook.Append(
            new WorkbookProperties { DefaultThemeVersion = 166925 },
            new BookViews(new WorkbookView { XWindow = 0, YWindow = 0, WindowWidth = 28800, WindowHeight = 15840, TabRatio = 800, ActiveTab = active }),
            list);
        if (names.Count > 0)
        {
            workbook.Append(new DefinedNames(names));
        }
        return workbook;
    }

    public static Table Table(SheetTable table, TablePlace place, uint id)
    {
        string range = CellRef.Range(place.HeadRow, place.FirstColumn, place.LastRow, place.LastColumn);
        return new Table(
            new AutoFilter { Reference = range },
            new TableColumns(table.Columns.Select((c, i) => new DocumentFormat.OpenXml.Spreadsheet.TableColumn { Id = (uint)(i + 1), Name = c.Head }))
            {
                Count = (uint)table.Columns.Count,
            },
            new TableStyleInfo
            {
                Name = StyleCatalog.TableStyle,
                ShowFirstColumn = false,
                ShowLastColumn = false,
                ShowRowStripes = true,
                ShowColumnStripes = false,
            })
        {
            Id = id,
            Name = table.Name,
            DisplayName = table.Name,
            Reference = range,
            TotalsRowShown = false,
        };
    }

    public static string Core(BookProperties p)
    {
        string time = p.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) + "T00:00:00Z";
        return "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
            + "<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" "
            + "xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\" "
            + "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">"
            + $"<dc:title>{Escape(p.Title)}</dc:title><dc:subject>{Escape(p.Subject)}</dc:subject><dc:creator>Pipeline</dc:creator>"
            + $"<cp:keywords>{Escape(p.Keywords)}</cp:keywords><dc:description>{Escape(p.Description)}</dc:description>"
            + $"<cp:lastModifiedBy>Pipeline</cp:lastModifiedBy><dcterms:created xsi:type=\"dcterms:W3CDTF\">{time}</dcterms:created>"
            + $"<dcterms:modified xsi:type=\"dcterms:W3CDTF\">{time}</dcterms:modified><dc:language>{Escape(p.Language)}</dc:language>{(p.Status is { } status ? $"<cp:contentStatus>{Escape(status)}</cp:contentStatus>" : "")}</cp:coreProperties>";
    }

    public static string App(BookProperties p, IReadOnlyList<Sheet> sheets) =>
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
        + "<Properties xmlns=\"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties\" "
        + "xmlns:vt=\"http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes\"><Application>Pipeline</Application><TitlesOfParts>"
        + $"<vt:vector size=\"{sheets.Count}\" baseType=\"lpstr\">{string.Concat(sheets.Select(s => $"<vt:lpstr>{Escape(s.Name)}</vt:lpstr>"))}</vt:vector>"
        + $"</TitlesOfParts><Company>{Escape(p.Company)}</Company></Properties>";

    private static string Escape(string text) => SecurityElement.Escape(CellText.Clean(text))!;
}
