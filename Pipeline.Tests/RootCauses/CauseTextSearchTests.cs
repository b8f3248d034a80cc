using Pipeline.Jobs.RootCauses;
using Pipeline.Models.Complaints;
using Pipeline.Models.RootCauses;

namespace Pipeline.Tests.RootCauses;

public sealed class CauseTextSearchTests
{
    private static readonly RootCauseRules Rules = RootCauseStep.Rules("/nowhere").Value;
    private static readonly ReportingMonth October = new(2026, 10);

    /// <summary>For each cause two themes, each of words that come in any order.</summary>
    private static readonly Dictionary<string, string[][]> Themes = new(StringComparer.Ordinal)
    {
        ["FACIL"] = [["手机银行", "登录失败", "白屏闪退"], ["取款机", "吞卡断电", "没吐钞票"]],
        ["PRICE"] = [["信用卡年费", "没提前告知", "重复收取"], ["提前还款", "违约金", "剩余本金"]],
    };

    private static readonly string[] NewTheme = ["回单机", "卡纸停机", "打印模糊"];

    [Fact]
    public void A_theme_that_appears_in_the_month_is_a_new_topic_titled_by_its_words()
    {
        List<CauseText> texts = Ordinary(13, 20);
        for (int i = 0; i < 14; i++)
        {
            texts.Add(Text(texts.Count + 1, October, "FACIL", Told(new Random(i), NewTheme)));
        }
        CauseTextFindings found = Find(texts);
        Topic topic = Assert.Single(found.Topics, t => t.State == TopicState.New);
        Assert.Contains(NewTheme, w => topic.Title.Contains(w, StringComparison.Ordinal));
        Assert.Equal("FACIL", topic.Cause);
        Assert.Equal(14, topic.Complaints.Count);
        Assert.Equal(0, topic.BaselineMatters);
        Assert.Equal("T2610-", topic.Id[..6]);
        Assert.Equal(14, topic.Counts[^1]);
        Assert.All(found.Topics.Where(t => t != topic), t => Assert.True(t.State is TopicState.Steady or TopicState.TooFew, $"{t.Title} {t.State} {t.Change}"));
    }

    [Fact]
    public void One_person_who_writes_fourteen_times_makes_no_topic_and_no_typical_word()
    {
        List<CauseText> texts = Ordinary(13, 20);
        for (int i = 0; i < 14; i++)
        {
            texts.Add(Text(texts.Count + 1, October, "FACIL", Told(new Random(i), NewTheme)) with { PersonKey = 77_777, IsRepeat = i > 0 });
        }
        CauseTextFindings found = Find(texts);
        Assert.DoesNotContain(found.Topics, t => NewTheme.Any(w => t.Title.Contains(w, StringComparison.Ordinal)));
        Assert.DoesNotContain(found.Voices.SelectMany(v => v.Words), w => NewTheme.Contains(w.Text));
    }

    [Fact]
    public void The_same_complaints_in_any_order_and_on_any_number_of_threads_give_the_same_outcome()
    {
        List<CauseText> texts = Ordinary(6, 30);
        CauseText[] shuffled = [.. texts];
        new Random(2).Shuffle(shuffled);
        CauseTextFindings first = CauseTextSearch.Find(texts, October, [], Rules, _ => true, 1);
        CauseTextFindings second = CauseTextSearch.Find(shuffled, October, [], Rules, _ => true, 4);
        Assert.Equal(System.Text.Json.JsonSerializer.Serialize(first), System.Text.Json.JsonSerializer.Serialize(second));
        Assert.NotEmpty(first.Topics);
    }

    [Fact]
    public void Ids_and_titles_are_carried_from_month_to_month()
    {
        List<CauseText> texts = Ordinary(14, 20);
        CauseTextFindings september = CauseTextSearch.Find(texts, October.Add(-1), [], Rules, _ => true);
        KnownTopic[] known = [.. september.Topics.Select(t => new KnownTopic(t.Id, t.Cause, t.Title + " · 账单分期", t.FirstMonth, October.Add(-1), t.Centroid))];
        CauseTextFindings october = CauseTextSearch.Find(texts, October, known, Rules, _ => true);
        Assert.NotEmpty(october.Topics);
        Assert.All(october.Topics, t => Assert.Contains(known, k => k.Id == t.Id && k.Title == t.Title && k.FirstMonth == t.FirstMonth));
    }

    [Fact]
    public void A_title_that_the_rules_in_force_would_not_give_makes_room_for_one_that_they_do_and_the_id_stays()
    {
        List<CauseText> texts = Ordinary(14, 20);
        CauseTextFindings september = CauseTextSearch.Find(texts, October.Add(-1), [], Rules, _ => true);
        KnownTopic[] known = [.. september.Topics.Select((t, i) => new KnownTopic(t.Id, t.Cause, $"另有 · 第{i}次", t.FirstMonth, October.Add(-1), t.Centroid))];
        CauseTextFindings october = CauseTextSearch.Find(texts, October, known, Rules, _ => true);
        Assert.NotEmpty(october.Topics);
        Assert.All(october.Topics, t => Assert.True(known.Any(k => k.Id == t.Id) && !t.Title.Contains("另有", StringComparison.Ordinal), t.Title));
    }

    [Fact]
    public void Typical_words_set_a_cause_apart_and_common_words_do_not()
    {
        CauseTextFindings found = Find(Ordinary(6, 60));
        CauseVoice price = found.Voices.Single(v => v.Cause == "PRICE");
        Assert.Contains(price.Words, w => w.Text is "信用卡年费" or "违约金");
        Assert.All(price.Words, w => Assert.True(w.Z >= Rules.Words.MinZ && w.Text.Length > 1));
        Assert.DoesNotContain(price.Words, w => w.Text.Contains("取款机", StringComparison.Ordinal));
    }

