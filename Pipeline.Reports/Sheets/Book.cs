using System.Globalization;
using System.IO.Compression;
using System.Text;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Spreadsheet;
using Pipeline.Reports.Charts;

namespace Pipeline.Reports.Sheets;

/// <summary>Texts that stand in the document properties.</summary>
/// <param name="Day">Stands for the times of creation and change: bytes must not depend on the clock.</param>
/// <param name="Status">For example draft or approved; null for none.</param>
internal sealed record BookProperties(
    string Title, string Subject, string Company, string Keywords, string Description, string Language, DateOnly Day, string? Status = null);

/// <summary>
/// A workbook and how it becomes bytes. The package is written by hand (parts in fixed order, fixed times, fixed relationship ids)
/// because System.IO.Packaging stamps the clock into it and chance into the ids; the parts are the Open XML SDK's elements.
/// </summary>
internal sealed class Book(BookProperties properties, PageMarks marks, string font)
{
    private const string Relationships = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private const string ContentTypePrefix = "application/vnd.openxmlformats-officedocument.";
    private const string Declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
    private static readonly DateTimeOffset FixedTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly List<Sheet> sheets = [];

    /// <value>The sheet shown when the workbook is opened.</value>
    public Sheet? Opened { get; set; }

    public IReadOnlyList<Sheet> Sheets => sheets;

    public Sheet Add(Sheet sheet) => Insert(sheets.Count, sheet);

    /// <param name="index">Place among the sheets, from 0.</param>
    public Sheet Insert(int index, Sheet sheet)
    {
        if (sheets.Any(s => string.Equals(s.Name, sheet.Name, StringComparison.OrdinalIgnoreCase)))
        {
            throw new InvalidOperationException($"two sheets of one workbook are called '{sheet.Name}'");
        }
        sheets.Insert(index, sheet);
        return sheet;
    }

