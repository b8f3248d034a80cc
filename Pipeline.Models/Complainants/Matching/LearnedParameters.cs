namespace Pipeline.Models.Complainants.Matching;

/// <summary>How rare the values of a field are: the persons who show each value that at least two show, by the sign of the value.</summary>
internal sealed record FieldRarity(RarityScale Scale, IReadOnlyDictionary<ulong, int> Users);

/// <summary>
/// What was learned of a table, apart from it, so that other records can be judged by the same weights: m, u and the prior, which field follows
/// which, how many persons show a value, and the largest block of each rule. Values stand in it as signs: what a function makes of their hash.
/// </summary>
/// <param name="Records">Records that it was learned from.</param>
/// <param name="M">By field and level, see <see cref="MatchModel.At"/>.</param>
/// <param name="Parent">See <see cref="MatchModel.Parent"/>.</param>
/// <param name="Limits">See <see cref="CandidateRules.Limits"/>.</param>
/// <param name="Sign">The sign of a value by field and hash; one way, so that nobody's name can be guessed from what is kept.</param>
internal sealed record LearnedParameters(
    int Records, double Prior, double[] M, double[] U, int[] Parent, float[] GivenParent, IReadOnlyList<FieldRarity> Rarity, IReadOnlyList<int> Limits,
    Func<int, ulong, ulong> Sign)
{
    internal static LearnedParameters Of(LearnedMatches learned, Func<int, ulong, ulong> sign)
    {
        (MatchTable table, MatchModel model) = (learned.Table, learned.Model);
        double[] m = new double[table.Fields * Agreements.Count];
        double[] u = new double[m.Length];
        FieldRarity[] rarity = new FieldRarity[table.Fields];
        for (int field = 0; field < table.Fields; field++)
        {
            for (int level = 0; level < Agreements.Count; level++)
            {
                m[(field * Agreements.Count) + level] = model.M(field, (Agreement)level);
                u[(field * Agreements.Count) + level] = model.U(field, (Agreement)level);
            }
            (int[] users, RarityScale scale) = model.RaritySource(field);
            Dictionary<ulong, int> shown = [];
            for (int value = 0; value < users.Length; value++)
            {
                if (users[value] > 1)
                {
                    shown[sign(field, MatchHash.OfText(table.Pools[field].Elements.Text(value)))] = users[value];
                }
            }
            rarity[field] = new FieldRarity(scale, shown);
        }
        return new LearnedParameters(
            table.Records, model.Prior, m, u, [.. model.Parent], [.. model.GivenParent], rarity, [.. learned.Limits], sign);
    }

    /// <summary>The model for the values of a table. The same records get the same weights in whatever table they stand.</summary>
    internal MatchModel Bind(MatchTable table)
    {
        MatchModel model = new(table.Fields) { Prior = Prior };
        for (int field = 0; field < table.Fields; field++)
        {
            for (int level = 0; level < Agreements.Count; level++)
            {
                model.SetM(field, (Agreement)level, M[(field * Agreements.Count) + level]);
                model.SetU(field, (Agreement)level, U[(field * Agreements.Count) + level]);
            }
            (model.Parent[field], model.GivenParent[field]) = (Parent[field], GivenParent[field]);
            ValuePool values = table.Pools[field].Elements;
            float[] bits = new float[values.Count];
            for (int value = 0; value < bits.Length; value++)
            {
                bits[value] = Rarity[field].Scale.Bits(
                    Rarity[field].Users.GetValueOrDefault(Sign(field, MatchHash.OfText(values.Text(value)))));
            }
            model.SetRarity(field, bits, [], Rarity[field].Scale);
        }
        model.Refresh(table.Schema);
        return model;
    }
}
