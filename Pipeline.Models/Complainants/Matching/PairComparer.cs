namespace Pipeline.Models.Complainants.Matching;

/// <summary>Compares two records of a table field by field. Symmetric; safe for many threads.</summary>
internal sealed class PairComparer(MatchTable table)
{
    private readonly int[] swapWith = [.. table.Schema.Fields.Select(f => f.SwapWith)];

    internal AgreementVector Compare(int a, int b)
    {
        ReadOnlySpan<int> one = table.Values(a);
        ReadOnlySpan<int> other = table.Values(b);
        AgreementVector levels = default;
        for (int field = 0; field < one.Length; field++)
        {
            levels = levels.With(field, Level(field, one[field], other[field]));
        }
        return WithSwaps(levels, one, other);
    }

    /// <summary>The level of two values of one field; -1 stands for nothing shown.</summary>
    internal Agreement Level(int field, int one, int other)
    {
        if (one < 0 || other < 0)
        {
            return Agreement.Missing;
        }
        ValuePool pool = table.Pools[field];
        if (one == other)
        {
            return pool.IsValid(one) ? Agreement.Exact : Agreement.Near;
        }
        return one < other ? FieldComparison.Compare(pool, one, other) : FieldComparison.Compare(pool, other, one);
    }

    /// <summary>
    /// Where two fields that may be exchanged do not agree as they stand but do crosswise, both are <see cref="Agreement.Swapped"/>; where
    /// only one crossing can be seen, the field that shows something on both sides is.
    /// </summary>
    internal AgreementVector WithSwaps(AgreementVector levels, ReadOnlySpan<int> one, ReadOnlySpan<int> other)
    {
        for (int field = 0; field < swapWith.Length; field++)
        {
            int second = swapWith[field];
            if (second < field || Agreements.IsClose(levels[field]) || Agreements.IsClose(levels[second]))
            {
                continue;
            }
            Agreement crossing = Level(field, one[field], other[second]);
            if (crossing is not (Agreement.Missing or Agreement.Exact or Agreement.Normalised or Agreement.Near))
            {
                continue;
            }
            Agreement back = Level(field, one[second], other[field]);
            bool crosses = Agreements.IsClose(crossing) ? Agreements.IsClose(back) || back == Agreement.Missing : Agreements.IsClose(back);
            if (crosses)
            {
                levels = levels.With(field, Agreement.Swapped).With(second, Agreements.IsClose(crossing) && Agreements.IsClose(back) ? Agreement.Swapped : Agreement.Missing);
            }
        }
        return levels;
    }
}
