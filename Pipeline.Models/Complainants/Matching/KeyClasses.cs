namespace Pipeline.Models.Complainants.Matching;

/// <summary>
/// The classes into which the forms of blocking keys put values, and the hashed keys of records. Both follow from content alone, so that the
/// key of a record is the same in every table.
/// </summary>
internal sealed class KeyClasses(MatchTable table)
{
    /// <summary>The value has no such form; no hash is 0.</summary>
    private const ulong None = 0;

    private readonly Dictionary<(ValuePool Pool, string Form), ulong[]> classes = [];

    /// <summary>Makes the classes that the rules need.</summary>
    internal void Prepare(IReadOnlyList<BlockingRule> rules, int threads)
    {
        (ValuePool Pool, string Form)[] needed = [.. rules.SelectMany(r => r.Parts).Select(p => (table.Pools[p.Fields[0]], p.Form)).Distinct()];
        ulong[][] made = new ulong[needed.Length][];
        Parallel.For(0, needed.Length, new ParallelOptions { MaxDegreeOfParallelism = threads }, i => made[i] = Classes(needed[i].Pool.Elements, needed[i].Form));
        for (int i = 0; i < needed.Length; i++)
        {
            classes[needed[i]] = made[i];
        }
    }

    /// <summary>Fills in the keys of a record under a rule; several where a part is a set of telephones, the first ones if there are more than fit.</summary>
    /// <returns>How many there are; 0 where a part shows nothing.</returns>
    internal int Keys(BlockingRule rule, int record, Span<ulong> keys)
    {
        keys[0] = 1;
        int count = 1;
        for (int i = 0; i < rule.Parts.Count; i++)
        {
            KeyPart part = rule.Parts[i];
            ulong[] classOf = classes[(table.Pools[part.Fields[0]], part.Form)];
            int value = table.Value(record, part.Fields[0]);
            if (value < 0)
            {
                return 0;
            }
            if (part.Fields.Count == 2)
            {
                int second = table.Value(record, part.Fields[1]);
                if (second < 0 || classOf[value] == None || classOf[second] == None)
                {
                    return 0;
                }
                ulong set = unchecked(MatchHash.Mix(classOf[value]) + MatchHash.Mix(classOf[second]));
                Extend(keys[..count], i, set);
                continue;
            }
            ReadOnlySpan<int> elements = table.Elements(part.Fields[0], in value);
            if (elements.Length == 1 || count > 1)
            {
                if (classOf[elements[0]] == None)
                {
                    return 0;
                }
                Extend(keys[..count], i, classOf[elements[0]]);
                continue;
            }
            ulong before = keys[0];
            count = Math.Min(elements.Length, keys.Length);
            keys[..count].Fill(before);
            // Which come first must not depend on the order in which the table met them.
            ulong[] of = [.. elements.ToArray().Select(e => classOf[e]).Order()];
            for (int k = 0; k < count; k++)
            {
                Extend(keys.Slice(k, 1), i, of[k]);
            }
        }
        return count;
    }

    private static void Extend(Span<ulong> keys, int part, ulong value)
    {
        for (int k = 0; k < keys.Length; k++)
        {
            keys[k] = MatchHash.Combine(keys[k], unchecked(value + ((ulong)(part + 1) << 48)));
        }
    }

    private static ulong[] Classes(ValuePool pool, string form)
    {
        ulong[] result = new ulong[pool.Count];
        bool hasSound = pool.Kind is FieldKinds.Name or FieldKinds.Text or FieldKinds.Address;
        for (int value = 0; value < result.Length; value++)
        {
            result[value] = form switch
            {
                KeyForms.Sound when hasSound => pool.SoundHash(value),
                KeyForms.Start => MatchHash.OfText(pool.CompactText(value)[..Math.Min(4, pool.CompactText(value).Length)]),
                KeyForms.Letters => MatchHash.OfText(ValueFolding.Letters(pool.CompactText(value).ToString())),
                _ => MatchHash.OfText(pool.CompactText(value)),
            };
        }
        return result;
    }
}
