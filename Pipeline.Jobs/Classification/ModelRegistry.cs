using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Pipeline.Jobs.Rules;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Store;
using Pipeline.Models.Classification;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;

namespace Pipeline.Jobs.Classification;

/// <summary>A model with the id that labels, runs and reports know it by.</summary>
/// <param name="Id">First 12 hex digits of the SHA-256 of its bytes.</param>
public sealed record IdentifiedModel(string Id, LinearTextModel Model)
{
    /// <value>The word that labels carry for whoever decided them.</value>
    public string DecidedBy => $"model:{Id}";
}

/// <summary>A line of the registry.</summary>
/// <param name="State"><c>champion</c>, <c>challenger</c> or <c>retired</c>.</param>
/// <param name="Metrics">Held-out, see <see cref="ModelCard.Metrics"/>.</param>
public sealed record RegistryEntry(
    string ModelId, string Name, string Taxonomy, string Language, IReadOnlyList<string> Heads, string State,
    DateTime TrainedAt, int Rows, IReadOnlyDictionary<string, double> Metrics, int Bytes);

/// <summary>
/// The models of an installation. For each taxonomy and language one is the champion: the one that the pipeline judges with.
/// </summary>
public static class ModelRegistry
{
    /// <summary>The champion of a taxonomy; where there is none yet, it is trained from the corpus that came with the program (a second or two).</summary>
    /// <param name="language"><c>zh</c> or <c>en</c>; null: that of the taxonomy (Chinese for cn-jrt0169, English for us-cfpb and others).</param>
    public static async Task<IdentifiedModel> ChampionAsync(
        Database database, string taxonomyId, CommandSession session, string? language = null)
    {
        language ??= LanguageOf(taxonomyId) ?? TextLanguage.English;
        if (await FindChampionAsync(database, taxonomyId, language, session.Cancellation) is { } champion)
        {
            return champion;
        }
        session.Notice(
            $"{taxonomyId}（{language}）还没有分类模型：用随程序附带的标注语料训练第一个。",
            $"There is no model for {taxonomyId} ({language}) yet: training the first from the labelled corpus that came with the program.");
        double reviewBelow = RuleFiles.Rules(session.Home).Value.ReviewBelowProbability;
        LinearTextModel first = FirstModels.Train(taxonomyId, language, session.Home, reviewBelow, session.Cancellation);
        await RegisterAsync(database, first, ModelFile.Write(first), session);
        return await FindChampionAsync(database, taxonomyId, language, session.Cancellation)
            ?? throw new InvalidOperationException("a model was registered and no champion stands");
    }

    /// <summary>The language that a taxonomy's exports are written in; null where they may be in any.</summary>
    public static string? LanguageOf(string taxonomyId) => taxonomyId switch
    {
        "cn-jrt0169" => TextLanguage.Chinese,
        "us-cfpb" => TextLanguage.English,
        _ => null,
    };

    /// <summary>Enters a model: champion where its taxonomy and language have none, else challenger. A model that is there already stays as it is.</summary>
    /// <returns>Its state.</returns>
    public static async Task<string> RegisterAsync(Database database, LinearTextModel model, byte[] bytes, CommandSession session)
    {
        ModelCard card = model.Card;
        string id = ModelFile.IdOf(bytes);
        await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync(session.Cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(session.Cancellation);
        await LockAsync(connection, session.Cancellation);
        await using NpgsqlCommand insert = new(Sql.Get("Classification/register_model"), connection)
        {
            Parameters =
            {
                new() { Value = id },
                new() { Value = card.Identity.Name },
                new() { Value = card.Identity.Taxonomy },
                new() { Value = card.Identity.Language },
                new() { Value = card.Heads.Select(h => h.Name).ToArray() },
                new() { Value = session.Time.GetUtcNow() },
                new() { Value = card.DataSha256 },
                new() { Value = card.Rows },
                new() { Value = JsonSerializer.Serialize(card.Metrics, RuleJson.Options), NpgsqlDbType = NpgsqlDbType.Jsonb },
                new() { Value = bytes },
            },
        };
        string? state = (string?)await insert.ExecuteScalarAsync(session.Cancellation);
        if (state is null)
        {
            await using NpgsqlCommand known = new("select state from model where model_id = $1", connection) { Parameters = { new() { Value = id } } };
            state = (string)(await known.ExecuteScalarAsync(session.Cancellation))!;
        }
        else
        {
            await RecordAsync(connection, id, "trained", null, session);
        }
        await transaction.CommitAsync(session.Cancellation);
        return state;
    }

    /// <summary>A model by its name (the newest of that name), its id, or the beginning of its id.</summary>
    /// <exception cref="PipelineFault">There is none, or more than one: the message names them.</exception>
    public static async Task<IdentifiedModel> LoadAsync(Database database, string id, CommandSession session)
    {
        string full = await ResolveAsync(database, id, session);
        await using NpgsqlCommand command = database.Source.CreateCommand("select bytes from model where model_id = $1");
        command.Parameters.Add(new() { Value = full });
        return new IdentifiedModel(full, Open((byte[])(await command.ExecuteScalarAsync(session.Cancellation))!, full));
    }

    public static async Task<IReadOnlyList<RegistryEntry>> ListAsync(Database database, CancellationToken cancellation)
    {
        List<RegistryEntry> entries = [];
        await using NpgsqlCommand command = database.Source.CreateCommand(Sql.Get("Classification/list_models"));
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            entries.Add(new RegistryEntry(
                row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetFieldValue<string[]>(4), row.GetString(5),
                row.GetDateTime(6), row.GetInt32(7),
                JsonSerializer.Deserialize<SortedDictionary<string, double>>(row.GetString(8), RuleJson.Options) ?? [], row.GetInt32(9)));
        }
        return entries;
    }

