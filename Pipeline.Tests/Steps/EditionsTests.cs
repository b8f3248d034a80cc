using Npgsql;
using Pipeline.Jobs.Publishing;
using Pipeline.Jobs.Regulatory;
using Pipeline.Jobs.Rules;
using Pipeline.Jobs.Scheduling;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Steps;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complaints;
using Pipeline.Models.Editions;
using Pipeline.Reports;
using Pipeline.Tests.Ingest;

namespace Pipeline.Tests.Steps;

/// <summary>Whether an edition stands: everything that a run pins is compared with what there is now, and what changed is said.</summary>
public sealed class EditionsTests
{
    private const string Source = "cn-bank";
    private static readonly ReportingMonth November = new(2024, 11);
    private static readonly ReportingMonth December = new(2024, 12);

    [Fact]
    public async Task An_edition_is_overtaken_by_each_input_that_figures_follow_from_and_stands_again_when_that_is_as_it_was()
    {
        using IngestFixture fixture = await IngestFixture.CreateAsync();
        await using Database database = await Database.OpenAsync(fixture.Session());
        await IngestStep.RunAsync(database, [Export("2024-11.csv")], fixture.Session());
        RunResult first = await RunAsync(fixture, database, November);
        await StandsAsync(fixture, November, first);

        string rules = Path.Combine(fixture.Session().Home, "rules");
        Directory.CreateDirectory(rules);
        foreach ((string name, string content, string said) in ((string, string, string)[])[
            ($"denominators.{Source}.csv", $"{DenominatorFiles.Header}\n2024-10,沈阳分行,10,1000\n", "denominators"),
            ("codes.cn-jrt0169.csv", $"{OfficialCodeFiles.Header}\ncause,SERV,C01\n", "table of official codes"),
            ("rules.json", Own("rules.json"), "rule file rules"),
            ("lexicon.threats.json", Own("lexicon.threats.json"), "rule file threats"),
            ("taxonomy.cn-jrt0169.json", Own("taxonomy.cn-jrt0169.json"), "rule file taxonomy"),
            ("matching.json", Own("matching.json"), "rule file matching"),
            ("lexicon.names.json", Own("lexicon.names.json"), "rule file names"),
            ("signals.organised.json", Own("signals.organised.json"), "rule file organised"),
            ("lexicon.vulnerable.json", Own("lexicon.vulnerable.json"), "rule file vulnerable"),
            ("rootcause.json", Own("rootcause.json"), "rule file rootcause"),
            ("lexicon.tags.json", Own("lexicon.tags.json"), "rule file tags"),
            ("regulatory.json", Own("regulatory.json"), "rule file regulatory"),
            ("calendar.cn.json", Own("calendar.cn.json"), "rule file calendar"),
            ("bulletins.cn-banking.json", Own("bulletins.cn-banking.json"), "rule file bulletins"),
        ])
        {
            string path = Path.Combine(rules, name);
            await File.WriteAllTextAsync(path, content);
            await OvertakenAsync(fixture, database, November, first, said);
            File.Delete(path);
        }
        await StandsAsync(fixture, November, first);

        string champion = first.Report.Lineage.Models.Single().ModelId;
        await fixture.ScalarAsync<string>($"update model set state = 'retired' where model_id = '{champion}' returning state");
        await fixture.ScalarAsync<string>(
            $"""
            insert into model (model_id, name, taxonomy, language, heads, state, trained_at, data_sha256, rows_count, metrics, bytes)
            select 'b', name, taxonomy, language, heads, 'champion', trained_at, data_sha256, rows_count, metrics, bytes from model where model_id = '{champion}' returning state
            """);
        await OvertakenAsync(fixture, database, November, first, $"model {champion} → b");
        await fixture.ScalarAsync<string>("update model set state = 'challenger' where model_id = 'b' returning state");
        await fixture.ScalarAsync<string>($"update model set state = 'champion' where model_id = '{champion}' returning state");
        await StandsAsync(fixture, November, first);

        string program = ProgramVersion.Text;
        await fixture.ScalarAsync<string>("update run set inputs = jsonb_set(inputs, '{program_version}', '\"0.1.0+old\"') returning run_id");
        await OvertakenAsync(fixture, database, November, first, $"program 0.1.0+old → {program}");
    }

