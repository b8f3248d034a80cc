using Pipeline.Models.Complainants.Matching;

namespace Pipeline.Models.Complainants;

/// <summary>Why the group of complaints that exact keys made was joined to the rest of its person.</summary>
/// <param name="ComplaintId">The complaint of this group that was compared.</param>
/// <param name="With">The complaint of the other group.</param>
public sealed record MatchEvidence(long ComplaintId, long With, MatchExplanation Why);

/// <summary>Two complaints that look like one person's and are not.</summary>
/// <param name="Kind">What speaks for it: <c>match</c>, or the key as in <see cref="RefusedJoin"/>.</param>
/// <param name="Reason">What speaks against it, see <see cref="HeldReasons"/>.</param>
/// <param name="Field">The field that contradicts, or null.</param>
/// <param name="Why">Of kind <c>match</c>: the weights.</param>
public sealed record HeldPair(long ComplaintId, long With, string Kind, string Reason, string? Field, MatchExplanation? Why);

/// <summary>Persons by exact keys and then by probability.</summary>
/// <param name="Matches">By complaint: why its group was joined; a complaint of a person's first group has none.</param>
/// <param name="Model">What was learned; null where there were too few complaints to learn from.</param>
public sealed record RecognisedPersons(PersonClusters Clusters, IReadOnlyDictionary<long, MatchEvidence> Matches, MatchModel? Model, MatchSchema Schema)
{
    /// <value>Who was held apart: for each two persons the pair that looks most alike.</value>
    public IReadOnlyList<HeldPair> Held { get; init; } = [];

    /// <value>The complaints of every person who would not be the same without the analysts' words.</value>
    public IReadOnlySet<long> ByWord { get; init; } = new HashSet<long>();
}

/// <summary>
/// Recognises persons: exact keys first (<see cref="Recognition"/>), then probabilistic matching of what they left apart
/// (<see cref="PersonMatcher"/>) by a model that was learned from complaints (<see cref="PersonModel"/>). Exact groups are never taken apart, and the contradictions
/// that the schema names are refused. Like its parts it depends on the model and the whole evidence only, never on the order or the portions in
/// which it came; and what becomes of a component depends on that component only, so that components can be judged by themselves.
/// </summary>
/// <remarks>
/// Analysts' words bind who is whom and teach nothing: what is learned is learned without them, so that a word moves the persons that it
/// reaches and no others.
/// </remarks>
public sealed class PersonRecognition
{
    /// <summary>With fewer complaints there is too little to learn from: exact keys only.</summary>
    public const int FewestComplaints = 200;

    /// <summary>Two complaints from this probability on look like one person's: under the threshold they are listed as held apart.</summary>
    private const double LooksAlike = 0.1;

    private readonly IReadOnlyList<ComplainantEvidence> complaints;
    private readonly MatchSchema schema;
    private readonly int sharedContactMinPersons;
    private readonly Func<LinkKey, bool>? isCommon;
    private readonly Dictionary<long, ComplainantEvidence> shown;
    private readonly long[] rows;
    private readonly LearnedMatches? learned;
    private readonly RecognisedPersons plain;

    private PersonRecognition(
        IReadOnlyList<ComplainantEvidence> complaints, Func<ComplainantEvidence, string[]> cells, PersonModel? model, MatchSchema schema, NameLexicon lexicon,
        int sharedContactMinPersons, Func<LinkKey, bool>? isCommon, int threads, CancellationToken cancellation)
    {
        this.complaints = complaints;
        this.sharedContactMinPersons = sharedContactMinPersons;
        this.isCommon = isCommon;
        this.schema = model?.Schema ?? schema;
        shown = complaints.ToDictionary(c => c.ComplaintId);
        PersonClusters exact = Recognition.Cluster(complaints, sharedContactMinPersons, null, isCommon);
        rows = [.. exact.Links.Select(l => l.ComplaintId)];
        if (model is not null)
        {
            learned = Judge(rows.Select(r => shown[r]), cells, model, lexicon, isCommon, threads, cancellation);
        }
        plain = Matched(exact, IdentityConstraints.None);
    }

