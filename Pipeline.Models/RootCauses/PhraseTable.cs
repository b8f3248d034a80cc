using System.Runtime.InteropServices;
using Pipeline.Models.Text;

namespace Pipeline.Models.RootCauses;

/// <summary>The phrases that were learned from texts: readable sequences of ideographs and words, by number.</summary>
public sealed class PhraseTable
{
    private readonly Dictionary<ulong, int> units;
    private readonly Dictionary<long, int> children;
    private readonly int[] phraseOfNode;

    private readonly bool[] holdsName;

    internal PhraseTable(IReadOnlyList<string> texts, bool[] holdsName, Dictionary<ulong, int> units, Dictionary<long, int> children, int[] phraseOfNode)
    {
        Texts = texts;
        this.holdsName = holdsName;
        this.units = units;
        this.children = children;
        this.phraseOfNode = phraseOfNode;
    }

    /// <value>Each phrase as it was first written, in small letters.</value>
    public IReadOnlyList<string> Texts { get; }

    public int Count => Texts.Count;

    /// <summary>Whether a phrase holds a word that the texts mostly write as a name.</summary>
    public bool HoldsName(int phrase) => holdsName[phrase];

    /// <summary>Reads which phrases texts hold. One reader serves one thread.</summary>
    public sealed class Reader(PhraseTable table)
    {
        private readonly TextRuns runs = new();
        private readonly List<(int Start, int End)> bounds = [];
        private readonly HashSet<int> found = [];

        /// <summary>The phrases of a text, each once, ascending; phrases inside of longer phrases too.</summary>
        public int[] Read(string text)
        {
            found.Clear();
            runs.Read(text, bounds);
            ReadOnlySpan<TextUnit> all = runs.Units;
            foreach ((int start, int end) in bounds)
            {
                for (int i = start; i < end; i++)
                {
                    int node = 0;
                    for (int j = i; j < end; j++)
                    {
                        if (!table.units.TryGetValue(all[j].Hash, out int unit) || !table.children.TryGetValue(Key(node, unit), out node))
                        {
                            break;
                        }
                        if (table.phraseOfNode[node] is >= 0 and int phrase)
                        {
                            found.Add(phrase);
                        }
                    }
                }
            }
            int[] phrases = [.. found];
            Array.Sort(phrases);
            return phrases;
        }
    }

    internal static long Key(int node, int unit) => ((long)node << 32) | (uint)unit;

    /// <summary>Puts accepted phrases, each a sequence of unit numbers, into a tree.</summary>
    internal static PhraseTable Of(IReadOnlyList<(string Text, int[] Units, bool HoldsName)> phrases, Dictionary<ulong, int> units)
    {
        Dictionary<long, int> children = [];
        List<int> phraseOfNode = [-1];
        for (int i = 0; i < phrases.Count; i++)
        {
            int node = 0;
            foreach (int unit in phrases[i].Units)
            {
                ref int child = ref CollectionsMarshal.GetValueRefOrAddDefault(children, Key(node, unit), out bool known);
                if (!known)
                {
                    child = phraseOfNode.Count;
                    phraseOfNode.Add(-1);
                }
                node = child;
            }
            phraseOfNode[node] = i;
        }
        return new PhraseTable([.. phrases.Select(p => p.Text)], [.. phrases.Select(p => p.HoldsName)], units, children, [.. phraseOfNode]);
    }
}
