namespace Pipeline.Models.Complainants.Matching;

/// <summary>
/// Learns the parameters without labels. u comes from random pairs, m and the prior from the candidate pairs by expectation and
/// maximisation (Dempster, Laird and Rubin 1977; for record linkage Winkler 1988). All pairs are the population: those that no rule
/// finds are taken to be no matches. m of a field is estimated only from pairs that some rule without that field found, so that
/// blocking on a field does not make it look more reliable than it is.
/// </summary>
internal sealed class MatchTraining
{
    private const int Rounds = 4;
    private const int Iterations = 8;
    private const double SurePrior = 0.5;

    /// <summary>Largest m of the level different.</summary>
    private const double MostDifferent = 0.6;

    /// <summary>Weight of the first guess of m, in matches.</summary>
    private const double GuessWeight = 4;

    private readonly MatchTable table;
    private readonly CandidatePair[] random;
    private readonly double[] unlike;
    private readonly double[] unlikeShown;
    private readonly double total;
    private readonly uint[] rulesWith;

    private MatchTraining(MatchTable table, CandidatePair[] random)
    {
        this.table = table;
        // Pairs that agree in less than two fields are no matches whatever the parameters: they are counted once.
        unlike = new double[table.Fields * Agreements.Count];
        unlikeShown = new double[table.Fields * table.Fields];
        double[] ignored = new double[unlikeShown.Length];
        List<CandidatePair> alike = [];
        foreach (CandidatePair pair in random)
        {
            int close = 0;
            for (int field = 0; field < table.Fields; field++)
            {
                close += Agreements.IsClose(pair.Levels[field]) || pair.Levels[field] == Agreement.Swapped ? 1 : 0;
            }
            if (close >= 2)
            {
                alike.Add(pair);
                continue;
            }
            for (int field = 0; field < table.Fields; field++)
            {
                unlike[MatchModel.At(field, pair.Levels[field])]++;
            }
            Count(pair.Levels, 1, ignored, unlikeShown);
        }
        this.random = [.. alike];
        total = Math.Max(1, RandomPairs.Total(table));
        rulesWith = new uint[table.Fields];
        for (int rule = 0; rule < table.Schema.Rules.Count; rule++)
        {
            foreach (int field in table.Schema.Rules[rule].Parts.SelectMany(p => p.Fields))
            {
                rulesWith[field] |= 1u << rule;
            }
        }
    }

    /// <summary>The first guess: m from experience, u from all random pairs, rarity from the records.</summary>
    internal static (MatchTraining Training, MatchModel Model) Begin(MatchTable table, int threads, CancellationToken cancellation)
    {
        MatchTraining training = new(table, RandomPairs.Draw(table, threads, cancellation));
        MatchModel model = new(table.Fields) { Prior = Math.Clamp(SurePrior * table.Records / training.total, 1e-12, 0.1) };
        for (int field = 0; field < table.Fields; field++)
        {
            foreach (Agreement level in FirstGuess.Levels(table.Schema.Fields[field]))
            {
                model.SetM(field, level, FirstGuess.M(table.Schema.Fields[field], level));
            }
        }
        ValueRarity.Estimate(table, model, person: null);
        training.EstimateU(model, weighted: false);
        model.Refresh(table.Schema);
        return (training, model);
    }

    /// <summary>Improves the model on its candidate pairs.</summary>
    /// <param name="known">See <see cref="PersonMatcher.Match"/>, by record.</param>
    /// <param name="halvings">The pairs are one of 2 to this power of those that there are.</param>
    internal void Learn(MatchModel model, CandidatePair[] pairs, int[]? known, int halvings, CancellationToken cancellation)
    {
        for (int round = 0; round < Rounds; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            for (int iteration = 0; iteration < Iterations; iteration++)
            {
                Step(model, pairs, 1 << halvings);
            }
            ValueRarity.Estimate(table, model, PersonClusterer.Provisional(table, model, pairs, known));
            for (int i = 0; i < pairs.Length; i++)
            {
                pairs[i] = pairs[i] with { Rarity = model.Rarity(table, pairs[i].Levels, pairs[i].A, pairs[i].B) };
            }
            EstimateU(model, weighted: true);
            model.Refresh(table.Schema);
        }
    }

