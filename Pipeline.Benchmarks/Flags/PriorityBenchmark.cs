using System.Globalization;
using System.Text;
using Npgsql;
using Pipeline.Jobs.Flags;
using Pipeline.Jobs.Ingest;
using Pipeline.Jobs.Rules;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Steps;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complaints;
using Pipeline.Models.Flags;
using Pipeline.Models.Flags.Priority;
using Pipeline.Models.Text;

namespace Pipeline.Benchmarks.Flags;

public static class PriorityBenchmark
{
    public static int Run(string[] args)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        return RunAsync(args[0], args.Skip(1).ToArray()).GetAwaiter().GetResult();
    }

    private static async Task<int> RunAsync(string home, string[] args)
    {
        CommandSession session = new(home, Language.En, false, TimeProvider.System, Console.Out, Console.Error, CancellationToken.None);
        await using Database database = await Database.OpenAsync(session);
        await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync();
        string? model = (string?)await new NpgsqlCommand("select model_id from model where state='champion' and taxonomy='cn-jrt0169'", connection).ExecuteScalarAsync();
        RunRules rules = RunRules.Load(home, "cn-jrt0169");
        FlaggedLedger ledger = await FlaggedLedger.LoadAsync(connection, database.Keys, "cn-bank", model, rules, default);
        var states = await PriorityLedger.StatesAsync(connection, "cn-bank", DateOnly.MinValue, default);
        var exports = await PriorityLedger.ExportsAsync(connection, "cn-bank", default);
        PriorityCase[] cases = [.. ledger.Facts.Select(f => new PriorityCase(f.Fact, f.Flags.SelectMany(x => x.Cues ?? []).Distinct().ToArray(), states[f.Fact.ComplaintId]))];
        if (Environment.GetEnvironmentVariable("ORACLE") is { } what)
        {
            var truth = File.ReadLines("/work/shared/data/cn-bank/truth.csv").Skip(1).Select(l => l.Split(',')).ToDictionary(f => f[0]);
            cases = [.. cases.Select(c => truth.TryGetValue(c.Fact.CaseNumber, out var t) ? c with { Fact = c.Fact with {
                Stage = what.Contains("stage") ? t[12] : c.Fact.Stage,
                Business = what.Contains("business") ? c.Fact.Business with { Class = t[10] } : c.Fact.Business,
                Cause = what.Contains("cause") ? c.Fact.Cause with { Class = t[11] } : c.Fact.Cause },
                GroupSince = what.Contains("group") && t[14] != "" ? DateOnly.MinValue : null,
                OrganisedSince = what.Contains("group") && t[15] != "" ? DateOnly.MinValue : null } : c)];
        }
        PriorityHistory history = new(cases, exports);
        foreach (double penalty in args.Length == 0 ? [PriorityModel.Penalty] : args.Select(a => double.Parse(a, CultureInfo.InvariantCulture)))
        {
            Evaluate(history, penalty);
        }
        return 0;
    }

    private static void Evaluate(PriorityHistory history, double penalty)
    {
        int total = 0, model = 0, repeats = 0, threats = 0; double loss = 0; int points = 0;
        List<(double P, bool Y)> all = [];
        foreach (int back in Enumerable.Range(0, 21))
        {
            ReportingMonth month = new ReportingMonth(2025, 1).Add(back);
            DateOnly end = new(2027, 1, 1);
            if (PriorityModel.Learn(history, month, penalty) is not { } m) { continue; }
            var points0 = history.Candidates(month);
            var scored = points0.Select(p => (p, Score: m.Probability(p), Returned: history.Returned(p, end))).ToList();
            int t = scored.Count(s => s.Returned);
            int a = scored.OrderByDescending(s => s.Score).Take(40).Count(s => s.Returned);
            int r = scored.Where(s => s.p.Case.Fact.ChainNumber > 0).OrderByDescending(s => s.p.Case.Fact.Received).Take(40).Count(s => s.Returned);
            int h = scored.Where(s => s.p.Case.Fact.HasThreat).OrderByDescending(s => s.p.Case.Fact.Received).Take(40).Count(s => s.Returned);
            bool judged = back >= 13; // 2026-02 … 2026-09
            Console.WriteLine($"{month} cand {points0.Count} returns {t} model {a} repeats {r} threats {h} {(judged ? "*" : "")} train {m.Complaints}/{m.Returns} exp {scored.OrderByDescending(s => s.Score).Take(40).Sum(s => s.Score):F1}");
            if (judged)
            {
                total += t; model += a; repeats += r; threats += h;
                all.AddRange(scored.Select(s => (s.Score, s.Returned)));
                loss += scored.Sum(s => -Math.Log(s.Returned ? s.Score : 1 - s.Score)); points += scored.Count;
            }
            if (back == 20 && penalty == 3)
            {
                foreach (var w in m.Weights.OrderByDescending(w => w.Weight)) Console.WriteLine($"   {w.Feature.Family}/{w.Feature.Member} {w.Weight:F2}");
            }
        }
        Console.WriteLine($"penalty {penalty}: returns {total} model {model} repeats {repeats} threats {threats} ratio {(double)model / Math.Max(repeats, threats):F3} logloss {loss / points:F4}");
        var ordered = all.OrderBy(x => x.P).ToArray();
        for (int d = 0; d < 10; d++)
        {
            var part = ordered[(d * ordered.Length / 10)..((d + 1) * ordered.Length / 10)];
            Console.Write($"[{part.Average(x => x.P):F3} {part.Average(x => x.Y ? 1 : 0):F3}] ");
        }
        Console.WriteLine();
    }
}
