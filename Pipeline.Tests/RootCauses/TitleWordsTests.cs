using Pipeline.Jobs.RootCauses;
using Pipeline.Models.RootCauses;

namespace Pipeline.Tests.RootCauses;

public sealed class TitleWordsTests
{
    private static readonly RootCauseRules Rules = RootCauseStep.Rules("/nowhere").Value;

    [Theory]
    [InlineData("账户管理费")]
    [InlineData("提前还款")]
    [InlineData("业绩比较基准")]
    [InlineData("信用卡欠款")]
    [InlineData("late fee")]
    [InlineData("escrow shortage")]
    [InlineData("wrong credit report")]
    public void A_term_of_the_trade_alone_or_with_what_qualifies_it_is_a_title(string phrase) =>
        Assert.Equal(TitleFitness.Term, Words().Fitness(phrase));

    [Theory]
    [InlineData("另有")]
    [InlineData("好不容易")]
    [InlineData("七点")]
    [InlineData("四十")]
    [InlineData("看到")]
    [InlineData("钱已经")]
    [InlineData("要求按宣传")]
    [InlineData("客户要求网点")]
    [InlineData("房贷时")]
    [InlineData("收手续费")]
    [InlineData("under")]
    [InlineData("our credit report")]
    public void Adverbs_stubs_numerals_words_of_forms_and_cut_words_are_none(string phrase) =>
        Assert.Equal(TitleFitness.None, Words().Fitness(phrase));

    [Fact]
    public void A_whole_phrase_that_the_list_does_not_know_may_be_a_title_where_no_term_is() =>
        Assert.Equal(TitleFitness.Unknown, Words().Fitness("纸张模糊"));

    [Fact]
    public void Abbreviations_are_written_as_the_list_writes_them()
    {
        Assert.Equal("LPR加点", Words().Written("lpr加点"));
        Assert.Equal("APR dispute", Words().Written("apr dispute"));
        Assert.Equal("capri", Words().Written("capri"));
    }

    [Fact]
    public void Without_rules_for_titles_any_phrase_is_one()
    {
        TitleWords any = new(TitleRules.None, Rules.Phrases);
        Assert.Equal(TitleFitness.Term, any.Fitness("另有"));
    }

    [Fact]
    public void A_word_that_texts_write_as_a_name_is_known_as_one_and_an_acronym_is_not()
    {
        string[] texts =
        [
            "They let Tricorn report the debt", "Once again Tricorn ignored me", "I wrote to Tricorn twice", "Then Tricorn sold it",
            "The APR changed on me", "My APR went higher", "An APR nobody told", "This APR is wrong",
            .. Enumerable.Range(0, 40).Select(i => $"letter{i} spoke of branch{i} opening hours{i} instead"),
        ];
        PhraseTable table = PhraseLearner.Learn(texts, Rules.Phrases);
        Assert.True(table.HoldsName(Index(table, "tricorn")));
        Assert.False(table.HoldsName(Index(table, "apr")));
    }

    private static int Index(PhraseTable table, string phrase)
    {
        int index = table.Texts.ToList().IndexOf(phrase);
        Assert.True(index >= 0, $"{phrase} was not learned");
        return index;
    }

    private static TitleWords Words() => new(Rules.Titles!, Rules.Phrases);
}