    public byte[] Write()
    {
        StyleCatalog styles = new(font);
        SharedStrings strings = new();
        List<PagePlan> pages = [];
        using MemoryStream bytes = new();
        using (ZipArchive zip = new(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            Part(zip, "[Content_Types].xml", ContentTypes());
            Part(zip, "_rels/.rels", Relations(
                ("rId1", $"{Relationships}/officeDocument", "xl/workbook.xml"),
                ("rId2", "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties", "docProps/core.xml"),
                ("rId3", $"{Relationships}/extended-properties", "docProps/app.xml")));
            Part(zip, "docProps/core.xml", BookParts.Core(properties));
            Part(zip, "docProps/app.xml", BookParts.App(properties, sheets));
            Part(zip, "xl/_rels/workbook.xml.rels", Relations(
            [
                .. sheets.Select((_, i) => ($"rId{i + 1}", $"{Relationships}/worksheet", $"worksheets/sheet{i + 1}.xml")),
                ($"rId{sheets.Count + 1}", $"{Relationships}/styles", "styles.xml"),
                ($"rId{sheets.Count + 2}", $"{Relationships}/sharedStrings", "sharedStrings.xml"),
            ]));
            int tables = 0;
            int charts = 0;
            for (int i = 0; i < sheets.Count; i++)
            {
                // The fitted rows of a sheet are let go with it; of all sheets at once they would be most of the memory.
                SheetLayout layout = new(sheets[i]);
                pages.Add(layout.Pages);
                WriteSheet(zip, i, layout, strings, styles, ref tables, ref charts);
            }
            Part(zip, "xl/workbook.xml", Declaration + BookParts.Workbook(sheets, pages, Opened).OuterXml);
            using (Stream part = Entry(zip, "xl/sharedStrings.xml"))
            {
                strings.Write(part);
            }
            Part(zip, "xl/styles.xml", Declaration + styles.Stylesheet().OuterXml);
        }
        return bytes.ToArray();
    }

    private void WriteSheet(ZipArchive zip, int index, SheetLayout layout, SharedStrings strings, StyleCatalog styles, ref int tables, ref int charts)
    {
        Sheet sheet = sheets[index];
        List<(string Id, string Type, string Target)> relations = [];
        List<string> tableIds = [];
        List<(SheetTable Table, TablePlace Place)> shown = [.. sheet.Tables.Where(t => !t.Place.IsEmpty)];
        foreach ((SheetTable table, TablePlace place) in shown)
        {
            tables++;
            tableIds.Add($"rId{relations.Count + 1}");
            relations.Add((tableIds[^1], $"{Relationships}/table", $"../tables/table{tables}.xml"));
            Part(zip, $"xl/tables/table{tables}.xml", Declaration + BookParts.Table(table, place, (uint)tables).OuterXml);
        }
        string? drawing = null;
        if (sheet.Charts.Count > 0)
        {
            drawing = $"rId{relations.Count + 1}";
            relations.Add((drawing, $"{Relationships}/drawing", $"../drawings/drawing{index + 1}.xml"));
            List<(string Id, string Type, string Target)> chartRelations = [];
            foreach (PlacedChart chart in sheet.Charts)
            {
                charts++;
                chartRelations.Add(($"rId{chartRelations.Count + 1}", $"{Relationships}/chart", $"../charts/chart{charts}.xml"));
                Part(zip, $"xl/charts/chart{charts}.xml", Declaration + ChartXml.Of(chart.Chart, font).OuterXml);
            }
            Part(zip, $"xl/drawings/drawing{index + 1}.xml", Declaration + DrawingXml.Of(sheet.Charts, [.. chartRelations.Select(r => r.Id)]).OuterXml);
            Part(zip, $"xl/drawings/_rels/drawing{index + 1}.xml.rels", Relations([.. chartRelations]));
        }
        if (relations.Count > 0)
        {
            Part(zip, $"xl/worksheets/_rels/sheet{index + 1}.xml.rels", Relations([.. relations]));
        }
        using Stream part = Entry(zip, $"xl/worksheets/sheet{index + 1}.xml");
        new SheetXml(sheet, layout, strings, styles, marks).Write(part, sheet == (Opened ?? sheets[0]), tableIds, drawing);
    }

    private string ContentTypes()
    {
        StringBuilder xml = new(Declaration);
        xml.Append("<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">")
            .Append("<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>")
            .Append("<Default Extension=\"xml\" ContentType=\"application/xml\"/>");
        void Override(string part, string type) => xml.Append(CultureInfo.InvariantCulture, $"<Override PartName=\"/{part}\" ContentType=\"{type}\"/>");
        Override("docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml");
        Override("docProps/app.xml", ContentTypePrefix + "extended-properties+xml");
        Override("xl/workbook.xml", ContentTypePrefix + "spreadsheetml.sheet.main+xml");
        int tables = 0;
        int charts = 0;
        for (int i = 0; i < sheets.Count; i++)
        {
            Override($"xl/worksheets/sheet{i + 1}.xml", ContentTypePrefix + "spreadsheetml.worksheet+xml");
            foreach (TablePlace _ in sheets[i].Tables.Select(t => t.Place).Where(p => !p.IsEmpty))
            {
                Override($"xl/tables/table{++tables}.xml", ContentTypePrefix + "spreadsheetml.table+xml");
            }
            if (sheets[i].Charts.Count > 0)
            {
                Override($"xl/drawings/drawing{i + 1}.xml", ContentTypePrefix + "drawing+xml");
            }
            foreach (PlacedChart _ in sheets[i].Charts)
            {
                Override($"xl/charts/chart{++charts}.xml", ContentTypePrefix + "drawingml.chart+xml");
            }
        }
        Override("xl/styles.xml", ContentTypePrefix + "spreadsheetml.styles+xml");
        Override("xl/sharedStrings.xml", ContentTypePrefix + "spreadsheetml.sharedStrings+xml");
        return xml.Append("</Types>").ToString();
    }

    private static string Relations(params (string Id, string Type, string Target)[] relations)
    {
        StringBuilder xml = new(Declaration);
        xml.Append("<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">");
        foreach ((string id, string type, string target) in relations)
        {
            xml.Append(CultureInfo.InvariantCulture, $"<Relationship Id=\"{id}\" Type=\"{type}\" Target=\"{target}\"/>");
        }
        return xml.Append("</Relationships>").ToString();
    }

    private static void Part(ZipArchive zip, string name, string xml)
    {
        using Stream part = Entry(zip, name);
        part.Write(Encoding.UTF8.GetBytes(xml));
    }

    private static Stream Entry(ZipArchive zip, string name)
    {
        ZipArchiveEntry entry = zip.CreateEntry(name, CompressionLevel.Optimal);
        entry.LastWriteTime = FixedTime;
        entry.ExternalAttributes = 0;
        return entry.Open();
    }
}