    /// <summary>One expectation over the pairs, one maximisation of m and the prior.</summary>
    private void Step(MatchModel model, CandidatePair[] pairs, double scale)
    {
        double[] sums = new double[table.Fields * Agreements.Count];
        double[] whole = new double[sums.Length];
        double matches = 0;
        double prior = model.PriorBits;
        foreach (CandidatePair pair in pairs)
        {
            double probability = MatchModel.Probability(prior + model.BaseBits(pair.Levels, table.Fields) + pair.Rarity);
            matches += probability;
            for (int field = 0; field < table.Fields; field++)
            {
                int at = MatchModel.At(field, pair.Levels[field]);
                whole[at] += probability;
                if ((pair.Rules & ~rulesWith[field]) != 0)
                {
                    sums[at] += probability;
                }
            }
        }
        model.Prior = Math.Clamp(matches * scale / total, 1e-12, 0.5);
        for (int field = 0; field < table.Fields; field++)
        {
            MatchField spec = table.Schema.Fields[field];
            IReadOnlyList<Agreement> levels = FirstGuess.Levels(spec);
            // Where every rule uses the field there is nothing else to learn from.
            double[] from = levels.Sum(l => sums[MatchModel.At(field, l)]) >= GuessWeight ? sums : whole;
            bool second = spec.SwapWith >= 0 && spec.SwapWith < field;
            double sum = levels.Where(l => !(second && l == Agreement.Swapped)).Sum(l => from[MatchModel.At(field, l)]);
            // A field in which most matches differed would be none that tells persons: what it is then that was learned is no person.
            int different = MatchModel.At(field, Agreement.Different);
            double most = Math.Max(GuessWeight, (sum - from[different]) * MostDifferent / (1 - MostDifferent));
            double excess = Math.Max(0, from[different] - most);
            from[different] -= excess;
            sum -= excess;
            foreach (Agreement level in levels)
            {
                double here = second && level == Agreement.Swapped ? 0 : from[MatchModel.At(field, level)];
                model.SetM(field, level, Math.Max(1e-5, (here + (GuessWeight * FirstGuess.M(spec, level))) / (sum + GuessWeight)));
            }
        }
        model.Refresh(table.Schema);
    }

    /// <summary>u of each level: its share among random pairs, each counted by the probability that it is no match; and which field follows which.</summary>
    private void EstimateU(MatchModel model, bool weighted)
    {
        int fields = table.Fields;
        double[] sums = [.. unlike];
        double[] both = new double[fields * fields];
        double[] shown = [.. unlikeShown];
        foreach (CandidatePair pair in random)
        {
            // Before anything is learned a pair that agrees in half of what it shows may be a match, and tells nothing of strangers.
            double weight = weighted ? 1 - MatchModel.Probability(model.Bits(table, pair.Levels, pair.A, pair.B)) : 1;
            double stranger = weighted || !AgreesInHalf(pair.Levels) ? weight : 0;
            for (int field = 0; field < fields; field++)
            {
                sums[MatchModel.At(field, pair.Levels[field])] += weight;
            }
            Count(pair.Levels, stranger, both, shown);
        }
        for (int field = 0; field < fields; field++)
        {
            both[(field * fields) + field] += unlike[MatchModel.At(field, Agreement.Exact)];
            IReadOnlyList<Agreement> levels = FirstGuess.Levels(table.Schema.Fields[field]);
            double sum = levels.Sum(l => sums[MatchModel.At(field, l)]);
            foreach (Agreement level in levels)
            {
                model.SetU(field, level, (sums[MatchModel.At(field, level)] + 0.5) / (sum + (0.5 * levels.Count)));
            }
        }
        FieldDependence.Estimate(model, both, shown);
    }

    private bool AgreesInHalf(AgreementVector levels)
    {
        (int close, int compared) = (0, 0);
        for (int field = 0; field < table.Fields; field++)
        {
            compared += levels[field] == Agreement.Missing ? 0 : 1;
            close += Agreements.IsClose(levels[field]) || levels[field] == Agreement.Swapped ? 1 : 0;
        }
        return 2 * close >= compared;
    }

    /// <summary>Adds a pair to the weights of exact agreement, and of showing something, in each two fields.</summary>
    private void Count(AgreementVector levels, double weight, double[] both, double[] shown)
    {
        int fields = table.Fields;
        for (int field = 0; field < fields; field++)
        {
            if (levels[field] == Agreement.Missing)
            {
                continue;
            }
            for (int other = 0; other < fields; other++)
            {
                if (levels[other] == Agreement.Missing)
                {
                    continue;
                }
                shown[(field * fields) + other] += weight;
                both[(field * fields) + other] += levels[field] == Agreement.Exact && levels[other] == Agreement.Exact ? weight : 0;
            }
        }
    }
}
