namespace Pipeline.Models.Complainants.Matching;

/// <summary>What a blocking rule cost.</summary>
/// <param name="Rule">Its name.</param>
/// <param name="Pairs">Pairs that agree in it.</param>
/// <param name="NewPairs">Those that no earlier rule had found: they were compared.</param>
/// <param name="PassedOver">Keys that too many records share; their pairs are left to the other rules.</param>
/// <param name="LargestPassedOver">Records of the largest such key; 0 where there is none.</param>
public sealed record RuleCost(string Rule, long Pairs, long NewPairs, int PassedOver, int LargestPassedOver);

/// <summary>
/// The candidate pairs of all rules: for each rule the records sorted by a hash of their key. A record has one key a rule, or one for
/// each telephone. A pair belongs to the first rule and key that it agrees in, so that no pair comes twice and none is remembered.
/// </summary>
internal sealed class CandidateRules
{
    /// <summary>Rules that a schema may have: a pair remembers those it agrees in as bits.</summary>
    internal const int Most = 24;

    /// <summary>Keys that a record may have under one rule.</summary>
    internal const int MostKeys = 4;

    private const long ChunkPairs = 1 << 16;

    /// <summary>Pairs that one rule may cost: so many for each record, and always this many.</summary>
    private const long PairsPerRecord = 4;
    private const long AlwaysPairs = 1_000_000;

    private readonly MatchTable table;
    private readonly int slots;
    private readonly int[] slotStart;
    private readonly int[] blockOf;
    private readonly int[][] members;
    private readonly (int Start, int End)[][] blocks;
    private readonly int[] passedOver;
    private readonly int[] largest;
    private readonly int[] limits;
    private readonly Func<int, ulong, bool>? isPassedOver;

    /// <param name="limits">The largest block of each rule that is compared; null: as the records themselves allow.</param>
    /// <param name="isPassedOver">
    /// Says by rule and key whether too many records share it, where these records are only some of those that there are; null: counted here.
    /// </param>
    internal CandidateRules(MatchTable table, int threads, IReadOnlyList<int>? limits = null, Func<int, ulong, bool>? isPassedOver = null)
    {
        this.table = table;
        this.isPassedOver = isPassedOver;
        MatchSchema schema = table.Schema;
        int rules = schema.Rules.Count;
        slotStart = new int[rules + 1];
        for (int rule = 0; rule < rules; rule++)
        {
            bool several = schema.Rules[rule].Parts.Any(p => schema.Fields[p.Fields[0]].Kind == FieldKinds.Phones);
            slotStart[rule + 1] = slotStart[rule] + (several ? MostKeys : 1);
        }
        slots = slotStart[rules];
        blockOf = new int[checked(table.Records * slots)];
        Array.Fill(blockOf, -1);
        members = new int[rules][];
        blocks = new (int, int)[rules][];
        passedOver = new int[rules];
        largest = new int[rules];
        this.limits = limits is null ? new int[rules] : [.. limits];
        KeyClasses classes = new(table);
        classes.Prepare(schema.Rules, threads);
        Parallel.For(0, rules, new ParallelOptions { MaxDegreeOfParallelism = threads }, rule => Sort(rule, classes));
    }

    /// <value>The largest block of each rule that is compared.</value>
    internal IReadOnlyList<int> Limits => limits;

    /// <value>Pairs that agree in a rule, counted once for each rule.</value>
    internal long Pairs => blocks.Sum(rule => rule.Sum(b => (long)(b.End - b.Start) * (b.End - b.Start - 1) / 2));

    /// <summary>The pairs of all rules, cut into pieces of work of about equal size, in a fixed order.</summary>
    internal List<Chunk> Chunks()
    {
        List<Chunk> chunks = [];
        for (int rule = 0; rule < blocks.Length; rule++)
        {
            long pairs = 0;
            int from = 0;
            for (int block = 0; block < blocks[rule].Length; block++)
            {
                (int start, int end) = blocks[rule][block];
                pairs += (long)(end - start) * (end - start - 1) / 2;
                if (pairs >= ChunkPairs)
                {
                    chunks.Add(new Chunk(rule, from, block + 1));
                    (pairs, from) = (0, block + 1);
                }
            }
            if (from < blocks[rule].Length)
            {
                chunks.Add(new Chunk(rule, from, blocks[rule].Length));
            }
        }
        return chunks;
    }

    /// <summary>Calls <paramref name="take"/> with each pair of the chunk (the smaller record first) that belongs to its rule.</summary>
    /// <returns>Pairs that agree in the rule, and pairs that belong to it.</returns>
    /// <param name="focus">Only pairs with a record that is marked; null: all.</param>
    internal (long Pairs, long Own) Visit(Chunk chunk, Action<int, int> take, bool[]? focus = null)
    {
        (long pairs, long own) = (0, 0);
        bool several = slotStart[chunk.Rule + 1] - slotStart[chunk.Rule] > 1;
        int[] order = members[chunk.Rule];
        for (int block = chunk.From; block < chunk.To; block++)
        {
            (int start, int end) = blocks[chunk.Rule][block];
            for (int i = start; i < end; i++)
            {
                for (int j = i + 1; j < end; j++)
                {
                    (int a, int b) = (order[i], order[j]);
                    if (focus is not null && !focus[a] && !focus[b])
                    {
                        continue;
                    }
                    if (table.OnePerInput && table.Place(a).Input == table.Place(b).Input)
                    {
                        continue;
                    }
                    if (several && FirstCommon(chunk.Rule, a, b) != block)
                    {
                        continue;
                    }
                    pairs++;
                    if (!FoundBefore(chunk.Rule, a, b))
                    {
                        own++;
                        take(a, b);
                    }
                }
            }
        }
        return (pairs, own);
    }

