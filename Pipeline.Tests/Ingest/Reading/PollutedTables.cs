using System.Text;

namespace Pipeline.Tests.Ingest.Reading;

/// <summary>A file with one defect, and the table that a person sees in it.</summary>
/// <param name="Header">Null where the table has none.</param>
/// <param name="FaultyRows">Rows that must carry a fault, by their number from 0; their cells are compared all the same.</param>
public sealed record PollutedFile(string Name, byte[] Content, string[]? Header, string[][] Rows, int SkippedRows = 0, int HeaderRows = 1, params int[] FaultyRows)
{
    public override string ToString() => Name;
}

/// <summary>
/// Pollutes clean tables in the ways that real files are polluted (the kinds and their frequency are those of the Pollock benchmark, VLDB 2023; table and
/// generator are our own). A seed gives the values.
/// </summary>
public static class PollutedTables
{
    private static readonly string[] EnglishHeader = ["Case", "Received", "Time", "Amount", "Branch", "Customer", "Narrative", "Remark"];
    private static readonly string[] ChineseHeader = ["工单号", "受理日期", "受理时间", "金额", "网点名称", "客户姓名", "投诉内容", "备注"];

    public static IEnumerable<PollutedFile> All(int seed)
    {
        foreach (bool chinese in (bool[])[false, true])
        {
            string[] header = chinese ? ChineseHeader : EnglishHeader;
            string[][] rows = Rows(chinese, seed, 60);
            foreach (PollutedFile file in Of(chinese ? "zh" : "en", header, rows, chinese))
            {
                yield return file;
            }
        }
    }

    private static IEnumerable<PollutedFile> Of(string language, string[] header, string[][] rows, bool chinese)
    {
        string[][] whole = [header, .. rows];
        PollutedFile Text(string name, string text) => new($"{language} {name}", Encoding.UTF8.GetBytes(text), header, rows);
        yield return Text("clean", Write(whole));
        yield return Text("LF", Write(whole, end: "\n"));
        yield return Text("CR", Write(whole, end: "\r"));
        yield return Text("mixed line ends", Write(whole[..20], end: "\n") + Write(whole[20..], end: "\r\n"));
        yield return Text("no newline at the end", Write(whole).TrimEnd());
        yield return Text("two newlines at the end", Write(whole) + "\r\n");
        yield return Text("every value quoted", Write(whole, quoteAll: true));
        foreach (string delimiter in (string[])[";", "\t", "|", ", ", "; ", "||", ";;", "\t\t", "^", "~"])
        {
            yield return Text($"delimiter '{delimiter}'", Write(whole, delimiter));
            yield return Text($"delimiter '{delimiter}', every value quoted", Write(whole, delimiter, quoteAll: true));
        }
        yield return Text("delimiter ' '", Write(whole, " "));
        yield return Text("quote '", Write(whole, quote: '\''));
        yield return Text("quote ', delimiter ;", Write(whole, ";", quote: '\''));
        yield return Text("backslash escapes", Write(whole, escape: '\\'));
        yield return Text("delimiter left at line ends", Write(whole).Replace("\r\n", ",\r\n", StringComparison.Ordinal) is string text && !HasBreaks(rows) ? text : Write(whole));
        yield return Text("rows of empty cells between", string.Concat(whole.Select((row, i) => Write([row]) + (i % 10 == 9 ? ",,,,,,,\r\n" : ""))));
        yield return Text("NUL bytes", Write(whole).Replace(",", "\0,", StringComparison.Ordinal));
        yield return Text("BOM", "\uFEFF" + Write(whole));
        foreach (string encoding in chinese ? (string[])["utf-16", "utf-16BE", "gb18030"] : ["utf-16", "utf-16BE"])
        {
            Encoding target = Encoding.GetEncoding(encoding);
            yield return new PollutedFile($"{language} {encoding} with BOM", [.. target.GetPreamble(), .. target.GetBytes(Write(whole))], header, rows);
            yield return new PollutedFile($"{language} {encoding} without BOM", target.GetBytes(Write(whole)), header, rows);
            yield return new PollutedFile($"{language} {encoding} with tabs", [.. target.GetPreamble(), .. target.GetBytes(Write(whole, "\t"))], header, rows);
        }
        foreach (PollutedFile file in Heads(language, header, rows))
        {
            yield return file;
        }
        foreach (PollutedFile file in Ragged(language, header, rows))
        {
            yield return file;
        }
    }

