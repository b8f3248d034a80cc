using System.Text.Json;
using Pipeline.Jobs.Rules;
using Pipeline.Models.Complaints;
using Pipeline.Models.Flags;
using Pipeline.Models.Flags.Groups;
using Pipeline.Models.Flags.Organised;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;

namespace Pipeline.Tests.Flags;

public sealed class OrganisedFinderTests
{
    private const string Letter = "尊敬的领导：本人系贵行信用卡持卡人，因公司经营困难被裁员，收入来源中断，现欠款已无力一次性偿还。本人绝无恶意拖欠之意，曾多次主动致电客服申请协商均被拒绝，现要求停止计收利息并办理六十期个性化分期。";

    private static readonly OrganisedRules Rules = RuleFiles.Load("/nowhere", "signals.organised.json", OrganisedRules.Parse).Value;
    private static readonly RuleBook Book = RuleFiles.Rules("/nowhere").Value;
    private static readonly DateOnly Start = new(2026, 3, 1);

    [Fact]
    public void Five_persons_with_one_letter_in_thirty_days_are_a_pattern_and_four_are_none()
    {
        OrganisedPattern pattern = Assert.Single(Find([.. Enumerable.Range(1, 5).Select(i => Of(i, i, i * 7))]));
        Assert.Equal(("O-20260308-1", 5, 5), (pattern.Key, pattern.Persons, pattern.Letters.Count));
        Assert.Equal(Start.AddDays(35), pattern.Reached);
        Assert.Empty(Find([.. Enumerable.Range(1, 4).Select(i => Of(i, i, i))]));
        Assert.Empty(Find([.. Enumerable.Range(1, 5).Select(i => Of(i, i, i * 8))]));
    }

    [Fact]
    public void One_person_who_sends_a_letter_again_and_to_many_recipients_is_no_pattern()
    {
        Assert.Empty(Find([.. Enumerable.Range(1, 12).Select(i => Of(i, 1, i))]));
        Assert.Empty(Find([.. Enumerable.Range(1, 12).Select(i => Of(i, (i % 4) + 1, i))]));
    }

    [Fact]
    public void Letters_that_show_nobody_make_no_pattern() =>
        Assert.Empty(Find([.. Enumerable.Range(1, 9).Select(i => Of(i, null, i))]));

    [Fact]
    public void Forms_that_share_their_boilerplate_are_no_pattern()
    {
        string[] own = ["排队两小时只开一个窗口", "年费说好首年免现在却扣", "理财亏损当初没有讲风险", "征信上多了一笔不认识的贷款", "催收打到单位影响工作", "手机银行转账一直失败"];
        Assert.Empty(Find([.. own.Select((text, i) => Of(i + 1, i + 1, i, $"12378转办：客户来电反映，{text}。请贵行核实处理，请依法处理并答复。"))]));
    }

    [Fact]
    public void Another_wording_joins_by_a_contact_that_several_persons_of_the_pattern_use()
    {
        OrganisedLetter[] letters =
        [
            .. Enumerable.Range(1, 5).Select(i => Of(i, i, i) with { Contacts = i < 4 ? ["agent"] : [] }),
            Of(6, 6, 4, "我那张卡用了快十年从没晚还过，今年厂子倒了，钱我认也想还，打了十几次电话求个方案都没有用，谈的时候别找我亲戚。") with { Contacts = ["agent"] },
        ];
        OrganisedPattern pattern = Assert.Single(Find(letters));
        Assert.Equal((6, LetterTies.Contact), (pattern.Letters.Count, pattern.Letters.Single(l => l.ComplaintId == 6).Tie));
        Assert.Equal([4], pattern.SharedContacts);
    }

