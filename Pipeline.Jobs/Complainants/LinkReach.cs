using Npgsql;
using Pipeline.Jobs.Privacy;
using Pipeline.Models.Complainants;

namespace Pipeline.Jobs.Complainants;

/// <summary>Complaints that are judged: whole components, all that what changed may concern.</summary>
internal sealed record LinkScope(IReadOnlyList<StandingLink> Rows, PersonRecognition Recognition);

/// <summary>
/// Finds what has to be judged anew. A complaint that is new, changed or gone concerns the component that it was in, and those of the complaints
/// with which it could become, or look like, one person; a contact, value or blocking key that becomes common, or ceases to be, concerns all who
/// have it; a word concerns the cases that it names. Everything else stays as it is: what becomes of a component depends on that component
/// only (<see cref="PersonRecognition.Components"/>), so that judging these components gives what judging the whole ledger would give.
/// </summary>
internal sealed class LinkReach
{
    private readonly NpgsqlConnection connection;
    private readonly KeyRing keys;
    private readonly string source;
    private readonly int sharedMinPersons;
    private readonly LinkRules matching;
    private readonly CancellationToken cancellation;
    private readonly LinkSigns signs;
    private readonly LinkIndex index;
    private readonly Dictionary<long, StandingLink> opened = [];
    private PersonModel? model;
    private HashSet<long> common = [];

    private LinkReach(NpgsqlConnection connection, KeyRing keys, string source, int sharedMinPersons, LinkRules matching, CancellationToken cancellation)
    {
        (this.connection, this.keys, this.source, this.sharedMinPersons) = (connection, keys, source, sharedMinPersons);
        (this.matching, this.cancellation) = (matching, cancellation);
        signs = new LinkSigns(keys, source);
        index = new LinkIndex(connection, source, cancellation);
    }

    /// <value>The weights that stand.</value>
    internal PersonModel? Model => model;

    /// <summary>Stands ready over a source whose persons nobody else is judging, and says whether its weights or rules are new.</summary>
    internal static async Task<(LinkReach Reach, bool IsNew)> OpenAsync(
        NpgsqlConnection connection, KeyRing keys, string source, int sharedMinPersons, LinkRules matching, CancellationToken cancellation)
    {
        LinkReach reach = new(connection, keys, source, sharedMinPersons, matching, cancellation);
        LinkModel stands = await LinkModel.StandAsync(connection, keys, reach.signs, source, matching, sharedMinPersons, cancellation);
        reach.model = stands.Model;
        return (reach, stands.IsNew);
    }

    /// <summary>Everything: the whole ledger is judged anew, and what is known of it written anew.</summary>
    internal async Task<LinkScope> WholeAsync()
    {
        await index.ClearAsync();
        List<StandingLink> rows = await LinkRows.ReadAsync(connection, keys, source, matching.Schema.Value, cancellation);
        Note(rows);
        PersonRecognition recognition = Judge(rows, null);
        List<StandingLink> showing = [.. rows.Where(r => r.Evidence.ShowsSomebody)];
        // Contacts and values first: what too many use is no part of a blocking key.
        IReadOnlyList<ComplaintKeys> own = KeysOf(showing, null);
        common = Common(own.Zip(showing, (k, r) => k.Own.Where(o => o.IsShareable).Select(o => (
            Key: signs.Key(o), User: (r.Evidence.Name, r.Evidence.Identity, signs.Sound(k.NameSound))))).SelectMany(u => u).ToLookup(u => u.Key, u => u.User));
        Dictionary<long, ComplaintKeys> all = KeysOf(showing, IsCommon).ToDictionary(k => k.ComplaintId);
        Dictionary<long, long[]> signed = all.ToDictionary(k => k.Key, k => Signed(k.Value.All));
        foreach (IGrouping<long, long> key in signed.Values.SelectMany(k => k).Where(k => LinkSigns.Space(k).IsRule).GroupBy(k => k))
        {
            if (key.Count() > model!.Limit(LinkSigns.Space(key.Key).Index))
            {
                common.Add(key.Key);
            }
        }
        await index.AddKeysAsync(signed.SelectMany(s => s.Value.Select(k => (k, s.Key))));
        await index.SetCommonAsync(common, []);
        await index.PutAsync(rows.Select(r => New(r, r.Evidence.ComplaintId, all.GetValueOrDefault(r.Evidence.ComplaintId))), []);
        await index.AnalyzeAsync();
        return new LinkScope(rows, recognition);
    }

