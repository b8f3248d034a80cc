using Pipeline.Jobs.Rules;
using Pipeline.Models.Complainants;
using Pipeline.Models.Flags;

namespace Pipeline.Tests.Flags;

public sealed class FlagEngineTests
{
    private const string Fee = "客户称信用卡年费1800元当初说首年免刷够就减，现在账单出现年费，要求退回并协助销卡";
    private const string FeeAgain = "已经投诉过一次无人回复，现再次反映：客户称信用卡年费2600元当初说首年免刷够就减，现在账单出现年费，要求";
    private const string Queue = "网点排队两个小时只开一个窗口，叫号机还坏了，老人站不住没有人管，希望增加窗口";

    private static readonly ThreatLexicon Lexicon = RuleFiles.Load("/nowhere", "lexicon.threats.json", ThreatLexicon.Parse).Value;
    private static readonly FlagRules Rules = new(90, 0.55);

    [Fact]
    public void A_return_with_a_new_opening_and_a_cut_end_repeats_the_first_case()
    {
        CaseFlags[] flags = Judge(Case(1, day: 0, text: Fee), Case(2, day: 12, text: FeeAgain));
        Assert.Equal<(int, long?, int?)>((0, null, null), (flags[0].ChainNumber, flags[0].RepeatOf, flags[0].RepeatGapDays));
        Assert.Equal<(int, long?, int?)>((1, 1L, 12), (flags[1].ChainNumber, flags[1].RepeatOf, flags[1].RepeatGapDays));
        FlagEvidence evidence = flags[1].Evidence.Single(e => e.Kind == FlagKinds.Repeat);
        Assert.Equal((MatterBases.SimilarText, "T001"), (evidence.MatterBasis, evidence.EarlierCaseNumber));
        Assert.InRange(evidence.TextSimilarity!.Value, 0.55, 1);
    }

    [Fact]
    public void The_same_business_line_and_cause_are_the_same_matter_whatever_the_words() =>
        Assert.Equal(1, Judge(Case(1, text: Fee, business: "CREDIT", cause: "PRICE"), Case(2, 5, text: Queue, business: "CREDIT", cause: "PRICE"))[1].RepeatOf);

    [Fact]
    public void Another_matter_of_the_same_person_is_no_repeat() =>
        Assert.Null(Judge(Case(1, text: Fee, business: "CREDIT", cause: "PRICE"), Case(2, 5, text: Queue, business: "CREDIT", cause: "SERV"))[1].RepeatOf);

    [Fact]
    public void The_same_text_of_another_person_is_no_repeat() =>
        Assert.Null(Judge(Case(1, text: Fee), Case(2, 5, person: 2, text: Fee))[1].RepeatOf);

    [Theory]
    [InlineData(90, true)]
    [InlineData(91, false)]
    public void A_return_counts_up_to_the_last_day_of_the_window(int days, bool repeats) =>
        Assert.Equal(repeats, Judge(Case(1, text: Fee), Case(2, days, text: Fee))[1].RepeatOf is not null);

    [Fact]
    public void The_same_complaint_from_two_channels_on_one_day_is_a_repeat_of_the_lower_case_number()
    {
        CaseFlags[] flags = Judge(Case(2, text: Fee, level: 4), Case(1, text: Fee));
        Assert.Equal<(long?, int?, bool)>((1L, 0, true), (flags[0].RepeatOf, flags[0].RepeatGapDays, flags[0].IsEscalation));
    }

    [Fact]
    public void Each_return_repeats_the_case_before_it_and_the_chain_counts_from_the_first()
    {
        CaseFlags[] flags = Judge(Case(1, text: Fee), Case(2, 60, text: FeeAgain), Case(3, 70, text: Queue), Case(4, 140, text: Fee));
        Assert.Equal([0, 1, 0, 2], flags.Select(f => f.ChainNumber));
        Assert.Equal<long?>([null, 1L, null, 2L], flags.Select(f => f.RepeatOf));
    }

    [Fact]
    public void The_link_of_the_source_outweighs_a_later_case_of_like_words()
    {
        CaseFlags[] flags = Judge(Case(1, text: Queue), Case(2, 5, text: Fee), Case(3, 9, text: Fee) with { LinkedCaseNumber = "T001" });
        Assert.Equal<(long?, string?)>((1L, MatterBases.SourceLink), (flags[2].RepeatOf, flags[2].Evidence[0].MatterBasis));
    }

    [Fact]
    public void The_link_of_the_source_holds_where_nobody_is_shown()
    {
        CaseFlags[] flags = Judge(Case(1, text: Queue), Case(2, 5, text: Fee) with { PersonKey = null, LinkedCaseNumber = "T001" });
        Assert.Equal(1, flags[1].RepeatOf);
    }

    [Fact]
    public void Complaints_that_show_nobody_repeat_none() =>
        Assert.Null(Judge(Case(1, text: Fee) with { PersonKey = null }, Case(2, 5, text: Fee) with { PersonKey = null })[1].RepeatOf);

    [Theory]
    [InlineData(0, 4, true)]
    [InlineData(2, 2, false)]
    [InlineData(4, 0, false)]
    public void Escalation_is_a_repeat_from_higher_on_the_ladder(int from, int to, bool escalates)
    {
        CaseFlags flags = Judge(Case(1, level: from, text: Fee), Case(2, 5, level: to, text: Fee))[1];
        Assert.Equal(escalates, flags.IsEscalation);
        Assert.Equal(escalates, flags.Evidence.Any(e => e.Kind == FlagKinds.Escalating));
        Assert.False(flags.IsBypass);
    }

