using System.Globalization;
using System.Text;
using Npgsql;
using Pipeline.Jobs.Flags;
using Pipeline.Jobs.Ingest;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Steps;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complaints;
using Pipeline.Models.Flags.Priority;
using Pipeline.Models.Text;

namespace Pipeline.Benchmarks.Flags;

/// <summary>
/// The priority list judged on months that it was not trained on, through the program's own ledger: returns found among 40 cases a month,
/// beside the two simple rules, and the calibration of the probabilities. Arguments: <c>HOME [capacity]</c>, a home folder whose ledger
/// holds the exports and whose newest month was run (so that labels and persons stand).
/// </summary>
internal static class PriorityBenchmark
{
    private const int Judged = 8;
    private const int Before = 8;

    public static int Run(string[] args)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        if (args.Length == 0)
        {
            Console.Error.WriteLine("priority HOME [capacity]");
            return 2;
        }
        return RunAsync(args[0], args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 40).GetAwaiter().GetResult();
    }

    private static async Task<int> RunAsync(string home, int capacity)
    {
        CommandSession session = new(home, Language.En, false, TimeProvider.System, Console.Out, Console.Error, CancellationToken.None);
        await using Database database = await Database.OpenAsync(session);
        await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync();
        await using NpgsqlCommand champion = new("select model_id from model where state = 'champion' and taxonomy = 'cn-jrt0169'", connection);
        RunRules rules = RunRules.Load(home, "cn-jrt0169");
        FlaggedLedger ledger = await FlaggedLedger.LoadAsync(connection, database.Keys, "cn-bank", (string?)await champion.ExecuteScalarAsync(), rules, DateOnly.MinValue, CancellationToken.None);
        PriorityHistory history = await CaseFindings.HistoryAsync(connection, database.Keys, "cn-bank", rules, ledger, CancellationToken.None);
        ReportingMonth last = ReportingMonth.Of(ledger.Facts[^1].Fact.Received).Add(-1);
        DateOnly end = last.LastDay.AddDays(365);
        List<(double Probability, bool Returned)> scored = [];
        List<PriorityTrial> trials = [];
        Console.WriteLine($"{"month",8} {"cases",6} {"returns",8} {"list",5} {"expected",9} {"recent repeats",15} {"threats",8}");
        for (int back = Judged + Before - 1; back >= 0; back--)
        {
            ReportingMonth month = last.Add(-back);
            if (PriorityList.Try(history, month, capacity, end) is not { } trial || PriorityModel.Learn(history, month) is not { } model)
            {
                continue;
            }
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{month,8} {trial.Candidates,6} {trial.Returns,8} {trial.Found,5} {trial.Expected,9:0.0} {trial.FoundByRecentRepeats,15} {trial.FoundByThreats,8}"));
            if (back < Judged)
            {
                trials.Add(trial);
                scored.AddRange(history.Candidates(month).Select(p => (model.Probability(p), history.Returned(p, end))));
            }
            if (back is 0 or Judged)
            {
                Sum(trials, back == 0 ? "judged months" : "months before", back);
            }
            if (back == 0 && Environment.GetEnvironmentVariable("WEIGHTS") is not null)
            {
                foreach ((PriorityFeature feature, double weight) in model.Weights.OrderByDescending(w => w.Weight))
                {
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {feature.Family,-14} {feature.Member,-20} {weight,6:0.00}"));
                }
            }
        }
        (double Probability, bool Returned)[] ordered = [.. scored.OrderBy(s => s.Probability)];
        Console.WriteLine("calibration, judged months, by tenths of the probability: promised / came");
        double error = 0;
        for (int tenth = 0; tenth < 10; tenth++)
        {
            (double Probability, bool Returned)[] part = ordered[(tenth * ordered.Length / 10)..((tenth + 1) * ordered.Length / 10)];
            double promised = part.Average(p => p.Probability);
            double came = part.Average(p => p.Returned ? 1.0 : 0);
            error += Math.Abs(promised - came) * part.Length / ordered.Length;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {promised:0.000} {came:0.000}"));
        }
        double loss = ordered.Average(s => -Math.Log(s.Returned ? s.Probability : 1 - s.Probability));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"expected calibration error {error:0.0000}, log loss {loss:0.0000}"));
        return 0;
    }

    private static void Sum(List<PriorityTrial> trials, string name, int back)
    {
        if (back > 0)
        {
            return;
        }
        int returns = trials.Sum(t => t.Returns);
        int found = trials.Sum(t => t.Found);
        int repeats = trials.Sum(t => t.FoundByRecentRepeats);
        int threats = trials.Sum(t => t.FoundByThreats);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name}: {returns} returns; list {found} (recall {(double)found / returns:0.000}), recent repeats {repeats} ({(double)repeats / returns:0.000}), threats {threats} ({(double)threats / returns:0.000}); list / better rule {(double)found / Math.Max(repeats, threats):0.000}"));
    }
}