    /// <summary>The rules in which two records agree, one bit each.</summary>
    internal uint RulesOf(int a, int b)
    {
        uint found = 0;
        for (int rule = 0; rule < blocks.Length; rule++)
        {
            if (FirstCommon(rule, a, b) >= 0)
            {
                found |= 1u << rule;
            }
        }
        return found;
    }

    internal RuleCost Cost(int rule, long pairs, long own) => new(table.Schema.Rules[rule].Name, pairs, own, passedOver[rule], largest[rule]);

    private bool FoundBefore(int rule, int a, int b)
    {
        int end = slotStart[rule];
        if (end == rule)
        {
            // Each earlier rule has one slot: the plain case, and the hot loop.
            ReadOnlySpan<int> one = blockOf.AsSpan(a * slots, end);
            ReadOnlySpan<int> other = blockOf.AsSpan(b * slots, end);
            for (int slot = 0; slot < one.Length; slot++)
            {
                if (one[slot] == other[slot] && one[slot] >= 0)
                {
                    return true;
                }
            }
            return false;
        }
        for (int earlier = 0; earlier < rule; earlier++)
        {
            if (FirstCommon(earlier, a, b) >= 0)
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>The smallest block of a rule in which both records are, or -1.</summary>
    private int FirstCommon(int rule, int a, int b)
    {
        int count = slotStart[rule + 1] - slotStart[rule];
        ReadOnlySpan<int> one = blockOf.AsSpan((a * slots) + slotStart[rule], count);
        ReadOnlySpan<int> other = blockOf.AsSpan((b * slots) + slotStart[rule], count);
        int first = -1;
        foreach (int block in one)
        {
            if (block >= 0 && other.Contains(block) && (first < 0 || block < first))
            {
                first = block;
            }
        }
        return first;
    }

    private void Sort(int rule, KeyClasses classes)
    {
        int width = slotStart[rule + 1] - slotStart[rule];
        Span<ulong> keys = stackalloc ulong[MostKeys];
        List<ulong> allKeys = new(table.Records);
        List<int> owners = new(table.Records);
        for (int record = 0; record < table.Records; record++)
        {
            int count = classes.Keys(table.Schema.Rules[rule], record, keys[..width]);
            for (int i = 0; i < count; i++)
            {
                allKeys.Add(keys[i]);
                owners.Add(record);
            }
        }
        ulong[] sorted = [.. allKeys];
        int[] order = [.. owners];
        Array.Sort(sorted, order);
        limits[rule] = limits[rule] > 0 ? limits[rule] : Limit(sorted);
        int limit = isPassedOver is null ? limits[rule] : int.MaxValue;
        List<(int, int)> found = [];
        for (int start = 0; start < sorted.Length;)
        {
            int end = start + 1;
            while (end < sorted.Length && sorted[end] == sorted[start])
            {
                end++;
            }
            if (end - start > limit || isPassedOver?.Invoke(rule, sorted[start]) == true)
            {
                passedOver[rule]++;
                largest[rule] = Math.Max(largest[rule], end - start);
            }
            else if (end - start > 1)
            {
                Array.Sort(order, start, end - start);
                for (int i = start; i < end; i++)
                {
                    int slot = (order[i] * slots) + slotStart[rule];
                    while (blockOf[slot] >= 0)
                    {
                        slot++;
                    }
                    blockOf[slot] = found.Count;
                }
                found.Add((start, end));
            }
            start = end;
        }
        members[rule] = order;
        blocks[rule] = [.. found];
    }

    /// <summary>The largest block that is compared: the schema's, or as many records as keep the rule within what it may cost.</summary>
    private int Limit(ulong[] sorted)
    {
        long[] ofSize = new long[table.Schema.LargestBlock + 1];
        for (int start = 0; start < sorted.Length;)
        {
            int end = start + 1;
            while (end < sorted.Length && sorted[end] == sorted[start])
            {
                end++;
            }
            if (end - start < ofSize.Length)
            {
                ofSize[end - start]++;
            }
            start = end;
        }
        long left = Math.Max(AlwaysPairs, PairsPerRecord * table.Records);
        for (int size = 2; size < ofSize.Length; size++)
        {
            left -= ofSize[size] * size * (size - 1) / 2;
            if (left < 0)
            {
                return size - 1;
            }
        }
        return table.Schema.LargestBlock;
    }

    /// <summary>The blocks <c>[From, To)</c> of a rule.</summary>
    internal readonly record struct Chunk(int Rule, int From, int To);
}
