using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Store;
using Pipeline.Models.Classification;
using Pipeline.Models.Text;

namespace Pipeline.Jobs.Classification;

/// <summary>What <c>--model</c> names: a file (no database is touched), a name or an id of the registry, or the champion.</summary>
internal static class ModelChoice
{
    public const string Champion = "champion";

    /// <param name="choice">Null means the champion.</param>
    /// <param name="taxonomyId">Whose champion; null: by the language of the texts, cn-jrt0169 or us-cfpb.</param>
    /// <param name="sample">Some of the texts.</param>
    public static async Task<IdentifiedModel> LoadAsync(string? choice, string? taxonomyId, IEnumerable<string> sample, CommandSession session)
    {
        if (choice is not null && await FileAsync(choice, session) is var (model, bytes))
        {
            return new IdentifiedModel(ModelFile.IdOf(bytes), model);
        }
        await using Database database = await Database.OpenAsync(session);
        if (choice is not null && choice != Champion)
        {
            return await ModelRegistry.LoadAsync(database, choice, session);
        }
        string language = TextLanguage.Of(sample.Take(200));
        taxonomyId ??= language == TextLanguage.Chinese ? "cn-jrt0169" : "us-cfpb";
        return await ModelRegistry.ChampionAsync(database, taxonomyId, session, ModelRegistry.LanguageOf(taxonomyId) ?? language);
    }

    /// <summary>The model of a file, with its bytes; null where the choice names none.</summary>
    /// <exception cref="PipelineFault">It is written as a file and there is none, or the file is no model.</exception>
    public static async Task<(LinearTextModel Model, byte[] Bytes)?> FileAsync(string choice, CommandSession session)
    {
        if (choice == Champion)
        {
            return null;
        }
        if (File.Exists(choice))
        {
            byte[] bytes = await File.ReadAllBytesAsync(choice, session.Cancellation);
            return (ModelRegistry.Open(bytes, choice), bytes);
        }
        return IsFileName(choice) ? throw PipelineFault.Usage($"找不到模型文件 {choice}。", $"There is no model file {choice}.", new FaultPlace(choice)) : null;
    }

    /// <summary>A path, or a name with an ending: what was meant to be a file needs no database to be found missing. <c>bank-2026.11</c> is a name.</summary>
    private static bool IsFileName(string choice) =>
        choice.AsSpan().ContainsAny('/', '\\') || (Path.GetExtension(choice) is { Length: > 1 } ending && ending.Any(char.IsAsciiLetter));
}
