namespace Pipeline.Models.Complainants;

/// <summary>
/// Says why a complaint belongs to its person where analysts spoke. A person who would be the same without their words keeps his links as
/// they are: a word that moves nobody changes nothing. In the others the largest part that evidence joins (one that shows an identity number
/// first) keeps its links, and a part that a word ties to the rest is linked by that word.
/// </summary>
internal static class WordLinks
{
    internal static RecognisedPersons Complete(
        RecognisedPersons plain, RecognisedPersons now, IdentityConstraints words, IReadOnlyDictionary<long, ComplainantEvidence> shown)
    {
        Dictionary<long, PersonLink> before = plain.Clusters.Links.ToDictionary(l => l.ComplaintId);
        Dictionary<long, PersonLink> after = now.Clusters.Links.ToDictionary(l => l.ComplaintId);
        Dictionary<long, PersonLink> links = [];
        Dictionary<long, MatchEvidence> matches = [];
        HashSet<long> byWord = [];
        for (int person = 0; person < now.Clusters.Persons.Count; person++)
        {
            IReadOnlyList<long> members = now.Clusters.Persons[person].ComplaintIds;
            if (IsSame(members, before, plain.Clusters.Persons))
            {
                foreach (long id in members)
                {
                    Take(id, before[id], plain.Matches);
                }
                continue;
            }
            byWord.UnionWith(members);
            HashSet<long> own = [.. members];
            long[][] parts = [.. members.GroupBy(id => before.TryGetValue(id, out PersonLink? link) ? link.Person : -1 - id)
                .Select(part => part.ToArray())
                .OrderByDescending(part => part.Any(id => shown[id].Identity.IsShown)).ThenByDescending(part => part.Length)];
            foreach (long[] part in parts)
            {
                long? tiedTo = part == parts[0] ? null : Tie(part, members, words, shown);
                foreach (long id in part)
                {
                    if (tiedTo is { } with)
                    {
                        links.Add(id, after[id] with { Basis = PersonBases.Analyst, JoinedTo = with, Token = default });
                    }
                    else if (part == parts[0] && before.TryGetValue(id, out PersonLink? kept) && (kept.JoinedTo is not { } joined || own.Contains(joined)))
                    {
                        Take(id, kept, plain.Matches);
                    }
                    else
                    {
                        Take(id, after[id], now.Matches);
                    }
                }
            }

            void Take(long id, PersonLink link, IReadOnlyDictionary<long, MatchEvidence> why)
            {
                links.Add(id, link with { Person = person });
                if (why.TryGetValue(id, out MatchEvidence? match))
                {
                    matches.Add(id, match);
                }
            }
        }
        return now with
        {
            Clusters = now.Clusters with { Links = [.. now.Clusters.Links.Select(l => links[l.ComplaintId])] },
            Matches = matches,
            ByWord = byWord,
        };
    }

    private static bool IsSame(IReadOnlyList<long> members, Dictionary<long, PersonLink> before, IReadOnlyList<PersonCluster> persons) =>
        before.TryGetValue(members[0], out PersonLink? first)
        && persons[first.Person].ComplaintIds.Count == members.Count
        && members.All(id => before.TryGetValue(id, out PersonLink? link) && link.Person == first.Person);

    /// <summary>The earliest complaint of the person's other parts to which a word ties this part, or null.</summary>
    private static long? Tie(long[] part, IReadOnlyList<long> members, IdentityConstraints words, IReadOnlyDictionary<long, ComplainantEvidence> shown)
    {
        HashSet<int> components = [.. part.Select(id => words.Component(shown[id].CaseNumber)).Where(c => c >= 0)];
        foreach (long id in members)
        {
            if (!part.Contains(id) && components.Contains(words.Component(shown[id].CaseNumber)))
            {
                return id;
            }
        }
        return null;
    }
}
