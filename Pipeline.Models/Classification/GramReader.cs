using System.Runtime.CompilerServices;
using Pipeline.Models.Text;

namespace Pipeline.Models.Classification;

/// <summary>Takes the n-grams of a text one by one.</summary>
internal interface IGramSink
{
    /// <param name="bucket">Where the n-gram is hashed to.</param>
    /// <param name="firstUnit">Index of its first unit.</param>
    /// <param name="lastUnit">Index of its last unit (inclusive); a run of letters belongs to its word.</param>
    void Add(uint bucket, int firstUnit, int lastUnit);
}

/// <summary>
/// Hands every n-gram of a text to a sink as a bucket: n-grams of units (ideographs, words, numbers, signs) and runs of letters
/// inside words. The hash of a longer n-gram continues that of the shorter one, so that nothing is allocated and no character is
/// read twice for one starting point.
/// </summary>
internal static class GramReader
{
    private const ulong UnitSeed = 0xA0761D6478BD642F;
    private const ulong LettersSeed = 0xE7037ED1A0B428DB;

    public static void Read<TSink>(TextUnits text, GramOptions options, ref TSink sink)
        where TSink : struct, IGramSink
    {
        ReadOnlySpan<TextUnit> units = text.Units;
        ReadOnlySpan<char> letters = text.Letters;
        int shift = 64 - (options.BucketBits - 1);
        uint lettersHalf = 1u << (options.BucketBits - 1);
        int longest = Math.Max(options.IdeographOrder, options.WordOrder);
        for (int first = 0; first < units.Length; first++)
        {
            UnitKind kind = units[first].Kind;
            if (kind == UnitKind.Break)
            {
                continue;
            }
            ReadUnits(units, first, options, longest, shift, ref sink);
            if (kind == UnitKind.Word)
            {
                ReadLetters(letters[units[first].LettersStart..units[first].LettersEnd], first, options, shift, lettersHalf, ref sink);
            }
        }
    }

    /// <summary>The bucket of a finished hash: its upper bits after one more multiplication, so that all bits count.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Bucket(ulong hash, int shift) => unchecked((uint)(((hash ^ (hash >> 32)) * 0x9FB21C651E98DF25) >> shift));

    private static void ReadUnits<TSink>(
        ReadOnlySpan<TextUnit> units, int first, GramOptions options, int longest, int shift, ref TSink sink)
        where TSink : struct, IGramSink
    {
        ulong hash = UnitSeed;
        bool hasIdeograph = false;
        int order = 0;
        for (int last = first; last < units.Length && order < longest; last++)
        {
            ref readonly TextUnit unit = ref units[last];
            if (unit.Kind == UnitKind.Break)
            {
                if (!options.AcrossBreaks)
                {
                    return;
                }
                continue;
            }
            order++;
            hasIdeograph |= unit.Kind == UnitKind.Ideograph;
            hash = TextUnits.Hash(hash, unit.Hash);
            if (order <= (hasIdeograph ? options.IdeographOrder : options.WordOrder))
            {
                sink.Add(Bucket(hash, shift), first, last);
            }
        }
    }

    private static void ReadLetters<TSink>(
        ReadOnlySpan<char> word, int unit, GramOptions options, int shift, uint half, ref TSink sink)
        where TSink : struct, IGramSink
    {
        int from = options.LettersFrom;
        int to = options.LettersTo;
        for (int start = 0; start + from <= word.Length; start++)
        {
            ulong hash = LettersSeed;
            int end = Math.Min(word.Length, start + to);
            for (int position = start; position < end; position++)
            {
                hash = TextUnits.Hash(hash, word[position]);
                if (position - start + 1 >= from)
                {
                    sink.Add(Bucket(hash, shift) | half, unit, unit);
                }
            }
        }
    }
}
