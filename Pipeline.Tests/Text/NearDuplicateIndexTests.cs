using Pipeline.Models.Text;
using Pipeline.Tests.Classification;

namespace Pipeline.Tests.Text;

public sealed class NearDuplicateIndexTests
{
    [Theory]
    [InlineData(1, 0.7)]
    [InlineData(2, 0.7)]
    [InlineData(3, 0.8)]
    public void Groups_are_those_of_comparing_all_pairs_exactly(int seed, double similarity)
    {
        string[] texts = Edited(seed);
        HashSet<string>[] sets = [.. texts.Select(SlowShingles)];
        int[] slow = [.. Enumerable.Range(0, texts.Length)];
        for (int a = 0; a < texts.Length; a++)
        {
            for (int b = a + 1; b < texts.Length; b++)
            {
                int shared = sets[a].Count(sets[b].Contains);
                int all = sets[a].Count + sets[b].Count - shared;
                if (all > 0 && shared >= similarity * all && slow[a] != slow[b])
                {
                    (int low, int high) = (Math.Min(slow[a], slow[b]), Math.Max(slow[a], slow[b]));
                    slow = [.. slow.Select(g => g == high ? low : g)];
                }
            }
        }
        NearDuplicateGroups found = NearDuplicateIndex.Group(texts, similarity, 2);
        Assert.Equal(slow, found.Leaders);
        Assert.Equal(texts.Length - slow.Distinct().Count(), found.Duplicates);
        Assert.True(found.Duplicates > 50);
        Assert.All(found.Links, link =>
        {
            int shared = sets[link.First].Count(sets[link.Second].Contains);
            Assert.Equal((double)shared / (sets[link.First].Count + sets[link.Second].Count - shared), link.Similarity, 1e-12);
            Assert.True(link.First < link.Second && link.Similarity >= similarity);
        });
    }

    [Fact]
    public void One_thread_and_two_find_the_same() => Assert.Equal(
        NearDuplicateIndex.Group(Edited(9), threads: 1).Links, NearDuplicateIndex.Group(Edited(9), threads: 2).Links);

    [Fact]
    public void Width_case_spaces_and_numbers_make_no_difference_and_words_do()
    {
        Assert.Equal(1, NearDuplicateIndex.Similarity("我的信用卡尾号8387，年费1800元！", "我的信用卡尾号１２，年费 200元"));
        Assert.Equal(1, NearDuplicateIndex.Similarity("Annual Fee charged", "annual fee  CHARGED."));
        Assert.InRange(NearDuplicateIndex.Similarity("信用卡年费不合理要求退还", "贷款利率太高要求调低利息"), 0, 0.2);
        Assert.Equal(0, NearDuplicateIndex.Similarity("", "……！"));
    }

    [Fact]
    public void Texts_without_anything_to_read_are_like_no_other()
    {
        NearDuplicateGroups found = NearDuplicateIndex.Group(["", "", "。。", "年费", "年费", "年费！", "\uD83D", "费"]);
        Assert.Equal([0, 1, 2, 3, 3, 3, 6, 7], found.Leaders);
    }

    [Fact]
    public void Ten_megabytes_in_one_text_are_read()
    {
        string large = string.Concat(Enumerable.Repeat("年费1800元 annual fee，", 600_000));
        Assert.Equal([0, 0, 2], NearDuplicateIndex.Group([large, large + "退款", "利息太高"]).Leaders);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1.01)]
    [InlineData(double.NaN)]
    public void A_similarity_outside_its_range_is_refused(double similarity) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => NearDuplicateIndex.Group(["a"], similarity));

    /// <summary>Corpus texts, each third of them followed by edits of growing size.</summary>
    private static string[] Edited(int seed)
    {
        Random chance = new(seed);
        List<string> texts = [.. Corpora.Chinese(150).Texts, .. Corpora.Mixed(50, seed)];
        foreach (string text in texts.Where((_, i) => i % 3 == 0).ToArray())
        {
            char[] edited = text.ToCharArray();
            for (int edits = chance.Next(6); edits > 0; edits--)
            {
                edited[chance.Next(edited.Length)] = "甲乙丙丁abc"[chance.Next(7)];
            }
            texts.Add(new string(edited));
            texts.Add(string.Concat("投诉：", text.AsSpan(0, text.Length * 9 / 10)));
        }
        return [.. texts];
    }

    /// <summary>Shingles as plain strings, by the rule as it is documented.</summary>
    private static HashSet<string> SlowShingles(string text)
    {
        string folded = new string([.. text.Select(c => c is >= '！' and <= '～' ? (char)(c - '！' + '!') : c)]).ToLowerInvariant();
        folded = System.Text.RegularExpressions.Regex.Replace(folded, "[0-9]+", "0");
        folded = System.Text.RegularExpressions.Regex.Replace(folded, "[*]+", "*");
        string letters = new([.. folded.Where(c => char.IsLetter(c) || c is '0' or '*')]);
        HashSet<string> shingles = [];
        for (int i = 0; i < letters.Length; i++)
        {
            int size = letters[i] is >= '\u4E00' and <= '\u9FFF' ? 3 : 6;
            if (i + size <= letters.Length || i == 0)
            {
                shingles.Add(letters[i..Math.Min(letters.Length, i + size)]);
            }
        }
        return shingles;
    }
}
