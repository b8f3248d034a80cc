using System.CommandLine;
using Npgsql;
using Pipeline.Jobs.Privacy;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complaints;
using Pipeline.Reports;

namespace Pipeline.Jobs.Steps;

/// <summary><c>report</c>: the workbooks of a month again, from the figures that an edition pinned.</summary>
internal static class ReportCommand
{
    public static Command Create()
    {
        Option<string> month = MonthOptions.Month();
        Option<string?> source = MonthOptions.Source();
        Option<int?> edition = MonthOptions.Edition();
        Option<string> output = MonthOptions.Out();
        Option<string?> reports = MonthOptions.Reports();
        return new Command(
            "report",
            "The workbooks of a month again, from its pinned figures / 由已固定的指标重出报表\n  e.g. pipeline report --month 2026-10 --reports trend,cases --lang zh --out out")
        {
            month, source, edition, output, reports,
        }.Runs(async (parsed, session) =>
        {
            ReportingMonth of = MonthOptions.ParseMonth(parsed.GetValue(month)!);
            IReadOnlyList<string> kinds = MonthOptions.ParseKinds(parsed.GetValue(reports));
            await using Database database = await Database.OpenAsync(session);
            await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync(session.Cancellation);
            KeptEdition kept = await Editions.KeptAsync(connection, of, parsed.GetValue(source), parsed.GetValue(edition), session);
            MonthReport report = kept.Report;
            int code = kept.Tell(session);
            MonthRun run = new(database, KeyRing.Open(session.Home), session);
            IReadOnlyList<PublishedWorkbook> workbooks = await run.PublishAsync(
                connection, report, new RunRequest(of, report.Source, parsed.GetValue(output)!, kinds));
            foreach (PublishedWorkbook workbook in workbooks)
            {
                session.Line(workbook.Path, workbook.Path);
            }
            session.Document(new
            {
                Month = of.ToString(),
                report.Lineage.RunId,
                report.Lineage.Edition,
                report.Source,
                State = kept.State.ToString().ToLowerInvariant(),
                Changed = kept.Why.En,
                Workbooks = workbooks,
            });
            return code;
        });
    }
}
