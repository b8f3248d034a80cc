using System.CommandLine;
using Npgsql;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Steps;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complaints;
using Pipeline.Reports;

namespace Pipeline.Jobs.Regulatory;

/// <summary><c>idr</c>: the Australian IDR data file of the half-year up to a month.</summary>
internal static class IdrCommand
{
    public static Command Create()
    {
        Option<string> month = MonthOptions.Month();
        Option<string?> source = MonthOptions.Source();
        Option<string> output = new("--output") { Description = "CSV to write / 输出的 CSV 文件", Required = true };
        return new Command(
            "idr",
            "Australia: the IDR data file (CSV) of the half-year up to a month that was run / 澳大利亚 IDR 数据文件\n  e.g. pipeline idr --month 2026-12 --source bank --output idr-2026H2.csv")
        {
            month, source, output,
        }.Runs(async (parsed, session) =>
        {
            ReportingMonth of = MonthOptions.ParseMonth(parsed.GetValue(month)!);
            IdrCodes codes = IdrCodes.Load(session.Home);
            await using Database database = await Database.OpenAsync(session);
            await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync(session.Cancellation);
            KeptEdition kept = await Editions.KeptAsync(connection, of, parsed.GetValue(source), null, session);
            int code = kept.Tell(session);
            MonthReport report = kept.Report;
            IReadOnlyList<ComplaintFact> facts = await FiguresCommand.LedgerAsync(connection, report, session);
            DateOnly from = new(of.Year, of.Month <= 6 ? 1 : 7, 1);
            IdrResult result = IdrFile.Write(facts, codes, from, of.LastDay);
            string path = parsed.GetValue(output)!;
            await AtomicFile.WriteAsync(path, result.Csv, session.Cancellation);
            session.Document(new
            {
                Path = path,
                From = from,
                To = of.LastDay,
                result.Rows,
                Missing = result.Missing.OrderBy(m => m.Key).Select(m => new { m.Key.Element, m.Key.Value, Cases = m.Value }),
            });
            session.Line($"{path}：{from:yyyy-MM-dd} 至 {of.LastDay:yyyy-MM-dd}，{result.Rows} 行", $"{path}: {from:yyyy-MM-dd} to {of.LastDay:yyyy-MM-dd}, {result.Rows} rows");
            foreach (((string element, string value), int cases) in result.Missing.OrderBy(m => m.Key))
            {
                session.Notice(
                    $"没有代码：{element},{value}（{cases} 件，该列留空）。补入 {IdrCodes.FileName} 后重新生成，不要提交。", $"No code: {element},{value} ({cases} cases, left blank). Add it to {IdrCodes.FileName} and write the file again before lodging.");
            }
            return result.Missing.Count > 0 ? ExitCodes.LookNeeded : code;
        });
    }
}