    [Fact]
    public void A_pattern_does_not_depend_on_order_or_threads()
    {
        OrganisedLetter[] letters = [.. Enumerable.Range(1, 40).Select(i => Of(i, i, i % 9, i % 3 == 0 ? Letter : $"{Letter[(i % 20)..]}另有第{i}件事请一并处理"))];
        string expected = JsonSerializer.Serialize(OrganisedFinder.Find(letters, Rules));
        new Random(4).Shuffle(letters);
        Assert.Equal(expected, JsonSerializer.Serialize(OrganisedFinder.Find(letters, Rules, threads: 4)));
    }

    [Fact]
    public void Families_are_those_that_comparing_all_pairs_finds()
    {
        Random chance = new(9);
        string[] templates = [.. File.ReadLines(Path.Combine(SampleData.Bank, "templates.jsonl")).Select(l => JsonDocument.Parse(l).RootElement.GetProperty("text").GetString()!)];
        string[] texts = [.. templates, .. templates.Select(t => t.Replace("贵行", "你行", StringComparison.Ordinal)), .. templates.Where((_, i) => i % 3 == 0).Select(t => t[..(t.Length * chance.Next(55, 95) / 100)])];
        TemplateFamilies fast = TemplateFamilies.Find(texts, Rules.Families, threads: 2);
        int[] slow = AllPairs(texts, Rules.Families);
        // Above the threshold by a little, a candidate may be missed: one in a hundred is allowed to.
        int different = Enumerable.Range(0, texts.Length).Count(i => fast.Family[i] != slow[i]);
        Assert.InRange(different, 0, texts.Length / 100);
    }

    [Fact]
    public void A_group_needs_enough_different_persons_at_one_place_in_few_days_and_many_times_the_usual()
    {
        ComplaintFact[] eight = [.. Enumerable.Range(1, 8).Select(i => Fact(i, i, i % 3))];
        ComplaintGroup group = Assert.Single(GroupFinder.Find(eight, GroupRules.Default));
        Assert.Equal((8, 8, 0, false), (group.Persons, group.FaceToFacePersons, group.UnknownPersons, group.IsMajor(GroupRules.Default)));
        Assert.Empty(GroupFinder.Find(eight.Take(7), GroupRules.Default));
        Assert.Empty(GroupFinder.Find(eight.Select(f => f with { PersonKey = f.PersonKey % 3 }), GroupRules.Default));
        Assert.Empty(GroupFinder.Find(eight.Select((f, i) => f with { BranchName = $"支行{i % 2}" }), GroupRules.Default));
        Assert.Empty(GroupFinder.Find(eight.Select((f, i) => f with { Received = Start.AddDays(i * 2) }), GroupRules.Default));
        ComplaintFact[] busy = [.. eight, .. Enumerable.Range(0, 90).Select(i => Fact(100 + i, 100 + i, -1 - i))];
        Assert.Empty(GroupFinder.Find(busy, GroupRules.Default));
    }

    [Fact]
    public void Whether_a_group_is_major_is_unknown_where_the_channel_does_not_tell_who_came_in_person()
    {
        ComplaintFact[] unknown = [.. Enumerable.Range(1, 24).Select(i => Fact(i, i, i % 3) with { Channel = i % 2 == 0 ? null : "branch_counter" })];
        Assert.Null(Assert.Single(GroupFinder.Find(unknown, GroupRules.Default)).IsMajor(GroupRules.Default));
        Assert.True(Assert.Single(GroupFinder.Find(unknown.Select(f => f with { Channel = "branch_counter" }), GroupRules.Default)).IsMajor(GroupRules.Default));
        Assert.False(Assert.Single(GroupFinder.Find(unknown.Select(f => f with { Channel = "hotline" }), GroupRules.Default)).IsMajor(GroupRules.Default));
    }

