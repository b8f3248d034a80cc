using System.Runtime.InteropServices;
using System.Text;
using Pipeline.Models.Text;

namespace Pipeline.Models.RootCauses;

/// <summary>
/// Learns which sequences of ideographs and words are phrases, from texts alone: parts that belong together (pointwise mutual information
/// at the weakest joint; Church and Hanks, Computational Linguistics 16, 1990) and edges at which anything may follow (branching entropy;
/// Jin and Tanaka-Ishii, COLING/ACL 2006), and whose edge characters are held by the phrase more strongly than by what stands outside of
/// it (款成功 is a cut 付款成功). A clause that is copied counts once, so that a form letter or a campaign teaches nothing: its
/// words have one context only. The edge of a clause is an edge like any other, each time a new one.
/// </summary>
public static class PhraseLearner
{
    /// <param name="texts">In an order that does not depend on how they arrived: the first writing of a phrase is shown.</param>
    public static PhraseTable Learn(IReadOnlyList<string> texts, PhraseRules rules)
    {
        Clauses clauses = Clauses.Of(texts, rules.MostTexts);
        Grams grams = new(clauses, rules);
        HashSet<string> never = [.. rules.Never.Select(Folded)];
        HashSet<string> neverFirst = [.. rules.NeverFirst.Select(Folded)];
        HashSet<string> neverLast = [.. rules.NeverLast.Select(Folded)];
        List<(string, int[], bool)> phrases = [];
        foreach (Gram gram in grams.Associated())
        {
            string text = clauses.Text(texts, gram.First, gram.Length);
            if (IsReadable(clauses, gram) && !never.Contains(text)
                && !neverFirst.Contains(clauses.Text(texts, gram.First, 1)) && !neverLast.Contains(clauses.Text(texts, gram.First + gram.Length - 1, 1)))
            {
                phrases.Add((text, clauses.UnitNumbers(gram.First, gram.Length), clauses.HoldsName(gram.First, gram.Length)));
            }
        }
        return PhraseTable.Of(phrases, clauses.Numbers);
    }

    /// <summary>A sequence is a piece of a word where so large a share of its writings is cut.</summary>
    private const double MostCut = 0.5;

    private static string Folded(string text) => text.ToLowerInvariant();

    /// <summary>Two ideographs at least, or a word of three letters; a single ideograph is noise.</summary>
    private static bool IsReadable(Clauses clauses, Gram gram) => gram.Length > 1 || clauses.IsLongWord(gram.First);

    /// <summary>A sequence that stands in enough clauses.</summary>
    /// <param name="First">Position of its first writing.</param>
    internal readonly record struct Gram(int First, int Length, int Count);

    /// <summary>The different clauses of the texts as numbers of units, one after the other.</summary>
    internal sealed class Clauses
    {
        private readonly List<int> unitAt = [];
        private readonly List<(int Text, int Start, int End)> placeAt = [];
        private readonly List<bool> isLongWord = [];

        /// <summary>Of each unit how often it stands within a clause, and how often with a capital letter before small ones.</summary>
        private readonly List<(int Written, int Capital)> within = [];

        public Dictionary<ulong, int> Numbers { get; } = [];

        /// <value>Number of the unit at each position; -1 between clauses and at both ends.</value>
        public ReadOnlySpan<int> UnitAt => CollectionsMarshal.AsSpan(unitAt);

        public int Units { get; private set; }

        public static Clauses Of(IReadOnlyList<string> texts, int mostTexts)
        {
            Clauses clauses = new();
            HashSet<ulong> known = [];
            TextRuns runs = new();
            List<(int Start, int End)> bounds = [];
            int step = Math.Max(1, (texts.Count + mostTexts - 1) / mostTexts);
            clauses.Separate();
            for (int t = 0; t < texts.Count; t += step)
            {
                runs.Read(texts[t], bounds);
                foreach ((int start, int end) in bounds)
                {
                    ulong hash = (ulong)(end - start);
                    for (int i = start; i < end; i++)
                    {
                        hash = TextUnits.Hash(hash, runs.Units[i].Hash);
                    }
                    if (known.Add(hash))
                    {
                        clauses.Add(t, texts[t], runs.Units[start..end]);
                    }
                }
            }
            return clauses;
        }

        public int[] UnitNumbers(int first, int length) => UnitAt.Slice(first, length).ToArray();

