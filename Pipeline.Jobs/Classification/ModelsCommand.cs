using System.CommandLine;
using System.Globalization;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Store;
using Pipeline.Models.Classification;

namespace Pipeline.Jobs.Classification;

/// <summary><c>models</c>: the registry.</summary>
public static class ModelsCommand
{
    public static Command Create()
    {
        Argument<string> id = new("model") { Description = "Name (the newest of that name), id or its beginning, or a model file, which is entered first / 模型名称（取最新）、编号（可只写开头），或模型文件（先登记）" };
        Option<string> taxonomy = new("--taxonomy") { Description = "Taxonomy / 分类标准", DefaultValueFactory = _ => "cn-jrt0169" };
        Option<string?> language = new("--language") { Description = "zh or en (default: the taxonomy's) / 文本语言" };
        Argument<string> shown = new("model") { Description = "Name, id or its beginning, model file, or 'champion' / 模型名称、编号、文件或 champion" };
        Option<string?> ofTaxonomy = new("--taxonomy") { Description = "With 'champion': of which taxonomy / 与 champion 同用：分类标准" };
        return new Command("models", "The registry of models: champion and challengers / 模型登记簿\nExample: pipeline models list")
        {
            new Command("list", "All models with their state and held-out figures / 列出全部模型\nExample: pipeline models list --json")
                .Runs((_, session) => ListAsync(session)),
            new Command("show", "A model's card: data, counts, classes, figures, limits / 模型说明\nExample: pipeline models show champion") { shown, ofTaxonomy }
                .Runs((parsed, session) => ShowAsync(parsed.GetValue(shown)!, parsed.GetValue(ofTaxonomy), session)),
            ModelsCompareCommand.Create(),
            new Command("promote", "Make a model the champion / 设为现任模型\nExample: pipeline models promote cn-2026-11") { id }
                .Runs((parsed, session) => PromoteAsync(parsed.GetValue(id)!, session)),
            new Command("rollback", "Bring back the champion before / 回退到前任模型\nExample: pipeline models rollback --taxonomy cn-jrt0169") { taxonomy, language }
                .Runs((parsed, session) => RollBackAsync(parsed.GetValue(taxonomy)!, parsed.GetValue(language), session)),
        };
    }

    internal static async Task<int> ListAsync(CommandSession session)
    {
        await using Database database = await Database.OpenAsync(session);
        IReadOnlyList<RegistryEntry> models = await ModelRegistry.ListAsync(database, session.Cancellation);
        session.Document(new { Models = models });
        if (models.Count == 0)
        {
            session.Line("登记簿是空的；首次运行 run 或 predict 时会训练第一个模型。", "The registry is empty; the first 'run' or 'predict' trains the first model.");
        }
        foreach (RegistryEntry model in models)
        {
            string line = string.Create(
                CultureInfo.InvariantCulture,
                $"{model.ModelId}  {model.State,-10}  {model.Taxonomy}/{model.Language}  {model.Name}  {model.TrainedAt:yyyy-MM-dd HH:mm}Z  {model.Rows} texts  {Figures(model)}");
            session.Line(line, line);
        }
        return ExitCodes.Done;
    }

    internal static async Task<int> ShowAsync(string choice, string? taxonomy, CommandSession session)
    {
        IdentifiedModel model = await FindAsync(choice, taxonomy, session);
        session.Document(new { ModelId = model.Id, Card = ModelCardPrint.Json(model.Model.Card), model.Model.Features });
        ModelCardPrint.Print(model.Id, model.Model, session);
        return ExitCodes.Done;
    }

    /// <summary>Unlike for judging texts, no champion is trained to be looked at.</summary>
    private static async Task<IdentifiedModel> FindAsync(string choice, string? taxonomy, CommandSession session)
    {
        if (choice != ModelChoice.Champion)
        {
            return await ModelChoice.LoadAsync(choice, null, [], session);
        }
        await using Database database = await Database.OpenAsync(session);
        return await ModelRegistry.StandingChampionAsync(database, taxonomy, session);
    }

    internal static async Task<int> PromoteAsync(string id, CommandSession session)
    {
        (LinearTextModel Model, byte[] Bytes)? file = await ModelChoice.FileAsync(id, session);
        await using Database database = await Database.OpenAsync(session);
        if (file is not { } read)
        {
            (string champion, string? replaced) = await ModelRegistry.PromoteAsync(database, id, session);
            return Changed(champion, replaced, session);
        }
        string entered = ModelFile.IdOf(read.Bytes);
        bool isKnown = (await ModelRegistry.ListAsync(database, session.Cancellation)).Any(m => m.ModelId == entered);
        string state = await ModelRegistry.RegisterAsync(database, read.Model, read.Bytes, session);
        // Entered where no other model stood, it is the champion by that alone.
        return !isKnown && state == ModelChoice.Champion
            ? Changed(entered, null, session)
            : Changed(entered, (await ModelRegistry.PromoteAsync(database, entered, session)).Replaced, session);
    }

    internal static async Task<int> RollBackAsync(string taxonomy, string? language, CommandSession session)
    {
        language ??= ModelRegistry.LanguageOf(taxonomy) ?? throw PipelineFault.Usage(
            $"{taxonomy} 可有中文和英文两个现任模型；请用 --language zh 或 en 指明。",
            $"{taxonomy} may have a Chinese and an English champion; say which with --language zh or en.");
        await using Database database = await Database.OpenAsync(session);
        (string champion, string? replaced) = await ModelRegistry.RollBackAsync(database, taxonomy, language, session);
        return Changed(champion, replaced, session);
    }

    private static int Changed(string champion, string? replaced, CommandSession session)
    {
        session.Document(new { Champion = champion, Replaced = replaced == champion ? null : replaced });
        if (replaced == champion)
        {
            session.Line($"{champion} 本来就是现任模型。", $"{champion} is the champion already.");
            return ExitCodes.NothingToDo;
        }
        session.Line(
            $"{champion} 现在是现任模型{(replaced is null ? "" : $"，{replaced} 已退役")}；下次 run 会用它重新判定。",
            $"{champion} is the champion now{(replaced is null ? "" : $"; {replaced} is retired")}. The next 'run' judges with it.");
        return ExitCodes.Done;
    }

    private static string Figures(RegistryEntry model) =>
        string.Join(" ", model.Heads.Where(h => model.Metrics.ContainsKey($"{h}.accuracy"))
            .Select(h => string.Create(CultureInfo.InvariantCulture, $"{h} {model.Metrics[$"{h}.accuracy"]:0.000}")));
}
