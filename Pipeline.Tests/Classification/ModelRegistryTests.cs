using Npgsql;
using Pipeline.Jobs.Classification;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Store;
using Pipeline.Models.Classification;

namespace Pipeline.Tests.Classification;

public sealed class ModelRegistryTests(TestDatabase fixture) : IClassFixture<TestDatabase>
{
    [Theory]
    [InlineData("cn-jrt0169", null, "nature business cause")]
    [InlineData("us-cfpb", null, "nature business")]
    [InlineData("generic", "zh", "nature")]
    [InlineData("generic", "en", "nature")]
    public async Task The_first_use_of_a_taxonomy_trains_its_champion_and_the_second_finds_it(string taxonomy, string? language, string heads)
    {
        await using Database database = await Database.OpenAsync(fixture.Session());
        using StringWriter said = new();
        IdentifiedModel first = await ModelRegistry.ChampionAsync(database, taxonomy, fixture.Session(error: said), language);
        Assert.Contains("training the first", said.ToString(), StringComparison.Ordinal);
        Assert.Equal(heads, string.Join(' ', first.Model.Heads.Select(h => h.Name)));

        using StringWriter silent = new();
        IdentifiedModel second = await ModelRegistry.ChampionAsync(database, taxonomy, fixture.Session(error: silent), language);
        Assert.Equal("", silent.ToString());
        Assert.Equal(first.Id, second.Id);
        RegistryEntry entry = Assert.Single(await ModelRegistry.ListAsync(database, default), e => e.ModelId == first.Id);
        Assert.Equal("champion", entry.State);
        Assert.True(entry.Metrics["nature.accuracy"] > 0.5);
    }

    [Fact]
    public async Task A_promoted_model_replaces_the_champion_and_rolling_back_brings_it_back()
    {
        await using Database database = await Database.OpenAsync(fixture.Session());
        string first = await RegisterAsync(database, 1);
        string second = await RegisterAsync(database, 2);
        string third = await RegisterAsync(database, 3);
        Assert.Equal((first, "challenger", "challenger"), (await ChampionAsync(database), await StateAsync(second), await StateAsync(third)));

        Assert.Equal((second, first), await ModelRegistry.PromoteAsync(database, second[..8], fixture.Session()));
        Assert.Equal((third, second), await ModelRegistry.PromoteAsync(database, third, fixture.Session()));
        Assert.Equal((third, third), await ModelRegistry.PromoteAsync(database, third, fixture.Session()));
        Assert.Equal("retired", await StateAsync(first));

        Assert.Equal((second, third), await ModelRegistry.RollBackAsync(database, "test", "zh", fixture.Session()));
        Assert.Equal((first, second), await ModelRegistry.RollBackAsync(database, "test", "zh", fixture.Session()));
        Assert.Equal(first, await ChampionAsync(database));
        PipelineFault none = await Assert.ThrowsAsync<PipelineFault>(() => ModelRegistry.RollBackAsync(database, "test", "zh", fixture.Session()));
        Assert.Equal(ExitCodes.NothingToDo, none.ExitCode);
    }

    [Fact]
    public async Task An_unknown_or_ambiguous_id_is_refused()
    {
        await using Database database = await Database.OpenAsync(fixture.Session());
        await RegisterAsync(database, 11, "other");
        await RegisterAsync(database, 12, "other");
        await Assert.ThrowsAsync<PipelineFault>(() => ModelRegistry.LoadAsync(database, "zzzz", fixture.Session()));
        await Assert.ThrowsAsync<PipelineFault>(() => ModelRegistry.LoadAsync(database, "", fixture.Session()));
    }

    [Fact]
    public async Task A_name_means_the_newest_model_of_that_name_and_one_that_may_be_two_is_refused_with_both()
    {
        await using Database database = await Database.OpenAsync(fixture.Session());
        string older = await RegisterAsync(database, 31, "named", "bank-2026.11");
        string newer = await RegisterAsync(database, 32, "named", "bank-2026.11");
        Assert.Equal(newer, (await ModelChoice.LoadAsync("bank-2026.11", null, [], fixture.Session())).Id);
        Assert.Equal((newer, older), await ModelRegistry.PromoteAsync(database, "Bank-2026.11", fixture.Session()));

        string elsewhere = await RegisterAsync(database, 33, "another", "bank-2026.11");
        PipelineFault either = await Assert.ThrowsAsync<PipelineFault>(() => ModelRegistry.LoadAsync(database, "bank-2026.11", fixture.Session()));
        Assert.Contains(newer, either.Text.En, StringComparison.Ordinal);
        Assert.Contains(elsewhere, either.Text.En, StringComparison.Ordinal);

        // A name that is also the beginning of another model's id.
        string clash = await RegisterAsync(database, 34, "third", newer[..6]);
        PipelineFault both = await Assert.ThrowsAsync<PipelineFault>(() => ModelRegistry.LoadAsync(database, newer[..6], fixture.Session()));
        Assert.Contains(clash, both.Text.En, StringComparison.Ordinal);
        Assert.Equal(newer, (await ModelRegistry.LoadAsync(database, newer, fixture.Session())).Id);
    }

