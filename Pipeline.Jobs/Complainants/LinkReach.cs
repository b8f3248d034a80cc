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
    private readonly LinkModel stands;
    private readonly LinkKeys make;
    private readonly Dictionary<long, SignedKeys> prepared;
    private HashSet<long> common = [];

    private LinkReach(
        NpgsqlConnection connection, KeyRing keys, string source, int sharedMinPersons, LinkRules matching, LinkSigns signs, LinkModel stands,
        Dictionary<long, SignedKeys> prepared, CancellationToken cancellation)
    {
        (this.connection, this.keys, this.source, this.sharedMinPersons) = (connection, keys, source, sharedMinPersons);
        (this.matching, this.signs, this.stands, this.prepared, this.cancellation) = (matching, signs, stands, prepared, cancellation);
        index = new LinkIndex(connection, source, cancellation);
        make = new LinkKeys(signs, stands.Model?.Schema, matching.Names.Value, cancellation);
    }

    /// <value>The weights that stand.</value>
    internal PersonModel? Model => stands.Model;

    /// <summary>Stands ready over a source whose persons nobody else is judging.</summary>
    internal static async Task<LinkReach> OpenAsync(
        NpgsqlConnection connection, KeyRing keys, string source, int sharedMinPersons, LinkRules matching, CancellationToken cancellation)
    {
        LinkSigns signs = new(keys, source);
        LinkModel stands = await LinkModel.StandAsync(connection, keys, signs, source, matching, sharedMinPersons, cancellation);
        // Keys were prepared as matching needs them; exact keys alone are fewer.
        Dictionary<long, SignedKeys> prepared = stands.Model is null ? [] : await LinkPreparation.PreparedAsync(connection, source, stands.Rules, cancellation);
        return new LinkReach(connection, keys, source, sharedMinPersons, matching, signs, stands, prepared, cancellation);
    }

    /// <summary>What is to be judged: the whole ledger where weights or rules are new, else what changed since the last time and what that concerns.</summary>
    /// <param name="words">What stands of the analysts' words.</param>
    internal Task<LinkScope> ReachAsync(IdentityConstraints words) => stands.IsNew ? WholeAsync() : ChangedAsync(words);

    /// <summary>Everything. What is known of each complaint is brought up to date where only the weights are new, else made anew.</summary>
    private async Task<LinkScope> WholeAsync()
    {
        if (stands.KeepsIndex)
        {
            if (await BringIndexUpAsync() is { } change)
            {
                await PutAsync(change);
            }
            // The weights came with other largest blocks.
            HashSet<long> crowded = await index.CrowdedAsync(Model!.Limits);
            await ChangeCommonAsync([.. common.Where(k => LinkSigns.Space(k).IsRule), .. crowded], crowded);
        }
        else
        {
            await index.ClearAsync();
        }
        List<StandingLink> rows = await LinkRows.ReadAsync(connection, keys, source, matching.Schema.Value, stands.Learned, cancellation);
        Note(rows);
        PersonRecognition recognition = Judge(rows, null);
        if (!stands.KeepsIndex)
        {
            await MakeIndexAsync(rows);
        }
        return new LinkScope(rows, recognition);
    }

    private async Task MakeIndexAsync(List<StandingLink> rows)
    {
        Dictionary<long, SignedKeys> keysOf = KeysOf(rows);
        // Contacts and values first: what too many use is no part of a blocking key.
        common = Common(rows
            .SelectMany(r => keysOf[r.Evidence.ComplaintId].Own.Where(k => LinkSigns.Space(k).IsShareable)
                .Select(k => (Key: k, User: (r.Evidence.Name, r.Evidence.Identity, keysOf[r.Evidence.ComplaintId].NameSound))))
            .ToLookup(u => u.Key, u => u.User));
        LeaveCommonOut(rows, keysOf);
        Dictionary<long, int> sizes = [];
        foreach (long key in keysOf.Values.SelectMany(k => k.Rules))
        {
            sizes[key] = sizes.GetValueOrDefault(key) + 1;
        }
        common.UnionWith(sizes.Where(s => s.Value > Model!.Limits[LinkSigns.Space(s.Key).Index]).Select(s => s.Key));
        await index.AddKeysAsync(keysOf.Values.SelectMany(s => s.All.Select(k => (k, s.ComplaintId))));
        await index.SetCommonAsync(common, []);
        await index.PutAsync(rows.Select(r => New(r, keysOf[r.Evidence.ComplaintId])), []);
        await index.AnalyzeAsync();
    }

    private async Task<LinkScope> ChangedAsync(IdentityConstraints words)
    {
        if (await BringIndexUpAsync() is not { } change)
        {
            return new LinkScope([], Judge([], IsCommon));
        }
        (HashSet<long> components, Dictionary<long, StandingLink> focus) = (change.Components, change.Focus);
        Dictionary<long, List<long>> members = await index.MembersAsync(change.Blocks, k => Model!.Limits[LinkSigns.Space(k).Index] + 1);
        HashSet<long> regrown = await ChangeCommonAsync(
            change.Blocks, [.. members.Where(m => m.Value.Count > Model!.Limits[LinkSigns.Space(m.Key).Index]).Select(m => m.Key)]);
        components.UnionWith((await index.RecordsAsync(
            (await index.MembersAsync(regrown, _ => int.MaxValue)).Values.SelectMany(m => m).Distinct())).Values.Select(r => r.Component));

        // Who has something in common with them, and is more than a namesake.
        long[] certain = [.. focus.Keys.SelectMany(c => change.Keys[c].Own).Distinct().Where(k => !LinkSigns.Space(k).IsValue && !common.Contains(k))];
        Dictionary<long, List<long>> sharing = await index.MembersAsync(certain, _ => int.MaxValue);
        long[] candidates = [.. members.Where(m => !common.Contains(m.Key)).SelectMany(m => m.Value).Concat(sharing.Values.SelectMany(m => m))
            .Distinct().Where(c => !focus.ContainsKey(c))];
        List<StandingLink> near = await OpenedAsync(candidates);
        IReadOnlySet<long> neighbours = PersonRecognition.Neighbours(
            [.. focus.Values.Select(r => r.Evidence)], [.. near.Select(r => r.Evidence)], c => opened[c.ComplaintId].Shown, Model, matching.Names.Value, IsCommon,
            Environment.ProcessorCount, cancellation);
        components.UnionWith((await index.RecordsAsync(neighbours)).Values.Select(r => r.Component));
        await PutAsync(change);
        return await ScopeAsync(
            components, change.Changed.Select(r => r.Evidence.ComplaintId).Concat(focus.Keys), words.BoundTo(change.Changed.Select(r => r.Evidence.CaseNumber)));
    }

    /// <summary>What changed of the index since the last time.</summary>
    /// <param name="Changed">Complaints that are new or show something else.</param>
    /// <param name="Focus">Those of them that show somebody, and those of whose contacts or values one turned common, or ceased to be.</param>
    /// <param name="Keys">Of them.</param>
    /// <param name="Components">In which changed, gone and concerned complaints were.</param>
    /// <param name="Blocks">Blocking keys that complaints got or lost.</param>
    private sealed record IndexChange(
        List<StandingLink> Changed, Dictionary<long, StandingLink> Focus, Dictionary<long, SignedKeys> Keys, HashSet<long> Components, HashSet<long> Blocks);

    /// <summary>Brings keys, contacts and values of the index up to date; null where nothing changed. Records of the focus are still to be put.</summary>
    private async Task<IndexChange?> BringIndexUpAsync()
    {
        common = await index.CommonAsync();
        (List<long> differing, List<long> gone) = await index.ChangesAsync();
        Dictionary<long, KnownRecord> known = await index.RecordsAsync(differing.Concat(gone));
        List<StandingLink> changed = [];
        List<(long, byte[])> same = [];
        foreach (StandingLink row in await OpenedAsync(differing))
        {
            long id = row.Evidence.ComplaintId;
            if (known.TryGetValue(id, out KnownRecord? before)
                && before.Digest.AsSpan().SequenceEqual(prepared.GetValueOrDefault(id)?.Digest ?? signs.Digest(row)))
            {
                same.Add((id, row.ContentHash));
                known.Remove(id);
            }
            else
            {
                changed.Add(row);
            }
        }
        await index.NoteSameAsync(same);
        if (changed.Count == 0 && gone.Count == 0)
        {
            return null;
        }
        HashSet<long> components = [.. known.Values.Select(k => k.Component)];
        Dictionary<long, StandingLink> focus = changed.Where(r => r.Evidence.ShowsSomebody).ToDictionary(r => r.Evidence.ComplaintId);

        // 1. Identity numbers, contacts and values: which of them too many use from now on, and who else is concerned by that.
        Dictionary<long, SignedKeys> keysOf = KeysOf(changed);
        await index.RemoveKeysAsync([.. known.Values.SelectMany(k => k.Keys.Select(key => (key, k.ComplaintId)))]);
        await index.AddKeysAsync(keysOf.Values.SelectMany(k => k.Own.Select(key => (key, k.ComplaintId))));
        await index.PutAsync(changed.Select(r => New(r, keysOf[r.Evidence.ComplaintId])), gone);
        HashSet<long> touched = [.. known.Values.SelectMany(k => k.Keys), .. keysOf.Values.SelectMany(k => k.Own)];
        HashSet<long> turned = await TurnAsync([.. touched.Where(k => LinkSigns.Space(k).IsShareable)]);
        long[] others = [.. (await index.MembersAsync(turned, _ => int.MaxValue)).Values.SelectMany(m => m).Distinct().Where(c => !focus.ContainsKey(c))];
        Dictionary<long, KnownRecord> concerned = await index.RecordsAsync(others);
        components.UnionWith(concerned.Values.Select(c => c.Component));
        List<StandingLink> turnedRows = await OpenedAsync(others);
        foreach ((long id, SignedKeys of) in KeysOf(turnedRows))
        {
            focus.Add(id, opened[id]);
            keysOf.Add(id, of);
        }

        // 2. Blocking keys, made of values that not too many use.
        (long Key, long ComplaintId)[] old = [.. concerned.Values.SelectMany(c => c.Keys.Where(k => LinkSigns.Space(k).IsRule).Select(k => (k, c.ComplaintId)))];
        await index.RemoveKeysAsync(old);
        LeaveCommonOut(focus.Values, keysOf);
        (long Key, long ComplaintId)[] added = [.. focus.Keys.SelectMany(c => keysOf[c].Rules.Select(key => (key, c)))];
        await index.AddKeysAsync(added);
        HashSet<long> blocks = [.. touched.Where(k => LinkSigns.Space(k).IsRule), .. old.Select(o => o.Key), .. added.Select(a => a.Key)];
        return new IndexChange(changed, focus, keysOf, components, blocks);
    }

    private Task PutAsync(IndexChange change) => index.PutAsync(change.Focus.Values.Select(r => New(r, change.Keys[r.Evidence.ComplaintId])), []);

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

    /// <summary>Brings up to date which of the touched keys are common; gives those that changed.</summary>
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
        [.. rows.Select(r => r.Evidence)], c => opened[c.ComplaintId].Shown, Model, matching.Schema.Value, matching.Names.Value, sharedMinPersons, isCommon,
        Environment.ProcessorCount, cancellation);

    /// <summary>The keys of complaints, where nothing is common: those that were prepared, and the others made here.</summary>
    private Dictionary<long, SignedKeys> KeysOf(IReadOnlyCollection<StandingLink> rows)
    {
        Dictionary<long, SignedKeys> made = make.Of([.. rows.Where(r => !prepared.ContainsKey(r.Evidence.ComplaintId))], null).ToDictionary(k => k.ComplaintId);
        return rows.ToDictionary(r => r.Evidence.ComplaintId, r => prepared.GetValueOrDefault(r.Evidence.ComplaintId) ?? made[r.Evidence.ComplaintId]);
    }

    /// <summary>Makes the blocking keys of the complaints anew of whose values too many persons use one.</summary>
    private void LeaveCommonOut(IEnumerable<StandingLink> rows, Dictionary<long, SignedKeys> keysOf)
    {
        StandingLink[] concerned = [.. rows.Where(r => keysOf[r.Evidence.ComplaintId].Own.Any(k => LinkSigns.Space(k).IsValue && common.Contains(k)))];
        foreach (SignedKeys anew in make.Of(concerned, IsCommon))
        {
            keysOf[anew.ComplaintId] = anew;
        }
    }

    private static NewRecord New(StandingLink row, SignedKeys of) => new(row.Evidence.ComplaintId, row.ContentHash, of.Digest, 0, of.NameSound, of.All);

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
