using Pipeline.Models.Complainants;
using Pipeline.Models.Complainants.Matching;

namespace Pipeline.Jobs.Complainants;

/// <summary>What linking keeps of a complaint, as signs (see <see cref="LinkSigns"/>): it follows from the complaint and from what is common.</summary>
/// <param name="Digest">Of what it shows of its person.</param>
/// <param name="Own">Identity number, contacts, values that many may share.</param>
/// <param name="Rules">Blocking keys.</param>
/// <param name="NameSound">How the name sounds; 0: no name.</param>
internal sealed record SignedKeys(long ComplaintId, byte[] Digest, long[] Own, long[] Rules, long NameSound)
{
    internal long[] All => [.. Own, .. Rules];
}

/// <summary>Makes what linking keeps of complaints.</summary>
/// <param name="schema">With the number of persons from which on a contact is shared; null: exact keys only.</param>
internal sealed class LinkKeys(LinkSigns signs, MatchSchema? schema, NameLexicon names, CancellationToken cancellation)
{
    /// <param name="isCommon">Whether too many persons use a value; null: none of them.</param>
    internal SignedKeys[] Of(IReadOnlyList<StandingLink> rows, Func<LinkKey, bool>? isCommon)
    {
        StandingLink[] showing = [.. rows.Where(r => r.Evidence.ShowsSomebody)];
        Dictionary<long, string[]> cells = showing.ToDictionary(r => r.Evidence.ComplaintId, r => r.Shown);
        Dictionary<long, ComplaintKeys> keys = ComplaintKeys
            .Of([.. showing.Select(r => r.Evidence)], c => cells[c.ComplaintId], schema, names, isCommon, Environment.ProcessorCount)
            .ToDictionary(k => k.ComplaintId);
        SignedKeys[] signed = new SignedKeys[rows.Count];
        Parallel.For(0, rows.Count, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellation }, i =>
        {
            long id = rows[i].Evidence.ComplaintId;
            byte[] digest = signs.Digest(rows[i]);
            signed[i] = keys.TryGetValue(id, out ComplaintKeys? of)
                ? new SignedKeys(id, digest, Signed(of.Own), Signed(of.Rules), signs.Sound(of.NameSound))
                : new SignedKeys(id, digest, [], [], 0);
        });
        return signed;
    }

    private long[] Signed(IEnumerable<LinkKey> of) => [.. of.Select(signs.Key).Distinct()];
}