    [Fact]
    public async Task A_model_file_is_entered_and_promoted_in_one_step()
    {
        using TestDatabase own = new();
        await own.InitializeAsync();
        (string first, string second) = (Path.Combine(own.Home, "first.model"), Path.Combine(own.Home, "second.model"));
        string older = await WriteAsync(first, 51);
        string newer = await WriteAsync(second, 52);
        Assert.Equal(ExitCodes.Done, await ModelsCommand.PromoteAsync(first, own.Session()));
        Assert.Equal(ExitCodes.NothingToDo, await ModelsCommand.PromoteAsync(first, own.Session()));
        Assert.Equal(ExitCodes.Done, await ModelsCommand.PromoteAsync(second, own.Session()));
        await using Database database = await Database.OpenAsync(own.Session());
        Assert.Equal(
            [$"{older} retired", $"{newer} champion"],
            (await ModelRegistry.ListAsync(database, default)).OrderBy(m => m.ModelId == newer).Select(m => $"{m.ModelId} {m.State}"));
        PipelineFault missing = await Assert.ThrowsAsync<PipelineFault>(() => ModelsCommand.PromoteAsync("third.model", own.Session()));
        Assert.Equal((ExitCodes.WrongUsage, "third.model"), (missing.ExitCode, missing.Place!.File));
        await own.DisposeAsync();
    }

    [Fact]
    public async Task Showing_a_champion_that_there_is_none_of_trains_none_and_says_how_to_make_one()
    {
        using TestDatabase own = new();
        await own.InitializeAsync();
        PipelineFault none = await Assert.ThrowsAsync<PipelineFault>(() => ModelsCommand.ShowAsync("champion", null, own.Session()));
        Assert.Equal(ExitCodes.NothingToDo, none.ExitCode);
        Assert.Contains("pipeline train", none.Text.En, StringComparison.Ordinal);
        await using Database database = await Database.OpenAsync(own.Session());
        Assert.Empty(await ModelRegistry.ListAsync(database, default));

        await RegisterAsync(database, 41, "one");
        Assert.Equal(ExitCodes.Done, await ModelsCommand.ShowAsync("champion", null, own.Session()));
        await RegisterAsync(database, 42, "two");
        Assert.Equal(ExitCodes.WrongUsage, (await Assert.ThrowsAsync<PipelineFault>(() => ModelsCommand.ShowAsync("champion", null, own.Session()))).ExitCode);
        Assert.Equal(ExitCodes.Done, await ModelsCommand.ShowAsync("champion", "two", own.Session()));
        await own.DisposeAsync();
    }

    [Fact]
    public async Task A_model_that_was_altered_in_the_database_is_refused_and_named()
    {
        await using Database database = await Database.OpenAsync(fixture.Session());
        string id = await RegisterAsync(database, 21, "other");
        await using NpgsqlCommand alter = fixture.Source.CreateCommand("update model set bytes = set_byte(bytes, 300, 255 - get_byte(bytes, 300)) where model_id = $1");
        alter.Parameters.Add(new() { Value = id });
        await alter.ExecuteNonQueryAsync();
        PipelineFault fault = await Assert.ThrowsAsync<PipelineFault>(() => ModelRegistry.LoadAsync(database, id, fixture.Session()));
        Assert.Contains(id, fault.Text.En, StringComparison.Ordinal);
        Assert.Contains("damaged", fault.Text.En, StringComparison.Ordinal);
    }

    private async Task<string> RegisterAsync(Database database, int seed, string taxonomy = "test", string name = "t")
    {
        LinearTextModel model = Trained(seed, taxonomy, name);
        byte[] bytes = ModelFile.Write(model);
        await ModelRegistry.RegisterAsync(database, model, bytes, fixture.Session());
        return ModelFile.IdOf(bytes);
    }

    private static LinearTextModel Trained(int seed, string taxonomy = "test", string name = "t")
    {
        LabelledCorpus corpus = new(["退我年费", "年费太高", "客服态度差", "客服推诿"], [new LabelColumn("nature", ["product", "product", "service", "service"])]);
        return new LinearTrainer().Train(corpus, new TrainingOptions { Identity = new(name, taxonomy, "zh"), Seed = seed }).Model;
    }

    private static async Task<string> WriteAsync(string path, int seed)
    {
        byte[] bytes = ModelFile.Write(Trained(seed));
        await File.WriteAllBytesAsync(path, bytes);
        return ModelFile.IdOf(bytes);
    }

    private static async Task<string> ChampionAsync(Database database) =>
        (await ModelRegistry.ListAsync(database, default)).Single(e => e is { Taxonomy: "test", State: "champion" }).ModelId;

    private async Task<string?> StateAsync(string id)
    {
        await using NpgsqlCommand command = fixture.Source.CreateCommand("select state from model where model_id = $1");
        command.Parameters.Add(new() { Value = id });
        return (string?)await command.ExecuteScalarAsync();
    }
}
