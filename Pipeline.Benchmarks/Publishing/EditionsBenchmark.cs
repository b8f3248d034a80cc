using System.Diagnostics;
using System.Globalization;
using System.Text;
using Npgsql;
using Pipeline.Jobs.Audit;
using Pipeline.Jobs.Publishing;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Steps;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complaints;
using Pipeline.Models.Editions;
using Pipeline.Models.Text;
using Pipeline.Reports;

namespace Pipeline.Benchmarks.Publishing;

/// <summary>
/// Every export of the invented bank in order: each month is run and published when its export arrives, and run again when the next one does.
/// Arguments: <c>HOME FOLDER</c>, an empty home folder (or one that went so far) and the folder of the exports. Ends with 1 where a figure moved
/// without a cause, or a late case of <c>events.csv</c> beside the folder is not among what entered its month.
/// </summary>
internal static class EditionsBenchmark
{
    public static int Run(string[] args)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        if (args.Length != 2)
        {
            Console.Error.WriteLine("editions HOME FOLDER_OF_EXPORTS");
            return 2;
        }
        return RunAsync(args[0], args[1]).GetAwaiter().GetResult();
    }

    private static async Task<int> RunAsync(string home, string folder)
    {
        CommandSession session = new(home, Language.En, false, TimeProvider.System, TextWriter.Null, Console.Error, CancellationToken.None);
        await using Database database = await Database.OpenAsync(session);
        ILookup<string, string> late = LateCases(Path.Combine(folder, "..", "events.csv"));
        (int unexplained, int missing, int found, long figures) = (0, 0, 0, 0);
        string[] exports = [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal)];
        Console.WriteLine($"{"export",-12} {"edition 1",10} {"again",8} {"figures",8} {"moved",7} {"entered",8} {"late",5} {"changed",8} {"causes",7}  unexplained");
        for (int i = 0; i < exports.Length; i++)
        {
            ReportingMonth month = Month(exports[i]);
            await IngestStep.RunAsync(database, [exports[i]], session);
            (RunResult _, double first) = await RunMonthAsync(database, session, month);
            await PublishCommand.RunAsync(month, null, null, "benchmark", null, session);
            if (i == 0)
            {
                continue;
            }
            (RunResult again, double second) = await RunMonthAsync(database, session, month.Add(-1));
            EditionChanges changes = again.Report.Changes ?? throw new InvalidOperationException($"{month.Add(-1)} has no edition before");
            HashSet<string> entered =
            [
                .. changes.Figures.Where(f => f.Key == $"complaints/{month.Add(-1)}" && f.Set >= 0)
                    .SelectMany(f => changes.Sets[f.Set].Where(e => e.Effect == ChangeEffect.Entered).Select(e => changes.Complaints[e.Complaint].CaseNumber)),
            ];
            string[] planted = [.. late[month.ToString()]];
            unexplained += changes.Unexplained.Count();
            missing += planted.Count(c => !entered.Contains(c));
            found += planted.Count(entered.Contains);
            figures += changes.Figures.Count;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{Path.GetFileName(exports[i]),-12} {first,9:0.0}s {second,7:0.0}s {again.Report.Figures.Count,8} {changes.Figures.Count,7} {entered.Count,8} {planted.Length,5} {changes.Complaints.Count,8} {changes.Causes.Count,7}  {changes.Unexplained.Count()}"));
            foreach (ChangedFigure figure in changes.Unexplained.Take(5))
            {
                Console.WriteLine($"    {figure.Key}: {figure.Old} → {figure.New}, {string.Join(", ", figure.Set < 0 ? [] : changes.Sets[figure.Set].Take(3).Select(e => changes.Complaints[e.Complaint]).Select(c => $"{c.CaseNumber} {string.Join(';', c.Fields.Select(f => f.Field))}"))}");
            }
        }
        await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync();
        AuditCheckResult audit = await AuditCheck.RunAsync(connection, CancellationToken.None);
        Console.WriteLine($"late cases found {found}, missing {missing}; figures moved {figures}, without a cause {unexplained}");
        Console.WriteLine($"audit chain: {audit.Events} events, {audit.Published} published editions, {(audit.Broken is { } b ? $"broken at {b.Sequence}: {b.Reason.En}" : "whole")}");
        return unexplained + missing > 0 || audit.Broken is not null ? 1 : 0;
    }

    private static async Task<(RunResult Result, double Seconds)> RunMonthAsync(Database database, CommandSession session, ReportingMonth month)
    {
        long started = Stopwatch.GetTimestamp();
        RunResult result = await new MonthRun(database, database.Keys, session).ExecuteAsync(new RunRequest(month, null, null, WorkbookKinds.All));
        return (result, Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    private static ReportingMonth Month(string path) => ReportingMonth.TryParse(Path.GetFileNameWithoutExtension(path), out ReportingMonth month)
        ? month
        : throw new ArgumentException($"{path} is not named after a month");

    /// <summary>Case numbers by the month of the export in which they appear first.</summary>
    private static ILookup<string, string> LateCases(string events) => File.ReadLines(events)
        .Where(l => l.StartsWith("late,", StringComparison.Ordinal))
        .Select(l => (Month: l.Split(',')[1], Case: l[(l.IndexOf("case ", StringComparison.Ordinal) + 5)..].Split(' ')[0]))
        .ToLookup(l => l.Month, l => l.Case);
}
