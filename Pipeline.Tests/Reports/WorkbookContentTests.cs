using System.Data;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using ExcelDataReader;
using Pipeline.Models.Measures;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;
using Pipeline.Reports;
using Pipeline.Reports.Sheets;
using Pipeline.Reports.Workbooks;

namespace Pipeline.Tests.Reports;

public sealed partial class WorkbookContentTests
{
    private static readonly MonthReport Report = InventedMonth.Report();
    private static readonly Lazy<Dictionary<string, Spreadsheet>> Chinese = new(() => Read(Language.Zh));
    private static readonly Lazy<Dictionary<string, Spreadsheet>> English = new(() => Read(Language.En));

    private static Dictionary<string, Spreadsheet> Read(Language language) =>
        WorkbookWriter.Write(Report, WorkbookKinds.All, language).ToDictionary(f => f.Kind, f => new Spreadsheet(f.Bytes), StringComparer.Ordinal);

    public static TheoryData<string> Kinds => [.. WorkbookKinds.All];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void No_cell_is_a_formula_and_every_cell_is_a_text_or_a_number(string kind)
    {
        foreach (Spreadsheet book in (Spreadsheet[])[Chinese.Value[kind], English.Value[kind]])
        {
            foreach (string name in book.Names)
            {
                Assert.Empty(book.Sheet(name).Descendants(Spreadsheet.Main + "f"));
                foreach (XElement cell in book.Sheet(name).Descendants(Spreadsheet.Main + "c"))
                {
                    if (book.Value(cell) is string text && CellText.LooksLikeFormula(text))
                    {
                        Assert.True(book.HasQuotePrefix(cell), $"{kind} {name} {cell.Attribute("r")!.Value} begins like a formula and has no quote prefix");
                    }
                }
            }
        }
    }

    [Fact]
    public void A_narrative_that_begins_like_a_formula_is_kept_letter_for_letter()
    {
        IReadOnlyList<object?> texts = [.. Chinese.Value["cases"].Table("AllCases").Skip(1).Select(r => r[^3])];
        Assert.Equal(Report.Cases.Select(c => c.TextMasked.ReplaceLineEndings(" ")), texts);
        Assert.Contains(texts, t => t is string s && s.StartsWith("=1+1", StringComparison.Ordinal));
    }

    [Fact]
    public void A_p_value_below_four_decimals_is_shown_as_smaller_and_stays_a_number()
    {
        Spreadsheet book = English.Value["trend"];
        IReadOnlyList<IReadOnlyList<object?>> tests = book.Table("Tests");
        int at = tests[0].ToList().IndexOf("p-value");
        Assert.Contains(tests.Skip(1), r => r[at] is < 0.0001m);
        Assert.All(tests.Skip(1), r => Assert.IsType<decimal>(r[at]));
        Assert.Contains(book.Styles.Descendants(Spreadsheet.Main + "numFmt"), f => f.Attribute("formatCode")!.Value == "[<0.0001]\"<0.0001\";0.0000");
    }

    [Fact]
    public void The_figures_say_their_filter_in_words()
    {
        foreach (Spreadsheet book in (Spreadsheet[])[Chinese.Value["rootcause"], English.Value["rootcause"]])
        {
            IReadOnlyList<IReadOnlyList<object?>> tagged = [.. book.Table("Figures").Skip(1).Where(r => ((string)r[0]!).Contains("tag=", StringComparison.Ordinal))];
            Assert.NotEmpty(tagged);
            Assert.All(tagged, r => Assert.False(((string)r[3]!).Contains("tag:", StringComparison.Ordinal) || ((string)r[3]!).Contains('_', StringComparison.Ordinal), (string)r[3]!));
        }
    }

