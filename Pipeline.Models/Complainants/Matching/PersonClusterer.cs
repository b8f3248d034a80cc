namespace Pipeline.Models.Complainants.Matching;

/// <summary>Why two records that look like one person were held apart.</summary>
public static class HoldReasons
{
    /// <summary>The persons show two different valid values of a field that contradicts.</summary>
    public const string Contradiction = HeldReasons.Contradiction;

    /// <summary>They are not probable enough.</summary>
    public const string Threshold = HeldReasons.Threshold;

    /// <summary>An analyst said that they are two.</summary>
    public const string Word = HeldReasons.Word;

    /// <summary>Both are of an input that holds nobody twice.</summary>
    public const string SameInput = "same_input";

    /// <summary>Taken together, the other records of the two persons speak against it.</summary>
    public const string Average = HeldReasons.Average;
}

/// <summary>A pair whose probability was high enough and that is not one person nevertheless.</summary>
/// <param name="Reason">See <see cref="HoldReasons"/>.</param>
/// <param name="Field">The field that contradicts, or null.</param>
public sealed record HeldApart(int A, int B, double Probability, string Reason, string? Field);

/// <summary>
/// Makes persons of pairs. Stated rule: what is known by exact keys stands; then the most probable pair first (ties by the records'
/// content), two persons become one unless an analyst's word holds them apart, or they show two different valid values of a field that
/// contradicts (the first such field that both show decides), or both hold a record of an input that is free of duplicates, or the weights of all pairs between
/// them, each cut to ±20 bits, are on average under the threshold.
/// </summary>
internal sealed class PersonClusterer
{
    private const double Cut = 20;
    private const int MostCompared = 400;

    private readonly MatchTable table;
    private readonly int[] parent;
    private readonly int[] next;
    private readonly int[] last;
    private readonly int[] size;
    private readonly int[] contradicting;
    private readonly int[] shown;
    private readonly ApartGuard? guard;
    private readonly List<HeldApart> held = [];
    private readonly List<MatchedPair> joins = [];

    private PersonClusterer(MatchTable table, ApartGuard? guard = null)
    {
        this.table = table;
        this.guard = guard;
        int n = table.Records;
        contradicting = [.. Enumerable.Range(0, table.Fields).Where(f => table.Schema.Fields[f].Contradicts)];
        parent = new int[n];
        next = new int[n];
        last = new int[n];
        size = new int[n];
        shown = new int[n * contradicting.Length];
        for (int record = 0; record < n; record++)
        {
            (parent[record], next[record], last[record], size[record]) = (record, -1, record, 1);
            for (int i = 0; i < contradicting.Length; i++)
            {
                int value = table.Value(record, contradicting[i]);
                shown[(record * contradicting.Length) + i] = value >= 0 && table.Pools[contradicting[i]].IsValid(value) ? value : -1;
            }
        }
    }

    /// <summary>Persons good enough to count the users of a value: without the averages.</summary>
    internal static int[] Provisional(MatchTable table, MatchModel model, CandidatePair[] pairs, int[]? known)
    {
        PersonClusterer persons = new(table);
        persons.Keep(known);
        persons.Join(model, pairs, comparer: null);
        return persons.Roots();
    }

    /// <param name="known">Number of the group of records that exact keys made, by record; null: none were made.</param>
    /// <param name="words">What analysts hold apart, with the components of each group of <paramref name="known"/>; null: nothing.</param>
    /// <returns>The root record of each record's person, the pairs that joined two persons, and the pairs held apart, the most probable first.</returns>
    internal static (int[] Roots, IReadOnlyList<MatchedPair> Joins, IReadOnlyList<HeldApart> Held) Cluster(
        MatchTable table, MatchModel model, CandidatePair[] pairs, int[]? known, GroupWords? words = null)
    {
        PersonClusterer persons = new(table, words is null ? null : new ApartGuard(words.Words));
        persons.Keep(known);
        persons.Place(known, words);
        persons.Join(model, pairs, new PairComparer(table));
        int[] roots = persons.Roots();
        return (roots, persons.joins, [.. persons.held.Where(h => roots[h.A] != roots[h.B])]);
    }

    private void Keep(int[]? known)
    {
        Dictionary<int, int> first = [];
        for (int record = 0; record < (known?.Length ?? 0); record++)
        {
            if (!first.TryAdd(known![record], record))
            {
                Merge(Root(first[known[record]]), Root(record));
            }
        }
    }

