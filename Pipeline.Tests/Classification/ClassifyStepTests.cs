using System.Globalization;
using System.Text;
using Npgsql;
using Pipeline.Jobs.Classification;
using Pipeline.Jobs.Ingest;
using Pipeline.Jobs.Rules;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Store;
using Pipeline.Models.Classification;
using Pipeline.Models.Taxonomy;

namespace Pipeline.Tests.Classification;

public sealed class ClassifyStepTests(TestDatabase fixture) : IClassFixture<TestDatabase>
{
    private static readonly LabelledCorpus Corpus = Corpora.Chinese();

    [Fact]
    public async Task The_step_judges_every_text_once_and_a_changed_one_again()
    {
        const string source = "once";
        await using Database database = await Database.OpenAsync(fixture.Session());
        for (int i = 0; i < 40; i++)
        {
            await AddAsync(source, $"{i}", Corpus.Texts[i * 30]);
        }
        await AddAsync(source, "empty", null);
        await AddAsync(source, "signs", "。。。 ---");

        ClassifyResult first = await RunAsync(database, source);
        Assert.Equal((40, 2), (first.Judged, first.WithoutText));
        Assert.Equal(40L * 3, await CountAsync("label", source));
        Assert.Equal(first.NeedsReview, await CountAsync("label", source, "t.needs_review"));
        Assert.Equal(first.NeedsReview, await CountAsync("label", source, "t.probability < 0.6"));
        Assert.Equal(40L * 3, await CountAsync("label", source, $"t.decided_by = 'model:{first.ModelId}'"));

        ClassifyResult second = await RunAsync(database, source);
        Assert.Equal((0, 0, first.ModelId), (second.Judged, second.WithoutText, second.ModelId));

        await ChangeAsync(source, "3", "柜台工作人员态度恶劣，拒绝办理业务。");
        await ChangeAsync(source, "4", null);
        string before = await LabelAsync(source, "5");
        ClassifyResult third = await RunAsync(database, source);
        Assert.Equal((1, 1), (third.Judged, third.WithoutText));
        Assert.StartsWith("service", await LabelAsync(source, "3"), StringComparison.Ordinal);
        Assert.Equal(0L, await CountAsync("label", source, "c.case_number = '4'"));
        Assert.Equal(before, await LabelAsync(source, "5"));
    }

    [Fact]
    public async Task Labels_are_what_the_model_says_about_the_text_and_carry_its_keyed_hash()
    {
        const string source = "same";
        await using Database database = await Database.OpenAsync(fixture.Session());
        await AddAsync(source, "1", Corpus.Texts[700]);
        ClassifyResult result = await RunAsync(database, source);
        IdentifiedModel model = await ModelRegistry.ChampionAsync(database, "cn-jrt0169", fixture.Session());
        Assert.Equal(model.Id, result.ModelId);
        HeadPrediction nature = model.Model.Predict([Corpus.Texts[700]], 1)[0];
        Assert.Equal(
            string.Create(CultureInfo.InvariantCulture, $"{model.Model.Heads[0].Classes[nature.Class]} {nature.Probability:0.0000}"),
            await LabelAsync(source, "1"));
        await using NpgsqlCommand hash = fixture.Source.CreateCommand(
            "select distinct t.text_hash from label t join complaint c using (complaint_id) where c.source = 'same'");
        Assert.Equal(fixture.Keys.Token("content", Encoding.UTF8.GetBytes(Corpus.Texts[700])), (byte[]?)await hash.ExecuteScalarAsync());
    }

    [Fact]
    public async Task A_new_champion_judges_all_again_beside_the_labels_of_the_old_one()
    {
        const string source = "again";
        await using Database database = await Database.OpenAsync(fixture.Session());
        await AddAsync(source, "1", Corpus.Texts[100]);
        ClassifyResult old = await RunAsync(database, source);
        LinearTextModel model = new LinearTrainer().Train(
            Corpora.Chinese(300), new TrainingOptions { Identity = new ModelIdentity("smaller", "cn-jrt0169", "zh") }).Model;
        byte[] bytes = ModelFile.Write(model);
        Assert.Equal("challenger", await ModelRegistry.RegisterAsync(database, model, bytes, fixture.Session()));
        Assert.Equal(0, (await RunAsync(database, source)).Judged);
        await ModelRegistry.PromoteAsync(database, ModelFile.IdOf(bytes), fixture.Session());
        try
        {
            ClassifyResult renewed = await RunAsync(database, source);
            Assert.Equal((1, ModelFile.IdOf(bytes)), (renewed.Judged, renewed.ModelId));
            Assert.NotEqual(old.ModelId, renewed.ModelId);
            Assert.Equal(6L, await CountAsync("label", source));
        }
        finally
        {
            await ModelRegistry.RollBackAsync(database, "cn-jrt0169", "zh", fixture.Session());
        }
    }

