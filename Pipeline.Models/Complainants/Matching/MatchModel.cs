namespace Pipeline.Models.Complainants.Matching;

/// <summary>
/// The parameters of Fellegi and Sunter's model (1969): for each field and level the probability among matching (m) and among other
/// pairs (u), the rarity of values, and the prior probability of a match. Weights are in bits.
/// </summary>
public sealed class MatchModel
{
    private readonly double[] m;
    private readonly double[] u;
    private readonly float[][] rarity;
    private readonly int[][] users;
    private readonly RarityScale[] scales;

    internal MatchModel(int fields)
    {
        m = new double[fields * Agreements.Count];
        u = new double[fields * Agreements.Count];
        rarity = new float[fields][];
        users = new int[fields][];
        scales = new RarityScale[fields];
        Base = new double[fields * Agreements.Count];
        Parent = new int[fields];
        GivenParent = new float[fields];
        Array.Fill(Parent, -1);
    }

    /// <value>Probability that two records drawn at random are one person.</value>
    public double Prior { get; internal set; }

    /// <value>log2 of the odds of <see cref="Prior"/>.</value>
    public double PriorBits => Math.Log2(Prior / (1 - Prior));

    public double M(int field, Agreement level) => m[At(field, level)];

    public double U(int field, Agreement level) => u[At(field, level)];

    /// <value>The field that a field follows among pairs that are no match (a postcode its suburb), or -1. See <see cref="FieldDependence"/>.</value>
    internal int[] Parent { get; }

    /// <value>-log2 of the probability that a field agrees exactly where its parent does.</value>
    internal float[] GivenParent { get; }

    /// <value>The part of a weight that does not depend on the value, by field and level.</value>
    internal double[] Base { get; }

    internal static int At(int field, Agreement level) => (field * Agreements.Count) + (int)level;

    /// <value>The probability of a level comes from the rarity of the value and not from u.</value>
    internal static bool CountsRarity(Agreement level) => level is Agreement.Exact or Agreement.Swapped;

    internal void SetM(int field, Agreement level, double value) => m[At(field, level)] = value;

    internal void SetU(int field, Agreement level, double value) => u[At(field, level)] = value;

    /// <summary>-log2 of the probability of each value of a field.</summary>
    /// <param name="persons">Persons by value, from which they follow by <paramref name="scale"/>; empty where the bits come from elsewhere.</param>
    internal void SetRarity(int field, float[] bits, int[] persons, RarityScale scale) =>
        (rarity[field], users[field], scales[field]) = (bits, persons, scale);

    /// <summary>What the rarity of a field's values was made from.</summary>
    internal (int[] Users, RarityScale Scale) RaritySource(int field) => (users[field], scales[field]);

    /// <summary>
    /// Brings <see cref="Base"/> up to date. The second of two exchanged fields counts as if it agreed: that both stand exchanged is
    /// one event.
    /// </summary>
    internal void Refresh(MatchSchema schema)
    {
        for (int field = 0; field < schema.Fields.Count; field++)
        {
            for (Agreement level = Agreement.Exact; (int)level < Agreements.Count; level++)
            {
                Agreement taken = level == Agreement.Swapped && schema.Fields[field].SwapWith < field ? Agreement.Exact : level;
                double ofMatches = M(field, taken);
                Base[At(field, level)] = ofMatches <= 0 ? 0 : CountsRarity(level) ? Math.Log2(ofMatches) : Math.Log2(ofMatches / U(field, level));
            }
        }
    }

    /// <summary>Bits that the rarity of the values adds to a field's weight.</summary>
    internal float Rarity(MatchTable table, int field, AgreementVector levels, int a, int b)
    {
        float bits = Rarity(table, field, levels[field], a, b);
        return Parent[field] >= 0 && levels[field] == Agreement.Exact && levels[Parent[field]] == Agreement.Exact
            ? Math.Min(bits, GivenParent[field])
            : bits;
    }

    internal float Rarity(MatchTable table, AgreementVector levels, int a, int b)
    {
        float sum = 0;
        for (int field = 0; field < Parent.Length; field++)
        {
            if (CountsRarity(levels[field]))
            {
                sum += Rarity(table, field, levels, a, b);
            }
        }
        return sum;
    }

    private float Rarity(MatchTable table, int field, Agreement level, int a, int b)
    {
        if (!CountsRarity(level))
        {
            return 0;
        }
        int one = table.Value(a, field);
        int other = table.Value(b, field);
        if (level == Agreement.Swapped)
        {
            // Each value stands in the other field of the other record: how rare it is there, on the average of the two records.
            float[] there = rarity[table.Schema.Fields[field].SwapWith];
            return one < 0 ? there[other] : other < 0 ? there[one] : (there[one] + there[other]) / 2;
        }
        if (table.Pools[field].Kind != FieldKinds.Phones)
        {
            return rarity[field][one];
        }
        float best = 0;
        foreach (int element in table.Pools[field].Set(one))
        {
            if (table.Pools[field].Set(other).AsSpan().Contains(element))
            {
                best = Math.Max(best, rarity[field][element]);
            }
        }
        return best;
    }

    /// <summary>The sum of the weights that do not depend on values.</summary>
    internal double BaseBits(AgreementVector levels, int fields)
    {
        double sum = 0;
        ulong bits = levels.Bits;
        for (int field = 0; field < fields; field++)
        {
            sum += Base[(field * Agreements.Count) + (int)(bits & 15)];
            bits >>= 4;
        }
        return sum;
    }

    /// <summary>log2 of the odds that two records are one person.</summary>
    internal double Bits(MatchTable table, AgreementVector levels, int a, int b) =>
        PriorBits + BaseBits(levels, table.Fields) + Rarity(table, levels, a, b);

    /// <summary>The probability of odds given as log2.</summary>
    public static double Probability(double bits) => 1 / (1 + double.Exp2(-bits));
}