        public bool IsLongWord(int position) => isLongWord[unitAt[position]];

        /// <summary>Whether one of the words is mostly written as names are: with a capital letter within a clause. Acronyms are no names.</summary>
        public bool HoldsName(int first, int length)
        {
            foreach (int unit in UnitAt.Slice(first, length))
            {
                if (within[unit].Capital * 2 > within[unit].Written)
                {
                    return true;
                }
            }
            return false;
        }

        public string Text(IReadOnlyList<string> texts, int first, int length)
        {
            (int text, int start, _) = placeAt[first];
            ReadOnlySpan<char> written = texts[text].AsSpan(start, placeAt[first + length - 1].End - start);
            StringBuilder folded = new(written.Length);
            foreach (char c in written)
            {
                folded.Append(CharacterClasses.Folded(c));
            }
            return folded.ToString();
        }

        private void Add(int text, string written, ReadOnlySpan<TextUnit> units)
        {
            for (int i = 0; i < units.Length; i++)
            {
                ref readonly TextUnit unit = ref units[i];
                if (!Numbers.TryGetValue(unit.Hash, out int number))
                {
                    Numbers.Add(unit.Hash, number = Numbers.Count);
                    isLongWord.Add(unit.Kind == UnitKind.Word && unit.End - unit.Start >= 3);
                    within.Add((0, 0));
                }
                if (i > 0 && unit.Kind == UnitKind.Word)
                {
                    within[number] = (within[number].Written + 1, within[number].Capital + (IsCapital(written.AsSpan(unit.Start, unit.End - unit.Start)) ? 1 : 0));
                }
                unitAt.Add(number);
                placeAt.Add((text, unit.Start, unit.End));
            }
            Units += units.Length;
            Separate();
        }

        private static bool IsCapital(ReadOnlySpan<char> word) => word.Length > 1 && char.IsUpper(word[0]) && char.IsLower(word[1]);

        private void Separate()
        {
            unitAt.Add(-1);
            placeAt.Add((-1, 0, 0));
        }
    }

    /// <summary>
    /// The sequences that stand in enough clauses, length by length: a sequence can be frequent only where both sequences that are one
    /// shorter are (Agrawal and Srikant, VLDB 1994), so that few candidates are ever counted.
    /// </summary>
    internal sealed class Grams
    {
        private readonly Clauses clauses;
        private readonly PhraseRules rules;

        /// <summary>For each length from 1 the number of the frequent sequence that begins at each position, or -1.</summary>
        private readonly List<int[]> numberAt = [];
        private readonly List<List<Gram>> byLength = [];

        /// <summary>Association of each pair, made when first asked for.</summary>
        private double[]? pairs;

        public Grams(Clauses clauses, PhraseRules rules)
        {
            this.clauses = clauses;
            this.rules = rules;
            for (int length = 1; length <= rules.MostUnits; length++)
            {
                (int[] numbers, List<Gram> found) = Count(length);
                numberAt.Add(numbers);
                byLength.Add(found);
                if (found.Count == 0)
                {
                    break;
                }
            }
        }

        /// <summary>Those that hold together and have free edges, in the order of their lengths and first writings.</summary>
        public IEnumerable<Gram> Associated()
        {
            for (int length = 1; length <= byLength.Count; length++)
            {
                List<Gram> grams = byLength[length - 1];
                bool[] holds = [.. grams.Select(g => length == 1 ? clauses.IsLongWord(g.First) : Association(g) >= rules.MinAssociation)];
                double[] left = Branching(length, holds, -1);
                double[] right = Branching(length, holds, length);
                int[] cutLeft = Cuts(length, holds, isLeft: true);
                int[] cutRight = Cuts(length, holds, isLeft: false);
                for (int i = 0; i < grams.Count; i++)
                {
                    if (holds[i] && Math.Min(left[i], right[i]) >= rules.MinBranching && Math.Max(cutLeft[i], cutRight[i]) < MostCut * grams[i].Count)
                    {
                        yield return grams[i];
                    }
                }
            }
        }

