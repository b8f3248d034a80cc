using System.Text.Json;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;

namespace Pipeline.Models.Classification;

/// <summary>A notion of the trade and the phrases that stand for it.</summary>
/// <param name="Key">For example <c>prepay</c>.</param>
/// <param name="Phrases">Of any language; a phrase may stand for several notions. A phrase with a number in it is left out: numbers are known by their magnitude only.</param>
public sealed record Concept(string Key, IReadOnlyList<string> Phrases);

/// <summary>
/// Hand-made knowledge of the trade for the classifier: different words for one thing become one feature, so that what was learned from
/// the words of one writer holds for those of another.
/// </summary>
/// <param name="Source">Where the list comes from.</param>
public sealed record ConceptLexicon(string Version, string Source, IReadOnlyList<Concept> Concepts)
{
    /// <exception cref="JsonException">The text is not a lexicon.</exception>
    public static ConceptLexicon Parse(string json) =>
        JsonSerializer.Deserialize<ConceptLexicon>(json, RuleJson.Whole) ?? throw new JsonException("the concept lexicon is empty");
}

/// <summary>Finds the phrases of a lexicon in a text's units. Phrases are kept as hashes of their folded units, as n-grams are.</summary>
internal sealed class ConceptTable
{
    private const ulong Seed = 0x8CB92BA72F3D8DD7;
    private const int LongestPhrase = 16;

    private readonly Dictionary<ulong, int> numbers;
    private readonly ulong[] firstUnits = new ulong[1024];
    private readonly int longest;

    /// <param name="phrases">Hash of each phrase, ascending.</param>
    /// <param name="lengths">Its units, 1 to 16.</param>
    /// <param name="firsts">Hash of its first unit.</param>
    /// <param name="concepts">Numbers of the notions that it stands for, each below <paramref name="conceptCount"/>.</param>
    public ConceptTable(ulong[] phrases, byte[] lengths, ulong[] firsts, int[][] concepts, int conceptCount)
    {
        if (phrases.Length != lengths.Length || phrases.Length != firsts.Length || phrases.Length != concepts.Length
            || concepts.Any(own => own.Any(c => c < 0 || c >= conceptCount)))
        {
            throw new ArgumentException("the parts of the concept table do not fit each other");
        }
        (Phrases, Lengths, Firsts, Concepts, ConceptCount) = (phrases, lengths, firsts, concepts, conceptCount);
        numbers = phrases.Select((p, i) => (p, i)).ToDictionary(p => p.p, p => p.i);
        longest = lengths.Length == 0 ? 0 : lengths.Max();
        foreach (ulong first in firsts)
        {
            firstUnits[(first >> 54) & 1023] |= 1UL << (int)(first >> 48 & 63);
        }
    }

    public ulong[] Phrases { get; }

    public byte[] Lengths { get; }

    public ulong[] Firsts { get; }

    public int[][] Concepts { get; }

    public int ConceptCount { get; }

    /// <value>Buckets that follow those of the n-grams: one for each phrase, then one for each notion.</value>
    public int Buckets => Phrases.Length + ConceptCount;

    public static ConceptTable Of(ConceptLexicon lexicon)
    {
        TextUnits units = new();
        SortedDictionary<ulong, (byte Length, ulong First, SortedSet<int> Concepts)> found = [];
        for (int concept = 0; concept < lexicon.Concepts.Count; concept++)
        {
            foreach (string phrase in lexicon.Concepts[concept].Phrases)
            {
                units.Read(phrase);
                if (units.Count is 0 or > LongestPhrase || Any(units, UnitKind.Number) || Any(units, UnitKind.Break))
                {
                    continue;
                }
                ulong hash = Seed;
                foreach (ref readonly TextUnit unit in units.Units)
                {
                    hash = TextUnits.Hash(hash, unit.Hash);
                }
                if (!found.TryGetValue(hash, out (byte Length, ulong First, SortedSet<int> Concepts) entry))
                {
                    found[hash] = entry = ((byte)units.Count, units.Units[0].Hash, []);
                }
                entry.Concepts.Add(concept);
            }
        }
        return new ConceptTable(
            [.. found.Keys], [.. found.Values.Select(e => e.Length)], [.. found.Values.Select(e => e.First)],
            [.. found.Values.Select(e => (int[])[.. e.Concepts])], lexicon.Concepts.Count);
    }

    /// <summary>Hands every phrase of the text, and each notion that it stands for, to the sink.</summary>
    /// <param name="firstBucket">Bucket of the first phrase.</param>
    public void Read<TSink>(TextUnits text, uint firstBucket, ref TSink sink)
        where TSink : struct, IGramSink
    {
        ReadOnlySpan<TextUnit> units = text.Units;
        for (int first = 0; first < units.Length; first++)
        {
            ulong own = units[first].Hash;
            if (units[first].Kind == UnitKind.Break || (firstUnits[(own >> 54) & 1023] & (1UL << (int)(own >> 48 & 63))) == 0)
            {
                continue;
            }
            ulong hash = Seed;
            int end = Math.Min(units.Length, first + longest);
            for (int last = first; last < end && units[last].Kind != UnitKind.Break; last++)
            {
                hash = TextUnits.Hash(hash, units[last].Hash);
                if (numbers.TryGetValue(hash, out int phrase))
                {
                    sink.Add(firstBucket + (uint)phrase, first, last);
                    foreach (int concept in Concepts[phrase])
                    {
                        sink.Add(firstBucket + (uint)(Phrases.Length + concept), first, last);
                    }
                }
            }
        }
    }

    private static bool Any(TextUnits units, UnitKind kind)
    {
        foreach (ref readonly TextUnit unit in units.Units)
        {
            if (unit.Kind == kind)
            {
                return true;
            }
        }
        return false;
    }
}
