using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using Npgsql;
using Pipeline.Jobs.Flags;
using Pipeline.Jobs.RootCauses;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Steps;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complaints;
using Pipeline.Models.Flags.Groups;
using Pipeline.Models.Flags.Organised;
using Pipeline.Models.Flags.Priority;
using Pipeline.Reports;

namespace Pipeline.Benchmarks.Complainants;

/// <summary>
/// Where the steps <c>flag</c> and <c>measure</c> of a month spend their time: the parts one by one, then both steps as a run makes them, with the hash of the
/// report, by which two programs are compared. Nothing is written.
/// </summary>
internal static class MonthStages
{
    /// <param name="output">File for the report as JSON, or null.</param>
    /// <param name="home">Its ledger holds the exports, and the month was run, so that labels, persons and readings stand.</param>
    public static async Task<int> RunAsync(CommandSession session, string home, ReportingMonth month, string? output)
    {
        const string source = "cn-bank";
        await using Database database = await Database.OpenAsync(session);
        await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync();
        await using NpgsqlCommand champion = new("select model_id from model where state = 'champion' and taxonomy = 'cn-jrt0169'", connection);
        string? model = (string?)await champion.ExecuteScalarAsync();
        RunRules rules = RunRules.Load(home, "cn-jrt0169", source);
        StageClock clock = new(home);
        RootCauseInputs carried = await RootCauseInputs.LoadAsync(connection, source, month, rules.RootCauses.Value, default);
        RunInputs inputs = carried.Pin(await RunInputs.PinAsync(connection, month, source, model is null ? [] : [model], rules.Hashes, default)) with { ProgramVersion = "" };
        Console.WriteLine($"{"stage",-34} {"cpu s",8} {"wall s",8} {"live MiB",9} {"peak MiB",9}");

        DateOnly from = LedgerReach.From(month, rules);
        long[] reach = await clock.Of("reach", () => LedgerReach.LoadAsync(connection, source, from, default));
        IReadOnlyList<LedgerFact> facts = await clock.Of("facts", () => LedgerFacts.OfAsync(
            connection, source, model, reach, rules.Taxonomy.Value, rules.Rules.Value, default));
        await clock.Of("repeats", () => FlagStep.JudgeAsync(connection, database.Keys, source, [.. facts.Select(f => f.Fact)], rules.Rules.Value, rules.Threats, default));
        facts = [];
        FlaggedLedger flagged = await clock.Of("flagged ledger", () => FlaggedLedger.LoadAsync(connection, database.Keys, source, model, rules, from, default));
        DateOnly day = month.LastDay;
        Dictionary<long, ComplaintFact> known = flagged.Facts.Where(f => f.Fact.Received <= day).ToDictionary(f => f.Fact.ComplaintId, f => f.Fact);
        OrganisedRules organised = rules.Flags.Organised.Value;
        IReadOnlyList<OrganisedLetter> letters = await clock.Of("letters opened", () => LetterLedger.LoadAsync(
            connection, database.Keys, source, day.AddDays(-organised.LookBackCalendarDays), day, known, default));
        await clock.Of("patterns", () => Task.FromResult(OrganisedFinder.Find(letters, organised, Environment.ProcessorCount, default)));
        await clock.Of("groups", () => Task.FromResult(GroupFinder.Find(known.Values.Where(f => f.Received >= from), rules.Rules.Value.Group)));
        await clock.Of("states of the priority list", () => PriorityLedger.StatesAsync(connection, reach, default));
        PriorityHistory history = await clock.Of("priority history, with letters", () => CaseFindings.HistoryAsync(connection, database.Keys, source, rules, flagged, default));
        await clock.Of("priority list", () => Task.FromResult(PriorityList.Make(history, month, rules.Rules.Value.PriorityCapacity, 3, Environment.ProcessorCount)));
        history = null!;
        known = [];
        letters = [];

        flagged = await clock.Of("STEP flag: ledger", () => FlaggedLedger.LoadAsync(connection, database.Keys, source, model, rules, from, default));
        CaseFindings findings = await clock.Of("STEP flag: findings", () => CaseFindings.FindAsync(connection, database.Keys, month, source, rules, flagged, default));
        FlaggedLedger ledger = flagged.WithMajor(findings.MajorComplaints);
        RootCauseReport causes = await clock.Of("STEP measure: texts of causes", () => Task.FromResult(
            RootCauseStep.Find(findings.Letters, ledger, month, carried.Topics, rules, default)));
        MonthReport built = await clock.Of("STEP measure: figures and cases", async () => findings.AddTo(await ReportBuilder.BuildAsync(
            connection, database.Keys, month, inputs, 1, rules, ledger, carried.Register, default)));
        MonthReport report = built with { RootCauses = causes with { Remediation = RemediationStep.Judge(carried.Register, built) } };
        byte[] document = await clock.Of("document", () => Task.FromResult(ReportDocument.Write(report)));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{ledger.Facts.Count} complaints, {report.Figures.Count} figures, report {document.Length} bytes, sha-256 {Convert.ToHexStringLower(SHA256.HashData(document))[..16]}"));
        if (output is not null)
        {
            await using FileStream file = File.Create(output);
            await using GZipStream json = new(new MemoryStream(document), CompressionMode.Decompress);
            await json.CopyToAsync(file);
        }
        return 0;
    }

    private sealed class StageClock(string home)
    {
        private readonly ProcessorClock processor = new(home);

        public async Task<T> Of<T>(string name, Func<Task<T>> work)
        {
            double before = processor.Seconds();
            long started = Stopwatch.GetTimestamp();
            T result = await work();
            double wall = Stopwatch.GetElapsedTime(started).TotalSeconds;
            using Process process = Process.GetCurrentProcess();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{name,-34} {processor.Seconds() - before,8:0.00} {wall,8:0.0} {GC.GetTotalMemory(true) >> 20,9} {process.PeakWorkingSet64 >> 20,9}"));
            return result;
        }
    }
}
