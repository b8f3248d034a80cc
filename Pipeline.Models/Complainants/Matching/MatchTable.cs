namespace Pipeline.Models.Complainants.Matching;

/// <summary>A value that too many differently named persons use; it is no evidence.</summary>
/// <param name="Persons">Differently named records, names that sound alike counted once.</param>
/// <param name="Rows">The records that show it, in the order of the table.</param>
public sealed record SharedValue(string Field, int Persons, IReadOnlyList<RecordPlace> Rows);

/// <summary>Where a record came from.</summary>
/// <param name="Input">0-based number of the input.</param>
/// <param name="Row">1-based data row of it.</param>
public readonly record struct RecordPlace(int Input, int Row);

/// <summary>
/// The records of all inputs as numbers of distinct values, in an order that depends on their content only, so that nothing that
/// is computed from them depends on the order of the rows.
/// </summary>
public sealed class MatchTable
{
    private readonly int[] values;
    private readonly RecordPlace[] places;
    private readonly int[][] counts;

    internal MatchTable(MatchSchema schema, ValuePool[] pools, int[] values, RecordPlace[] places, int inputs, IReadOnlyList<SharedValue> shared)
    {
        Schema = schema;
        Pools = pools;
        Inputs = inputs;
        Shared = shared;
        this.values = values;
        this.places = places;
        counts = [.. schema.Fields.Select((_, field) => Count(field))];
    }

    public MatchSchema Schema { get; }

    /// <value>Records of all inputs.</value>
    public int Records => places.Length;

    /// <value>Inputs that were read.</value>
    public int Inputs { get; }

    /// <value>Values that were set aside because too many persons use them, most used first.</value>
    public IReadOnlyList<SharedValue> Shared { get; }

    public RecordPlace Place(int record) => places[record];

    /// <summary>The folded values of a record, for tests and measurements on invented persons only: it is personal data.</summary>
    internal string Describe(int record) =>
        string.Join(" | ", Schema.Fields.Select((_, field) => Value(record, field) is >= 0 and int value ? Pools[field].Text(value) : ""));

    internal ValuePool[] Pools { get; }

    internal int Fields => Schema.Fields.Count;

    /// <value>No two records of one input may be one person.</value>
    internal bool OnePerInput => Inputs > 1 && Schema.InputsFreeOfDuplicates;

    /// <summary>The number of the value that a record shows in a field, or -1.</summary>
    internal int Value(int record, int field) => values[(record * Schema.Fields.Count) + field];

    /// <summary>The values of a record, by field.</summary>
    internal ReadOnlySpan<int> Values(int record) => values.AsSpan(record * Schema.Fields.Count, Schema.Fields.Count);

    /// <summary>Records by value of a field; of telephones by number.</summary>
    internal int[] Counts(int field) => counts[field];

    /// <summary>The values whose rarity counts: the value itself, or each number of a set.</summary>
    internal ReadOnlySpan<int> Elements(int field, ref readonly int value) =>
        Pools[field].Kind == FieldKinds.Phones ? Pools[field].Set(value) : new ReadOnlySpan<int>(in value);

    private int[] Count(int field)
    {
        int[] count = new int[Pools[field].Elements.Count];
        for (int record = 0; record < places.Length; record++)
        {
            int value = Value(record, field);
            if (value < 0)
            {
                continue;
            }
            foreach (int element in Elements(field, in value))
            {
                count[element]++;
            }
        }
        return count;
    }
}
