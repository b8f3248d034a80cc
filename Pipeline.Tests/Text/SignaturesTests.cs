using Pipeline.Models.Text;

namespace Pipeline.Tests.Text;

public sealed class SignaturesTests
{
    [Fact]
    public void No_pair_of_texts_is_more_alike_than_their_signatures_allow()
    {
        Random chance = new(9);
        string[] clauses = [.. Enumerable.Range(0, 40).Select(_ => new string([.. Enumerable.Range(0, chance.Next(3, 30)).Select(_ => (char)('一' + chance.Next(900)))]))];
        string[] texts = [.. Enumerable.Range(0, 120).Select(_ => string.Join('，', Enumerable.Range(0, chance.Next(1, 9)).Select(_ => clauses[chance.Next(clauses.Length)])))];
        Signatures signatures = new(texts.Length + 1);
        ShingleReader reader = new();
        for (int i = 0; i < texts.Length; i++)
        {
            signatures.Set(i, reader.Read(texts[i]));
        }
        int toldApart = 0;
        for (int i = 0; i < texts.Length; i++)
        {
            for (int j = 0; j < texts.Length; j++)
            {
                double alike = NearDuplicateIndex.Similarity(texts[i], texts[j]);
                double most = signatures.MostSimilarity(i, j);
                Assert.True(alike <= most, $"{texts[i]} and {texts[j]} are {alike} alike, the signatures allow {most}");
                toldApart += most < 0.6 ? 1 : 0;
            }
        }
        Assert.True(toldApart > texts.Length * texts.Length / 2, $"only {toldApart} pairs are told apart");
        Assert.Equal((texts.Length, false), (signatures.Readable, signatures.IsReadable(texts.Length)));
    }
}