    /// <summary>Learns from the complaints and judges them; persons can then be recognised with and without words.</summary>
    /// <param name="complaints">Each complaint once. A complaint that shows nobody gets no link, unless a word ties it to another one.</param>
    /// <param name="cells">What a complaint shows, one cell for each of the schema's columns.</param>
    /// <param name="sharedContactMinPersons">See <see cref="Recognition.Cluster"/>; holds for matching too.</param>
    public static PersonRecognition Learn(
        IReadOnlyList<ComplainantEvidence> complaints, Func<ComplainantEvidence, string[]> cells, MatchSchema schema, NameLexicon lexicon,
        int sharedContactMinPersons, int threads, CancellationToken cancellation) =>
        Judge(
            complaints, cells, PersonModel.Learn(complaints, cells, schema, lexicon, sharedContactMinPersons, (_, hash) => hash, threads, cancellation), schema,
            lexicon, sharedContactMinPersons, null, threads, cancellation);

    /// <summary>Judges the complaints by a model that was learned before.</summary>
    /// <param name="model">Null: exact keys only.</param>
    /// <param name="isCommon">
    /// Says of a contact or value whether too many persons use it, and of a blocking key whether too many complaints share it, where the complaints
    /// are whole components (see <see cref="Components"/>) of those that there are; null: they are all.
    /// </param>
    public static PersonRecognition Judge(
        IReadOnlyList<ComplainantEvidence> complaints, Func<ComplainantEvidence, string[]> cells, PersonModel? model, MatchSchema schema, NameLexicon lexicon,
        int sharedContactMinPersons, Func<LinkKey, bool>? isCommon, int threads, CancellationToken cancellation) =>
        new(complaints, cells, model, schema, lexicon, sharedContactMinPersons, isCommon, threads, cancellation);

    /// <summary>The persons, where no words were said.</summary>
    public static RecognisedPersons Recognise(
        IReadOnlyList<ComplainantEvidence> complaints, Func<ComplainantEvidence, string[]> cells, MatchSchema schema, NameLexicon lexicon,
        int sharedContactMinPersons, int threads, CancellationToken cancellation) =>
        Learn(complaints, cells, schema, lexicon, sharedContactMinPersons, threads, cancellation).plain;

    /// <summary>The complaints among <paramref name="others"/> that evidence brings into one component with one of <paramref name="focus"/>, directly.</summary>
    /// <param name="focus">Complaints that show somebody.</param>
    /// <param name="others">Complaints that have a key in common with one of them.</param>
    public static IReadOnlySet<long> Neighbours(
        IReadOnlyList<ComplainantEvidence> focus, IReadOnlyList<ComplainantEvidence> others, Func<ComplainantEvidence, string[]> cells, PersonModel? model,
        NameLexicon lexicon, Func<LinkKey, bool> isCommon, int threads, CancellationToken cancellation)
    {
        HashSet<EvidenceToken> identities = [.. focus.Select(c => c.Identity).Where(t => t.IsShown)];
        HashSet<(int, EvidenceToken, EvidenceToken)> contacts = [.. focus.SelectMany(c => NamedContacts(c, isCommon))];
        HashSet<long> found = [.. others
            .Where(c => identities.Contains(c.Identity) || NamedContacts(c, isCommon).Any(contacts.Contains)).Select(c => c.ComplaintId)];
        if (model is null || others.Count == 0)
        {
            return found;
        }
        ComplainantEvidence[] all = [.. focus, .. others];
        LearnedMatches pairs = Judge(all, cells, model, lexicon, isCommon, threads, cancellation, row => row < focus.Count);
        foreach ((int a, int b) in pairs.From(LooksAlike))
        {
            foreach (int record in (ReadOnlySpan<int>)[a, b])
            {
                int row = pairs.Table.Place(record).Row - 1;
                if (row >= focus.Count)
                {
                    found.Add(all[row].ComplaintId);
                }
            }
        }
        return found;
    }

