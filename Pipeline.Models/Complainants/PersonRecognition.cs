using Pipeline.Models.Complainants.Matching;

namespace Pipeline.Models.Complainants;

/// <summary>Why the group of complaints that exact keys made was joined to the rest of its person.</summary>
/// <param name="ComplaintId">The complaint of this group that was compared.</param>
/// <param name="With">The complaint of the other group.</param>
public sealed record MatchEvidence(long ComplaintId, long With, MatchExplanation Why);

/// <summary>Persons by exact keys and then by probability.</summary>
/// <param name="Matches">By complaint: why its group was joined; a complaint of a person's first group has none.</param>
/// <param name="Model">What was learned; null where there were too few complaints to learn from.</param>
public sealed record RecognisedPersons(PersonClusters Clusters, IReadOnlyDictionary<long, MatchEvidence> Matches, MatchModel? Model, MatchSchema Schema);

/// <summary>
/// Recognises persons: exact keys first (<see cref="Recognition"/>), then probabilistic matching of what they left apart
/// (<see cref="PersonMatcher"/>), trained on all complaints that are given. Exact groups are never taken apart, and the contradictions
/// that the schema names are refused. Like its parts it depends on the whole evidence only, never on the order or the portions in
/// which it came.
/// </summary>
public static class PersonRecognition
{
    /// <summary>With fewer complaints there is too little to learn from: exact keys only.</summary>
    public const int FewestComplaints = 200;

    /// <param name="complaints">Each complaint once. A complaint that shows nobody gets no link.</param>
    /// <param name="cells">What a complaint shows, one cell for each of the schema's columns; called once a complaint.</param>
    /// <param name="sharedContactMinPersons">See <see cref="Recognition.Cluster"/>; holds for matching too.</param>
    public static RecognisedPersons Recognise(
        IReadOnlyList<ComplainantEvidence> complaints, Func<ComplainantEvidence, string[]> cells, MatchSchema schema, NameLexicon lexicon,
        int sharedContactMinPersons, int threads, CancellationToken cancellation)
    {
        PersonClusters exact = Recognition.Cluster(complaints, sharedContactMinPersons);
        if (exact.Links.Count < FewestComplaints)
        {
            return new RecognisedPersons(exact, new Dictionary<long, MatchEvidence>(), null, schema);
        }
        Dictionary<long, ComplainantEvidence> shown = complaints.ToDictionary(c => c.ComplaintId);
        MatchTableBuilder builder = new(schema.WithSharedMinPersons(sharedContactMinPersons), lexicon, 1);
        foreach (PersonLink link in exact.Links)
        {
            builder.Add(0, cells(shown[link.ComplaintId]));
        }
        MatchOutcome outcome = PersonMatcher.Match(builder.Build(), threads, cancellation, [.. exact.Links.Select(l => l.Person)]);
        return Joined(exact, outcome, shown);
    }

    private static RecognisedPersons Joined(PersonClusters exact, MatchOutcome outcome, Dictionary<long, ComplainantEvidence> shown)
    {
        PersonLink LinkOf(int record) => exact.Links[outcome.Table.Place(record).Row - 1];

        // Joins between exact groups are a forest; each group is explained by the join that leads towards its person's first group.
        List<(int Record, int Other)>[] joins = new List<(int, int)>[exact.Persons.Count];
        foreach (MatchedPair join in outcome.Joins)
        {
            (joins[LinkOf(join.A).Person] ??= []).Add((join.A, join.B));
            (joins[LinkOf(join.B).Person] ??= []).Add((join.B, join.A));
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
                    int other = LinkOf(there).Person;
                    if (person[other] < 0)
                    {
                        person[other] = first;
                        why[other] = new MatchEvidence(
                            LinkOf(there).ComplaintId, LinkOf(here).ComplaintId, MatchExplanation.Of(outcome.Table, outcome.Model, there, here));
                        reached.Enqueue(other);
                    }
                }
            }
        }
        return Numbered(exact, person, why, outcome);
    }

    /// <summary>Persons in the order of first receipt, with their complaints in the order of receipt.</summary>
    private static RecognisedPersons Numbered(PersonClusters exact, int[] person, MatchEvidence?[] why, MatchOutcome outcome)
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
            new PersonClusters(persons, links, exact.SharedContacts, exact.Refused), matches, outcome.Model, outcome.Table.Schema);
    }
}
