using Pipeline.Models.Classification;

namespace Pipeline.Tests.Classification;

/// <summary>Packed rows against what was packed.</summary>
public sealed class FeatureMatrixTests
{
    [Theory]
    [InlineData(new uint[] { 0 })]
    [InlineData(new uint[] { 1, 65_534, 65_535, 65_536 })]
    [InlineData(new uint[] { 131_070, 4_194_303, 1, 67_108_864 })]
    public void Differences_of_any_size_are_read_as_they_were_written(uint[] gaps)
    {
        ushort[] codes = new ushort[4096];
        int end = 0;
        foreach (uint gap in gaps)
        {
            int next = GapCode.Write(gap, codes, end);
            Assert.Equal(GapCode.Length(gap), next - end);
            end = next;
        }
        uint number = 0;
        int read = 0;
        foreach (uint gap in gaps)
        {
            uint before = number;
            GapCode.Read(codes, ref read, ref number);
            Assert.Equal(gap, number - before);
        }
        Assert.Equal(end, read);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Numbers_are_sorted_as_the_library_sorts_them(int seed)
    {
        Random chance = new(seed);
        foreach (uint above in (uint[])[2, 256, 257, 1 << 16, 1 << 22, (1 << 22) + 9, (1 << 26) + 1])
        {
            AscendingSort sort = new(above);
            foreach (int length in (int[])[0, 1, 127, 128, 1000])
            {
                uint[] numbers = [.. Enumerable.Range(0, length).Select(_ => (uint)chance.NextInt64(above))];
                uint[] expected = [.. numbers.Order()];
                sort.Sort(numbers);
                Assert.Equal(expected, numbers);
            }
        }
    }

    [Fact]
    public void Rows_of_several_blocks_have_the_counts_and_rarities_that_a_dictionary_finds()
    {
        string[] texts = [.. Corpora.Mixed(FeatureMatrix.BlockRows + 90, 7), "", string.Concat(Enumerable.Repeat("年费 fee ", 400))];
        GramOptions options = new() { BucketBits = 24 };
        Dictionary<string, int>[] counts = [.. texts.Select(t => SlowEngine.Grams(t, options))];
        FeatureMatrix matrix = CorpusReader.Read(texts, options, 3, int.MaxValue, 2, CancellationToken.None);
        Dictionary<string, int> textsWith = counts.SelectMany(c => c.Keys).GroupBy(g => g).ToDictionary(g => g.Key, g => g.Count());
        Assert.Equal(textsWith.Values.Count(n => n >= 3), matrix.FeatureCount);
        foreach ((FeatureView view, char kind) in ((FeatureView, char)[])[(new(1, 0, 0, 0), 'u'), (new(0, 0.5f, 0, 0), 'l')])
        {
            RowReader reader = new(matrix, view);
            float weight = kind == 'u' ? 1 : 0.5f;
            for (int row = 0; row < texts.Length; row++)
            {
                reader.Read(row);
                double[] expected = [.. counts[row].Where(g => g.Key[0] == kind && textsWith[g.Key] >= 3).Select(g =>
                    (1 + Math.Log(Math.Min(g.Value, 255))) * (double)(Half)(1 + Math.Log((1.0 + texts.Length) / (1.0 + textsWith[g.Key])))).Order()];
                double length = Math.Sqrt(expected.Sum(v => v * v));
                Assert.Equal(expected.Length, reader.Features.Length);
                Assert.Equal(reader.Features.Length, reader.Features.ToArray().Distinct().Count());
                Assert.All(expected.Zip(reader.Values.ToArray().Order()), p => Assert.Equal(weight * p.First / length, p.Second, 1e-5));
            }
        }
    }

    [Fact]
    public void Rows_that_are_kept_unpacked_are_to_the_bit_those_that_are_not()
    {
        string[] texts = Corpora.Mixed(700, 9);
        FeatureMatrix packed = CorpusReader.Read(texts, new GramOptions(), 2, int.MaxValue, 1, CancellationToken.None, unpackedUpTo: 0);
        FeatureMatrix plain = CorpusReader.Read(texts, new GramOptions(), 2, int.MaxValue, 1, CancellationToken.None);
        Assert.NotNull(plain.BlockOf(0).Plain);
        Assert.Null(packed.BlockOf(0).Plain);
        foreach (FeatureView view in (FeatureView[])[new(1, 1, 1, 1), new(1, 0, 0, 0), new(0, 1, 0, 0), new(1, 0.5f, 0, 0), new(0, 0, 1, 0)])
        {
            (RowReader one, RowReader other) = (new RowReader(packed, view), new RowReader(plain, view));
            for (int row = 0; row < texts.Length; row++)
            {
                one.Read(row);
                other.Read(row);
                Assert.Equal(one.Features.ToArray(), other.Features.ToArray());
                Assert.Equal(one.Values.ToArray(), other.Values.ToArray());
            }
        }
    }

    [Fact]
    public void Near_duplicates_are_those_that_comparing_all_pairs_finds()
    {
        Random chance = new(5);
        string[] originals = [.. Corpora.Chinese(150).Texts.Where(t => t.Length > 60)];
        string[] texts = [.. originals, .. originals.Take(60).Select(t => t.Remove(chance.Next(t.Length - 4), 2))];
        FeatureMatrix matrix = CorpusReader.Read(texts, new GramOptions(), 2, int.MaxValue, 2, CancellationToken.None);
        RowReader reader = new(matrix, new FeatureView(1, 1, 1, 1));
        HashSet<int>[] rows = [.. texts.Select((_, row) =>
        {
            reader.Read(row);
            return reader.Features.ToArray().ToHashSet();
        })];
        int[] leaders = NearDuplicates.Groups(matrix, 1, CancellationToken.None);
        Assert.Equal(leaders, NearDuplicates.Groups(matrix, 2, CancellationToken.None));
        for (int a = 0; a < texts.Length; a++)
        {
            for (int b = a + 1; b < texts.Length; b++)
            {
                double shared = rows[a].Count(rows[b].Contains);
                double similarity = shared / (rows[a].Count + rows[b].Count - shared);
                Assert.True(similarity < 0.8 || leaders[a] == leaders[b], $"{a} and {b}: {similarity:0.00}");
                Assert.True(similarity > 0.3 || leaders[a] != leaders[b], $"{a} and {b}: {similarity:0.00}");
            }
        }
    }
}
