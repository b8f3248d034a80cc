using System.Diagnostics;
using System.Globalization;
using System.Text;
using Npgsql;
using Pipeline.Jobs.Flags;
using Pipeline.Jobs.RootCauses;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Steps;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complaints;
using Pipeline.Models.Flags.Organised;
using Pipeline.Models.RootCauses;
using Pipeline.Models.Text;
using Pipeline.Reports;

namespace Pipeline.Benchmarks.RootCauses;

/// <summary>
/// Prints every title that the topics of some months bear, so that a reader can say which of them he would accept, and how many topics carry the id of an
/// earlier month; behind each title the heaviest words of the topic's centre. The months are searched one after the other, each knowing the topics of those before; nothing is written. Arguments:
/// <c>HOME [source] [months]</c>, a home folder whose ledger holds the exports with labels and persons.
/// </summary>
internal static class TitlesBenchmark
{
    private const int Days = 4000;
    private const int Heaviest = 6;

    /// <summary>As the sheet lists them.</summary>
    private const int FewestListed = 3;

    public static int Run(string[] args)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        if (args.Length == 0)
        {
            Console.Error.WriteLine("titles HOME [source=cn-bank] [months=12]");
            return 2;
        }
        return RunAsync(args[0], args.Length > 1 ? args[1] : "cn-bank", args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 12).GetAwaiter().GetResult();
    }

    private static async Task<int> RunAsync(string home, string source, int months)
    {
        CommandSession session = new(home, Language.En, false, TimeProvider.System, Console.Out, Console.Error, CancellationToken.None);
        await using Database database = await Database.OpenAsync(session);
        await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync();
        string taxonomy = source == "cfpb" ? "us-cfpb" : "cn-jrt0169";
        await using NpgsqlCommand champion = new("select model_id from model where state = 'champion' and taxonomy = $1", connection) { Parameters = { new() { Value = taxonomy } } };
        RunRules rules = RunRules.Load(home, taxonomy, source);
        FlaggedLedger ledger = await FlaggedLedger.LoadAsync(connection, database.Keys, source, (string?)await champion.ExecuteScalarAsync(), rules, DateOnly.MinValue, default);
        ReportingMonth last = ledger.Facts.Max(f => ReportingMonth.Of(f.Fact.Received));
        Dictionary<long, ComplaintFact> facts = ledger.Facts.ToDictionary(f => f.Fact.ComplaintId, f => f.Fact);
        IReadOnlyList<OrganisedLetter> letters = await LetterLedger.LoadAsync(connection, database.Keys, source, last.LastDay.AddDays(-Days), last.LastDay, facts, default);
        Dictionary<string, KnownTopic> known = new(StringComparer.Ordinal);
        Dictionary<string, (Topic Topic, int Complaints)> titled = new(StringComparer.Ordinal);
        HashSet<string> listed = new(StringComparer.Ordinal);
        Stopwatch watch = new();
        for (ReportingMonth month = last.Add(1 - months); month <= last; month = month.Add(1))
        {
            watch.Start();
            RootCauseReport report = RootCauseStep.Find(
                [.. letters.Where(l => l.Fact.Received <= month.LastDay)], ledger, month, [.. known.Values.Where(k => k.LastMonth >= month.Add(-rules.RootCauses.Value.Topics.BaselineMonths))], rules, default);
            watch.Stop();
            int carried = report.Texts.Topics.Count(t => known.ContainsKey(t.Id));
            string marked = string.Join("; ", report.Texts.Topics.Where(t => t.State is TopicState.New or TopicState.Risen).Select(t => $"{t.Title} ({t.Cause}, {t.Complaints.Count}, {t.State})"));
            Console.WriteLine($"{month}: {report.Texts.Topics.Count} topics, {carried} of an earlier month; {marked}");
            foreach (Topic topic in report.Texts.Topics)
            {
                if (topic.Complaints.Count >= FewestListed || topic.State is TopicState.New or TopicState.Risen or TopicState.Fallen)
                {
                    listed.Add(topic.Id);
                }
                known[topic.Id] = new KnownTopic(topic.Id, topic.Cause, topic.Title, topic.FirstMonth, month, topic.Centroid);
                titled[topic.Id] = (topic, titled.GetValueOrDefault(topic.Id).Complaints + topic.Complaints.Count);
            }
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{titled.Count} topics, {listed.Count} listed on a sheet, {titled.Values.Select(t => (t.Topic.Cause, t.Topic.Title)).Distinct().Count()} different titles; {watch.Elapsed.TotalSeconds / months:0.00} s a month"));
        foreach ((Topic topic, int complaints) in titled.Values.Where(t => listed.Contains(t.Topic.Id)).OrderBy(t => t.Topic.Cause, StringComparer.Ordinal).ThenByDescending(t => t.Complaints).ThenBy(t => t.Topic.Id, StringComparer.Ordinal))
        {
            Console.WriteLine($"{topic.Cause,-10} {topic.Id} {complaints,5}  {topic.Title}  [{string.Join(' ', topic.Centroid.Take(Heaviest).Select(t => t.Text))}]");
        }
        return 0;
    }
}
