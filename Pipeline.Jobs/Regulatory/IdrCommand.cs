using System.CommandLine;
using Npgsql;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Steps;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complaints;
using Pipeline.Models.Regulatory;
using Pipeline.Models.Text;
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
            IdrCodes codes = IdrCodeFiles.Load(session.Home) is { IsLoaded: true } loaded
                ? loaded
                : throw PipelineFault.Usage(
                    $"没有代码表 {IdrCodeFiles.PathOf(session.Home)}（列：{IdrCodeFiles.Header}）。请按监管数据字典制表后放入。",
                    $"There is no table of codes {IdrCodeFiles.PathOf(session.Home)} (columns {IdrCodeFiles.Header}). Make it from the regulator's data dictionary.");
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
                result.DayUnknown,
                result.LeftOut,
                Missing = result.Missing.OrderBy(m => m.Key).Select(m => new { m.Key.Element, m.Key.Value, Cases = m.Value }),
            });
            session.Line($"{path}：{from:yyyy-MM-dd} 至 {of.LastDay:yyyy-MM-dd}，{result.Rows} 行", $"{path}: {from:yyyy-MM-dd} to {of.LastDay:yyyy-MM-dd}, {result.Rows} rows");
            foreach (((string element, string value), int cases) in result.Missing.OrderBy(m => m.Key))
            {
                session.Notice(
                    $"没有代码：{element},{value}（{cases} 件，该列留空）。补入 {IdrCodeFiles.FileName} 后重新生成，不要提交。", $"No code: {element},{value} ({cases} cases, left blank). Add it to {IdrCodeFiles.FileName} and write the file again before lodging.");
            }
            if (result.Rows == 0)
            {
                session.Notice("期间没有投诉：确认导出齐全后按零报告提交。", "No complaint in the period: make sure that the exports are complete, then lodge a nil return.");
            }
            if (result.DayUnknown > 0)
            {
                session.Notice(
                    $"{result.DayUnknown} 件在期间内受理、已办结或撤诉，但来源未载日期；按已结束写出，结束日期留空。请在来源系统中补录。",
                    $"Received in the period and closed or withdrawn on a day that the source does not state: {English.Count(result.DayUnknown, "case")}, written as ended without the day. Complete them in the source system.");
            }
            if (result.LeftOut > 0)
            {
                session.Notice(
                    $"{result.LeftOut} 件在期间之前受理、已办结或撤诉，但来源未载日期；视为期间前已结束，不在文件中。请核对其中有无期间内结束者。",
                    $"Received before the period and closed or withdrawn on a day that the source does not state: {English.Count(result.LeftOut, "case")}, taken as ended before it and not in the file. See whether any ended in the period.");
            }
            return result.Missing.Count > 0 || result.DayUnknown > 0 || result.LeftOut > 0 ? ExitCodes.LookNeeded : code;
        });
    }
}