    [Fact]
    public async Task A_step_that_was_stopped_goes_on_where_it_stopped()
    {
        const string source = "stopped";
        await using Database database = await Database.OpenAsync(fixture.Session());
        await AddAsync(source, "1", Corpus.Texts[1]);
        await AddAsync(source, "2", Corpus.Texts[2]);
        using CancellationTokenSource stop = new();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunAsync(database, source, fixture.Session(cancellation: stop.Token)));
        Assert.Equal(0L, await CountAsync("label", source));
        Assert.Equal(2, (await RunAsync(database, source)).Judged);
    }

    [Fact]
    public async Task An_altered_sealed_text_stops_the_step_and_says_which_complaint()
    {
        const string source = "altered";
        await using Database database = await Database.OpenAsync(fixture.Session());
        await AddAsync(source, "1", Corpus.Texts[1]);
        await ExecuteAsync("update complaint set sealed = set_byte(sealed, 20, 255 - get_byte(sealed, 20)) where source = $1", source);
        PipelineFault fault = await Assert.ThrowsAsync<PipelineFault>(() => RunAsync(database, source));
        Assert.Contains("does not open", fault.Text.En, StringComparison.Ordinal);
        Assert.Equal(0L, await CountAsync("label", source));
    }

    [Fact]
    public async Task A_source_of_unknown_taxonomy_is_judged_by_the_model_of_its_language_and_an_empty_one_by_none()
    {
        await using Database database = await Database.OpenAsync(fixture.Session());
        Assert.Null((await RunAsync(database, "nothing", taxonomy: "generic")).ModelId);
        await AddAsync("english", "1", "They charged my card twice and nobody answers the phone.");
        ClassifyResult result = await RunAsync(database, "english", taxonomy: "generic");
        Assert.Equal(1, result.Judged);
        Assert.Equal("en", (await ModelRegistry.ListAsync(database, default)).Single(m => m.ModelId == result.ModelId).Language);
    }

    private Task<ClassifyResult> RunAsync(Database database, string source, CommandSession? session = null, string taxonomy = "cn-jrt0169") =>
        ClassifyStep.RunAsync(
            database, fixture.Keys, RuleFiles.Rules(fixture.Home).Value with { ReviewBelowProbability = 0.6 },
            RuleFiles.Taxonomy(fixture.Home, taxonomy).Value, source, null, session ?? fixture.Session());

    private async Task AddAsync(string source, string caseNumber, string? text)
    {
        const string statement = """
            with file as (
                insert into source_file (sha256, name, source, profile, profile_sha256, as_of_date, ingested_at, bytes)
                values ($1 || '!' || $2, 'x', $1, 'x', 'x', '2026-01-01', '2026-01-01', 1) returning file_id)
            insert into complaint (source, case_number, content_hash, as_of_date, file_id, line_number, received_date, status, key_id, sealed)
            select $1, $2, $3, '2026-01-01', file_id, 1, '2026-01-01', 'open', $4, $5 from file
            """;
        await ExecuteAsync(statement, source, caseNumber, Encoding.UTF8.GetBytes(text ?? ""), fixture.Keys.CurrentKeyId, Sealed(source, caseNumber, text));
    }

    private Task ChangeAsync(string source, string caseNumber, string? text) => ExecuteAsync(
        "update complaint set content_hash = $3, sealed = $4, revision = revision + 1 where source = $1 and case_number = $2",
        source, caseNumber, Encoding.UTF8.GetBytes(text ?? ""), Sealed(source, caseNumber, text));

    private byte[] Sealed(string source, string caseNumber, string? text)
    {
        SealedRow row = new();
        row.Add(SealedRow.Narrative, text);
        return fixture.Keys.Seal(row.Write(), SealedRow.Place(source, caseNumber));
    }

    private async Task<long> CountAsync(string table, string source, string condition = "true")
    {
        await using NpgsqlCommand command = fixture.Source.CreateCommand(
            $"select count(*) from {table} t join complaint c using (complaint_id) where c.source = $1 and {condition}");
        command.Parameters.Add(new() { Value = source });
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Nature and its probability.</summary>
    private async Task<string> LabelAsync(string source, string caseNumber)
    {
        await using NpgsqlCommand command = fixture.Source.CreateCommand(
            "select t.class, t.probability from label t join complaint c using (complaint_id) where c.source = $1 and c.case_number = $2 and t.head = 'nature'");
        command.Parameters.Add(new() { Value = source });
        command.Parameters.Add(new() { Value = caseNumber });
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync();
        Assert.True(await row.ReadAsync());
        return string.Create(CultureInfo.InvariantCulture, $"{row.GetString(0)} {row.GetFloat(1):0.0000}");
    }

    private async Task ExecuteAsync(string statement, params object[] values)
    {
        await using NpgsqlCommand command = fixture.Source.CreateCommand(statement);
        foreach (object value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }
        await command.ExecuteNonQueryAsync();
    }
}
