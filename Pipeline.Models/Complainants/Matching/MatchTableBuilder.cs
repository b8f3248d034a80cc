namespace Pipeline.Models.Complainants.Matching;

/// <summary>Takes records one by one; each value is folded and numbered at once, so that no text of a row is kept twice.</summary>
public sealed class MatchTableBuilder
{
    private readonly MatchSchema schema;
    private readonly ValuePool[] pools;
    private readonly int[][] columns;
    private readonly List<int> values = [];
    private readonly List<RecordPlace> places = [];
    private readonly string[][] cells;
    private readonly int[] rows;

    /// <param name="inputs">Inputs that records come from, 1 or more.</param>
    public MatchTableBuilder(MatchSchema schema, NameLexicon lexicon, int inputs)
    {
        this.schema = schema;
        rows = new int[inputs];
        pools = new ValuePool[schema.Fields.Count];
        for (int field = 0; field < pools.Length; field++)
        {
            int swap = schema.Fields[field].SwapWith;
            pools[field] = swap >= 0 && swap < field ? pools[swap] : ValuePool.Of(schema.Fields[field].Kind, lexicon);
        }
        Dictionary<string, int> place = schema.Columns.Select((c, i) => (c, i)).ToDictionary(c => c.c, c => c.i, StringComparer.Ordinal);
        columns = [.. schema.Fields.Select(f => f.Columns.Select(c => place[c]).ToArray())];
        cells = [.. schema.Fields.Select(f => new string[f.Columns.Count])];
    }

    public int Records => places.Count;

    /// <summary>Adds the next data row of an input.</summary>
    /// <param name="row">One cell for each of <see cref="MatchSchema.Columns"/>, in that order.</param>
    public void Add(int input, ReadOnlySpan<string> row)
    {
        for (int field = 0; field < pools.Length; field++)
        {
            for (int i = 0; i < columns[field].Length; i++)
            {
                cells[field][i] = row[columns[field][i]];
            }
            values.Add(pools[field].Intern(cells[field]));
        }
        places.Add(new RecordPlace(input, ++rows[input]));
    }

    /// <summary>The table of everything that was added.</summary>
    /// <param name="isShared">Says by field and hash of a value whether too many persons use it, where that is known already; null: found among the records.</param>
    public MatchTable Build(Func<int, ulong, bool>? isShared = null)
    {
        int fields = pools.Length;
        int[] flat = [.. values];
        List<SharedValue> shared = SharedValues.SetAside(schema, pools, flat, places, isShared);
        ulong[][] textHashes = [.. pools.Select(TextHashes)];
        ulong[] content = new ulong[places.Count];
        for (int record = 0; record < content.Length; record++)
        {
            ulong hash = 0;
            for (int field = 0; field < fields; field++)
            {
                int value = flat[(record * fields) + field];
                hash = MatchHash.Combine(hash, value < 0 ? 0 : textHashes[field][value]);
            }
            content[record] = hash;
        }
        int[] order = new int[places.Count];
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }
        Array.Sort(content, order);
        KeepTiesInOrder(content, order);
        int[] sorted = new int[flat.Length];
        for (int i = 0; i < order.Length; i++)
        {
            flat.AsSpan(order[i] * fields, fields).CopyTo(sorted.AsSpan(i * fields));
        }
        return new MatchTable(schema, pools, sorted, [.. order.Select(i => places[i])], rows.Length, shared);
    }

    /// <summary>Records of equal content stand as they came; the sort alone would not promise it.</summary>
    private static void KeepTiesInOrder(ulong[] content, int[] order)
    {
        for (int start = 0; start < order.Length;)
        {
            int end = start + 1;
            while (end < order.Length && content[end] == content[start])
            {
                end++;
            }
            Array.Sort(order, start, end - start);
            start = end;
        }
    }

    private static ulong[] TextHashes(ValuePool pool)
    {
        ulong[] hashes = new ulong[pool.Count];
        for (int value = 0; value < hashes.Length; value++)
        {
            hashes[value] = MatchHash.OfText(pool.Text(value));
        }
        return hashes;
    }
}
