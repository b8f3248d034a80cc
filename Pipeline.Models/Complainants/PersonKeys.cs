namespace Pipeline.Models.Complainants;

/// <summary>Two keys turned out to be one person: <paramref name="From"/> is merged into <paramref name="Into"/>, the older one.</summary>
/// <param name="ComplaintId">The complaint that brought them together, as far as known: the person's latest one that had no key, else the latest one.</param>
/// <param name="ComplaintIds">Those that stood under <paramref name="From"/> and are the merged person's, in the order of receipt.</param>
public sealed record PersonMerge(long From, long Into, long ComplaintId, IReadOnlyList<long> ComplaintIds);

/// <summary>Complaints leave the person that they were linked to, because later evidence, or an analyst, holds them apart.</summary>
/// <param name="Person">0-based index of the person that they belong to now.</param>
public sealed record PersonSplit(long From, int Person, IReadOnlyList<long> ComplaintIds);

/// <summary>The key of each recognised person.</summary>
/// <param name="KeyOfPerson">By person; null where the person is new and needs a key.</param>
/// <param name="Revived">Keys that had been merged away and stand again.</param>
public sealed record KeyAssignment(
    IReadOnlyList<long?> KeyOfPerson, IReadOnlyList<PersonMerge> Merges, IReadOnlyList<PersonSplit> Splits, IReadOnlyList<long> Revived);

/// <summary>What keys went through before.</summary>
/// <param name="Merged">A key that was merged away, by the complaint that had held it (the one of its complaints that the ledger took first).</param>
/// <param name="Leaving">Complaints that an analyst sends away from their key: they do not take it along, whatever their age.</param>
public sealed record KeyHistory(IReadOnlyDictionary<long, long> Merged, IReadOnlySet<long> Leaving)
{
    public static KeyHistory None { get; } = new(new Dictionary<long, long>(), new HashSet<long>());
}

/// <summary>
/// Carries the keys that stand over to the persons as they are recognised now. A key stays with the person who holds its oldest
/// complaint (the one that the ledger took first, of those that no analyst sends away); where several keys meet in one person the smallest (oldest) one remains and the
/// others are merged into it; complaints that part from their key are a split. A part that leaves with the complaint that had held a key before that key was
/// merged away gets that key again. A key is never given to somebody else.
/// </summary>
public static class PersonKeys
{
    /// <param name="persons">As recognised from all complaints.</param>
    /// <param name="standing">Complaint to key, as the ledger has it. Keys that were merged away are not in it.</param>
    /// <param name="history">Null: no key was merged away and nobody is sent away.</param>
    public static KeyAssignment Assign(
        IReadOnlyList<PersonCluster> persons, IReadOnlyDictionary<long, long> standing, KeyHistory? history = null)
    {
        KeyHistory known = history ?? KeyHistory.None;
        Dictionary<long, (int Person, long ComplaintId, bool IsLeaving)> holder = [];
        for (int person = 0; person < persons.Count; person++)
        {
            foreach (long complaint in persons[person].ComplaintIds)
            {
                if (!standing.TryGetValue(complaint, out long key))
                {
                    continue;
                }
                bool leaves = known.Leaving.Contains(complaint);
                if (!holder.TryGetValue(key, out (int Person, long ComplaintId, bool IsLeaving) held)
                    || (held.IsLeaving && !leaves)
                    || (held.IsLeaving == leaves && complaint < held.ComplaintId))
                {
                    holder[key] = (person, complaint, leaves);
                }
            }
        }
        long?[] keys = new long?[persons.Count];
        foreach ((long key, (int person, _, _)) in holder)
        {
            keys[person] = keys[person] is long other ? Math.Min(other, key) : key;
        }
        List<long> revived = Revive(persons, keys, known.Merged);
        List<PersonMerge> merges = [];
        foreach ((long key, (int person, _, _)) in holder)
        {
            if (keys[person] is long kept && kept != key)
            {
                IReadOnlyList<long> complaints = persons[person].ComplaintIds;
                merges.Add(new PersonMerge(
                    key, kept, Latest(complaints, standing), [.. complaints.Where(c => standing.TryGetValue(c, out long stood) && stood == key)]));
            }
        }
        merges.Sort((a, b) => a.From.CompareTo(b.From));
        return new KeyAssignment(keys, merges, Splits(persons, standing, holder.ToDictionary(h => h.Key, h => h.Value.Person)), revived);
    }

    private static List<long> Revive(IReadOnlyList<PersonCluster> persons, long?[] keys, IReadOnlyDictionary<long, long> merged)
    {
        List<long> revived = [];
        for (int person = 0; person < keys.Length && merged.Count > 0; person++)
        {
            if (keys[person] is not null)
            {
                continue;
            }
            foreach (long complaint in persons[person].ComplaintIds)
            {
                if (merged.TryGetValue(complaint, out long key))
                {
                    keys[person] = keys[person] is long other ? Math.Min(other, key) : key;
                }
            }
            if (keys[person] is long again)
            {
                revived.Add(again);
            }
        }
        return revived;
    }

    private static long Latest(IReadOnlyList<long> complaints, IReadOnlyDictionary<long, long> standing)
    {
        for (int i = complaints.Count - 1; i >= 0; i--)
        {
            if (!standing.ContainsKey(complaints[i]))
            {
                return complaints[i];
            }
        }
        return complaints[^1];
    }

    private static List<PersonSplit> Splits(
        IReadOnlyList<PersonCluster> persons, IReadOnlyDictionary<long, long> standing, Dictionary<long, int> holder)
    {
        List<PersonSplit> splits = [];
        for (int person = 0; person < persons.Count; person++)
        {
            Dictionary<long, List<long>>? left = null;
            foreach (long complaint in persons[person].ComplaintIds)
            {
                if (standing.TryGetValue(complaint, out long key) && holder[key] != person)
                {
                    left ??= [];
                    if (!left.TryGetValue(key, out List<long>? complaints))
                    {
                        left.Add(key, complaints = []);
                    }
                    complaints.Add(complaint);
                }
            }
            foreach ((long key, List<long> complaints) in (left ?? []).OrderBy(l => l.Key))
            {
                splits.Add(new PersonSplit(key, person, complaints));
            }
        }
        return splits;
    }
}