    /// <summary>Makes a model the champion of its taxonomy and language; the one before is retired.</summary>
    /// <returns>The id of the new champion and of the one that it replaced; the same twice where nothing changed.</returns>
    public static async Task<(string Champion, string? Replaced)> PromoteAsync(Database database, string id, CommandSession session)
    {
        string full = await ResolveAsync(database, id, session);
        return await ChangeChampionAsync(database, full, "promoted", session);
    }

    /// <summary>Brings back the champion that the present one replaced.</summary>
    /// <exception cref="PipelineFault">There is none to go back to: exit code 4.</exception>
    public static async Task<(string Champion, string? Replaced)> RollBackAsync(Database database, string taxonomy, string language, CommandSession session)
    {
        await using NpgsqlCommand command = database.Source.CreateCommand(Sql.Get("Classification/previous_champion"));
        command.Parameters.Add(new() { Value = taxonomy });
        command.Parameters.Add(new() { Value = language });
        string previous = (string?)await command.ExecuteScalarAsync(session.Cancellation) ?? throw PipelineFault.Nothing(
            $"{taxonomy}（{language}）的现任模型没有取代过别的模型，无可回退。",
            $"The champion of {taxonomy} ({language}) replaced no other model: there is nothing to go back to.");
        return await ChangeChampionAsync(database, previous, "rolled_back", session);
    }

    /// <summary>Reads a model's bytes.</summary>
    /// <param name="where">File or model id, for the message.</param>
    /// <exception cref="PipelineFault">They are no model, a damaged one, or one of another version.</exception>
    public static LinearTextModel Open(ReadOnlyMemory<byte> bytes, string where)
    {
        try
        {
            return ModelFile.Read(bytes);
        }
        catch (ModelFileException fault)
        {
            throw fault.Fault switch
            {
                ModelFault.Foreign => PipelineFault.Failed(
                    $"{where} 不是模型文件（开头不是 PIPEMODL）。请给出 train --out 写出的文件或 models list 中的编号。",
                    $"{where} is not a model file (it does not begin with PIPEMODL). Give a file that 'train --out' wrote, or an id from 'models list'.",
                    fault),
                ModelFault.OtherVersion => PipelineFault.Failed(
                    $"{where} 由其他版本的程序写出：{fault.Message}。请用本版本重新训练。",
                    $"{where} was written by another version of the program: {fault.Message}. Train it again with this one.",
                    fault),
                _ => PipelineFault.Failed(
                    $"模型 {where} 已损坏：{fault.Message}。请重新复制或重新训练。",
                    $"The model {where} is damaged: {fault.Message}. Copy it again, or train it again.",
                    fault),
            };
        }
    }