    /// <summary>What changed since the last time, and what that concerns.</summary>
    /// <param name="words">What stands of the analysts' words.</param>
    internal async Task<LinkScope> ChangedAsync(IdentityConstraints words)
    {
        common = await index.CommonAsync();
        (List<long> differing, List<long> gone) = await index.ChangesAsync();
        Dictionary<long, KnownRecord> known = await index.RecordsAsync(differing.Concat(gone));
        List<StandingLink> changed = [];
        List<(long, byte[])> same = [];
        foreach (StandingLink row in await OpenedAsync(differing))
        {
            bool isSame = known.TryGetValue(row.Evidence.ComplaintId, out KnownRecord? before) && before.Digest.AsSpan().SequenceEqual(signs.Digest(row));
            if (isSame)
            {
                same.Add((row.Evidence.ComplaintId, row.ContentHash));
                known.Remove(row.Evidence.ComplaintId);
            }
            else
            {
                changed.Add(row);
            }
        }
        await index.NoteSameAsync(same);
        if (changed.Count == 0 && gone.Count == 0)
        {
            return new LinkScope([], Judge([], IsCommon));
        }
        HashSet<long> components = [.. known.Values.Select(k => k.Component)];
        Dictionary<long, StandingLink> focus = changed.Where(r => r.Evidence.ShowsSomebody).ToDictionary(r => r.Evidence.ComplaintId);

        // 1. Identity numbers, contacts and values: which of them too many use from now on, and who else is concerned by that.
        IReadOnlyList<ComplaintKeys> own = KeysOf(focus.Values, null);
        await index.RemoveKeysAsync([.. known.Values.SelectMany(k => k.Keys.Select(key => (key, k.ComplaintId)))]);
        await index.AddKeysAsync(own.SelectMany(k => Signed(k.Own).Select(key => (key, k.ComplaintId))));
        Dictionary<long, ComplaintKeys> keysOf = own.ToDictionary(k => k.ComplaintId);
        await index.PutAsync(changed.Select(r => New(r, 0, keysOf.GetValueOrDefault(r.Evidence.ComplaintId))), gone);
        HashSet<long> touched = [.. known.Values.SelectMany(k => k.Keys), .. own.SelectMany(k => Signed(k.Own))];
        HashSet<long> turned = await TurnAsync([.. touched.Where(k => LinkSigns.Space(k).IsShareable)]);
        long[] others = [.. (await index.MembersAsync(turned, _ => int.MaxValue)).Values.SelectMany(m => m).Distinct().Where(c => !focus.ContainsKey(c))];
        Dictionary<long, KnownRecord> concerned = await index.RecordsAsync(others);
        components.UnionWith(concerned.Values.Select(c => c.Component));
        foreach (StandingLink row in await OpenedAsync(others))
        {
            focus.Add(row.Evidence.ComplaintId, row);
        }

        // 2. Blocking keys, made of values that not too many use.
        (long Key, long ComplaintId)[] old = [.. concerned.Values.SelectMany(c => c.Keys.Where(k => LinkSigns.Space(k).IsRule).Select(k => (k, c.ComplaintId)))];
        await index.RemoveKeysAsync(old);
        keysOf = KeysOf(focus.Values, IsCommon).ToDictionary(k => k.ComplaintId);
        (long Key, long ComplaintId)[] added = [.. keysOf.Values.SelectMany(k => Signed(k.Rules).Select(key => (key, k.ComplaintId)))];
        await index.AddKeysAsync(added);
        HashSet<long> blocks = [.. touched.Where(k => LinkSigns.Space(k).IsRule), .. old.Select(o => o.Key), .. added.Select(a => a.Key)];
        Dictionary<long, List<long>> members = await index.MembersAsync(blocks, k => model!.Limit(LinkSigns.Space(k).Index) + 1);
        HashSet<long> regrown = await RegrowAsync(blocks, members);
        components.UnionWith((await index.RecordsAsync(
            (await index.MembersAsync(regrown, _ => int.MaxValue)).Values.SelectMany(m => m).Distinct())).Values.Select(r => r.Component));

        // 3. Who has something in common with them, and is more than a namesake.
        long[] certain = [.. keysOf.Values.SelectMany(k => Signed(k.Own)).Distinct().Where(k => !LinkSigns.Space(k).IsValue && !common.Contains(k))];
        Dictionary<long, List<long>> sharing = await index.MembersAsync(certain, _ => int.MaxValue);
        long[] candidates = [.. members.Where(m => !common.Contains(m.Key)).SelectMany(m => m.Value).Concat(sharing.Values.SelectMany(m => m))
            .Distinct().Where(c => !focus.ContainsKey(c))];
        List<StandingLink> near = await OpenedAsync(candidates);
        IReadOnlySet<long> neighbours = PersonRecognition.Neighbours(
            [.. focus.Values.Select(r => r.Evidence)], [.. near.Select(r => r.Evidence)], c => opened[c.ComplaintId].Shown, model, matching.Names.Value, IsCommon,
            Environment.ProcessorCount, cancellation);
        components.UnionWith((await index.RecordsAsync(neighbours)).Values.Select(r => r.Component));
        await index.PutAsync(focus.Values.Select(r => New(r, 0, keysOf[r.Evidence.ComplaintId])), []);
        return await ScopeAsync(components, changed.Select(r => r.Evidence.ComplaintId).Concat(focus.Keys), words.BoundTo(changed.Select(r => r.Evidence.CaseNumber)));
    }

