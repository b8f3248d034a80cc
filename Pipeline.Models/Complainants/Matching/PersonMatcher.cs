namespace Pipeline.Models.Complainants.Matching;

/// <summary>Two records of one person.</summary>
/// <param name="Bits">log2 of the odds that they are.</param>
public readonly record struct MatchedPair(int A, int B, double Bits)
{
    public double Probability => MatchModel.Probability(Bits);
}

/// <summary>What matching a table came to.</summary>
/// <param name="Person">0-based number of the person of each record; persons are numbered in the order of their first rows.</param>
/// <param name="Pairs">All pairs of records of one person, by row; of a person of more than 60 records only those that blocking found.</param>
/// <param name="Joins">The pairs that joined two persons into one, in the order in which they did.</param>
/// <param name="Held">Pairs that look like one person and were held apart, the most probable first.</param>
public sealed record MatchOutcome(
    MatchTable Table,
    MatchModel Model,
    int[] Person,
    int Persons,
    IReadOnlyList<MatchedPair> Pairs,
    IReadOnlyList<MatchedPair> Joins,
    IReadOnlyList<HeldApart> Held,
    IReadOnlyList<RuleCost> Rules);

/// <summary>
/// Finds which records of a table are one person: blocking, comparison, training without labels, clustering. The outcome depends on
/// the content of the records only: not on their order, not on the number of threads.
/// </summary>
public static class PersonMatcher
{
    private const int LargestShownWhole = 60;

    /// <summary>With more candidate pairs than this the first training takes a draw of them.</summary>
    private const long MostTrainingPairs = 4_000_000;

    /// <param name="threads">1 or more; changes the time and nothing else.</param>
    /// <param name="known">Number of the group that exact keys made, by row of the one input (0-based); null: none were made.</param>
    public static MatchOutcome Match(MatchTable table, int threads, CancellationToken cancellation, IReadOnlyList<int>? known = null)
    {
        LearnedMatches learned = Learn(table, known, threads, cancellation);
        (int[] roots, IReadOnlyList<MatchedPair> joins, IReadOnlyList<HeldApart> held) = learned.Cluster(known, null);
        (int[] person, int persons) = Number(table, roots);
        return new MatchOutcome(table, learned.Model, person, persons, Pairs(table, learned.Model, learned.Pairs, person, persons), joins, held, learned.Rules);
    }

    /// <summary>Blocking, comparison and training; persons can then be made of the pairs, with and without the words of analysts.</summary>
    internal static LearnedMatches Learn(MatchTable table, IReadOnlyList<int>? known, int threads, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        int[]? groups = LearnedMatches.ByRecord(table, known);
        CandidateRules rules = new(table, threads);
        (MatchTraining training, MatchModel model) = MatchTraining.Begin(table, threads, cancellation);
        int halvings = 0;
        for (long left = rules.Pairs; left > MostTrainingPairs; left /= 2)
        {
            halvings++;
        }
        (CandidatePair[] pairs, _) = CandidatePairs.Find(table, model, rules, halvings, threads, cancellation);
        training.Learn(model, pairs, groups, halvings, cancellation);
        // Once more, all of them, with what was learned: the first guess may have dropped pairs that the model would keep.
        (pairs, RuleCost[] costs) = CandidatePairs.Find(table, model, rules, 0, threads, cancellation);
        training.Learn(model, pairs, groups, 0, cancellation);
        return new LearnedMatches(table, model, pairs, costs) { Limits = rules.Limits };
    }

    /// <summary>The pairs of a table that may be one person, by what was learned of another one.</summary>
    /// <param name="isPassedOver">See <see cref="CandidateRules"/>.</param>
    /// <param name="focus">Only pairs with a record that is marked; null: all.</param>
    internal static LearnedMatches Judge(
        MatchTable table, LearnedParameters learned, Func<int, ulong, bool>? isPassedOver, int threads, CancellationToken cancellation, bool[]? focus = null)
    {
        MatchModel model = learned.Bind(table);
        CandidateRules rules = new(table, threads, learned.Limits, isPassedOver);
        (CandidatePair[] pairs, RuleCost[] costs) = CandidatePairs.Find(table, model, rules, 0, threads, cancellation, focus);
        return new LearnedMatches(table, model, pairs, costs) { Limits = learned.Limits };
    }

    private static (int[] Person, int Persons) Number(MatchTable table, int[] roots)
    {
        int[] byPlace = [.. Enumerable.Range(0, table.Records).OrderBy(r => table.Place(r).Input).ThenBy(r => table.Place(r).Row)];
        int[] numberOfRoot = new int[roots.Length];
        int[] person = new int[roots.Length];
        int persons = 0;
        foreach (int record in byPlace)
        {
            ref int number = ref numberOfRoot[roots[record]];
            number = number == 0 ? ++persons : number;
            person[record] = number - 1;
        }
        return (person, persons);
    }

