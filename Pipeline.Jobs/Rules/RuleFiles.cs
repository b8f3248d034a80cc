using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Pipeline.Jobs.Shell;
using Pipeline.Models.Classification;
using Pipeline.Models.Taxonomy;

namespace Pipeline.Jobs.Rules;

/// <summary>A rule file with the hash that pins it.</summary>
public sealed record PinnedRule<T>(T Value, string Sha256);

/// <summary>
/// The rule files that came with the program, each replaceable by a file of the same name in the <c>rules</c> folder of the home
/// folder: taxonomies, thresholds, lexicons.
/// </summary>
public static class RuleFiles
{
    /// <param name="name">File name, for example <c>rules.json</c> or <c>taxonomy.cn-jrt0169.json</c>.</param>
    /// <exception cref="PipelineFault">The home folder's file is not as expected: file, line and member are named.</exception>
    /// <exception cref="FileNotFoundException">Neither the home folder nor the program has such a file.</exception>
    public static PinnedRule<T> Load<T>(string home, string name, Func<string, T> parse)
    {
        string own = Path.Combine(home, "rules", name);
        bool isOwn = File.Exists(own);
        byte[] bytes = isOwn ? File.ReadAllBytes(own) : Embedded(name);
        string text = Encoding.UTF8.GetString(bytes);
        try
        {
            return new PinnedRule<T>(parse(text), Convert.ToHexStringLower(SHA256.HashData(bytes)));
        }
        catch (Exception wrong) when (isOwn && wrong is JsonException or InvalidDataException)
        {
            throw RuleFault.Of(own, text, wrong);
        }
    }

    /// <summary>Whether the home folder or the program has such a file.</summary>
    public static bool Exists(string home, string name) =>
        File.Exists(Path.Combine(home, "rules", name))
        || typeof(RuleFiles).Assembly.GetManifestResourceInfo($"Pipeline.Jobs.Rules.{name}") is not null;

    public static PinnedRule<RuleBook> Rules(string home) => Load(home, "rules.json", RuleBook.Parse);

    /// <param name="id">For example <c>cn-jrt0169</c>, <c>us-cfpb</c>, <c>generic</c>.</param>
    public static PinnedRule<ComplaintTaxonomy> Taxonomy(string home, string id) =>
        Load(home, $"taxonomy.{id}.json", ComplaintTaxonomy.Parse);

    public static PinnedRule<ConceptLexicon> Concepts(string home) => Load(home, "lexicon.concepts.json", ConceptLexicon.Parse);

    private static byte[] Embedded(string name)
    {
        using Stream stream = typeof(RuleFiles).Assembly.GetManifestResourceStream($"Pipeline.Jobs.Rules.{name}")
            ?? throw new FileNotFoundException($"the program has no rule file named {name}");
        using MemoryStream copy = new();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
