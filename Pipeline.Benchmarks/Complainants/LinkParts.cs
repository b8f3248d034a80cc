using System.Globalization;
using Pipeline.Jobs.Complainants;
using Pipeline.Jobs.Ingest;
using Pipeline.Jobs.Rules;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Steps;
using Pipeline.Jobs.Store;

namespace Pipeline.Benchmarks.Complainants;

/// <summary>
/// What of linking can be done in parts by other nodes: a ledger is linked again and again as if nothing were known of it, with and without a preparation
/// in parts, and the persons compared. All in one process, so that what it costs is seen and not what the machine gives.
/// </summary>
internal static class LinkParts
{
    internal static async Task<int> RunAsync(CommandSession session, string home, string folder)
    {
        await using Database database = await Database.OpenAsync(session);
        ProcessorClock clock = new(home);
        await IngestStep.RunAsync(database, [.. MonthsBenchmark.Exports(folder)], session);
        LinkResult first = await MonthsBenchmark.LinkAsync(database, session); // writes the links: not counted
        Dictionary<string, string> persons = await MonthsBenchmark.PersonsAsync(database);
        Console.WriteLine($"{first.Judged} complaints, {first.Persons} persons");
        LinkPreparation preparation = new(database.Source, database.Keys, "cn-bank", LinkRules.Load(home), RuleFiles.Rules(home).Value.SharedPhoneMinPersons);
        int different = 0;
        foreach (int parts in (int[])[0, 1, 4, 0, 1, 4])
        {
            foreach (string sql in (string[])["delete from match_state", "vacuum (analyze) match_key, match_record, match_prepared"])
            {
                await database.Source.CreateCommand(sql).ExecuteNonQueryAsync();
            }
            double prepared = -clock.Seconds();
            (long count, double wall) = await MonthsBenchmark.TimedAsync(async () =>
            {
                long all = 0;
                for (int part = 0; part < parts; part++)
                {
                    all += await preparation.RunAsync(new SourcePart(part, parts), _ => Task.CompletedTask, CancellationToken.None);
                }
                return all;
            });
            prepared += clock.Seconds();
            double linked = -clock.Seconds();
            (_, double seconds) = await MonthsBenchmark.TimedAsync(() => MonthsBenchmark.LinkAsync(database, session));
            linked += clock.Seconds();
            Dictionary<string, string> now = await MonthsBenchmark.PersonsAsync(database);
            different += persons.Keys.Union(now.Keys).Count(c => persons.GetValueOrDefault(c) != now.GetValueOrDefault(c));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{parts} parts: {count,6} prepared in {wall,5:0.0} s ({prepared,5:0.0} of processor); linking {seconds,5:0.0} s ({linked,5:0.0} of processor); persons {(different == 0 ? "equal" : "DIFFER")}"));
        }
        return different == 0 ? 0 : 1;
    }
}