    /// <summary>
    /// The component of each complaint, named by the smallest number among its complaints: two complaints that evidence or a word could make one
    /// person, or lists as held apart, are of one component, and so on. What becomes of a component depends on nothing outside of it.
    /// </summary>
    public IReadOnlyDictionary<long, long> Components(IdentityConstraints words)
    {
        Dictionary<long, int> place = [];
        foreach (ComplainantEvidence complaint in complaints)
        {
            place.Add(complaint.ComplaintId, place.Count);
        }
        int[] parent = [.. Enumerable.Range(0, complaints.Count)];
        HashSet<LinkKey> shared = isCommon is null
            ? [.. plain.Clusters.SharedContacts.Select(s => LinkKey.Contact(Recognition.ContactKind(s.Kind), s.Token))]
            : [];
        Dictionary<EvidenceToken, int> identities = [];
        Dictionary<(int, EvidenceToken, EvidenceToken), int> contacts = [];
        Dictionary<int, int> bound = [];
        for (int i = 0; i < complaints.Count; i++)
        {
            if (complaints[i].Identity.IsShown)
            {
                Join(identities, complaints[i].Identity, i);
            }
            foreach ((int, EvidenceToken, EvidenceToken) contact in NamedContacts(complaints[i], isCommon ?? shared.Contains))
            {
                Join(contacts, contact, i);
            }
            if (words.Component(complaints[i].CaseNumber) is >= 0 and int component)
            {
                Join(bound, component, i);
            }
        }
        foreach ((int a, int b) in learned?.From(LooksAlike) ?? [])
        {
            Unite(place[rows[learned!.Table.Place(a).Row - 1]], place[rows[learned.Table.Place(b).Row - 1]]);
        }
        Dictionary<int, long> smallest = [];
        for (int i = 0; i < complaints.Count; i++)
        {
            int root = Root(i);
            smallest[root] = smallest.TryGetValue(root, out long least) ? Math.Min(least, complaints[i].ComplaintId) : complaints[i].ComplaintId;
        }
        return complaints.ToDictionary(c => c.ComplaintId, c => smallest[Root(place[c.ComplaintId])]);

        void Join<T>(Dictionary<T, int> first, T key, int at) where T : notnull
        {
            if (!first.TryAdd(key, at))
            {
                Unite(first[key], at);
            }
        }

        void Unite(int a, int b) => parent[Root(a)] = Root(b);

        int Root(int at)
        {
            while (parent[at] != at)
            {
                parent[at] = parent[parent[at]];
                at = parent[at];
            }
            return at;
        }
    }

    private static IEnumerable<(int Kind, EvidenceToken Token, EvidenceToken Name)> NamedContacts(ComplainantEvidence complaint, Func<LinkKey, bool> isCommon) =>
        complaint.Name.IsShown
            ? Recognition.ContactsOf(complaint).Where(c => !isCommon(LinkKey.Contact(c.Kind, c.Token))).Select(c => (c.Kind, c.Token, complaint.Name))
            : [];

    /// <param name="isFocus">By row (0-based): only pairs with such a row are looked at; null: all pairs.</param>
    private static LearnedMatches Judge(
        IEnumerable<ComplainantEvidence> complaints, Func<ComplainantEvidence, string[]> cells, PersonModel model, NameLexicon lexicon,
        Func<LinkKey, bool>? isCommon, int threads, CancellationToken cancellation, Func<int, bool>? isFocus = null)
    {
        MatchTableBuilder builder = new(model.Schema, lexicon, 1);
        foreach (ComplainantEvidence complaint in complaints)
        {
            builder.Add(0, cells(complaint));
        }
        MatchTable table = builder.Build(isCommon is null ? null : (field, hash) => isCommon(LinkKey.Value(field, hash)));
        return PersonMatcher.Judge(
            table, model.Parameters, isCommon is null ? null : (rule, key) => isCommon(LinkKey.Rule(rule, key)), threads, cancellation,
            isFocus is null ? null : [.. Enumerable.Range(0, table.Records).Select(r => isFocus(table.Place(r).Row - 1))]);
    }

    /// <summary>The persons, with what stands of the analysts' words.</summary>
    public RecognisedPersons Recognise(IdentityConstraints words) => words.IsEmpty
        ? plain
        : WordLinks.Complete(plain, Matched(Recognition.Cluster(complaints, sharedContactMinPersons, words, isCommon), words), words, shown);

    private RecognisedPersons Matched(PersonClusters exact, IdentityConstraints words)
    {
        if (learned is null)
        {
            return new RecognisedPersons(exact, new Dictionary<long, MatchEvidence>(), null, schema) { Held = HeldApartBy(exact, [], exact.Links) };
        }
        Dictionary<long, PersonLink> link = exact.Links.ToDictionary(l => l.ComplaintId);
        List<int>?[]? components = words.IsEmpty ? null : Components(exact, words);
        (_, IReadOnlyList<MatchedPair> joins, IReadOnlyList<HeldApart> held) = learned.Cluster(
            [.. rows.Select(c => link[c].Person)], components is null ? null : new GroupWords(words, group => components[group] ?? (IReadOnlyList<int>)[]));
        return Joined(exact, joins, [.. held, .. learned.Near(LooksAlike)], record => link[rows[learned.Table.Place(record).Row - 1]]);
    }

    /// <summary>By group that exact keys made: the components of the words that name its complaints.</summary>
    private List<int>?[] Components(PersonClusters exact, IdentityConstraints words)
    {
        List<int>?[] components = new List<int>?[exact.Persons.Count];
        foreach (PersonLink link in exact.Links)
        {
            if (words.Component(shown[link.ComplaintId].CaseNumber) is >= 0 and int component)
            {
                (components[link.Person] ??= []).Add(component);
            }
        }
        return components;
    }