    [Fact]
    public void First_contact_with_the_regulator_bypasses_the_bank_and_is_no_escalation()
    {
        CaseFlags flags = Judge(Case(1, level: 4, text: Fee))[0];
        Assert.Equal((true, false), (flags.IsBypass, flags.IsEscalation));
    }

    [Fact]
    public void A_matter_that_the_bank_knows_from_before_the_window_is_not_bypassed() =>
        Assert.False(Judge(Case(1, text: Fee), Case(2, 200, level: 4, text: Fee))[1].IsBypass);

    [Fact]
    public void The_weaker_identifier_of_the_two_cases_is_named() =>
        Assert.Equal(PersonBases.Phone, Judge(Case(1, text: Fee) with { PersonBasis = PersonBases.Phone }, Case(2, 5, text: Fee))[1].Evidence[0].PersonBasis);

    [Fact]
    public void A_case_number_that_occurs_twice_is_refused() =>
        Assert.Throws<ArgumentException>(() => Judge(Case(1), Case(1)));

    [Fact]
    public void Judging_in_any_order_and_slowly_over_all_pairs_gives_the_same_repeats()
    {
        string[] texts = [Fee, FeeAgain, Queue, Queue + "，另外空调也坏了", ""];
        for (int seed = 0; seed < 300; seed++)
        {
            Random random = new(seed);
            FlagInput[] cases = [.. Enumerable.Range(1, 30).Select(i => Case(
                i, random.Next(200), random.Next(1, 6), random.Next(6), texts[random.Next(texts.Length)],
                random.Next(3) == 0 ? "CREDIT" : null, random.Next(2) == 0 ? "PRICE" : null))];
            Dictionary<long, long?> expected = Slowly(cases);
            random.Shuffle(cases);
            Assert.Equal(expected.OrderBy(e => e.Key), Judge(cases).Select(f => KeyValuePair.Create(f.ComplaintId, f.RepeatOf)).OrderBy(e => e.Key));
        }
    }

    [Fact]
    public void Flags_of_a_month_do_not_change_when_later_months_are_known()
    {
        Random random = new(7);
        FlagInput[] cases = [.. Enumerable.Range(1, 200).Select(i => Case(i, random.Next(300), random.Next(1, 30), random.Next(6), random.Next(2) == 0 ? Fee : Queue))];
        Dictionary<long, CaseFlags> whole = Judge(cases).ToDictionary(f => f.ComplaintId);
        FlagInput[] early = [.. cases.Where(c => c.Received < Start.AddDays(150))];
        Assert.All(Judge(early), flags => Assert.Equal(whole[flags.ComplaintId].RepeatOf, flags.RepeatOf));
    }

    /// <summary>The rule as it is written, over all pairs: matter by the strongest basis, then the later case; the matter's latest case within the window.</summary>
    private static Dictionary<long, long?> Slowly(FlagInput[] cases)
    {
        FlagInput[] ordered = [.. cases.OrderBy(c => c.Received).ThenBy(c => c.CaseNumber, StringComparer.Ordinal)];
        Dictionary<long, long> matter = [];
        Dictionary<long, long?> repeats = [];
        for (int i = 0; i < ordered.Length; i++)
        {
            FlagInput now = ordered[i];
            FlagInput[] before = [.. ordered.Take(i).Where(e => e.PersonKey == now.PersonKey)];
            FlagInput? best = before
                .Where(e => Strength(now, e) > 0 && now.Received.DayNumber - LatestOf(matter[e.ComplaintId]).Received.DayNumber <= Rules.WindowCalendarDays)
                .OrderBy(e => Strength(now, e)).ThenBy(e => Array.IndexOf(ordered, e)).LastOrDefault();
            repeats[now.ComplaintId] = best is null ? null : LatestOf(matter[best.ComplaintId]).ComplaintId;
            matter[now.ComplaintId] = best is null ? now.ComplaintId : matter[best.ComplaintId];

            FlagInput LatestOf(long first) => before.Last(e => matter[e.ComplaintId] == first);
        }
        return repeats;

        static int Strength(FlagInput now, FlagInput earlier) =>
            Alike(now.Text!, earlier.Text!) >= Rules.MatterTextSimilarity ? 2
            : now.Business is not null && now.Business == earlier.Business && now.Cause is not null && now.Cause == earlier.Cause ? 1 : 0;

        static double Alike(string one, string other) => MatterText.Similarity(MatterText.Of(one), MatterText.Of(other));
    }

    [Fact]
    public void A_repeat_of_a_case_from_an_unknown_channel_is_no_escalation()
    {
        CaseFlags[] flags = Judge(Case(1, text: Fee) with { Channel = null }, Case(2, 5, text: Fee, level: 4));
        Assert.Equal((1L, false), (flags[1].RepeatOf, flags[1].IsEscalation));
        Assert.DoesNotContain(flags[1].Evidence, e => e.Kind == FlagKinds.Escalating);
    }

    private static readonly DateOnly Start = new(2025, 1, 1);

    private static FlagInput Case(
        long id, int day = 0, long person = 1, int level = 0, string text = "", string? business = null, string? cause = null) => new()
        {
            ComplaintId = id,
            CaseNumber = $"T{id:000}",
            Received = Start.AddDays(day),
            PersonKey = person,
            PersonBasis = PersonBases.Identity,
            Channel = $"level_{level}",
            Level = level,
            Text = text,
            Business = business,
            Cause = cause,
        };

    private static CaseFlags[] Judge(params FlagInput[] cases) => [.. FlagEngine.Judge(cases, Rules, Lexicon)];
}
