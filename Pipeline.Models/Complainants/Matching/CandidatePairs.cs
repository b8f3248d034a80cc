namespace Pipeline.Models.Complainants.Matching;

/// <summary>A pair that may be one person. <see cref="A"/> is the smaller record.</summary>
/// <param name="Rules">The blocking rules in which it agrees, one bit each.</param>
/// <param name="Rarity">Bits that the rarity of the values adds.</param>
internal readonly record struct CandidatePair(int A, int B, AgreementVector Levels, uint Rules, float Rarity);

/// <summary>
/// Goes through all candidate pairs and keeps those whose weight is not hopeless. A pair is given up as soon as the fields that are
/// not compared yet could not save it, so that most pairs cost a few comparisons of numbers.
/// </summary>
internal sealed class CandidatePairs
{
    /// <summary>log2 of the odds under which a pair is dropped: one in 4,096.</summary>
    private const double Hopeless = -12;

    private const float MostSwapRarity = 16;

    private readonly MatchTable table;
    private readonly MatchModel model;
    private readonly PairComparer comparer;
    private readonly int[] order;
    private readonly double[] best;

    private CandidatePairs(MatchTable table, MatchModel model)
    {
        this.table = table;
        this.model = model;
        comparer = new PairComparer(table);
        best = new double[table.Fields];
        double[] gap = new double[table.Fields];
        for (int field = 0; field < best.Length; field++)
        {
            double highest = 0;
            for (Agreement level = Agreement.Normalised; level <= Agreement.Similar; level++)
            {
                highest = Math.Max(highest, model.Base[MatchModel.At(field, level)]);
            }
            if (table.Schema.Fields[field].SwapWith >= 0)
            {
                highest = Math.Max(highest, model.Base[MatchModel.At(field, Agreement.Swapped)] + MostSwapRarity);
            }
            best[field] = highest;
            // Fields that may be exchanged are looked at together, when all others have spoken.
            gap[field] = table.Schema.Fields[field].SwapWith >= 0 ? double.MinValue : highest - model.Base[MatchModel.At(field, Agreement.Different)];
        }
        order = [.. Enumerable.Range(0, best.Length).OrderByDescending(f => gap[f])];
    }

    /// <summary>The pairs that are kept, in the order of their records, and what each rule cost.</summary>
    /// <param name="halvings">One pair of 2 to this power is looked at, by a hash of its records; 0: all.</param>
    /// <param name="focus">Only pairs with a record that is marked; null: all.</param>
    internal static (CandidatePair[] Pairs, RuleCost[] Costs) Find(
        MatchTable table, MatchModel model, CandidateRules rules, int halvings, int threads, CancellationToken cancellation, bool[]? focus = null)
    {
        ulong drawn = (1UL << halvings) - 1;
        CandidatePairs filter = new(table, model);
        List<CandidateRules.Chunk> chunks = rules.Chunks();
        List<CandidatePair>[] kept = new List<CandidatePair>[chunks.Count];
        (long Pairs, long Own)[] counts = new (long, long)[chunks.Count];
        Parallel.For(0, chunks.Count, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, chunk =>
        {
            List<CandidatePair> found = [];
            counts[chunk] = rules.Visit(chunks[chunk], (a, b) =>
            {
                if ((drawn == 0 || (MatchHash.Mix(((ulong)a << 32) | (uint)b) & drawn) == 0)
                    && filter.TryKeep(a, b, out AgreementVector levels, out float rarity))
                {
                    found.Add(new CandidatePair(a, b, levels, 0, rarity));
                }
            }, focus);
            for (int i = 0; i < found.Count; i++)
            {
                found[i] = found[i] with { Rules = rules.RulesOf(found[i].A, found[i].B) };
            }
            kept[chunk] = found;
        });
        CandidatePair[] pairs = [.. kept.SelectMany(k => k)];
        Array.Sort(pairs, static (x, y) => x.A != y.A ? x.A.CompareTo(y.A) : x.B.CompareTo(y.B));
        RuleCost[] costs = [.. table.Schema.Rules.Select((_, rule) =>
        {
            (long all, long own) = (0, 0);
            for (int i = 0; i < chunks.Count; i++)
            {
                (all, own) = chunks[i].Rule == rule ? (all + counts[i].Pairs, own + counts[i].Own) : (all, own);
            }
            return rules.Cost(rule, all, own);
        })];
        return (pairs, costs);
    }

    private bool TryKeep(int a, int b, out AgreementVector levels, out float rarity)
    {
        ReadOnlySpan<int> one = table.Values(a);
        ReadOnlySpan<int> other = table.Values(b);
        levels = default;
        rarity = 0;
        double bits = model.PriorBits;
        for (int field = 0; field < one.Length; field++)
        {
            if (one[field] < 0 || other[field] < 0)
            {
                continue;
            }
            if (one[field] == other[field])
            {
                Agreement level = comparer.Level(field, one[field], other[field]);
                levels = levels.With(field, level);
                bits += model.Base[MatchModel.At(field, level)];
            }
            else
            {
                levels = levels.With(field, Agreement.Different);
                bits += best[field];
            }
        }
        rarity = model.Rarity(table, levels, a, b);
        bits += rarity;
        bool swappable = false;
        foreach (int field in order)
        {
            if (bits < Hopeless)
            {
                return false;
            }
            if (levels[field] != Agreement.Different)
            {
                swappable |= levels[field] == Agreement.Missing && table.Schema.Fields[field].SwapWith >= 0;
                continue;
            }
            Agreement level = comparer.Level(field, one[field], other[field]);
            levels = levels.With(field, level);
            float rare = level == Agreement.Exact ? model.Rarity(table, field, levels, a, b) : 0;
            rarity += rare;
            bool maySwap = table.Schema.Fields[field].SwapWith >= 0;
            swappable |= maySwap;
            bits += maySwap && !Agreements.IsClose(level) ? 0 : model.Base[MatchModel.At(field, level)] + rare - best[field];
        }
        if (swappable)
        {
            levels = comparer.WithSwaps(levels, one, other);
            rarity = model.Rarity(table, levels, a, b);
            bits = model.PriorBits + model.BaseBits(levels, one.Length) + rarity;
        }
        return bits >= Hopeless;
    }
}