    private void Place(int[]? known, GroupWords? words)
    {
        for (int record = 0; record < (words is null ? 0 : known!.Length); record++)
        {
            foreach (int component in words!.ComponentsOf(known![record]))
            {
                guard!.Place(Root(record), component);
            }
        }
    }

    private void Join(MatchModel model, CandidatePair[] pairs, PairComparer? comparer)
    {
        double threshold = Math.Log2(table.Schema.Probability / (1 - table.Schema.Probability));
        List<(double Bits, int Pair)> likely = [];
        for (int i = 0; i < pairs.Length; i++)
        {
            double bits = model.PriorBits + model.BaseBits(pairs[i].Levels, table.Fields) + pairs[i].Rarity;
            if (bits >= threshold)
            {
                likely.Add((bits, i));
            }
        }
        likely.Sort(static (x, y) => x.Bits != y.Bits ? y.Bits.CompareTo(x.Bits) : x.Pair.CompareTo(y.Pair));
        foreach ((double bits, int pair) in likely)
        {
            (int a, int b) = (Root(pairs[pair].A), Root(pairs[pair].B));
            if (a == b)
            {
                continue;
            }
            (string? reason, string? field) = Against(a, b);
            if (reason is null && comparer is not null && size[a] + size[b] > 2 && Average(model, comparer, a, b) < threshold)
            {
                reason = HoldReasons.Average;
            }
            if (reason is null)
            {
                Merge(a, b);
                joins.Add(new MatchedPair(pairs[pair].A, pairs[pair].B, bits));
            }
            else if (comparer is not null)
            {
                held.Add(new HeldApart(pairs[pair].A, pairs[pair].B, MatchModel.Probability(bits), reason, field));
            }
        }
    }

    private (string? Reason, string? Field) Against(int a, int b)
    {
        if (guard is not null && guard.Forbids(a, b))
        {
            return (HoldReasons.Word, null);
        }
        for (int i = 0; i < contradicting.Length; i++)
        {
            int one = shown[(a * contradicting.Length) + i];
            int other = shown[(b * contradicting.Length) + i];
            if (one >= 0 && one == other)
            {
                break;
            }
            if (one >= 0 && other >= 0)
            {
                return (HoldReasons.Contradiction, table.Schema.Fields[contradicting[i]].Name);
            }
        }
        if (table.OnePerInput)
        {
            for (int x = a; x >= 0; x = next[x])
            {
                for (int y = b; y >= 0; y = next[y])
                {
                    if (table.Place(x).Input == table.Place(y).Input)
                    {
                        return (HoldReasons.SameInput, null);
                    }
                }
            }
        }
        return (null, null);
    }

    private double Average(MatchModel model, PairComparer comparer, int a, int b)
    {
        double sum = 0;
        int compared = 0;
        for (int x = a; x >= 0; x = next[x])
        {
            for (int y = b; y >= 0 && compared < MostCompared; y = next[y])
            {
                sum += Math.Clamp(model.Bits(table, comparer.Compare(x, y), x, y), -Cut, Cut);
                compared++;
            }
        }
        return sum / compared;
    }

    private int Root(int record)
    {
        while (parent[record] != record)
        {
            parent[record] = parent[parent[record]];
            record = parent[record];
        }
        return record;
    }

    private int[] Roots()
    {
        int[] roots = new int[parent.Length];
        for (int record = 0; record < roots.Length; record++)
        {
            roots[record] = Root(record);
        }
        return roots;
    }

    private void Merge(int a, int b)
    {
        (int root, int child) = a < b ? (a, b) : (b, a);
        parent[child] = root;
        next[last[root]] = child;
        last[root] = last[child];
        size[root] += size[child];
        for (int i = 0; i < contradicting.Length; i++)
        {
            ref int value = ref shown[(root * contradicting.Length) + i];
            value = value >= 0 ? value : shown[(child * contradicting.Length) + i];
        }
        guard?.Merge(root, child);
    }
}

/// <summary>The components of the analysts' words that stand in each group of records.</summary>
/// <param name="ComponentsOf">By number of the group.</param>
internal sealed record GroupWords(IdentityConstraints Words, Func<int, IReadOnlyList<int>> ComponentsOf);
