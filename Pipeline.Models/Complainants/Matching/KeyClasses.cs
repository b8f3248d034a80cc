namespace Pipeline.Models.Complainants.Matching;

/// <summary>The classes into which the forms of blocking keys put values, and the hashed keys of records.</summary>
internal sealed class KeyClasses(MatchTable table)
{
    private readonly Dictionary<(ValuePool Pool, string Form), int[]> classes = [];

    /// <summary>Makes the classes that the rules need.</summary>
    internal void Prepare(IReadOnlyList<BlockingRule> rules, int threads)
    {
        (ValuePool Pool, string Form)[] needed = [.. rules.SelectMany(r => r.Parts).Select(p => (table.Pools[p.Fields[0]], p.Form)).Distinct()];
        int[][] made = new int[needed.Length][];
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
            int[] classOf = classes[(table.Pools[part.Fields[0]], part.Form)];
            int value = table.Value(record, part.Fields[0]);
            if (value < 0)
            {
                return 0;
            }
            if (part.Fields.Count == 2)
            {
                int second = table.Value(record, part.Fields[1]);
                if (second < 0 || classOf[value] < 0 || classOf[second] < 0)
                {
                    return 0;
                }
                ulong set = unchecked(MatchHash.Mix((ulong)classOf[value]) + MatchHash.Mix((ulong)classOf[second]));
                Extend(keys[..count], i, set);
                continue;
            }
            ReadOnlySpan<int> elements = table.Elements(part.Fields[0], in value);
            if (elements.Length == 1 || count > 1)
            {
                if (classOf[elements[0]] < 0)
                {
                    return 0;
                }
                Extend(keys[..count], i, (ulong)classOf[elements[0]]);
                continue;
            }
            ulong before = keys[0];
            count = Math.Min(elements.Length, keys.Length);
            keys[..count].Fill(before);
            for (int k = 0; k < count; k++)
            {
                Extend(keys.Slice(k, 1), i, (ulong)classOf[elements[k]]);
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

    private static int[] Classes(ValuePool pool, string form)
    {
        int[] result = new int[pool.Count];
        bool hasSound = pool.Kind is FieldKinds.Name or FieldKinds.Text or FieldKinds.Address;
        Dictionary<string, int> known = new(StringComparer.Ordinal);
        for (int value = 0; value < result.Length; value++)
        {
            result[value] = form switch
            {
                KeyForms.Sound when hasSound => pool.SoundClass(value),
                KeyForms.Start => Known(pool.CompactText(value)[..Math.Min(4, pool.CompactText(value).Length)].ToString()),
                KeyForms.Letters => Known(ValueFolding.Letters(pool.CompactText(value).ToString())),
                _ => pool.CompactClass(value),
            };
        }
        return result;

        int Known(string text)
        {
            if (!known.TryGetValue(text, out int at))
            {
                at = known.Count;
                known.Add(text, at);
            }
            return at;
        }
    }
}
