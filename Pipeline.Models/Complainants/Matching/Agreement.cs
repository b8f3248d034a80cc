namespace Pipeline.Models.Complainants.Matching;

/// <summary>How far two values of a field agree: the levels of comparison. Every kind of field uses some of them (see <see cref="FieldKinds"/>).</summary>
public enum Agreement : byte
{
    /// <summary>At least one side shows nothing: no evidence.</summary>
    Missing = 0,

    /// <summary>The same value; its rarity counts.</summary>
    Exact = 1,

    /// <summary>The same after spaces, punctuation, variant characters and nicknames are taken away.</summary>
    Normalised = 2,

    /// <summary>One slip apart: a letter, two exchanged neighbours, a homophone, day and month exchanged, a masked number that fits.</summary>
    Near = 3,

    /// <summary>Alike, but more than one slip apart.</summary>
    Similar = 4,

    /// <summary>Not alike.</summary>
    Different = 5,

    /// <summary>The value stands in the other field of the pair that the schema allows to be exchanged (given name and surname).</summary>
    Swapped = 6,
}

/// <summary>The names of the levels in JSON and in evidence.</summary>
public static class Agreements
{
    /// <summary>Levels that there are, <see cref="Agreement.Missing"/> included.</summary>
    public const int Count = 7;

    private static readonly string[] English = ["missing", "exact", "normalised", "near", "similar", "different", "swapped"];
    private static readonly string[] Chinese = ["缺失", "相同", "规范后相同", "一处之差", "相似", "不同", "互换"];

    public static string Name(Agreement level) => English[(int)level];

    public static string Zh(Agreement level) => Chinese[(int)level];

    /// <summary>The values are the same person's as far as this field tells: <see cref="Agreement.Exact"/> to <see cref="Agreement.Near"/>.</summary>
    internal static bool IsClose(Agreement level) => level is Agreement.Exact or Agreement.Normalised or Agreement.Near;
}

/// <summary>The levels of all fields of a pair, four bits each; at most 16 fields.</summary>
public readonly record struct AgreementVector(ulong Bits)
{
    public const int MostFields = 16;

    public Agreement this[int field] => (Agreement)((Bits >> (field * 4)) & 15);

    public AgreementVector With(int field, Agreement level) =>
        new((Bits & ~(15UL << (field * 4))) | ((ulong)level << (field * 4)));
}
