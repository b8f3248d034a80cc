using System.Diagnostics;
using System.Globalization;
using Pipeline.Jobs.Shell;
using Pipeline.Models.Complainants.Matching;

namespace Pipeline.Jobs.Complainants;

/// <summary>What <c>link</c> says of its work: as one JSON document, or in a few lines.</summary>
internal static class LinkSummary
{
    private const int HeldShown = 20;
    private const int SharedRowsShown = 10;

    internal static object Of(MatchOutcome outcome, LinkCommand.LinkRequest request, string pairsPath, double read, double match, double seconds) => new
    {
        request.Output,
        PairsOutput = pairsPath,
        Schema = outcome.Table.Schema.Name,
        Inputs = request.Inputs,
        outcome.Table.Records,
        outcome.Persons,
        Pairs = outcome.Pairs.Count,
        Blocking = outcome.Rules.Select(r => new { r.Rule, r.Pairs, r.NewPairs, KeysPassedOver = r.PassedOver, r.LargestPassedOver }),
        PairsCompared = outcome.Rules.Sum(r => r.NewPairs),
        outcome.Model.Prior,
        Parameters = outcome.Table.Schema.Fields.Select((field, at) => new
        {
            Field = field.Name,
            field.Kind,
            Levels = Enumerable.Range(1, Agreements.Count - 1).Where(l => outcome.Model.M(at, (Agreement)l) > 0).Select(l => new
            {
                Level = Agreements.Name((Agreement)l),
                M = Rounded(outcome.Model.M(at, (Agreement)l)),
                U = Rounded(outcome.Model.U(at, (Agreement)l)),
            }),
        }),
        SharedValues = outcome.Table.Shared.Select(s => new { s.Field, s.Persons, Records = s.Rows.Count, Rows = s.Rows.Take(SharedRowsShown).Select(LinkCommand.Row) }),
        HeldApart = outcome.Held.Count,
        HeldApartFirst = outcome.Held.Take(HeldShown).Select(h => new
        {
            RowA = LinkCommand.Row(outcome.Table.Place(h.A)),
            RowB = LinkCommand.Row(outcome.Table.Place(h.B)),
            Probability = Rounded(h.Probability),
            h.Reason,
            h.Field,
        }),
        Seconds = new { Read = Math.Round(read, 3), Match = Math.Round(match, 3), Total = Math.Round(seconds, 3) },
        PeakRssBytes = PeakBytes(),
    };

    internal static void Print(MatchOutcome outcome, string output, string pairsPath, double seconds, CommandSession session)
    {
        session.Line(
            string.Create(CultureInfo.InvariantCulture, $"{outcome.Table.Records} 条记录，{outcome.Persons} 人，{outcome.Pairs.Count} 对同一人；{seconds:0.0} 秒，峰值内存 {PeakBytes() >> 20} MiB"),
            string.Create(CultureInfo.InvariantCulture, $"{outcome.Table.Records} records, {outcome.Persons} persons, {outcome.Pairs.Count} pairs of one person; {seconds:0.0} s, peak memory {PeakBytes() >> 20} MiB"));
        foreach (RuleCost rule in outcome.Rules)
        {
            string passed = rule.PassedOver > 0 ? session.Say($"；跳过 {rule.PassedOver} 个过大的键", $"; {rule.PassedOver} keys passed over as too large") : "";
            session.Line($"  分块 {rule.Rule}：{rule.Pairs} 对，新增 {rule.NewPairs} 对{passed}", $"  blocking {rule.Rule}: {rule.Pairs} pairs, {rule.NewPairs} new{passed}");
        }
        if (outcome.Table.Shared.Count > 0)
        {
            session.Line(
                $"  {outcome.Table.Shared.Count} 个联系方式或地址由多人共用，不作为证据",
                $"  {outcome.Table.Shared.Count} contacts or addresses are shared by many persons and are no evidence");
        }
        if (outcome.Held.Count > 0)
        {
            session.Line($"  {outcome.Held.Count} 对虽相似但互相矛盾，未合并", $"  {outcome.Held.Count} pairs look alike but were held apart");
        }
        session.Line($"  已写出 {output} 与 {pairsPath}", $"  written: {output} and {pairsPath}");
    }

    private static double Rounded(double value) => double.Parse(value.ToString("G6", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static long PeakBytes()
    {
        using Process process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
