using Pipeline.Jobs.Rules;
using Pipeline.Models.Complainants.Matching;
using Pipeline.Models.Text;

namespace Pipeline.Jobs.Complainants;

/// <summary>The data files that decide how complainants are matched; their hashes are among the inputs of a run.</summary>
public sealed record LinkRules(PinnedRule<MatchSchema> Schema, PinnedRule<NameLexicon> Names)
{
    public static LinkRules Load(string home) => new(RuleFiles.Load(home, "matching.json", Parse), PersonTables.Lexicon(home));

    private static MatchSchema Parse(string json)
    {
        (MatchSchema? schema, IReadOnlyList<Bilingual> faults) = MatchSchemaReader.Read(json);
        return schema ?? throw new InvalidDataException("matching.json: " + string.Join("; ", faults.Select(f => f.En)));
    }
}