    [Fact]
    public async Task Denominators_make_the_next_edition_and_without_them_the_first_one_stands_again()
    {
        using IngestFixture fixture = await IngestFixture.CreateAsync();
        await using Database database = await Database.OpenAsync(fixture.Session());
        await IngestStep.RunAsync(database, [Export("2024-11.csv")], fixture.Session());
        RunResult first = await RunAsync(fixture, database, November);
        string path = DenominatorFiles.PathOf(fixture.Session().Home, Source);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Copy(Path.Combine(SampleData.Bank, "denominators.csv"), path);

        RunResult second = await RunAsync(fixture, database, November);
        Assert.Equal((1, 2, false), (first.Report.Lineage.Edition, second.Report.Lineage.Edition, second.Reused));
        Assert.Contains(second.Report.Changes!.Inputs, c => c is { Kind: ChangeCauseKind.Rule, Name: "denominators" });
        Assert.Contains(second.Report.Changes.Figures, f => f.Key.StartsWith("per_1000_outlets/", StringComparison.Ordinal));
        Assert.Empty(second.Report.Changes.Unexplained);
        await StandsAsync(fixture, November, second);
        Assert.Equal([(1, "superseded", false), (2, "draft", true)], await StatesAsync(fixture));
        Assert.DoesNotContain("stands again", await ListAsync(fixture, database), StringComparison.Ordinal);
        File.Delete(path);
        await StandsAsync(fixture, November, first);
        Assert.Equal([(1, "draft", true), (2, "superseded", false)], await StatesAsync(fixture));
        Assert.Contains("what edition 2 counts was taken back, edition 1 stands again", await ListAsync(fixture, database), StringComparison.Ordinal);
    }

    private static async Task<string> ListAsync(IngestFixture fixture, Database database)
    {
        using StringWriter said = new();
        Assert.Equal(ExitCodes.Done, await EditionsCommand.ListAsync(database, Source, November, fixture.Session(output: said)));
        return said.ToString();
    }

    private static async Task<IEnumerable<(int Edition, string State, bool Stands)>> StatesAsync(IngestFixture fixture)
    {
        await using NpgsqlConnection connection = await fixture.Source.OpenConnectionAsync();
        ComparedEditions compared = await EditionList.CompareAsync(
            connection, await EditionList.LoadAsync(connection, Source, November, default), fixture.Session());
        return compared.Editions.Select(e => (e.Edition, e.State, compared.Standing.Contains(e.RunId)));
    }

    [Fact]
    public async Task Topics_of_earlier_months_leave_the_edition_standing_because_they_move_no_figure_and_are_a_reason_to_run_it_again()
    {
        using IngestFixture fixture = await IngestFixture.CreateAsync();
        await using Database database = await Database.OpenAsync(fixture.Session());
        await IngestStep.RunAsync(database, [Export("2024-11.csv"), Export("2024-12.csv")], fixture.Session());
        RunResult december = await RunAsync(fixture, database, December);
        await StandsAsync(fixture, December, december);
        await RunAsync(fixture, database, November);
        Assert.NotEqual(0L, await fixture.ScalarAsync<long>("select count(*) from topic_month where month = '2024-11-01'"));

        await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync();
        KeptEdition kept = await Editions.KeptAsync(connection, December, Source, null, fixture.Session());
        Assert.Equal((EditionState.Standing, "topics of earlier months"), (kept.State, kept.Why.En));
        using StringWriter said = new();
        Assert.Equal(ExitCodes.Done, kept.Tell(fixture.Session(error: said)));
        Assert.Contains("topics of earlier months", said.ToString(), StringComparison.Ordinal);
        StaleMonth stale = Assert.Single((await EditionList.CompareAsync(connection, await EditionList.LoadAsync(connection, null, null, default), fixture.Session())).Stale);
        Assert.Equal((December, "topics"), (stale.Month, Assert.Single(stale.Causes).Name));
        Assert.Equal([(December, BackfillState.Stale), (November, BackfillState.Current)], (await PlanAsync(connection, fixture)).Select(m => (m.Month, m.State)));
    }

