using System.Text.Json;
using Npgsql;
using Pipeline.Jobs.Complainants;
using Pipeline.Jobs.Ingest;
using Pipeline.Jobs.Ingest.Ledger;
using Pipeline.Jobs.Persons;
using Pipeline.Jobs.Rules;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Steps;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;
using Pipeline.Tests.Ingest;

namespace Pipeline.Tests.Persons;

/// <summary>Words on identities and the months that were run: editions, figures, replay, rollback. On three months of the invented bank.</summary>
public sealed class WordsInRunsTests
{
    private static readonly string[] Exports = ["2024-11.csv", "2024-12.csv", "2025-01.csv"];

    [Fact]
    public async Task The_next_run_of_a_month_that_a_word_reaches_is_a_new_edition_with_the_figures_that_were_foretold_and_undoing_it_brings_the_first_back()
    {
        using IngestFixture fixture = await IngestFixture.CreateAsync();
        await IngestAsync(fixture, Exports[..2]);
        RunResult november = await RunAsync(fixture, new ReportingMonth(2024, 11));
        RunResult first = await RunAsync(fixture, new ReportingMonth(2024, 12));

        // A repeat of December whose person, without it, has complaints of December only: November is not reached.
        (string repeat, string repeated) = await RepeatOfDecemberAsync(fixture, first);
        JsonElement tried = await SayAsync(fixture, "refuse", [repeat, repeated], isDryRun: true);
        Assert.Equal(first.Report.Lineage.RunId, (await RunAsync(fixture, new ReportingMonth(2024, 12))).Report.Lineage.RunId);
        JsonElement said = await SayAsync(fixture, "refuse", [repeat, repeated]);
        Assert.Equal(tried.GetProperty("figures").GetRawText(), said.GetProperty("figures").GetRawText());
        await StandsAsync(fixture, new ReportingMonth(2024, 12), EditionState.Overtaken);
        await StandsAsync(fixture, new ReportingMonth(2024, 11), EditionState.Standing);

        RunResult second = await RunAsync(fixture, new ReportingMonth(2024, 12));
        Assert.Equal((1, 2), (first.Report.Lineage.Edition, second.Report.Lineage.Edition));
        Assert.Equal(november.Report.Lineage.RunId, (await RunAsync(fixture, new ReportingMonth(2024, 11))).Report.Lineage.RunId);
        Dictionary<string, decimal?> published = second.Report.Figures.ToDictionary(f => f.Key, f => f.Value);
        JsonElement[] figures = [.. said.GetProperty("figures").EnumerateArray()];
        Assert.Contains(figures, f => f.GetProperty("key").GetString() == "repeat_90/2024-12");
        Assert.All(figures, f => Assert.Equal(published[f.GetProperty("key").GetString()!], f.GetProperty("now").GetDecimal()));
        // And no other figure of the month without a filter moved.
        Dictionary<string, decimal?> before = first.Report.Figures.ToDictionary(f => f.Key, f => f.Value);
        Assert.Equal(
            second.Report.Figures.Select(f => FigureKey.Parse(f.Key)).Where(k => k.Terms.Count == 0 && k.Period == FigurePeriod.Of(new ReportingMonth(2024, 12)) && before[k.Text] != published[k.Text])
                .Select(k => k.Text).Order(StringComparer.Ordinal),
            figures.Select(f => f.GetProperty("key").GetString()!).Order(StringComparer.Ordinal));

        await using (NpgsqlConnection connection = await fixture.Source.OpenConnectionAsync())
        {
            IdentityEvent split = Assert.Single(await IdentityEvents.BetweenAsync(connection, first.Report.Lineage.RunId, second.Report.Lineage.RunId, default));
            Assert.Equal(("split", "analyst:lin"), (split.Kind, split.DecidedBy));
            Assert.Single(split.Moves);
            Assert.Contains(split.Figures!.Figures, f => f.Key == "repeat_90/2024-12" && f.Edition == 1);
        }

        await SayAsync(fixture, "merge", [repeat, repeated]);
        RunResult third = await RunAsync(fixture, new ReportingMonth(2024, 12));
        Assert.True(third.Reused);
        Assert.Equal(first.Report.Lineage.RunId, third.Report.Lineage.RunId);
    }

