namespace Pipeline.Models.RootCauses;

/// <summary>What a complaint's text and its unmapped columns tell by dated word lists.</summary>
/// <param name="Tags">Keys of tags, see <see cref="TagLexicon"/>, and <c>vulnerable_</c> with a kind of need.</param>
/// <param name="CauseFound">Taxonomy key of the cause that investigation found, or null where no column gives one.</param>
public sealed record CaseReading(IReadOnlyList<string> Tags, string? CauseFound)
{
    public static readonly CaseReading Nothing = new([], null);
}
