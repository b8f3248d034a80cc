using System.Globalization;
using System.Text;

namespace Pipeline.Reports.Sheets;

/// <summary>Writes one sheet as its part of the package, from the first row to the last, without holding it.</summary>
internal sealed class SheetXml(Sheet sheet, SheetLayout layout, SharedStrings strings, StyleCatalog styles, PageMarks marks)
{
    private readonly List<(string Ref, string Link, string? Tip)> links = [];

    /// <param name="tableRelations">Relationship ids of the tables, in order.</param>
    /// <param name="drawingRelation">Relationship id of the drawing with the charts, or null.</param>
    public void Write(Stream target, bool selected, IReadOnlyList<string> tableRelations, string? drawingRelation)
    {
        XmlBytes xml = new(target);
        xml.Raw("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"u8)
            .Raw("<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\">"u8)
            .Raw($"<sheetPr><tabColor rgb=\"FF{sheet.TabColor}\"/><pageSetUpPr fitToPage=\"{(layout.Pages.Scale is null ? 1 : 0)}\"/></sheetPr>");
        xml.Raw($"<sheetViews><sheetView showGridLines=\"0\"{(selected ? " tabSelected=\"1\"" : "")} workbookViewId=\"0\">");
        Pane(xml);
        xml.Raw($"</sheetView></sheetViews><sheetFormatPr defaultRowHeight=\"{RowFit.LineHeight.ToString(CultureInfo.InvariantCulture)}\"/>");
        if (sheet.Widths.Count > 0)
        {
            xml.Raw("<cols>"u8);
            foreach ((int column, double width) in sheet.Widths)
            {
                xml.Raw(string.Create(CultureInfo.InvariantCulture, $"<col min=\"{column}\" max=\"{column}\" width=\"{width:0.##}\" customWidth=\"1\"/>"));
            }
            xml.Raw("</cols>"u8);
        }
        xml.Raw("<sheetData>"u8);
        foreach (RowBlock block in sheet.Blocks)
        {
            Rows(xml, block);
        }
        xml.Raw("</sheetData>"u8);
        AfterData(xml, tableRelations, drawingRelation);
        xml.Raw("</worksheet>"u8).Flush();
    }

    private void Pane(XmlBytes xml)
    {
        if (sheet.Frozen is not { } frozen)
        {
            return;
        }
        string pane = (frozen.Row > 1, frozen.Column > 1) switch { (true, true) => "bottomRight", (true, false) => "bottomLeft", _ => "topRight" };
        xml.Raw("<pane"u8);
        if (frozen.Column > 1)
        {
            xml.Raw($" xSplit=\"{frozen.Column - 1}\"");
        }
        if (frozen.Row > 1)
        {
            xml.Raw($" ySplit=\"{frozen.Row - 1}\"");
        }
        xml.Raw($" topLeftCell=\"{CellRef.Cell(frozen.Row, frozen.Column)}\" activePane=\"{pane}\" state=\"frozen\"/><selection pane=\"{pane}\"/>");
    }

    private double shownHeight;
    private byte[] heightMarkup = [];

    private void Rows(XmlBytes xml, RowBlock block)
    {
        int number = block.First;
        byte[][] columns = [];
        foreach ((IReadOnlyList<Cell> cells, double height) in layout.RowsOf(block))
        {
            if (columns.Length < cells.Count)
            {
                columns = [.. Enumerable.Range(block.Column, cells.Count).Select(c => Encoding.ASCII.GetBytes(CellRef.Column(c)))];
            }
            xml.Raw("<row r=\""u8).Number(number);
            // Rows to be edited grow with what is typed into them.
            if (!sheet.IsProtected || height > RowFit.LineHeight)
            {
                if (height != shownHeight)
                {
                    (shownHeight, heightMarkup) = (height, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\" ht=\"{height:0.##}\" customHeight=\"1")));
                }
                xml.Raw(heightMarkup);
            }
            xml.Raw("\">"u8);
            for (int i = 0; i < cells.Count; i++)
            {
                Write(xml, cells[i], columns[i], number);
            }
            xml.Raw("</row>"u8);
            number++;
        }
        if (number != block.First + block.Count)
        {
            throw new InvalidOperationException(
                $"sheet '{sheet.Name}': a table announced {block.Count} rows and gave {number - block.First}; the sheet would point at wrong cells");
        }
    }

    private void Write(XmlBytes xml, Cell cell, byte[] column, int row)
    {
        string? text = cell.Kind == CellKind.Text ? CellText.Clean(cell.Text!) : null;
        int style = text is not null && CellText.LooksLikeFormula(text) ? styles.QuotedNumber(cell.Style) : styles.Number(cell.Style);
        if (cell.Kind == CellKind.Blank && style == 0)
        {
            return;
        }
        xml.Raw("<c r=\""u8).Raw(column).Number(row);
        if (style != 0)
        {
            xml.Raw("\" s=\""u8).Number(style);
        }
        switch (cell.Kind)
        {
            case CellKind.Text:
                xml.Raw("\" t=\"s\"><v>"u8).Number(strings.Number(text!)).Raw("</v></c>"u8);
                break;
            case CellKind.Number:
                xml.Raw("\"><v>"u8).Number(cell.Number).Raw("</v></c>"u8);
                break;
            default:
                xml.Raw("\"/>"u8);
                break;
        }
        if (cell.Link is { } link)
        {
            links.Add((Encoding.ASCII.GetString(column) + row.ToString(CultureInfo.InvariantCulture), link, cell.Tip));
        }
    }

    /// <summary>What follows the cells, in the order that the schema demands.</summary>
    private void AfterData(XmlBytes xml, IReadOnlyList<string> tableRelations, string? drawingRelation)
    {
        if (sheet.IsProtected)
        {
            xml.Raw("<sheetProtection sheet=\"1\" objects=\"1\" scenarios=\"1\" formatColumns=\"0\" formatRows=\"0\" sort=\"0\" autoFilter=\"0\"/>"u8);
        }
        if (sheet.Merged.Count > 0)
        {
            xml.Raw($"<mergeCells count=\"{sheet.Merged.Count}\">");
            foreach (string range in sheet.Merged)
            {
                xml.Raw($"<mergeCell ref=\"{range}\"/>");
            }
            xml.Raw("</mergeCells>"u8);
        }
        int priority = 1;
        foreach (ConditionalRule rule in sheet.Conditions)
        {
            xml.Raw($"<conditionalFormatting sqref=\"{rule.Range}\">{string.Format(CultureInfo.InvariantCulture, rule.Markup, priority++)}</conditionalFormatting>");
        }
        if (sheet.Validations.Count > 0)
        {
            xml.Raw($"<dataValidations count=\"{sheet.Validations.Count}\">");
            foreach (ValidationRule rule in sheet.Validations)
            {
                xml.Raw($"<dataValidation {rule.Attributes} allowBlank=\"1\" showErrorMessage=\"1\" errorTitle=\"").Text(rule.Title).Raw("\" error=\""u8).Text(rule.Message)
                    .Raw($"\" sqref=\"{rule.Range}\"><formula1>").Text(rule.Formula).Raw("</formula1></dataValidation>"u8);
            }
            xml.Raw("</dataValidations>"u8);
        }
        if (links.Count > 0)
        {
            xml.Raw("<hyperlinks>"u8);
            foreach ((string cell, string link, string? tip) in links)
            {
                xml.Raw("<hyperlink ref=\""u8).Raw(cell).Raw("\" location=\""u8).Text(link);
                if (tip is not null)
                {
                    xml.Raw("\" tooltip=\""u8).Text(CellText.Clean(tip.Length > 250 ? tip[..250] : tip));
                }
                xml.Raw("\"/>"u8);
            }
            xml.Raw("</hyperlinks>"u8);
        }
        xml.Raw("<printOptions horizontalCentered=\"1\"/><pageMargins left=\"0.4\" right=\"0.4\" top=\"0.7\" bottom=\"0.6\" header=\"0.3\" footer=\"0.3\"/>"u8)
            .Raw($"<pageSetup paperSize=\"9\"{(layout.Pages.Scale is { } scale ? $" scale=\"{scale}\"" : "")} orientation=\"landscape\" fitToWidth=\"1\" fitToHeight=\"{(sheet.OnOnePage ? 1 : 0)}\"/>")
            .Raw("<headerFooter><oddHeader>"u8).Text(marks.Header(sheet.Name)).Raw("</oddHeader><oddFooter>"u8).Text(marks.Footer).Raw("</oddFooter></headerFooter>"u8);
        if (layout.Pages.Breaks.Count > 0)
        {
            xml.Raw($"<rowBreaks count=\"{layout.Pages.Breaks.Count}\" manualBreakCount=\"{layout.Pages.Breaks.Count}\">");
            foreach (int row in layout.Pages.Breaks)
            {
                xml.Raw($"<brk id=\"{row - 1}\" max=\"16383\" man=\"1\"/>");
            }
            xml.Raw("</rowBreaks>"u8);
        }
        if (sheet.NextRow > 1)
        {
            int lastColumn = Math.Max(1, sheet.Widths.Keys.DefaultIfEmpty(1).Max());
            xml.Raw($"<ignoredErrors><ignoredError sqref=\"{CellRef.Range(1, 1, sheet.NextRow, lastColumn)}\" numberStoredAsText=\"1\"/></ignoredErrors>");
        }
        if (drawingRelation is not null)
        {
            xml.Raw($"<drawing r:id=\"{drawingRelation}\"/>");
        }
        if (tableRelations.Count > 0)
        {
            xml.Raw($"<tableParts count=\"{tableRelations.Count}\">");
            foreach (string id in tableRelations)
            {
                xml.Raw($"<tablePart r:id=\"{id}\"/>");
            }
            xml.Raw("</tableParts>"u8);
        }
        Sparklines(xml);
    }

    private void Sparklines(XmlBytes xml)
    {
        if (sheet.Sparklines.Count == 0)
        {
            return;
        }
        xml.Raw("<extLst><ext uri=\"{05C60535-1F16-4fd2-B633-F4F36F0B64E0}\" xmlns:x14=\"http://schemas.microsoft.com/office/spreadsheetml/2009/9/main\">"u8)
            .Raw("<x14:sparklineGroups xmlns:xm=\"http://schemas.microsoft.com/office/excel/2006/main\">"u8)
            .Raw($"<x14:sparklineGroup manualMin=\"0\" type=\"column\" displayEmptyCellsAs=\"gap\" last=\"1\" minAxisType=\"custom\"><x14:colorSeries rgb=\"FF{Palette.Spark}\"/><x14:colorLast rgb=\"FF{Palette.Navy}\"/><x14:sparklines>");
        foreach (Sparkline line in sheet.Sparklines)
        {
            xml.Raw("<x14:sparkline><xm:f>"u8).Text(line.Data).Raw("</xm:f><xm:sqref>"u8).Raw(line.Cell).Raw("</xm:sqref></x14:sparkline>"u8);
        }
        xml.Raw("</x14:sparklines></x14:sparklineGroup></x14:sparklineGroups></ext></extLst>"u8);
    }
}

/// <summary>What stands at the head and the foot of each printed page.</summary>
/// <param name="Left">For example the bank.</param>
/// <param name="Right">For example the reporting month.</param>
/// <param name="FootLeft">For example the run and its edition.</param>
/// <param name="FootRight">For example the day that the data is as of.</param>
internal sealed record PageMarks(string Left, string Right, string FootLeft, string FootRight)
{
    public string Header(string sheet) => $"&L&8{Escape(Left)}&C&8{Escape(sheet)}&R&8{Escape(Right)}";

    public string Footer => $"&L&8{Escape(FootLeft)}&C&8&P / &N&R&8{Escape(FootRight)}";

    // A digit after the size code would be read as part of the size.
    private static string Escape(string text)
    {
        string doubled = CellText.Clean(text).Replace("&", "&&", StringComparison.Ordinal);
        return doubled.Length > 0 && char.IsAsciiDigit(doubled[0]) ? " " + doubled : doubled;
    }
}
