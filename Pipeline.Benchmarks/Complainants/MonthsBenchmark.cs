using System.Diagnostics;
using System.Globalization;
using System.Text;
using Npgsql;
using Pipeline.Jobs.Complainants;
using Pipeline.Jobs.Ingest;
using Pipeline.Jobs.Rules;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Steps;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complaints;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;
using Pipeline.Reports;

namespace Pipeline.Benchmarks.Complainants;

/// <summary>
/// What a month costs while the history grows. <c>months generate OUT FOLDER_OF_CN_BANK_EXPORTS [complaints=5000] [months=24] [seed=1] [first=2024-11]</c> writes exports.
/// <c>months HOME EXPORTS</c> takes them in order and runs each month, step by step. <c>months link HOME EXPORTS</c> takes and links them only, in turn and, in
/// a second home, all at once, and says whether the persons are the same; beside a <c>truth.csv</c> it says how right they are. <c>months stages HOME YYYY-MM [REPORT.json]</c>
/// says where a month that was run spends its time. <c>months parts HOME EXPORTS</c>: see <see cref="LinkParts"/>.
/// </summary>
internal static class MonthsBenchmark
{
    public static int Run(string[] args)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        switch (args)
        {
            case ["generate", string output, string folder, .. string[] rest]:
                int Number(int at, int otherwise) => rest.Length > at ? int.Parse(rest[at], CultureInfo.InvariantCulture) : otherwise;
                new ExportGenerator(folder, Number(2, 1)).Write(
                    output, rest.Length > 3 ? DateOnly.ParseExact(rest[3], "yyyy-MM", CultureInfo.InvariantCulture) : new DateOnly(2024, 11, 1), Number(1, 24), Number(0, 5_000));
                return 0;
            case ["link", string home, string folder]:
                return LinkAsync(home, folder).GetAwaiter().GetResult();
            case ["parts", string home, string folder]:
                return LinkParts.RunAsync(Session(home), home, folder).GetAwaiter().GetResult();
            case ["stages", string home, string named, .. string[] output]:
                return MonthStages.RunAsync(
                    Session(home), home, ReportingMonth.TryParse(named, out ReportingMonth month) ? month : throw new ArgumentException(named), output.FirstOrDefault()).GetAwaiter().GetResult();
            case [string home, string folder]:
                return RunAsync(home, folder).GetAwaiter().GetResult();
            default:
                Console.Error.WriteLine("months HOME EXPORTS | months stages HOME YYYY-MM [REPORT.json] | months link HOME EXPORTS | months parts HOME EXPORTS | months generate OUT FOLDER_OF_CN_BANK_EXPORTS [complaints=5000] [months=24] [seed=1] [first=2024-11]");
                return 2;
        }
    }

    private static async Task<int> RunAsync(string home, string folder)
    {
        CommandSession session = Session(home);
        await using Database database = await Database.OpenAsync(session);
        ProcessorClock clock = new(home);
        Console.WriteLine($"seconds of processor; {"",-30} wall");
        Console.WriteLine($"{"month",-8} {"ingest",8} {"classify",9} {"link",8} {"flag",8} {"measure",8} {"whole run",10} {"run wall",9} {"peak MiB",9}");
        foreach (string export in Exports(folder))
        {
            double ingest = -clock.Seconds();
            await IngestStep.RunAsync(database, [export], session);
            ingest += clock.Seconds();
            ReportingMonth month = ReportingMonth.TryParse(Path.GetFileNameWithoutExtension(export), out ReportingMonth named) ? named : throw new ArgumentException(export);
            StepWatch watch = new(clock);
            double whole = -clock.Seconds();
            (_, double wall) = await TimedAsync(() => new MonthRun(database, database.Keys, session, watch).ExecuteAsync(new RunRequest(month, null, null, [])));
            whole += clock.Seconds();
            using Process process = Process.GetCurrentProcess();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{month,-8} {ingest,8:0.00} {watch.Of("classify"),9:0.00} {watch.Of("link"),8:0.00} {watch.Of("flag"),8:0.00} {watch.Of("measure"),8:0.00} {whole,10:0.00} {wall,9:0.0} {process.PeakWorkingSet64 >> 20,9}"));
        }
        return 0;
    }

    /// <summary>What each step of a run costs in seconds of processor.</summary>
    private sealed class StepWatch(ProcessorClock clock) : IRunWitness
    {
        private readonly Dictionary<string, double> seconds = new(StringComparer.Ordinal);
        private double begun;

        public double Of(string step) => seconds.GetValueOrDefault(step);

        public Task HeldAsync(NpgsqlConnection connection) => Task.CompletedTask;

        public Task StepBegunAsync(string name)
        {
            begun = clock.Seconds();
            return Task.CompletedTask;
        }

        public Task StepDoneAsync(StepRecord step)
        {
            seconds[step.Name] = clock.Seconds() - begun;
            return Task.CompletedTask;
        }

        public Task KeepingAsync(NpgsqlConnection connection) => Task.CompletedTask;

        public Task PublishingAsync(NpgsqlConnection connection, MonthReport report, IReadOnlyList<WorkbookFile> files) => Task.CompletedTask;
    }

    private static async Task<int> LinkAsync(string home, string folder)
    {
        CommandSession inTurn = Session(home);
        await using Database database = await Database.OpenAsync(inTurn);
        ProcessorClock clock = new(home);
        long complaints;
        string truth = Path.Combine(folder, "..", "truth.csv");
        Dictionary<string, string>? persons = File.Exists(truth)
            ? File.ReadLines(truth).Skip(1).Select(l => l.Split(',')).ToDictionary(c => c[0], c => c[1], StringComparer.Ordinal)
            : null;
        Console.WriteLine($"{"month",-12} {"complaints",10} {"judged",8} {"cpu s",8} {"wall s",8} {"changed",8} {"merges",7} {"splits",7}");
        foreach (string export in Exports(folder))
        {
            await IngestStep.RunAsync(database, [export], inTurn);
            double processor = -clock.Seconds();
            (LinkResult result, double seconds) = await TimedAsync(() => LinkAsync(database, inTurn));
            processor += clock.Seconds();
            complaints = await CountAsync(database);
            string right = persons is null ? "" : Judge(await PersonsAsync(database), persons);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{Path.GetFileNameWithoutExtension(export),-12} {complaints,10} {result.Judged,8} {processor,8:0.00} {seconds,8:0.00} {result.ChangedLinks,8} {result.Merges,7} {result.Splits,7}  {right}"));
        }
        CommandSession whole = Session(home + "-at-once");
        await using Database other = await Database.OpenAsync(whole);
        await IngestStep.RunAsync(other, [.. Exports(folder)], whole);
        (LinkResult once, double at) = await TimedAsync(() => LinkAsync(other, whole));
        Dictionary<string, string> here = await PersonsAsync(database);
        Dictionary<string, string> there = await PersonsAsync(other);
        int different = here.Keys.Union(there.Keys).Count(c => here.GetValueOrDefault(c) != there.GetValueOrDefault(c));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"all at once: {once.Judged} judged in {at:0.00} s; complaints whose person is not the same: {different} of {here.Count}"));
        return different == 0 ? 0 : 1;
    }

    /// <summary>Pairs of complaints of one person, against the truth.</summary>
    private static string Judge(Dictionary<string, string> found, Dictionary<string, string> truth)
    {
        string[] cases = [.. found.Keys.Where(truth.ContainsKey)];
        long Pairs(IEnumerable<IGrouping<string, string>> groups) => groups.Sum(g => (long)g.Count() * (g.Count() - 1) / 2);
        long ours = Pairs(cases.GroupBy(c => found[c]));
        long theirs = Pairs(cases.GroupBy(c => truth[c]));
        long both = Pairs(cases.GroupBy(c => $"{found[c]}|{truth[c]}"));
        return string.Create(CultureInfo.InvariantCulture,
            $"pairs F1 {2.0 * both / (ours + theirs):0.00000}, precision {(double)both / ours:0.00000}, recall {(double)both / theirs:0.00000}");
    }

    internal static Task<LinkResult> LinkAsync(Database database, CommandSession session) => LinkStep.RunAsync(
        database, database.Keys, "cn-bank", RuleFiles.Rules(session.Home).Value, LinkRules.Load(session.Home), session);

    private static async Task<long> CountAsync(Database database)
    {
        await using NpgsqlCommand command = database.Source.CreateCommand("select count(*) from complaint");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>By case number the smallest case number of its person.</summary>
    internal static async Task<Dictionary<string, string>> PersonsAsync(Database database)
    {
        Dictionary<string, string> persons = new(StringComparer.Ordinal);
        await using NpgsqlCommand command = database.Source.CreateCommand(
            "select case_number, min(case_number) over (partition by person_key) from complaint join complainant_link using (complaint_id)");
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync())
        {
            persons.Add(row.GetString(0), row.GetString(1));
        }
        return persons;
    }

    internal static IEnumerable<string> Exports(string folder) => Directory.GetFiles(folder).Order(StringComparer.Ordinal);

    private static CommandSession Session(string home) => new(home, Language.En, false, TimeProvider.System, TextWriter.Null, Console.Error, CancellationToken.None);

    internal static async Task<(T Result, double Seconds)> TimedAsync<T>(Func<Task<T>> work)
    {
        long started = Stopwatch.GetTimestamp();
        T result = await work();
        return (result, Stopwatch.GetElapsedTime(started).TotalSeconds);
    }
}