    private static IEnumerable<PollutedFile> Heads(string language, string[] header, string[][] rows)
    {
        string body = Write([header, .. rows]);
        PollutedFile Text(string name, string text, int skipped = 0, int headerRows = 1) =>
            new($"{language} {name}", Encoding.UTF8.GetBytes(text), header, rows, skipped, headerRows);
        yield return new PollutedFile($"{language} no header", Encoding.UTF8.GetBytes(Write(rows)), null, rows, 0, 0);
        yield return new PollutedFile($"{language} no header, ;", Encoding.UTF8.GetBytes(Write(rows, ";")), null, rows, 0, 0);
        yield return new PollutedFile($"{language} header only", Encoding.UTF8.GetBytes(Write([header])), header, []);
        yield return new PollutedFile($"{language} one data row", Encoding.UTF8.GetBytes(Write([header, rows[0]])), header, rows[..1]);
        yield return Text("title", "Complaints of the month 投诉明细\r\n" + body, 1);
        yield return Text("title with delimiters", "Complaints of the month 投诉明细,,,,,,,\r\n" + body, 1);
        yield return Text("title, date, blank line", "Complaints of the month\r\nExported 2026-10-05 08:00\r\n\r\n" + body, 3);
        yield return Text("comments", "# exported by the case system\r\n# do not edit\r\n" + body, 2);
        yield return Text("parameters", "Branch:,All\r\nFrom:,2026-10-01\r\nTo:,2026-10-31\r\n,,,,,,,\r\n" + body, 4);
        yield return Text("blank lines first", "\r\n\r\n" + body, 2);
        yield return Text("header twice", Write([header, header, .. rows]), 0, 2);
        yield return Text("header three times", Write([header, header, header, .. rows]), 0, 3);
        yield return Text("groups above the header", Write([["Case 工单", "", "", "", "Person 客户", "", "Text 内容", ""], header, .. rows]), 0, 2);
        yield return Text("title and groups", Write([["Complaints 投诉", "", "", "", "", "", "", ""], ["", "Case 工单", "", "", "Person 客户", "", "Text 内容", ""], header, .. rows]), 1, 2);
        // Another table below: only the first is this one.
        yield return Text("another table, fewer columns, behind a blank line", body + "\r\n" + Write([["Branch name", "Cases"], ["Main", "12"], ["South", "7"]]));
        yield return Text("another table, fewer columns", body + Write([["Branch name", "Number", "Share"], ["Main", "12", "0.5"], ["South", "7", "0.3"], ["West", "4", "0.2"]]));
        yield return Text("another table, more columns", body + Write([[.. header, "Handler"], .. rows.Select(row => (string[])[.. row, "7"])]));
        yield return Text("another table, same columns", body + body);
        yield return Text("another table behind a title", body + "\r\nBranches\r\n" + Write([["Branch name", "Cases"], ["Main", "12"], ["South", "7"]]));
    }

    private static IEnumerable<PollutedFile> Ragged(string language, string[] header, string[][] rows)
    {
        string[] lines = [.. rows.Select(row => Write([row]))];
        string head = Write([header]);
        PollutedFile With(string name, int row, string line, string[] cells) => new(
            $"{language} {name}", Encoding.UTF8.GetBytes(head + string.Concat(lines[..row]) + line + string.Concat(lines[(row + 1)..])), header,
            [.. rows[..row], cells, .. rows[(row + 1)..]], FaultyRows: row);
        foreach (int row in (int[])[0, 1, 30, 59])
        {
            string[] cells = rows[row];
            yield return With($"two cells missing in row {row}", row, Write([cells[..6]]), [.. cells[..6], "", ""]);
            yield return With($"two cells too many in row {row}", row, Write([[.. cells[..7], "x", "more", "most"]]), [.. cells[..7], "x", "more", "most"]);
            for (int column = 0; column < 7; column++)
            {
                // One quote too many at the beginning of a value that has none of its own.
                if (cells[column].AsSpan().ContainsAny("\",\r\n ") || cells[column].Length == 0)
                {
                    continue;
                }
                string[] spoilt = [.. cells];
                spoilt[column] = "\"" + cells[column];
                string line = string.Join(',', cells.Select((cell, i) => i == column ? spoilt[i] : Quote(cell, ",", '"', '"', false))) + "\r\n";
                yield return With($"stray quote in row {row}, column {column}", row, line, spoilt);
            }
            string[] inner = [.. cells];
            inner[6] = "the clerk said \"no\", then left";
            yield return With($"undoubled quotes in row {row}", row, string.Join(',', inner.Select((cell, i) => i == 6 ? $"\"{cell}\"" : Quote(cell, ",", '"', '"', false))) + "\r\n", inner);
        }
    }

    private static bool HasBreaks(string[][] rows) => rows.Any(row => row.Any(cell => cell.Contains('\n')));

    private static string[][] Rows(bool chinese, int seed, int number)
    {
        Random random = new(seed);
        string[] branches = chinese ? ["和平支行", "江宁支行", "城南分理处"] : ["Main Street", "South", "West End"];
        string[] persons = chinese ? ["曹雪娜", "邓胜辉", "欧阳明"] : ["Ann Example", "Bob O'Sample", "Carla Test"];
        string[] texts = chinese
            ? ["信用卡被多收年费，要求退还", "手机银行转账失败；款项已扣", "柜台人员态度差，说“明天再来”", "贷款合同\n与口头承诺不符，请核实"]
            : ["The fee, charged twice, was not refunded", "Transfer failed; the money is gone", "The clerk said \"come back tomorrow\"", "My card was blocked\nwithout notice"];
        return
        [
            .. Enumerable.Range(0, number).Select(i => (string[])
            [
                $"TS2026{random.Next(100000, 999999)}",
                $"2026-{random.Next(1, 13):00}-{random.Next(1, 29):00}",
                $"{random.Next(0, 24):00}:{random.Next(0, 60):00}",
                $"{random.Next(1, 9999)}.{random.Next(0, 100):00}",
                branches[random.Next(branches.Length)],
                persons[random.Next(persons.Length)],
                texts[random.Next(texts.Length)],
                random.Next(3) == 0 ? "urgent" : "",
            ]),
        ];
    }

    private static string Write(
        IEnumerable<string[]> rows, string delimiter = ",", char quote = '"', char escape = '\0', string end = "\r\n", bool quoteAll = false)
    {
        StringBuilder text = new();
        foreach (string[] row in rows)
        {
            text.AppendJoin(delimiter, row.Select(cell => Quote(cell, delimiter, quote, escape == '\0' ? quote : escape, quoteAll))).Append(end);
        }
        return text.ToString();
    }

    private static string Quote(string cell, string delimiter, char quote, char escape, bool always)
    {
        bool needed = always || cell.Contains(delimiter[0]) || cell.Contains(quote) || cell.AsSpan().ContainsAny("\r\n");
        return needed ? $"{quote}{cell.Replace(quote.ToString(), $"{escape}{quote}", StringComparison.Ordinal)}{quote}" : cell;
    }
}