    private static async Task<IdentifiedModel?> FindChampionAsync(Database database, string taxonomy, string language, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = database.Source.CreateCommand(
            "select model_id, bytes from model where taxonomy = $1 and language = $2 and state = 'champion'");
        command.Parameters.Add(new() { Value = taxonomy });
        command.Parameters.Add(new() { Value = language });
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation)
            ? new IdentifiedModel(row.GetString(0), Open(row.GetFieldValue<byte[]>(1), row.GetString(0)))
            : null;
    }

    /// <summary>A whole id; a name, which is the newest model of that name; or the beginning of one id.</summary>
    private static async Task<string> ResolveAsync(Database database, string choice, CommandSession session)
    {
        IReadOnlyList<RegistryEntry> models = await ListAsync(database, session.Cancellation);
        // A name stands for the newest model of that name; in two taxonomies or languages it stands for two.
        IEnumerable<RegistryEntry> named = models.Where(m => m.Name.Equals(choice, StringComparison.OrdinalIgnoreCase))
            .GroupBy(m => (m.Taxonomy, m.Language))
            .Select(g => g.OrderByDescending(m => m.TrainedAt).ThenBy(m => m.ModelId, StringComparer.Ordinal).First());
        List<RegistryEntry> found = [.. models.Where(m => m.ModelId.StartsWith(choice, StringComparison.OrdinalIgnoreCase))];
        if (found.Find(m => m.ModelId.Equals(choice, StringComparison.OrdinalIgnoreCase)) is { } exact)
        {
            return exact.ModelId;
        }
        found = [.. found.Union(named)];
        string list = string.Join(", ", found.Select(m => $"{m.ModelId} ({m.Name}, {m.Taxonomy}/{m.Language}, {m.TrainedAt:yyyy-MM-dd})"));
        return found.Count switch
        {
            1 => found[0].ModelId,
            0 => throw PipelineFault.Failed(
                $"登记簿中没有编号以 {choice} 开头或名为 {choice} 的模型，也没有名为 {choice} 的文件。用 pipeline models list 查看。",
                $"No model of the registry has an id that begins with {choice} or the name {choice}, and there is no file of that name. See 'pipeline models list'."),
            _ => throw PipelineFault.Failed(
                $"{choice} 可指 {found.Count} 个模型：{list}。请写全编号。",
                $"{choice} may be any of {found.Count} models: {list}. Write the whole id."),
        };
    }

    /// <summary>The champion that stands, without training one.</summary>
    /// <param name="taxonomy">Null: of the only taxonomy that has one.</param>
    /// <exception cref="PipelineFault">There is none (exit code 4), or more than one.</exception>
    public static async Task<IdentifiedModel> StandingChampionAsync(Database database, string? taxonomy, CommandSession session)
    {
        List<RegistryEntry> champions =
        [
            .. (await ListAsync(database, session.Cancellation)).Where(m => m.State == "champion" && (taxonomy is null || m.Taxonomy == taxonomy)),
        ];
        return champions.Count switch
        {
            1 => await LoadAsync(database, champions[0].ModelId, session),
            0 => throw PipelineFault.Nothing(
                $"{(taxonomy is null ? "" : taxonomy + " ")}还没有现任模型。首次 run 或 predict 会用随附语料训练第一个；也可用自己的标注：pipeline train --labels 文件.csv。",
                $"There is no champion{(taxonomy is null ? "" : $" of {taxonomy}")} yet. The first 'run' or 'predict' trains one from the corpus that came with the program; or train your own: pipeline train --labels FILE.csv."),
            _ => throw PipelineFault.Usage(
                $"有 {champions.Count} 个现任模型：{Each(champions)}。请给出编号，或用 --taxonomy 指明。",
                $"There are {champions.Count} champions: {Each(champions)}. Give an id, or say which with --taxonomy."),
        };

        static string Each(IEnumerable<RegistryEntry> models) => string.Join(", ", models.Select(m => $"{m.ModelId} ({m.Taxonomy}/{m.Language})"));
    }

    private static async Task<(string Champion, string? Replaced)> ChangeChampionAsync(Database database, string id, string kind, CommandSession session)
    {
        await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync(session.Cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(session.Cancellation);
        await LockAsync(connection, session.Cancellation);
        await using NpgsqlCommand retire = new(
            "update model m set state = 'retired' from model n where n.model_id = $1 and m.taxonomy = n.taxonomy and m.language = n.language and m.state = 'champion' returning m.model_id",
            connection)
        { Parameters = { new() { Value = id } } };
        string? replaced = (string?)await retire.ExecuteScalarAsync(session.Cancellation);
        await using NpgsqlCommand crown = new("update model set state = 'champion' where model_id = $1", connection) { Parameters = { new() { Value = id } } };
        await crown.ExecuteNonQueryAsync(session.Cancellation);
        if (replaced != id)
        {
            await RecordAsync(connection, id, kind, replaced, session);
        }
        await transaction.CommitAsync(session.Cancellation);
        return (id, replaced);
    }

    private static async Task RecordAsync(NpgsqlConnection connection, string id, string kind, string? replaced, CommandSession session)
    {
        DateTimeOffset now = session.Time.GetUtcNow();
        string actor = Environment.UserName;
        await using NpgsqlCommand own = new(
            "insert into model_event (model_id, kind, replaced_model_id, actor, occurred_at) values ($1, $2, $3, $4, $5)", connection)
        {
            Parameters =
            {
                new() { Value = id }, new() { Value = kind }, new() { Value = (object?)replaced ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
                new() { Value = actor }, new() { Value = now },
            },
        };
        await own.ExecuteNonQueryAsync(session.Cancellation);
        await using NpgsqlCommand audit = new("select audit_append($1, $2, $3, $4)", connection)
        {
            Parameters =
            {
                new() { Value = now }, new() { Value = actor }, new() { Value = $"model.{kind}" },
                new()
                {
                    Value = JsonSerializer.Serialize(new { model_id = id, replaced_model_id = replaced }), NpgsqlDbType = NpgsqlDbType.Jsonb,
                },
            },
        };
        await audit.ExecuteNonQueryAsync(session.Cancellation);
    }

    /// <summary>One change of the registry at a time, so that two first uses train at most twice and register once.</summary>
    private static async Task LockAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new("lock table model in share row exclusive mode", connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