    private static async Task StandsAsync(IngestFixture fixture, ReportingMonth month, RunResult run)
    {
        await using NpgsqlConnection connection = await fixture.Source.OpenConnectionAsync();
        KeptEdition kept = await Editions.KeptAsync(connection, month, Source, null, fixture.Session());
        Assert.Equal((run.Report.Lineage.RunId, EditionState.Standing, ""), (kept.Report.Lineage.RunId, kept.State, kept.Why.En));
        Assert.Equal(ExitCodes.Done, kept.Tell(fixture.Session()));
        Assert.Empty((await EditionList.CompareAsync(connection, await EditionList.LoadAsync(connection, null, null, default), fixture.Session())).Stale);
        BackfillMonth planned = (await PlanAsync(connection, fixture)).Single(m => m.Month == month);
        Assert.Equal((BackfillState.Current, "nothing changed"), (planned.State, planned.Why.En));
    }

    /// <summary>Every command says the same: <c>figures</c> and <c>report</c>, <c>publish</c>, <c>editions</c>, <c>backfill</c>.</summary>
    private static async Task OvertakenAsync(IngestFixture fixture, Database database, ReportingMonth month, RunResult run, string why)
    {
        await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync();
        KeptEdition kept = await Editions.KeptAsync(connection, month, Source, null, fixture.Session());
        Assert.Equal((run.Report.Lineage.RunId, EditionState.Overtaken, why), (kept.Report.Lineage.RunId, kept.State, kept.Why.En));
        using StringWriter said = new();
        Assert.Equal(ExitCodes.LookNeeded, kept.Tell(fixture.Session(error: said)));
        Assert.Contains(why, said.ToString(), StringComparison.Ordinal);
        PipelineFault refused = await Assert.ThrowsAsync<PipelineFault>(() => PublishCommand.RunAsync(month, Source, null, "王芳", null, fixture.Session()));
        Assert.Contains(why, refused.Text.En, StringComparison.Ordinal);
        StaleMonth stale = Assert.Single((await EditionList.CompareAsync(connection, await EditionList.LoadAsync(connection, null, null, default), fixture.Session())).Stale);
        Assert.Equal(why, InputWords.Of(stale.Causes).En);
        BackfillMonth planned = Assert.Single(await PlanAsync(connection, fixture));
        Assert.Equal((BackfillState.Stale, why), (planned.State, planned.Why.En));
    }

    private static Task<IReadOnlyList<BackfillMonth>> PlanAsync(NpgsqlConnection connection, IngestFixture fixture) =>
        BackfillPlan.MakeAsync(connection, November, December, Source, fixture.Session());

    private static Task<RunResult> RunAsync(IngestFixture fixture, Database database, ReportingMonth month) =>
        new MonthRun(database, fixture.Database.Keys, fixture.Session()).ExecuteAsync(new RunRequest(month, Source, null, []));

    /// <summary>The program's own file with a space at its end: the same rules, another file.</summary>
    private static string Own(string name)
    {
        using Stream stream = typeof(RuleFiles).Assembly.GetManifestResourceStream($"Pipeline.Jobs.Rules.{name}")!;
        using StreamReader text = new(stream);
        return text.ReadToEnd() + " ";
    }

    private static string Export(string name) => Path.Combine(SampleData.Bank, "exports", name);
}
