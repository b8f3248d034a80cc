using System.Diagnostics;
using System.Globalization;
using Pipeline.Models.Text;
using Pipeline.Reports;
using Pipeline.Reports.Sheets;
using Pipeline.Tests.Reports;

namespace Pipeline.Benchmarks.Reports;

/// <summary>
/// How long workbooks take. <c>workbooks [complaints of the month=500]</c>: all five of an invented month with 25 months behind it, the first
/// time in the process and then warm; <c>workbooks sheet [rows=100000] [columns=20]</c>: one sheet of detail. Peak memory is the process's.
/// </summary>
internal static class WorkbooksBenchmark
{
    public static int Run(string[] args)
    {
        if (args is ["sheet", ..])
        {
            return Detail(args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 100_000, args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 20);
        }
        int complaints = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 500;
        long started = Stopwatch.GetTimestamp();
        MonthReport report = InventedMonth.Report(perMonth: complaints, months: complaints > 5_000 ? 2 : 25, mostEarlier: EarlierCases.Most);
        Console.WriteLine($"{report.Cases.Count} complaints, {report.Figures.Count} figures, made in {Seconds(started)}; {Memory()}");
        for (int round = 0; round < 3; round++)
        {
            started = Stopwatch.GetTimestamp();
            IReadOnlyList<WorkbookFile> files = WorkbookWriter.Write(report, WorkbookKinds.All, Language.Zh);
            Console.WriteLine($"round {round}: {Seconds(started)}; {string.Join(", ", files.Select(f => $"{f.Kind} {f.Bytes.Length / 1024} KB"))}; {Memory()}");
        }
        return 0;
    }

    private static int Detail(int rows, int columns)
    {
        string[] texts = [.. Enumerable.Range(0, 5_000).Select(i => $"客户反映信用卡年费在未提前告知的情况下被扣收，要求退还并说明收费依据（{i}）")];
        for (int round = 0; round < 3; round++)
        {
            long started = Stopwatch.GetTimestamp();
            Book book = new(new BookProperties("t", "s", "c", "k", "d", "zh-CN", new DateOnly(2026, 11, 5), "draft"), new PageMarks("a", "b", "c", "d"), "Arial");
            Sheet sheet = book.Add(new Sheet("Detail", "rows"));
            sheet.Table(new SheetTable(
                "Detail", [.. Enumerable.Range(0, columns).Select(c => new TableColumn($"Column {c}", 14, c % 2 == 0))], rows,
                Enumerable.Range(0, rows).Select(r =>
                {
                    Cell[] cells = new Cell[columns];
                    for (int c = 0; c < columns; c++)
                    {
                        cells[c] = (c % 4) switch
                        {
                            0 => c == 0 ? Cell.Of($"TS20261005{r:000000}") : Cell.Of(texts[(r + c) % texts.Length]),
                            1 => Cell.Of((long)r * c),
                            2 => Cell.Of("信用卡中心"),
                            _ => Cell.Of(new DateOnly(2026, 10, 1).AddDays(r % 31)),
                        };
                    }
                    return (IReadOnlyList<Cell>)cells;
                }),
                RowHeight: 15));
            byte[] bytes = book.Write();
            Console.WriteLine($"{rows} rows × {columns}: {Seconds(started)}, {bytes.Length / 1024} KB; {Memory()}");
        }
        return 0;
    }

    private static string Seconds(long started) => string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(started).TotalSeconds:0.00} s");

    private static string Memory()
    {
        using Process self = Process.GetCurrentProcess();
        return $"peak {self.PeakWorkingSet64 >> 20} MB";
    }
}