    private RecognisedPersons Joined(PersonClusters exact, IReadOnlyList<MatchedPair> matched, IReadOnlyList<HeldApart> held, Func<int, PersonLink> linkOf)
    {
        // Joins between exact groups are a forest; each group is explained by the join that leads towards its person's first group.
        List<(int Record, int Other)>[] joins = new List<(int, int)>[exact.Persons.Count];
        foreach (MatchedPair join in matched)
        {
            (joins[linkOf(join.A).Person] ??= []).Add((join.A, join.B));
            (joins[linkOf(join.B).Person] ??= []).Add((join.B, join.A));
        }
        int[] order = [.. Enumerable.Range(0, exact.Persons.Count)
            .OrderByDescending(p => exact.Persons[p].ComplaintIds.Any(id => shown[id].Identity.IsShown))
            .ThenByDescending(p => exact.Persons[p].ComplaintIds.Count)
            .ThenBy(p => p)];
        int[] person = new int[exact.Persons.Count];
        Array.Fill(person, -1);
        MatchEvidence?[] why = new MatchEvidence?[person.Length];
        foreach (int first in order)
        {
            if (person[first] >= 0)
            {
                continue;
            }
            Queue<int> reached = new([first]);
            person[first] = first;
            while (reached.TryDequeue(out int group))
            {
                foreach ((int here, int there) in joins[group] ?? [])
                {
                    int other = linkOf(there).Person;
                    if (person[other] < 0)
                    {
                        person[other] = first;
                        why[other] = new MatchEvidence(
                            linkOf(there).ComplaintId, linkOf(here).ComplaintId, MatchExplanation.Of(learned!.Table, learned.Model, there, here));
                        reached.Enqueue(other);
                    }
                }
            }
        }
        RecognisedPersons persons = Numbered(exact, person, why);
        return persons with
        {
            Held = HeldApartBy(exact, held.Select(h => new HeldPair(
                linkOf(h.A).ComplaintId, linkOf(h.B).ComplaintId, PersonBases.Match, h.Reason, h.Field,
                MatchExplanation.Of(learned!.Table, learned.Model, h.A, h.B))), persons.Clusters.Links),
        };
    }

    /// <summary>For each two persons the first pair that was held apart: what matching says, the most probable first, then what keys say.</summary>
    private static List<HeldPair> HeldApartBy(PersonClusters exact, IEnumerable<HeldPair> matched, IReadOnlyList<PersonLink> links)
    {
        Dictionary<long, int> person = links.ToDictionary(l => l.ComplaintId, l => l.Person);
        HashSet<(int, int)> seen = [];
        List<HeldPair> held = [];
        foreach (HeldPair pair in matched.Concat(exact.Refused.Select(r => new HeldPair(r.ComplaintId, r.OtherComplaintId, r.Kind, r.Reason, null, null))))
        {
            (int a, int b) = (person[pair.ComplaintId], person[pair.With]);
            if (a != b && seen.Add(a < b ? (a, b) : (b, a)))
            {
                held.Add(pair);
            }
        }
        return held;
    }

    /// <summary>Persons in the order of first receipt, with their complaints in the order of receipt.</summary>
    private RecognisedPersons Numbered(PersonClusters exact, int[] person, MatchEvidence?[] why)
    {
        Dictionary<int, int> number = [];
        List<List<long>> members = [];
        List<DateOnly> firstSeen = [];
        List<PersonLink> links = [];
        Dictionary<long, MatchEvidence> matches = [];
        foreach (PersonLink link in exact.Links)
        {
            if (!number.TryGetValue(person[link.Person], out int now))
            {
                now = members.Count;
                number.Add(person[link.Person], now);
                members.Add([]);
                firstSeen.Add(exact.Persons[link.Person].FirstSeen);
            }
            members[now].Add(link.ComplaintId);
            if (why[link.Person] is { } match)
            {
                matches.Add(link.ComplaintId, match);
                links.Add(link with { Person = now, Basis = PersonBases.Match, JoinedTo = match.With });
            }
            else
            {
                links.Add(link with { Person = now });
            }
        }
        PersonCluster[] persons = [.. members.Select((ids, i) => new PersonCluster(firstSeen[i], ids))];
        return new RecognisedPersons(
            new PersonClusters(persons, links, exact.SharedContacts, exact.Refused), matches, learned?.Model, schema);
    }
}
