using Pipeline.Jobs.RootCauses;
using Pipeline.Models.RootCauses;

namespace Pipeline.Tests.RootCauses;

public sealed class PhraseLearnerTests
{
    private static readonly PhraseRules Rules = RootCauseStep.Rules("/nowhere").Value.Phrases;

    [Fact]
    public void A_phrase_that_stands_among_different_words_is_learned_whole_and_its_pieces_are_not()
    {
        string[] texts = ["今早手机银行闪退", "昨晚打开手机银行就卡住", "更新之后手机银行登不上", "老人不会用手机银行转钱", "他说手机银行限额太低"];
        PhraseTable table = PhraseLearner.Learn(texts, Rules);
        Assert.Contains("手机银行", table.Texts);
        Assert.DoesNotContain("机银", table.Texts);
        Assert.DoesNotContain("机银行", table.Texts);
        Assert.DoesNotContain("手机银", table.Texts);
    }

    [Fact]
    public void A_clause_that_is_copied_a_hundred_times_teaches_no_phrase()
    {
        string[] texts = [.. Enumerable.Range(0, 100).Select(i => $"编号{i}，依据条例第七条提前终止计划，请答复")];
        Assert.DoesNotContain(PhraseLearner.Learn(texts, Rules).Texts, t => t.Contains("终止", StringComparison.Ordinal));
    }

    [Fact]
    public void Words_of_an_alphabet_are_phrases_alone_and_together_and_stop_words_are_none()
    {
        string[] texts =
        [
            "They charged a late fee twice", "My late fee was doubled", "Another late fee appeared", "Refund this late fee today", "Unfair late fee on my statement",
            .. Enumerable.Range(0, 40).Select(i => $"Letter{i} spoke of branch{i} opening hours{i} instead"),
        ];
        PhraseTable table = PhraseLearner.Learn(texts, Rules);
        Assert.Contains("late fee", table.Texts);
        Assert.DoesNotContain("my", table.Texts);
    }

    [Fact]
    public void A_number_is_part_of_no_phrase_and_a_single_character_is_none()
    {
        string[] texts = ["扣了3564元这年费真气", "收取1800元的年费没说", "退回200元和年费给她", "多出99元算年费无人管", "他怕888元叫年费再来", .. Enumerable.Range(0, 40).Select(i => $"Letter{i} spoke of branch{i} opening hours{i} instead")];
        Assert.All(PhraseLearner.Learn(texts, Rules).Texts, t => Assert.True(t.Length > 1 && !t.Contains("元年费", StringComparison.Ordinal), t));
        Assert.Contains("年费", PhraseLearner.Learn(texts, Rules).Texts);
    }

    [Fact]
    public void The_reader_finds_what_a_plain_search_of_the_runs_finds()
    {
        string[] texts = Samples();
        PhraseTable table = PhraseLearner.Learn(texts, Rules);
        Assert.True(table.Count > 20);
        PhraseTable.Reader reader = new(table);
        foreach (string text in texts)
        {
            int[] expected = [.. Enumerable.Range(0, table.Count).Where(p => Holds(text, table.Texts[p]))];
            Assert.Equal(expected, reader.Read(text));
        }
    }

    [Fact]
    public void Counts_of_sequences_equal_a_plain_count_over_different_clauses()
    {
        string[] texts = [.. Samples().Where(t => t.All(c => c is >= '\u4E00' and <= '\u9FFF' or '，'))];
        PhraseLearner.Clauses clauses = PhraseLearner.Clauses.Of(texts, 1000);
        PhraseLearner.Grams grams = new(clauses, Rules with { MinAssociation = double.MinValue, MinBranching = -1, MinClauses = 2 });
        string[] plain = [.. texts.SelectMany(t => t.Split('，')).Distinct(StringComparer.Ordinal)];
        int compared = 0;
        foreach (PhraseLearner.Gram gram in grams.Associated())
        {
            string text = clauses.Text(texts, gram.First, gram.Length);
            Assert.Equal(plain.Sum(c => Enumerable.Range(0, c.Length).Count(i => string.CompareOrdinal(c, i, text, 0, text.Length) == 0)), gram.Count);
            compared++;
        }
        Assert.True(compared > 20, $"{compared} sequences compared");
    }

    /// <summary>A phrase of the texts stands in a text where its characters follow each other and it begins and ends at whole words.</summary>
    private static bool Holds(string text, string phrase)
    {
        string folded = text.ToLowerInvariant();
        for (int at = folded.IndexOf(phrase, StringComparison.Ordinal); at >= 0; at = folded.IndexOf(phrase, at + 1, StringComparison.Ordinal))
        {
            int end = at + phrase.Length;
            bool cutsWord = (at > 0 && char.IsAsciiLetterOrDigit(folded[at]) && char.IsAsciiLetterOrDigit(folded[at - 1]))
                || (end < folded.Length && char.IsAsciiLetterOrDigit(folded[end - 1]) && char.IsAsciiLetterOrDigit(folded[end]));
            if (!cutsWord)
            {
                return true;
            }
        }
        return false;
    }

    private static string[] Samples()
    {
        Random chance = new(11);
        string[] heads = ["今早", "昨晚", "月初", "老人", "同事", "柜员", "店里", "家里"];
        string[] things = ["手机银行", "信用卡年费", "提前还款", "短信提醒", "U盾驱动", "late fee", "回单机", "分期手续费"];
        string[] ends = ["打不开", "没人管", "多收费", "又出错", "说不清", "拖很久", "twice", "不认账"];
        return [.. Enumerable.Range(0, 200).Select(_ => $"{Pick(heads)}{Pick(things)}{Pick(ends)}，{Pick(things)}{Pick(ends)}")];

        string Pick(string[] from) => from[chance.Next(from.Length)];
    }
}
