using System.Security.Cryptography;
using System.Text;
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
    /// <exception cref="FileNotFoundException">Neither the home folder nor the program has such a file.</exception>
    public static PinnedRule<T> Load<T>(string home, string name, Func<string, T> parse)
    {
        string own = Path.Combine(home, "rules", name);
        byte[] bytes = File.Exists(own) ? File.ReadAllBytes(own) : Embedded(name);
        return new PinnedRule<T>(parse(Encoding.UTF8.GetString(bytes)), Convert.ToHexStringLower(SHA256.HashData(bytes)));
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
