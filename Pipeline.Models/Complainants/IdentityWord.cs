namespace Pipeline.Models.Complainants;

/// <summary>An analyst's word on identities, as it binds complaints. It names case numbers, not keys or ids, so that it outlives both.</summary>
/// <param name="WordId">Order of saying: of two words the one with the greater number is the later one.</param>
/// <param name="Cases">Together: all of these are one person's, in the order in which the word names them. Apart: the one side.</param>
/// <param name="Others">Apart: the other side; no complaint of the one side is of a person of the other. Empty: the word is of togetherness.</param>
public sealed record IdentityWord(long WordId, IReadOnlyList<string> Cases, IReadOnlyList<string> Others)
{
    public bool IsTogether => Others.Count == 0;

    public static IdentityWord Together(long wordId, params IReadOnlyList<string> cases) => new(wordId, cases, []);

    /// <exception cref="ArgumentException">A side is empty, or a case stands on both.</exception>
    public static IdentityWord Apart(long wordId, IReadOnlyList<string> cases, IReadOnlyList<string> others) =>
        cases.Count == 0 || others.Count == 0 || cases.Intersect(others, StringComparer.Ordinal).Any()
            ? throw new ArgumentException("a word that holds apart needs two sides that share no case")
            : new IdentityWord(wordId, cases, others);

    /// <summary>The cases, and every case that a word names beside one of them, and so on: what becomes of others no word on these cases changes.</summary>
    public static IReadOnlySet<string> Concerned(IEnumerable<string> cases, IEnumerable<IdentityWord> words)
    {
        HashSet<string> concerned = new(cases, StringComparer.Ordinal);
        List<string[]> left = [.. words.Select(w => (string[])[.. w.Cases, .. w.Others])];
        while (left.RemoveAll(named =>
        {
            bool meets = Array.Exists(named, concerned.Contains);
            concerned.UnionWith(meets ? named : []);
            return meets;
        }) > 0)
        {
        }
        return concerned;
    }
}