        /// <summary>Pointwise mutual information of the two parts at the joint where it is least, in bits.</summary>
        public double Association(Gram gram)
        {
            double least = double.MaxValue;
            double total = clauses.Units;
            for (int cut = 1; cut < gram.Length; cut++)
            {
                double head = byLength[cut - 1][numberAt[cut - 1][gram.First]].Count;
                double tail = byLength[gram.Length - cut - 1][numberAt[gram.Length - cut - 1][gram.First + cut]].Count;
                least = Math.Min(least, Math.Log2(gram.Count * total / (head * tail)));
            }
            return least;
        }

        private (int[] Numbers, List<Gram> Found) Count(int length)
        {
            ReadOnlySpan<int> unitAt = clauses.UnitAt;
            Dictionary<long, (int Count, int First)> counts = [];
            int[]? shorter = length == 1 ? null : numberAt[length - 2];
            for (int at = 0; at + length <= unitAt.Length; at++)
            {
                if (Key(unitAt, shorter, at, length) is { } key)
                {
                    ref (int Count, int First) seen = ref CollectionsMarshal.GetValueRefOrAddDefault(counts, key, out bool known);
                    seen = (seen.Count + 1, known ? seen.First : at);
                }
            }
            List<Gram> found = [.. counts.Values.Where(c => c.Count >= rules.MinClauses).OrderBy(c => c.First).Select(c => new Gram(c.First, length, c.Count))];
            Dictionary<long, int> numbers = [];
            for (int i = 0; i < found.Count; i++)
            {
                numbers.Add(Key(unitAt, shorter, found[i].First, length)!.Value, i);
            }
            int[] numberOf = new int[unitAt.Length];
            for (int at = 0; at < unitAt.Length; at++)
            {
                numberOf[at] = at + length <= unitAt.Length && Key(unitAt, shorter, at, length) is { } key && numbers.TryGetValue(key, out int number) ? number : -1;
            }
            return (numberOf, found);
        }

        private static long? Key(ReadOnlySpan<int> unitAt, int[]? shorter, int at, int length)
        {
            int last = unitAt[at + length - 1];
            return last < 0 ? null
                : shorter is null ? last
                : shorter[at] < 0 || shorter[at + 1] < 0 ? null
                : PhraseTable.Key(shorter[at], last);
        }

        /// <summary>Entropy of what stands beside each sequence, in bits; the edge of a clause counts as a neighbour of its own.</summary>
        /// <param name="offset">Of the neighbour from the first position.</param>
        private double[] Branching(int length, bool[] wanted, int offset)
        {
            ReadOnlySpan<int> unitAt = clauses.UnitAt;
            int[] numbers = numberAt[length - 1];
            Dictionary<long, int> neighbours = [];
            int[] edges = new int[wanted.Length];
            for (int at = 0; at < numbers.Length; at++)
            {
                if (numbers[at] is not (>= 0 and int gram) || !wanted[gram])
                {
                    continue;
                }
                if (unitAt[at + offset] < 0)
                {
                    edges[gram]++;
                }
                else
                {
                    CollectionsMarshal.GetValueRefOrAddDefault(neighbours, PhraseTable.Key(gram, unitAt[at + offset]), out _)++;
                }
            }
            double[] entropy = new double[wanted.Length];
            foreach ((long key, int count) in neighbours)
            {
                entropy[(int)(key >> 32)] -= Part(count, byLength[length - 1][(int)(key >> 32)].Count);
            }
            for (int i = 0; i < entropy.Length; i++)
            {
                entropy[i] -= edges[i] * Part(1, byLength[length - 1][i].Count);
            }
            return entropy;
        }

        /// <summary>How often the edge of each sequence is held more strongly from outside than from inside.</summary>
        private int[] Cuts(int length, bool[] wanted, bool isLeft)
        {
            int[] cuts = new int[wanted.Length];
            if (length < 2)
            {
                return cuts;
            }
            pairs ??= [.. byLength[1].Select(Association)];
            int[] numbers = numberAt[length - 1];
            int[] pairAt = numberAt[1];
            for (int at = 0; at < numbers.Length; at++)
            {
                if (numbers[at] is >= 0 and int gram && wanted[gram])
                {
                    int outside = pairAt[isLeft ? at - 1 : at + length - 1];
                    int inside = pairAt[isLeft ? at : at + length - 2];
                    cuts[gram] += outside >= 0 && pairs[outside] > pairs[inside] ? 1 : 0;
                }
            }
            return cuts;
        }

        private static double Part(int count, int total) => (double)count / total * Math.Log2((double)count / total);
    }
}