    [Theory]
    [InlineData(3, "regulator", 0.9, "open", RepeatCourses.TwoChannels)]
    [InlineData(8, "regulator", 0.9, "open", RepeatCourses.WhileOpen)]
    [InlineData(3, "hotline", 0.9, "open", RepeatCourses.WhileOpen)]
    [InlineData(3, "regulator", 0.2, "open", RepeatCourses.NewFacts)]
    [InlineData(3, "hotline", 0.9, "closed", RepeatCourses.AfterClosing)]
    public void A_repeat_is_told_by_its_course(int gap, string channel, double similarity, string status, string course)
    {
        ComplaintFact earlier = Fact(1, 1, 0) with { Channel = "hotline", Status = status, Closed = status == "closed" ? Start : null };
        ComplaintFact now = Fact(2, 1, gap) with { Channel = channel, IsEscalation = true };
        FlagEvidence evidence = new(FlagKinds.Repeat, 1, "T1", earlier.Received, gap, 1, similarity > 0.5 ? MatterBases.SimilarText : MatterBases.SameBusinessCause, similarity);
        Assert.Equal((course, null), (RepeatCourse.Complete(evidence, now, earlier, hadEscalated: false, Book).Course, RepeatCourse.Complete(evidence, now, earlier, false, Book).IsSecondEscalation));
        Assert.True(RepeatCourse.Complete(evidence, now, earlier, hadEscalated: true, Book).IsSecondEscalation);
    }

    /// <summary>The rule as it is written: near pairs among all pairs; then each text with the representatives of all cores.</summary>
    private static int[] AllPairs(string[] texts, FamilyRules rules)
    {
        int[] core = [.. Enumerable.Range(0, texts.Length)];
        for (int i = 0; i < texts.Length; i++)
        {
            for (int j = i + 1; j < texts.Length; j++)
            {
                if (NearDuplicateIndex.Similarity(texts[i], texts[j]) >= rules.Near)
                {
                    (int from, int to) = (Math.Max(core[i], core[j]), Math.Min(core[i], core[j]));
                    core = [.. core.Select(c => c == from ? to : c)];
                }
            }
        }
        int[][] cores = [.. core.Select((c, i) => (c, i)).GroupBy(x => x.c, x => x.i).Select(g => g.ToArray()).Where(g => g.Length >= rules.SmallestCore)];
        int[] family = [.. core];
        for (int i = 0; i < texts.Length; i++)
        {
            bool isSingle = core.Count(c => c == core[i]) == 1;
            int[] own = cores.FirstOrDefault(g => g.Contains(i)) ?? [];
            if (!isSingle && i != own[0] && i != own[^1] && i != own[(own.Length - 1) / 2])
            {
                continue;
            }
            (int Other, double Alike)[] near = [.. cores.Where(g => core[g[0]] != core[i])
                .SelectMany(g => new[] { g[0], g[(g.Length - 1) / 2], g[^1] }.Distinct())
                .Select(o => (o, NearDuplicateIndex.Similarity(texts[i], texts[o]))).Where(o => o.Item2 >= rules.Edited).OrderByDescending(o => o.Item2)];
            foreach ((int other, double _) in isSingle ? near.Take(1) : near)
            {
                (int from, int to) = (Math.Max(family[i], family[other]), Math.Min(family[i], family[other]));
                family = [.. family.Select(f => f == from ? to : f)];
            }
        }
        return [.. family.Select((f, i) => family.Count(x => x == f) > 1 ? Array.IndexOf(family, f) : -1)];
    }

    private static IReadOnlyList<OrganisedPattern> Find(params OrganisedLetter[] letters) => OrganisedFinder.Find(letters, Rules);

    private static OrganisedLetter Of(long id, long? person, int day, string text = Letter) => new(Fact(id, person, day), text, []);

    private static ComplaintFact Fact(long id, long? person, int day) => new()
    {
        ComplaintId = id,
        CaseNumber = $"T{id:000}",
        Received = Start.AddDays(day),
        Status = "open",
        PersonKey = person,
        Channel = "branch_counter",
        BranchName = "滨江支行",
        Business = new HeadLabel("LOAN", LabelBasis.Reported, "LOAN", null, null, false),
        Cause = new HeadLabel("PRICE", LabelBasis.Reported, "PRICE", null, null, false),
    };
}
