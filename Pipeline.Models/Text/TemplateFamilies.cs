using System.Runtime.InteropServices;

namespace Pipeline.Models.Text;

/// <summary>How alike texts must be.</summary>
/// <param name="Near">Jaccard of shingles from which two texts are near-duplicates: the core of a family; above <paramref name="Edited"/>, up to 1.</param>
/// <param name="Edited">Jaccard from which an edited letter belongs to a family of near-duplicates; above 0.</param>
public sealed record FamilyRules(double Near = 0.6, double Edited = 0.22)
{
    /// <value>Families whose core has fewer texts gather no edited letters.</value>
    public int SmallestCore { get; init; } = 2;

    /// <value>Families that may gather edited letters, the largest first: it bounds the cost where nearly all texts are someone's copy.</value>
    public int MostCores { get; init; } = 4_000;
}

/// <summary>Families of texts that were made from one template.</summary>
/// <param name="Family">For each text the first row of its family, or -1.</param>
/// <param name="Similarity">For each text the Jaccard similarity to the most alike text that it was compared with; 0 without family.</param>
/// <param name="Core">For each text the first row of its group of near-duplicates; its own row where it has none.</param>
public sealed record TemplateFamilies(int[] Family, double[] Similarity, int[] Core)
{
    private const int Bins = 128;
    private const int BandBins = 2;
    private const int Bands = Bins / BandBins;
    private const int FewestBands = 2;
    private const int RepresentativesOfCore = 3;

    /// <summary>
    /// Near-duplicates first (<see cref="NearDuplicateIndex"/>: minimum hashes in bands after Broder 1997 and Indyk and Motwani 1998,
    /// every candidate verified); then each text, and each core, is compared with representatives of the cores: candidates share two of 64
    /// bands of two minima, which 0.33 of similarity does with probability 0.993 and 0.02 with 0.0003. Edited letters join a core,
    /// never each other, so that a family cannot drift away text by text.
    /// </summary>
    /// <param name="texts">As they are to be compared: boilerplate taken out.</param>
    public static TemplateFamilies Find(IReadOnlyList<string> texts, FamilyRules rules, int threads = 1, CancellationToken cancellation = default)
    {
        NearDuplicateGroups near = NearDuplicateIndex.Group(texts, rules.Near, threads, cancellation);
        int[] core = near.Leaders;
        double[] similarity = new double[texts.Count];
        foreach (NearDuplicatePair link in near.Links)
        {
            similarity[link.First] = Math.Max(similarity[link.First], link.Similarity);
            similarity[link.Second] = Math.Max(similarity[link.Second], link.Similarity);
        }
        RowSets families = new(texts.Count);
        for (int row = 0; row < texts.Count; row++)
        {
            families.Join(row, core[row]);
        }
        List<Representative> representatives = Representatives(texts, core, rules);
        BandIndex index = Index(representatives);
        object door = new();
        List<(int Row, int Other, double Similarity)> found = [];
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        int[] size = Sizes(core);
        HashSet<int> representing = [.. representatives.Select(r => r.Row)];
        Parallel.For(0, texts.Count, parallel, () => (Reader: new ShingleReader(), Found: new List<(int, int, double)>(), Count: new int[representatives.Count], Hit: new List<int>(), Minima: new ulong[Bins]), (row, _, own) =>
        {
            // A text of a core is spoken for by the core's representatives.
            if (size[core[row]] == 1 || representing.Contains(row))
            {
                Compare(row, texts, core, representatives, index, rules, own.Reader, own.Count, own.Hit, own.Minima, own.Found);
            }
            return own;
        }, own =>
        {
            lock (door)
            {
                found.AddRange(own.Found);
            }
        });
        found.Sort();
        foreach (IGrouping<int, (int Row, int Other, double Similarity)> candidates in found.GroupBy(f => f.Row))
        {
            int row = candidates.Key;
            if (size[core[row]] == 1)
            {
                // An edited letter belongs to the one core that it is most like.
                (int _, int other, double alike) = candidates.OrderByDescending(f => f.Similarity).ThenBy(f => f.Other).First();
                families.Join(row, core[other]);
                similarity[row] = alike;
            }
            else
            {
                foreach ((int _, int other, double _) in candidates)
                {
                    families.Join(core[row], core[other]);
                }
            }
        }
        int[] family = new int[texts.Count];
        int[] first = new int[texts.Count];
        Array.Fill(first, -1);
        int[] members = new int[texts.Count];
        for (int row = 0; row < texts.Count; row++)
        {
            members[families.Root(row)]++;
        }
        for (int row = 0; row < texts.Count; row++)
        {
            int root = families.Root(row);
            first[root] = first[root] < 0 ? row : first[root];
            family[row] = members[root] > 1 ? first[root] : -1;
        }
        return new TemplateFamilies(family, similarity, core);
    }

    private static int[] Sizes(int[] core)
    {
        int[] size = new int[core.Length];
        foreach (int leader in core)
        {
            size[leader]++;
        }
        return size;
    }