    [Fact]
    public void Days_of_the_priority_list_are_those_of_the_worklist_and_both_say_to_which_day()
    {
        Spreadsheet book = new(WorkbookWriter.Write(InventedFindings.Report(Findings.Many), [WorkbookKinds.Cases], Language.En)[0].Bytes);
        IReadOnlyList<IReadOnlyList<object?>> work = book.Table("Worklist");
        Dictionary<object, object?> days = work.Skip(1).ToDictionary(r => r[0]!, r => r[work[0].ToList().IndexOf("Days open")]);
        IReadOnlyList<IReadOnlyList<object?>> priority = book.Table("Priority");
        List<object?> heads = [.. priority[0]];
        IReadOnlyList<IReadOnlyList<object?>> open = [.. priority.Skip(1).Where(r => (string?)r[heads.IndexOf("Status")] == "Open")];
        Assert.NotEmpty(open);
        Assert.All(open, r => Assert.Equal(days[r[heads.IndexOf("Case number")]!], r[heads.IndexOf("Days open")]));
        foreach (string sheet in (string[])["Priority list", "Worklist"])
        {
            Assert.Contains(book.Cells(sheet).Values.Select(book.Value).OfType<string>(), t => t.Contains("the data date 2026-", StringComparison.Ordinal) || t.Contains("Of the data date 2026-", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Warnings_say_that_they_are_of_the_month_and_the_reconciliation_that_it_is_of_all_files()
    {
        Spreadsheet book = English.Value["quality"];
        string All(string sheet) => string.Join('\n', book.Cells(sheet).Values.Select(book.Value).OfType<string>());
        Assert.Contains("Warnings on complaints received in 2026-10", All("Warnings"), StringComparison.Ordinal);
        Assert.Contains($"({Report.Lineage.Files.Sum(f => f.Warnings)}), stand on the sheet Reconciliation.", All("Warnings"), StringComparison.Ordinal);
        Assert.Contains("all files", All("Reconciliation"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_worklist_shows_of_every_limit_the_days_left_or_over_those_over_most_limits_first()
    {
        Spreadsheet book = English.Value["cases"];
        IReadOnlyList<IReadOnlyList<object?>> rows = [.. book.Table("Worklist").Skip(1)];
        int[] limits = [15, 30, 60];
        Assert.All(rows, r =>
        {
            decimal open = (decimal)r[2]!;
            Assert.Equal(limits.Select(l => l - open), r.Skip(4).Take(3).Select(v => (decimal)v!));
            int[] passed = [.. limits.Where(l => open > l)];
            Assert.Equal(passed.Length == 0 ? "none" : $"{string.Join(", ", passed)} days", r[3]);
        });
        (int Passed, decimal Left)[] order = [.. rows.Select(r => (limits.Count(l => (decimal)r[2]! > l), limits.Select(l => l - (decimal)r[2]!).Where(d => d >= 0).DefaultIfEmpty(60 - (decimal)r[2]!).First()))];
        Assert.Equal(order.OrderByDescending(o => o.Passed).ThenBy(o => o.Left), order);
        Assert.True(order.Select(o => o.Passed).Distinct().Count() > 1, "all cases are within the same limits");
        string summary = book.Cells("Worklist").Values.Select(book.Value).OfType<string>().Single(t => t.StartsWith("Over 15 days", StringComparison.Ordinal));
        Assert.Equal(
            $"Over 15 days: {order.Count(o => o.Passed > 0)}, of them over 30 days: {order.Count(o => o.Passed > 1)} and over 60 days: {order.Count(o => o.Passed > 2)}. Within all limits: {order.Count(o => o.Passed == 0)}.", summary);
    }

    [Fact]
    public void Where_printed_changes_can_differ_from_what_the_printed_values_give_the_sheet_says_so_once_and_elsewhere_not()
    {
        foreach ((Dictionary<string, Spreadsheet> books, string note) in ((Dictionary<string, Spreadsheet>, string)[])[(Chinese.Value, Pipeline.Reports.Workbooks.ChangeNote.Text.Zh), (English.Value, Pipeline.Reports.Workbooks.ChangeNote.Text.En)])
        {
            int said = 0;
            foreach (Spreadsheet book in books.Values)
            {
                HashSet<int> changes = book.StylesWhere(f => f.StartsWith('+') && f.Contains('.', StringComparison.Ordinal));
                foreach (string sheet in book.Names)
                {
                    System.Xml.Linq.XElement[] cells = [.. book.Cells(sheet).Values];
                    bool has = cells.Any(c => book.Value(c) is decimal && changes.Contains(Spreadsheet.StyleOf(c)));
                    Assert.Equal((sheet, has ? 1 : 0), (sheet, cells.Count(c => book.Value(c) is string text && text == note)));
                    said += has ? 1 : 0;
                }
            }
            Assert.True(said > 8, $"{said} sheets have changes");
        }
    }

    [Fact]
    public void The_tables_by_nature_say_by_whom_the_nature_was_decided()
    {
        Models.Complaints.ComplaintFact[] facts = [.. Report.Cases.Select(r => r.Fact)];
        int By(Models.Complaints.LabelBasis basis) => facts.Count(f => f.Nature.Class is not null && f.Nature.Basis == basis);
        string said = English.Value["rootcause"].Cells("Nature").Values.Select(English.Value["rootcause"].Value).OfType<string>().Single(t => t.StartsWith("By whom", StringComparison.Ordinal));
        Assert.StartsWith(
            $"By whom the nature of the month's {facts.Length} complaints was decided: model {By(Models.Complaints.LabelBasis.Predicted)}, coded in the export {By(Models.Complaints.LabelBasis.Reported)}, analyst {By(Models.Complaints.LabelBasis.Analyst)}", said, StringComparison.Ordinal);
        MonthReport byModel = Report with { Cases = [.. Report.Cases.Select(r => r with { Fact = r.Fact with { Nature = r.Fact.Nature with { Basis = Models.Complaints.LabelBasis.Predicted } } })] };
        Assert.Equal(
            $"The model decided the nature of all {facts.Length} complaints of the month: the source states none. On held-out texts the model is right about the nature in 87.1%.", LabelBasesOf(byModel));

        static string LabelBasesOf(MonthReport report)
        {
            Spreadsheet book = new(WorkbookWriter.Write(report, [WorkbookKinds.RootCause], Language.En)[0].Bytes);
            return book.Cells("Nature").Values.Select(book.Value).OfType<string>().Single(t => t.StartsWith("The model decided", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void The_industry_sheet_names_the_quarters_of_which_there_is_no_bulletin()
    {
        string said = English.Value["regulatory"].Cells("Industry").Values.Select(English.Value["regulatory"].Value).OfType<string>().Single(t => t.StartsWith("Reference data", StringComparison.Ordinal));
        Assert.Contains("bulletins of 10 quarters from 2020Q2 to 2023Q1; 2021Q2, 2022Q3 missing between them", said, StringComparison.Ordinal);
        Assert.Contains("none after 2023Q1", said, StringComparison.Ordinal);
    }

    [Fact]
    public void The_worklist_by_branch_counts_the_cases_of_the_worklist_and_no_others()
    {
        foreach ((Spreadsheet book, string branchOf, string totalName) in ((Spreadsheet, string, string)[])[(Chinese.Value["cases"], "被投诉机构", "合计"), (English.Value["cases"], "Branch complained of", "Total")])
        {
            IReadOnlyList<IReadOnlyList<object?>> list = book.Table("Worklist");
            int branch = list[0].ToList().IndexOf(branchOf);
            ILookup<object?, decimal> daysOpen = list.Skip(1).ToLookup(r => r[branch], r => (decimal)r[2]!);
            IReadOnlyList<IReadOnlyList<object?>> summary = [.. book.Table("WorklistBranches").Skip(1).Where(r => (string?)r[0] != totalName)];
            Assert.Equal(daysOpen.Select(g => g.Key).ToHashSet(), summary.Select(r => r[0]).ToHashSet());
            Assert.All(summary, r =>
            {
                decimal[] own = [.. daysOpen[r[0]]];
                Assert.Equal(
                    [own.Length, own.Count(d => d <= 15), own.Count(d => d is > 15 and <= 30), own.Count(d => d is > 30 and <= 60), own.Count(d => d > 60)],
                    r.Skip(1).Take(5).Select(v => (decimal)v!));
                Assert.Equal(r.Skip(2).Take(4).Sum(v => (decimal)v!), (decimal)r[1]!);
                Assert.Equal(own.Count(d => d > 15), (decimal)r[6]!);
                Assert.Equal(own.Min(d => (d <= 15 ? 15 : d <= 30 ? 30 : 60) - d), (decimal)r[7]!);
            });
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_link_leads_to_a_sheet_and_every_linked_number_equals_the_figure_it_leads_to(string kind)
    {
        Spreadsheet book = Chinese.Value[kind];
        Dictionary<string, Dictionary<string, XElement>> cells = book.Names.ToDictionary(n => n, book.Cells, StringComparer.Ordinal);
        Dictionary<string, IReadOnlyList<object?>> figures = kind == WorkbookKinds.Cases ? [] : book.Table("Figures").Skip(1).ToDictionary(r => (string)r[0]!);
        (int numbers, int rows) = (0, 0);
        foreach (string name in book.Names)
        {
            foreach (XElement link in book.Sheet(name).Descendants(Spreadsheet.Main + "hyperlink"))
            {
                Match place = Place().Match(link.Attribute("location")!.Value);
                Assert.True(place.Success && cells.ContainsKey(place.Groups[1].Value), $"{kind}: {link.Attribute("location")!.Value} leads nowhere");
                if (link.Attribute("tooltip")?.Value is { } key && cells[name].TryGetValue(link.Attribute("ref")!.Value, out XElement? cell))
                {
                    IReadOnlyList<object?> figure = figures[key];
                    if (place.Groups[1].Value == "数字清单")
                    {
                        Assert.Equal(key, book.Value(cells[place.Groups[1].Value]["A" + place.Groups[3].Value]));
                    }
                    else
                    {
                        Assert.Equal("明细", place.Groups[1].Value);
                        rows++;
                    }
                    if (book.Value(cell) is decimal number)
                    {
                        numbers++;
                        Assert.Equal(figure[4], number);
                    }
                }
            }
        }
        Assert.True(kind == WorkbookKinds.Cases || (numbers > 15 && rows > 5), $"{kind} links {numbers} numbers, {rows} to their rows");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_sheet_of_figures_says_what_the_report_says(string kind)
    {
        FigureSet figures = new(Report.Figures);
        if (kind == WorkbookKinds.Cases)
        {
            return;
        }
        foreach (IReadOnlyList<object?> row in English.Value[kind].Table("Figures").Skip(1))
        {
            Figure figure = figures.Find((string)row[0]!)!;
            Assert.Equal(figure.Value is { } value ? value : Cell.UndefinedText, row[4]);
            Assert.Equal(figure.Numerator, (decimal?)row[6]);
            Assert.Equal(figure.Denominator, (decimal?)row[7]);
            Assert.Equal(figure.Rows, (decimal)row[8]!);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Heads_of_tables_are_the_names_of_their_columns(string kind)
    {
        Spreadsheet book = English.Value[kind];
        foreach (XElement table in book.Parts.Where(p => p.Key.StartsWith("xl/tables/", StringComparison.Ordinal)).Select(p => p.Value.Root!))
        {
            string[] names = [.. table.Descendants(Spreadsheet.Main + "tableColumn").Select(c => c.Attribute("name")!.Value)];
            Assert.Equal(names, book.Table(table.Attribute("name")!.Value)[0].Cast<string>());
            Assert.Equal(names.Length, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Charts_show_the_numbers_of_their_cells(string kind)
    {
        XNamespace chart = "http://schemas.openxmlformats.org/drawingml/2006/chart";
        Spreadsheet book = Chinese.Value[kind];
        foreach (XElement reference in book.Parts.Where(p => p.Key.StartsWith("xl/charts/", StringComparison.Ordinal)).SelectMany(p => p.Value.Descendants(chart + "numRef")))
        {
            Match place = FixedRange().Match(reference.Element(chart + "f")!.Value);
            (int row, int column, int lastRow, _) = Spreadsheet.Range(place.Groups[2].Value);
            Dictionary<string, XElement> cells = book.Cells(place.Groups[1].Value);
            Dictionary<int, string> points = reference.Descendants(chart + "pt").ToDictionary(p => int.Parse(p.Attribute("idx")!.Value), p => p.Value);
            for (int r = row; r <= lastRow; r++)
            {
                object? value = cells.TryGetValue(Spreadsheet.Name(r, column), out XElement? cell) ? book.Value(cell) : null;
                Assert.Equal(value, points.TryGetValue(r - row, out string? point) ? decimal.Parse(point) : null);
            }
        }
    }

    [Fact]
    public void Every_chart_has_an_alternative_text()
    {
        XNamespace drawing = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing";
        List<XElement> frames = [.. English.Value.Values.SelectMany(b => b.Parts).Where(p => p.Key.StartsWith("xl/drawings/drawing", StringComparison.Ordinal)).SelectMany(p => p.Value.Descendants(drawing + "cNvPr"))];
        Assert.True(frames.Count > 12, $"{frames.Count} charts");
        Assert.All(frames, f => Assert.True(f.Attribute("descr")!.Value.Length > 20));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_sheet_prints_on_A4_landscape_one_page_wide(string kind)
    {
        foreach (string name in English.Value[kind].Names)
        {
            XElement setup = English.Value[kind].Sheet(name).Descendants(Spreadsheet.Main + "pageSetup").Single();
            Assert.Equal(("9", "landscape", "1"), (setup.Attribute("paperSize")!.Value, setup.Attribute("orientation")!.Value, setup.Attribute("fitToWidth")!.Value));
        }
    }

    [Fact]
    public void Business_channels_add_up_by_the_identity_of_the_standard()
    {
        IReadOnlyList<IReadOnlyList<object?>> rows = Chinese.Value["regulatory"].Table("BusinessChannel");
        int Column(string head) => rows[0].ToList().IndexOf(head);
        decimal Of(IReadOnlyList<object?> row, string head) => (decimal)row[Column(head)]!;
        foreach (IReadOnlyList<object?> row in rows.Skip(1))
        {
            decimal electronic = Of(row, "网银") + Of(row, "电话") + Of(row, "移动客户端") + Of(row, "网络公众平台") + Of(row, "短信") + Of(row, "其他电子渠道") + Of(row, "电子渠道（未细分）");
            Assert.Equal(electronic, Of(row, "电子渠道小计"));
            Assert.Equal(Of(row, "营业现场") + Of(row, "自助机具") + electronic + Of(row, "第三方渠道") + Of(row, "其他前台渠道"), Of(row, "前台小计"));
            Assert.Equal(Of(row, "前台小计") + Of(row, "中、后台业务渠道") + Of(row, "未注明"), Of(row, "合计"));
        }
        Assert.Equal(Report.Cases.Count, rows.Skip(1).Sum(r => (decimal)r[1]!));
    }

    [Theory]
    [InlineData("BusinessLines")]
    [InlineData("Causes")]
    [InlineData("Sources")]
    [InlineData("Branches")]
    public void The_classes_of_a_table_add_up_to_the_complaints_of_the_month(string table)
    {
        IReadOnlyList<IReadOnlyList<object?>> rows = English.Value["regulatory"].Table(table);
        int column = rows[0].ToList().IndexOf("Complaints");
        Assert.Equal(Report.Cases.Count, rows.Skip(1).Sum(r => (decimal)r[column]!));
    }

    [Fact]
    public void A_planted_rise_is_named_on_the_first_page_and_nothing_else_is_called_worse()
    {
        Spreadsheet book = English.Value["trend"];
        Dictionary<string, XElement> cells = book.Cells("Summary");
        List<(string Topic, string Text)> sentences = [.. Enumerable.Range(1, 20)
            .Select(row => (cells.TryGetValue($"A{row}", out XElement? a) ? book.Value(a) as string : null, cells.TryGetValue($"B{row}", out XElement? b) ? book.Value(b) as string : null))
            .Where(s => s.Item1 is not null && s.Item2 is not null && s.Item2.EndsWith('.'))
            .Select(s => (s.Item1!, s.Item2!))];
        Assert.InRange(sentences.Count, 1, 8);
        (string _, string worse) = Assert.Single(sentences, s => s.Topic == "▲ Worse");
        Assert.StartsWith("Credit card – Pricing and fees: ", worse, StringComparison.Ordinal);
        Assert.EndsWith("beyond the usual range; concentrated at 苏州分行 (60).", worse, StringComparison.Ordinal);
        Assert.Contains(sentences, s => s.Topic == "→ To decide" && s.Text.Contains("beginning with 苏州分行", StringComparison.Ordinal));
    }

    [Fact]
    public void An_independent_reader_sees_the_same_cases()
    {
        WorkbookFile file = WorkbookWriter.Write(Report, [WorkbookKinds.Cases], Language.En).Single();
        System.Text.Encoding.RegisterProvider(System.Text.CodePagesEncodingProvider.Instance);
        using IExcelDataReader reader = ExcelReaderFactory.CreateReader(new MemoryStream(file.Bytes));
        while (reader.Name != "All cases")
        {
            Assert.True(reader.NextResult());
        }
        List<(string Case, DateTime Received)> seen = [];
        while (reader.Read())
        {
            if (reader.GetValue(0) is string number && number.StartsWith("TS", StringComparison.Ordinal))
            {
                seen.Add((number, reader.GetDateTime(1)));
            }
        }
        Assert.Equal(Report.Cases.Select(c => (c.Fact.CaseNumber, c.Fact.Received.ToDateTime(TimeOnly.MinValue))), seen);
    }

    [GeneratedRegex("^'(.+)'!([A-Z]+)([0-9]+)(:[A-Z]+[0-9]+)?$")]
    private static partial Regex Place();

    [GeneratedRegex("^'(.+)'!(.+)$")]
    private static partial Regex FixedRange();
}