    [Fact]
    public async Task Months_one_at_a_time_and_all_at_once_give_the_same_persons_with_the_same_words_and_so_does_taking_a_file_back_and_again()
    {
        using IngestFixture atOnce = await IngestFixture.CreateAsync();
        using IngestFixture inTurn = await IngestFixture.CreateAsync();
        await IngestAsync(inTurn, Exports[0]);
        await LinkAsync(inTurn);
        string[] november = await CasesAsync(inTurn, "select min(case_number) from complaint join complainant_link using (complaint_id) where identity_token is null group by person_key order by 1 limit 8");
        string[] pair = await CasesAsync(inTurn,
            """
            select case_number from complaint join complainant_link using (complaint_id)
            where person_key = (select person_key from complainant_link group by person_key having count(*) > 1 order by person_key limit 1)
            order by case_number limit 2
            """);
        (string Kind, string[] Who)[] words = [("refuse", pair), .. await MergeableAsync(inTurn, november)];
        foreach ((string kind, string[] who) in words)
        {
            await SayAsync(inTurn, kind, who);
        }
        foreach (string export in Exports[1..])
        {
            await IngestAsync(inTurn, export);
            await LinkAsync(inTurn);
        }

        await IngestAsync(atOnce, Exports);
        foreach ((string kind, string[] who) in words)
        {
            // The words bind what they bound there: the complaints of November.
            await SayAsync(atOnce, kind, who);
        }
        HashSet<string> bound = [.. await CasesAsync(inTurn, "select case_number from identity_word_case")];
        Assert.True(bound.Count >= 4);
        string expected = await PersonsAsync(inTurn);
        await using (NpgsqlCommand copy = atOnce.Source.CreateCommand("delete from identity_word_case where not case_number = any($1)"))
        {
            copy.Parameters.Add(new NpgsqlParameter { Value = bound.ToArray() });
            await copy.ExecuteNonQueryAsync();
        }
        await LinkAsync(atOnce);
        Assert.Equal(expected, await PersonsAsync(atOnce));

        await using Database database = await Database.OpenAsync(inTurn.Session());
        long file = await inTurn.ScalarAsync<long>("select file_id from source_file where name = '2025-01.csv'");
        await FileRollback.RunAsync(inTurn.Session(), database, file);
        await LinkAsync(inTurn);
        Assert.NotEqual(expected, await PersonsAsync(inTurn));
        await IngestAsync(inTurn, Exports[2]);
        await LinkAsync(inTurn);
        Assert.Equal(expected, await PersonsAsync(inTurn));
    }

    /// <summary>Two merges of complaints whose persons are two and show no two identity numbers.</summary>
    private static async Task<IReadOnlyList<(string, string[])>> MergeableAsync(IngestFixture fixture, string[] cases)
    {
        List<(string, string[])> merges = [];
        for (int i = 0; i + 1 < cases.Length && merges.Count < 2; i++)
        {
            long numbers = await fixture.ScalarAsync<long>(
                $"""
                select count(distinct identity_token) from complaint join complainant_link using (complaint_id)
                where person_key in (select person_key from complainant_link join complaint using (complaint_id) where case_number in ('{cases[i]}', '{cases[i + 1]}'))
                """);
            if (numbers < 2)
            {
                merges.Add(("merge", [cases[i], cases[i + 1]]));
            }
        }
        Assert.NotEmpty(merges);
        return merges;
    }

    /// <summary>A repeat whose person has this case and the one that it repeats, both of December, and no other.</summary>
    private static async Task<(string Repeat, string Repeated)> RepeatOfDecemberAsync(IngestFixture fixture, RunResult december)
    {
        foreach (ComplaintFact fact in december.Report.Cases.Select(c => c.Fact).Where(f => f.RepeatOf is not null))
        {
            if (await fixture.ScalarAsync<bool>(
                $"select count(*) = 2 and min(received_date) >= '2024-12-01' from complaint join complainant_link using (complaint_id) where person_key = {fact.PersonKey}"))
            {
                return (fact.CaseNumber, fact.RepeatOfCaseNumber!);
            }
        }
        throw new InvalidOperationException("the invented December has no such repeat");
    }

    private static async Task StandsAsync(IngestFixture fixture, ReportingMonth month, EditionState state)
    {
        await using NpgsqlConnection connection = await fixture.Source.OpenConnectionAsync();
        Assert.Equal(state, (await Editions.KeptAsync(connection, month, null, null, fixture.Session())).State);
    }

    private static async Task<JsonElement> SayAsync(IngestFixture fixture, string kind, string[] who, bool isDryRun = false)
    {
        using StringWriter output = new();
        await PersonCommand.RunAsync(new WordRequest(kind, who, [], null, null, "lin", isDryRun), fixture.Session(output, json: true));
        return JsonDocument.Parse(output.ToString()).RootElement;
    }

    private static async Task IngestAsync(IngestFixture fixture, params string[] exports) =>
        await fixture.IngestAsync([.. exports.Select(e => Path.Combine(SampleData.Bank, "exports", e))]);

    private static async Task LinkAsync(IngestFixture fixture)
    {
        await using Database database = await Database.OpenAsync(fixture.Session());
        await LinkStep.RunAsync(database, fixture.Database.Keys, "cn-bank", RuleFiles.Rules("/nowhere").Value, LinkRules.Load("/nowhere"), fixture.Session());
    }

    private static async Task<RunResult> RunAsync(IngestFixture fixture, ReportingMonth month)
    {
        CommandSession session = fixture.Session();
        await using Database database = await Database.OpenAsync(session);
        return await new MonthRun(database, fixture.Database.Keys, session).ExecuteAsync(new RunRequest(month, null, null, []));
    }

    private static Task<string> PersonsAsync(IngestFixture fixture) => fixture.ScalarAsync<string>(
        """
        select string_agg(cases, ' ' order by cases) from (
            select string_agg(case_number, '+' order by case_number) as cases
            from complaint join complainant_link using (complaint_id) group by person_key) p
        """);

    private static async Task<string[]> CasesAsync(IngestFixture fixture, string sql)
    {
        await using NpgsqlCommand command = fixture.Source.CreateCommand(sql);
        List<string> cases = [];
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync())
        {
            cases.Add(row.GetString(0));
        }
        return [.. cases];
    }
}