    /// <summary>The first, the middle and the last text of each core that is large enough, the largest cores first.</summary>
    private static List<Representative> Representatives(IReadOnlyList<string> texts, int[] core, FamilyRules rules)
    {
        ShingleReader reader = new();
        Dictionary<int, List<int>> rows = [];
        int[] size = Sizes(core);
        for (int row = 0; row < core.Length; row++)
        {
            if (size[core[row]] >= rules.SmallestCore)
            {
                (CollectionsMarshal.GetValueRefOrAddDefault(rows, core[row], out _) ??= []).Add(row);
            }
        }
        return [.. rows.OrderByDescending(r => r.Value.Count).ThenBy(r => r.Key).Take(rules.MostCores)
            .SelectMany(r => Enumerable.Range(0, Math.Min(RepresentativesOfCore, r.Value.Count))
                .Select(i => r.Value[i * (r.Value.Count - 1) / Math.Max(1, Math.Min(RepresentativesOfCore, r.Value.Count) - 1)]))
            .Select(row => new Representative(row, reader.ReadSet(texts[row])))];
    }

    private static BandIndex Index(List<Representative> representatives)
    {
        BandIndex index = new();
        ulong[] minima = new ulong[Bins];
        for (int i = 0; i < representatives.Count; i++)
        {
            Sketch(representatives[i].Shingles, minima);
            for (int band = 0; band < Bands; band++)
            {
                index.Add(Key(minima, band), i);
            }
        }
        return index;
    }

    private static void Compare(
        int row, IReadOnlyList<string> texts, int[] core, List<Representative> representatives, BandIndex index, FamilyRules rules,
        ShingleReader reader, int[] count, List<int> hit, ulong[] minima, List<(int, int, double)> found)
    {
        if (representatives.Count == 0)
        {
            return;
        }
        string text = texts[row];
        ReadOnlySpan<ulong> all = reader.Read(text);
        if (all.Length == 0)
        {
            return;
        }
        Sketch(all, minima);
        hit.Clear();
        for (int band = 0; band < Bands; band++)
        {
            foreach (int representative in index.Of(Key(minima, band)))
            {
                if (count[representative]++ == 0)
                {
                    hit.Add(representative);
                }
            }
        }
        // Most texts are like none: their shingles are put in order only where there is something to compare them with.
        ulong[]? shingles = null;
        foreach (int representative in hit)
        {
            Representative other = representatives[representative];
            if (count[representative] >= FewestBands && core[other.Row] != core[row])
            {
                shingles ??= reader.ReadSet(text);
                double alike = NearDuplicateIndex.Jaccard(shingles, other.Shingles);
                if (alike >= rules.Edited)
                {
                    found.Add((row, other.Row, alike));
                }
            }
            count[representative] = 0;
        }
    }

    private static ulong Key(ulong[] minima, int band) =>
        TextUnits.Hash(TextUnits.Hash((ulong)band, minima[band * BandBins]), minima[(band * BandBins) + 1]);

    /// <summary>One permutation in bins; an empty bin takes the minimum of one that its number points to.</summary>
    private static void Sketch(ReadOnlySpan<ulong> shingles, ulong[] minima)
    {
        Array.Fill(minima, ulong.MaxValue);
        foreach (ulong shingle in shingles)
        {
            ref ulong minimum = ref minima[(int)(shingle & (Bins - 1))];
            minimum = Math.Min(minimum, shingle >> 7);
        }
        Span<ulong> own = stackalloc ulong[Bins];
        minima.CopyTo(own);
        for (int bin = 0; bin < Bins; bin++)
        {
            for (ulong attempt = 1; minima[bin] == ulong.MaxValue; attempt++)
            {
                minima[bin] = own[(int)(TextUnits.Hash(attempt, (ulong)bin) >> 57)];
            }
        }
    }

    private readonly record struct Representative(int Row, ulong[] Shingles);

    /// <summary>Which representatives have a band. A field of bits, small enough for the processor's cache, answers for most bands that none has.</summary>
    private sealed class BandIndex
    {
        private const int FieldBits = 24;
        private readonly Dictionary<ulong, List<int>> bands = [];
        private readonly ulong[] field = new ulong[1 << (FieldBits - 6)];

        public void Add(ulong band, int representative)
        {
            field[band >> (64 - FieldBits + 6)] |= 1UL << Bit(band);
            (CollectionsMarshal.GetValueRefOrAddDefault(bands, band, out _) ??= []).Add(representative);
        }

        public ReadOnlySpan<int> Of(ulong band) =>
            (field[band >> (64 - FieldBits + 6)] >> Bit(band) & 1) != 0 && bands.TryGetValue(band, out List<int>? bucket) ? CollectionsMarshal.AsSpan(bucket) : [];

        private static int Bit(ulong band) => (int)(band >> (64 - FieldBits)) & 63;
    }
}