    [Fact]
    public void A_title_names_the_matter_and_neither_what_merely_often_stands_beside_it_nor_a_company()
    {
        string[][] themes = [["客户经理", "好不容易", "另有"], ["提前还款", "看到", "隔壁"], ["Tricorn", "late fee", "again"]];
        List<CauseText> texts = [];
        Random chance = new(3);
        for (int i = 0; i < 180; i++)
        {
            texts.Add(Text(i + 1, October.Add(-(i % 2)), i % 3 == 2 ? "Fees" : "SERV", Told(chance, themes[i % 3])));
        }
        string[] titles = [.. Find(texts).Topics.Select(t => t.Title)];
        Assert.Contains(titles, t => t.Contains("客户经理", StringComparison.Ordinal));
        Assert.Contains(titles, t => t.Contains("提前还款", StringComparison.Ordinal));
        Assert.Contains(titles, t => t.Contains("late fee", StringComparison.Ordinal));
        Assert.All(titles, t => Assert.DoesNotContain((string[])["好不容易", "另有", "隔壁", "tricorn"], w => t.Contains(w, StringComparison.OrdinalIgnoreCase)));
    }

    [Fact]
    public void Representative_texts_are_of_different_persons_and_the_second_is_unlike_the_first()
    {
        CauseTextFindings found = Find(Ordinary(13, 20));
        Dictionary<long, CauseText> byId = Ordinary(13, 20).ToDictionary(t => t.ComplaintId);
        foreach (CauseVoice voice in found.Voices)
        {
            Assert.InRange(voice.Examples.Count, 2, 3);
            Assert.Equal(voice.Examples.Count, voice.Examples.Select(e => byId[e].PersonKey).Distinct().Count());
            Assert.All(voice.Examples, e => Assert.Equal((October, voice.Cause), (byId[e].Month, byId[e].Cause)));
            Assert.NotEqual(Theme(voice, 0), Theme(voice, 1));
        }

        int Theme(CauseVoice voice, int example) =>
            Array.FindIndex(Themes[voice.Cause], words => words.Any(w => byId[voice.Examples[example]].Text.Value.Contains(w, StringComparison.Ordinal)));
    }

    [Fact]
    public void A_month_with_an_event_of_its_own_hides_no_later_rise_and_makes_no_fall()
    {
        List<CauseText> texts = Ordinary(13, 20);
        for (int i = 0; i < 60; i++)
        {
            texts.Add(Text(texts.Count + 1, October.Add(-4), "FACIL", Told(new Random(i), Themes["FACIL"][1])));
        }
        Topic topic = Find(texts).Topics.Single(t => t.Title.Contains("取款机", StringComparison.Ordinal) || t.Title.Contains("吞卡", StringComparison.Ordinal));
        Assert.Equal(11, topic.BaselineExposure);
        Assert.Equal(TopicState.Steady, topic.State);
        Assert.Equal(70, topic.Counts[^5]);
    }

    [Fact]
    public void A_phrase_that_shows_something_personal_is_shown_nowhere()
    {
        CauseTextFindings found = CauseTextSearch.Find(Ordinary(13, 20), October, [], Rules, p => !p.Contains("取款机", StringComparison.Ordinal));
        string[] shown = [.. found.Voices.SelectMany(v => v.Words.Select(w => w.Text)), .. found.Topics.Select(t => t.Title), .. found.Topics.SelectMany(t => t.Centroid.Select(x => x.Text))];
        Assert.NotEmpty(shown);
        Assert.DoesNotContain(shown, s => s.Contains("取款机", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_a_long_baseline_a_part_is_read_and_the_test_knows_it()
    {
        CauseTextFindings found = CauseTextSearch.Find(Ordinary(13, 20), October, [], Rules with { Topics = Rules.Topics with { MostBaselineTexts = 200 } }, _ => true);
        Assert.Equal(1 / 3.0, found.BaselineShare, 1);
        Assert.All(found.Topics, t => Assert.NotEqual(TopicState.New, t.State));
    }

    [Fact]
    public void A_month_without_texts_gives_nothing()
    {
        CauseTextFindings found = CauseTextSearch.Find([], October, [], Rules, _ => true);
        Assert.Empty(found.Topics);
        Assert.Empty(found.Voices);
    }

    private static CauseTextFindings Find(List<CauseText> texts) => CauseTextSearch.Find(texts, October, [], Rules, _ => true, 2);

    /// <summary>The same themes in each month, in random order and words.</summary>
    private static List<CauseText> Ordinary(int months, int perTheme)
    {
        Random chance = new(5);
        List<CauseText> texts = [];
        for (int back = months - 1; back >= 0; back--)
        {
            foreach ((string cause, string[][] themes) in Themes)
            {
                for (int i = 0; i < perTheme; i++)
                {
                    texts.Add(Text(texts.Count + 1, October.Add(-back), cause, Told(chance, themes[i % themes.Length])));
                }
            }
        }
        return texts;
    }

    private static string Told(Random chance, string[] words)
    {
        string[] order = [.. words];
        chance.Shuffle(order);
        return string.Concat(order.Select(w => w + Filler(chance.Next()))) + "，" + Filler(chance.Next());
    }

    /// <summary>Three characters without meaning, so that no phrase is made of them.</summary>
    private static string Filler(int seed)
    {
        Random chance = new(seed);
        return string.Concat(Enumerable.Range(0, 3).Select(_ => (char)('\u5000' + chance.Next(2000))));
    }

    private static CauseText Text(long id, ReportingMonth month, string cause, string text) => new(id, $"TS{id:000000}", month, cause, id, false, text);
}