    private static List<MatchedPair> Pairs(MatchTable table, MatchModel model, CandidatePair[] candidates, int[] person, int persons)
    {
        int[] sizes = new int[persons];
        foreach (int p in person)
        {
            sizes[p]++;
        }
        List<int>[] members = new List<int>[persons];
        for (int record = 0; record < person.Length; record++)
        {
            if (sizes[person[record]] is > 1 and <= LargestShownWhole)
            {
                (members[person[record]] ??= []).Add(record);
            }
        }
        List<MatchedPair> pairs = [];
        foreach (CandidatePair pair in candidates)
        {
            if (person[pair.A] == person[pair.B] && (sizes[person[pair.A]] > LargestShownWhole || sizes[person[pair.A]] == 2))
            {
                pairs.Add(new MatchedPair(pair.A, pair.B, model.PriorBits + model.BaseBits(pair.Levels, table.Fields) + pair.Rarity));
            }
        }
        PairComparer comparer = new(table);
        foreach (List<int> group in members.Where(m => m is { Count: > 2 }))
        {
            for (int i = 0; i < group.Count; i++)
            {
                for (int j = i + 1; j < group.Count; j++)
                {
                    pairs.Add(new MatchedPair(group[i], group[j], model.Bits(table, comparer.Compare(group[i], group[j]), group[i], group[j])));
                }
            }
        }
        for (int i = 0; i < pairs.Count; i++)
        {
            if (Before(table.Place(pairs[i].B), table.Place(pairs[i].A)))
            {
                pairs[i] = new MatchedPair(pairs[i].B, pairs[i].A, pairs[i].Bits);
            }
        }
        pairs.Sort((x, y) => x.A != y.A ? Compare(table.Place(x.A), table.Place(y.A)) : Compare(table.Place(x.B), table.Place(y.B)));
        return pairs;
    }

    private static bool Before(RecordPlace a, RecordPlace b) => Compare(a, b) < 0;

    private static int Compare(RecordPlace a, RecordPlace b) => a.Input != b.Input ? a.Input.CompareTo(b.Input) : a.Row.CompareTo(b.Row);
}

/// <summary>What was learned of a table, and the pairs that may be one person.</summary>
internal sealed record LearnedMatches(MatchTable Table, MatchModel Model, CandidatePair[] Pairs, IReadOnlyList<RuleCost> Rules)
{
    /// <value>See <see cref="CandidateRules.Limits"/>.</value>
    internal required IReadOnlyList<int> Limits { get; init; }

    /// <param name="known">See <see cref="PersonMatcher.Match"/>; other groups than those that were learned with may be given.</param>
    /// <param name="words">What analysts hold apart; null: nothing.</param>
    internal (int[] Roots, IReadOnlyList<MatchedPair> Joins, IReadOnlyList<HeldApart> Held) Cluster(IReadOnlyList<int>? known, GroupWords? words) =>
        PersonClusterer.Cluster(Table, Model, Pairs, ByRecord(Table, known), words);

    /// <summary>Pairs under the threshold that are not out of the question, the most probable first, ties by the records' content.</summary>
    /// <param name="probability">Of a pair, from which on it is given.</param>
    internal IReadOnlyList<HeldApart> Near(double probability)
    {
        double least = Math.Log2(probability / (1 - probability));
        double threshold = Math.Log2(Table.Schema.Probability / (1 - Table.Schema.Probability));
        List<(double Bits, int Pair)> near = [];
        for (int i = 0; i < Pairs.Length; i++)
        {
            double bits = Model.PriorBits + Model.BaseBits(Pairs[i].Levels, Table.Fields) + Pairs[i].Rarity;
            if (bits >= least && bits < threshold)
            {
                near.Add((bits, i));
            }
        }
        near.Sort(static (x, y) => x.Bits != y.Bits ? y.Bits.CompareTo(x.Bits) : x.Pair.CompareTo(y.Pair));
        return [.. near.Select(n => new HeldApart(Pairs[n.Pair].A, Pairs[n.Pair].B, MatchModel.Probability(n.Bits), HoldReasons.Threshold, null))];
    }

    /// <summary>The pairs from a probability on.</summary>
    internal IEnumerable<(int A, int B)> From(double probability)
    {
        double least = Math.Log2(probability / (1 - probability));
        return Pairs.Where(p => Model.PriorBits + Model.BaseBits(p.Levels, Table.Fields) + p.Rarity >= least).Select(p => (p.A, p.B));
    }

    internal static int[]? ByRecord(MatchTable table, IReadOnlyList<int>? known) =>
        known is null ? null : [.. Enumerable.Range(0, table.Records).Select(r => known[table.Place(r).Row - 1])];
}