    /// <summary>What the cases concern: the components of them all.</summary>
    internal async Task<LinkScope> OfCasesAsync(IEnumerable<string> cases)
    {
        common = await index.CommonAsync();
        opened.Clear(); // links may have been written since
        return await ScopeAsync([], [], cases);
    }

    /// <summary>Notes into which components the judged complaints fall now.</summary>
    internal Task SettleAsync(LinkScope scope, IdentityConstraints words) => index.SetComponentsAsync(scope.Recognition.Components(words));

    private async Task<LinkScope> ScopeAsync(HashSet<long> components, IEnumerable<long> complaints, IEnumerable<string> cases)
    {
        HashSet<long> judged = [.. complaints];
        foreach ((long complaint, long? component) in await index.OfCasesAsync(cases))
        {
            judged.Add(complaint);
            components.UnionWith(component is { } known ? [known] : []);
        }
        components.Remove(0);
        judged.UnionWith(await index.OfComponentsAsync(components));
        List<StandingLink> rows = await OpenedAsync(judged);
        return new LinkScope(rows, Judge(rows, IsCommon));
    }

    /// <summary>Brings up to date which of the contacts and values too many persons use; gives those that turned.</summary>
    private async Task<HashSet<long>> TurnAsync(HashSet<long> touched)
    {
        Dictionary<long, List<(EvidenceToken Name, EvidenceToken Identity, long Sound)>> users = await index.UsersAsync(touched);
        HashSet<long> now = Common(users.SelectMany(u => u.Value.Select(user => (u.Key, User: user))).ToLookup(u => u.Key, u => u.User));
        return await ChangeCommonAsync(touched, now);
    }

    /// <summary>Brings up to date which of the blocking keys too many complaints share; gives those that changed.</summary>
    private Task<HashSet<long>> RegrowAsync(HashSet<long> touched, Dictionary<long, List<long>> members) => ChangeCommonAsync(
        touched, [.. members.Where(m => m.Value.Count > model!.Limit(LinkSigns.Space(m.Key).Index)).Select(m => m.Key)]);

    private async Task<HashSet<long>> ChangeCommonAsync(HashSet<long> touched, HashSet<long> now)
    {
        long[] added = [.. touched.Where(k => now.Contains(k) && !common.Contains(k))];
        long[] removed = [.. touched.Where(k => !now.Contains(k) && common.Contains(k))];
        await index.SetCommonAsync(added, removed);
        common.UnionWith(added);
        common.ExceptWith(removed);
        return [.. added, .. removed];
    }

    /// <summary>The contacts and values that too many differently named persons use.</summary>
    private HashSet<long> Common(ILookup<long, (EvidenceToken Name, EvidenceToken Identity, long Sound)> users) => [.. users
        .Where(of => LinkSigns.Space(of.Key) is { IsContact: true }
            ? Recognition.DifferentlyNamed(of.Select(u => (u.Name, u.Identity))) >= sharedMinPersons
            : of.Select(u => u.Sound).Where(s => s != 0).Distinct().Count() >= sharedMinPersons)
        .Select(of => of.Key)];

    private bool IsCommon(LinkKey key) => common.Count > 0 && common.Contains(signs.Key(key));

    private PersonRecognition Judge(List<StandingLink> rows, Func<LinkKey, bool>? isCommon) => PersonRecognition.Judge(
        [.. rows.Select(r => r.Evidence)], c => opened[c.ComplaintId].Shown, model, matching.Schema.Value, matching.Names.Value, sharedMinPersons, isCommon,
        Environment.ProcessorCount, cancellation);

    private IReadOnlyList<ComplaintKeys> KeysOf(IEnumerable<StandingLink> rows, Func<LinkKey, bool>? isCommon) => ComplaintKeys.Of(
        [.. rows.Select(r => r.Evidence)], c => opened[c.ComplaintId].Shown, model, matching.Names.Value, isCommon, Environment.ProcessorCount);

    private long[] Signed(IEnumerable<LinkKey> of) => [.. of.Select(signs.Key).Distinct()];

    private NewRecord New(StandingLink row, long component, ComplaintKeys? of) => new(
        row.Evidence.ComplaintId, row.ContentHash, signs.Digest(row), component, signs.Sound(of?.NameSound ?? 0), of is null ? [] : Signed(of.All));

    /// <summary>The complaints, in the order of receipt; each is read and opened once.</summary>
    private async Task<List<StandingLink>> OpenedAsync(IEnumerable<long> complaints)
    {
        long[] wanted = [.. complaints.Distinct()];
        long[] missing = [.. wanted.Where(c => !opened.ContainsKey(c))];
        if (missing.Length > 0)
        {
            Note(await LinkRows.OfAsync(connection, keys, source, matching.Schema.Value, missing, cancellation));
        }
        return [.. wanted.Where(opened.ContainsKey).Select(c => opened[c])
            .OrderBy(r => r.Evidence.Received).ThenBy(r => r.Evidence.CaseNumber, StringComparer.Ordinal)];
    }

    private void Note(List<StandingLink> rows)
    {
        foreach (StandingLink row in rows)
        {
            opened[row.Evidence.ComplaintId] = row;
        }
    }
}
