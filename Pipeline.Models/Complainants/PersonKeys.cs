namespace Pipeline.Models.Complainants;

/// <summary>Two keys turned out to be one person: <paramref name="From"/> is merged into <paramref name="Into"/>, the older one.</summary>
/// <param name="ComplaintId">The complaint that brought them together, as far as known: the person's latest one that had no key, else the latest one.</param>
public sealed record PersonMerge(long From, long Into, long ComplaintId);

/// <summary>Complaints leave the person that they were linked to, because later evidence holds them apart.</summary>
/// <param name="Person">0-based index of the person that they belong to now.</param>
public sealed record PersonSplit(long From, int Person, IReadOnlyList<long> ComplaintIds);

/// <summary>The key of each recognised person.</summary>
/// <param name="KeyOfPerson">By person; null where the person is new and needs a key.</param>
public sealed record KeyAssignment(
    IReadOnlyList<long?> KeyOfPerson, IReadOnlyList<PersonMerge> Merges, IReadOnlyList<PersonSplit> Splits);

/// <summary>
/// Carries the keys that stand over to the persons as they are recognised now. A key stays with the person who holds its oldest
/// complaint (the one that the ledger took first); where several keys meet in one person the smallest (oldest) one remains and the others are merged into it; complaints
/// that part from their key are a split. A key is never given to somebody else.
/// </summary>
public static class PersonKeys
{
    /// <param name="persons">As recognised from all complaints.</param>
    /// <param name="standing">Complaint to key, as the ledger has it. Keys that were merged away are not in it.</param>
    public static KeyAssignment Assign(IReadOnlyList<PersonCluster> persons, IReadOnlyDictionary<long, long> standing)
    {
        Dictionary<long, (int Person, long ComplaintId)> holder = [];
        for (int person = 0; person < persons.Count; person++)
        {
            foreach (long complaint in persons[person].ComplaintIds)
            {
                if (standing.TryGetValue(complaint, out long key)
                    && (!holder.TryGetValue(key, out (int Person, long ComplaintId) held) || complaint < held.ComplaintId))
                {
                    holder[key] = (person, complaint);
                }
            }
        }
        long?[] keys = new long?[persons.Count];
        foreach ((long key, (int Person, long ComplaintId) held) in holder)
        {
            keys[held.Person] = keys[held.Person] is long other ? Math.Min(other, key) : key;
        }
        List<PersonMerge> merges = [];
        foreach ((long key, (int Person, long ComplaintId) held) in holder)
        {
            if (keys[held.Person] is long kept && kept != key)
            {
                merges.Add(new PersonMerge(key, kept, Latest(persons[held.Person].ComplaintIds, standing)));
            }
        }
        merges.Sort((a, b) => a.From.CompareTo(b.From));
        return new KeyAssignment(keys, merges, Splits(persons, standing, holder.ToDictionary(h => h.Key, h => h.Value.Person)));
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
