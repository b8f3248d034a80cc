using System.Globalization;
using Pipeline.Jobs.Regulatory;
using Pipeline.Jobs.Rules;
using Pipeline.Models.Complaints;
using Pipeline.Models.Flags;
using Pipeline.Models.Measures;
using Pipeline.Models.Regulatory;
using Pipeline.Models.Taxonomy;
using Pipeline.Reports;

namespace Pipeline.Tests.Reports;

/// <summary>A month report made by a seed: complaints of an invented bank, figures by the engine, flags, quality, lineage.</summary>
internal static class InventedMonth
{
    public static readonly ReportingMonth October = new(2026, 10);

    /// <summary>Two or three months: the rows of all would make every workbook of the tests a large one.</summary>
    public const int FewEarlier = 1_500;

    private static readonly (string Key, int Weight)[] Businesses =
        [("CREDIT", 34), ("LOAN", 20), ("DEBIT", 14), ("PAY", 9), ("DEBT", 8), ("AGENCY", 5), ("WMP", 4), ("RMBSAV", 3), ("PFI", 2), ("OTH", 2)];

    private static readonly (string Key, int Weight)[] CauseWeights =
        [("RULE", 30), ("PRICE", 17), ("COLL", 13), ("SERV", 12), ("FACIL", 8), ("MKT", 6), ("DISC", 5), ("FUND", 4), ("CONTR", 3), ("INFO", 2), ("OTH", 3)];

    private static readonly (string Key, int Weight)[] ChannelWeights =
        [("hotline", 52), ("branch_counter", 11), ("mobile_bank", 10), ("regulator", 9), ("city_hotline", 6), ("central_bank", 4), ("regulator_live", 3), ("mail", 2), ("petition", 2), ("head_office", 1)];

    private static readonly (string Key, int Weight)[] BusinessChannels =
        [("FRONT_SITE", 22), ("FRONT_SELF", 7), ("FRONT_E_WEB", 6), ("FRONT_E_TEL", 14), ("FRONT_E_APP", 24), ("FRONT_E_SOC", 2), ("FRONT_E_SMS", 3), ("FRONT_3RD", 6), ("FRONT_E", 1), ("BACK", 15)];

    private static readonly (string Branch, string Region)[] Branches =
    [
        ("南京分行", "江苏省"), ("苏州分行", "江苏省"), ("杭州分行", "浙江省"), ("宁波分行", "浙江省"), ("上海分行", "上海市"), ("广州分行", "广东省"), ("深圳分行", "广东省"), ("信用卡中心", "上海市"),
    ];

    private static readonly string[] Texts =
    [
        "客户反映信用卡年费在未提前告知的情况下被扣收，要求退还并说明收费依据，已多次致电 138****5678 未获答复。",
        "催收人员每日多次拨打电话并联系其亲属，态度恶劣，客户要求立即停止骚扰并由主管书面道歉，否则向 12378 反映。",
        "提前还款申请提交后迟迟未处理，系统显示异常，网点工作人员称流程需总行审批，客户认为流程不合理。",
        "=1+1 手机银行转账失败但资金已扣，客户要求尽快退回。",
        "理财产品到期收益与宣传不符，客户经理销售时承诺保本，现要求赔付差额并提供录音录像。",
        "+86 开头的号码自称银行工作人员诱导下载软件，客户质疑个人信息泄露。\n第二行：要求核实。",
    ];

    private static readonly RuleBook Rules = RuleFiles.Rules("/nowhere").Value;

    /// <summary>The switches that come with the program, and denominators of all branches but the card centre.</summary>
    public static RegulatoryBook Book { get; } = RegulatoryRuleFiles.Load("/nowhere", "cn-jrt0169", null).Book with
    {
        Denominators = new Denominators(
            [.. Branches.Where(b => b.Branch != "信用卡中心").SelectMany((b, i) => Enumerable.Range(0, 12).Select(q => new DenominatorEntry(October.Add(-3 * q), b.Branch, 40 + i, 1_500_000 + (i * 100_000))))],
            new string('c', 64)),
    };

    /// <param name="perMonth">About so many complaints in each month.</param>
    /// <param name="months">Months with complaints, the last with them.</param>
    /// <param name="views">Regulators whose sheets the workbook has; null for those of the rules.</param>
    /// <param name="mostEarlier">At most so many earlier cases are pinned.</param>
    /// <param name="hasRise">The last month has an eighth more: card complaints about fees at one branch.</param>
    public static MonthReport Report(int seed = 7, int perMonth = 500, int months = 25, int edition = 1, DateOnly? asOf = null, bool hasRise = true, IReadOnlyList<string>? views = null, int mostEarlier = FewEarlier)
    {
        DateOnly dataDay = asOf ?? new DateOnly(2026, 11, 5);
        return Report(Facts(seed, perMonth, months, dataDay, hasRise), "cn-jrt0169", months, edition, dataDay, views, mostEarlier);
    }

    /// <summary>A month, and the same with one more complaint of somebody new, which repeats none and is still open.</summary>
    public static (MonthReport Before, MonthReport After, ComplaintFact Added) WithOneMore()
    {
        DateOnly dataDay = new(2026, 11, 5);
        List<ComplaintFact> facts = Facts(7, 150, 25, dataDay, true);
        ComplaintFact added = facts.Last(f => f.RepeatOf is null && f.Status == "open") with { ComplaintId = facts.Count + 1, CaseNumber = "TS20261030999999", PersonKey = 999_999, Received = new DateOnly(2026, 10, 30), Tags = [] };
        return (Report(facts, "cn-jrt0169", 25, 1, dataDay), Report([.. facts, added], "cn-jrt0169", 25, 1, dataDay), added);
    }

    /// <summary>Nothing was received in the month; some complaints stand in the months before.</summary>
    public static MonthReport Empty()
    {
        DateOnly dataDay = new(2026, 11, 5);
        return Report([.. Facts(4, 30, 6, dataDay, false).Where(f => !October.Contains(f.Received))], "cn-jrt0169", 6, 1, dataDay);
    }

    /// <summary>More regions than are broken out, the most of them with few complaints.</summary>
    public static MonthReport ManyRegions()
    {
        DateOnly dataDay = new(2026, 11, 5);
        Random chance = new(9);
        return Report([.. Facts(8, 40, 25, dataDay, false).Select(f => f with { Region = $"Region {(chance.Next(3) == 0 ? chance.Next(64) : chance.Next(12))}" })], "cn-jrt0169", 25, 1, dataDay);
    }

    /// <summary>A taxonomy with open dimensions: many issues and companies whose names hold commas, slashes and equals signs.</summary>
    public static MonthReport Open(string taxonomy)
    {
        DateOnly dataDay = new(2026, 11, 5);
        Random chance = new(12);
        List<ComplaintFact> facts = [.. Facts(6, 200, 14, dataDay, false).Select(f => f with
        {
            Business = f.Business with { Class = "CARD", Reported = "CARD", Predicted = "CARD" },
            Cause = f.Cause with { Class = $"Issue {chance.Next(90)}, with a comma", Reported = null, Predicted = null, Basis = LabelBasis.Reported },
            Branch = $"Company {chance.Next(75)} A/B=C, Inc.",
            Channel = "web",
            ChannelGroup = null,
            Level = 0,
            BusinessChannel = null,
            Severity = null,
            Region = "CA",
            IsTimelyReported = true,
        })];
        return Report(facts, taxonomy, 14, 1, dataDay);
    }

    private static MonthReport Report(List<ComplaintFact> facts, string taxonomy, int months, int edition, DateOnly dataDay, IReadOnlyList<string>? views = null, int mostEarlier = FewEarlier)
    {
        RegulatoryBook book = views is null ? Book : Book with { Rules = Book.Rules with { Views = new Dictionary<string, IReadOnlyList<string>> { [taxonomy] = views } } };
        PinnedRule<ComplaintTaxonomy> classes = RuleFiles.Taxonomy("/nowhere", taxonomy);
        ReportingMonth history = October.Add(-Math.Min(months - 1, FigurePlan.HistoryMonths));
        FigureEngine engine = new(facts, classes.Value, Rules, dataDay, book);
        Figure[] figures = engine.EvaluateAll([.. FigurePlan.For(October, history, FigurePlan.Members(classes.Value, facts, October), book.Rules.ViewsOf(taxonomy))
            .Concat(InventedRootCauses.Keys(October, history, taxonomy)).DistinctBy(k => k.Text)], Environment.ProcessorCount);
        List<CaseRow> cases = [.. facts.Where(f => October.Contains(f.Received)).OrderBy(f => f.Received).ThenBy(f => f.CaseNumber, StringComparer.Ordinal).Select((f, i) => Case(f, i))];
        EarlierCases? earlier = EarlierCases.Of(facts, October, history, mostEarlier);
        MonthReport report = InventedRootCauses.AddTo(
            new MonthReport(October, history, "示例银行", Lineage(classes, edition, dataDay), classes.Value, Rules, figures, cases, Quality(cases))
            {
                Regulatory = book,
                PinnedFrom = earlier?.From,
                Earlier = [.. facts.Where(f => earlier?.Complaints.Contains(f.ComplaintId) == true).OrderBy(f => f.Received).ThenBy(f => f.CaseNumber, StringComparer.Ordinal).Select((f, i) => Case(f, i) with { Flags = [] })],
            });
        return PreFlightCheck.AddTo(report);
    }

    private static List<ComplaintFact> Facts(int seed, int perMonth, int months, DateOnly asOf, bool hasRise)
    {
        Random chance = new(seed);
        List<ComplaintFact> facts = [];
        for (int back = months - 1; back >= 0; back--)
        {
            ReportingMonth month = October.Add(-back);
            int count = perMonth + chance.Next(-perMonth / 12, (perMonth / 12) + 1) + (back == 0 && hasRise ? perMonth / 8 : 0);
            for (int i = 0; i < count; i++)
            {
                bool isPlanted = hasRise && back == 0 && i < perMonth / 8;
                DateOnly received = month.FirstDay.AddDays(chance.Next(month.LastDay.Day));
                if (received <= asOf)
                {
                    facts.Add(Fact(chance, facts, received, asOf, isPlanted));
                }
            }
        }
        return facts;
    }

    private static ComplaintFact Fact(Random chance, List<ComplaintFact> before, DateOnly received, DateOnly asOf, bool isPlanted)
    {
        long id = before.Count + 1;
        (string branch, string region) = isPlanted ? Branches[1] : Branches[chance.Next(Branches.Length)];
        string channel = Pick(chance, ChannelWeights);
        ComplaintFact? earlier = before.Count > 50 && chance.Next(100) < 16 ? before[^chance.Next(1, Math.Min(before.Count, 900))] : null;
        int gap = earlier is null ? 0 : received.DayNumber - earlier.Received.DayNumber;
        if (gap is < 0 or > 90)
        {
            earlier = null;
        }
        int handling = chance.Next(100) switch { < 82 => chance.Next(1, 15), < 94 => chance.Next(15, 31), < 99 => chance.Next(31, 61), _ => chance.Next(61, 90) };
        DateOnly? closed = received.AddDays(handling) <= asOf ? received.AddDays(handling) : null;
        bool isWithdrawn = chance.Next(60) == 0;
        HeadLabel cause = Label(chance, isPlanted ? "PRICE" : Pick(chance, CauseWeights), CauseWeights);
        int level = Level(channel);
        return InventedRootCauses.Told(new ComplaintFact
        {
            ComplaintId = id,
            CaseNumber = string.Create(CultureInfo.InvariantCulture, $"TS{received:yyyyMMdd}{id:000000}"),
            Received = received,
            Closed = isWithdrawn ? null : closed,
            Status = isWithdrawn ? "withdrawn" : closed is null ? "open" : "closed",
            Due = received.AddDays(15),
            Channel = chance.Next(60) == 0 ? null : channel,
            Level = level,
            ChannelGroup = level >= 5 ? "petition" : level == 4 ? "regulator" : level == 3 ? "platform" : "own",
            BusinessChannel = chance.Next(40) == 0 ? null : Pick(chance, BusinessChannels),
            Nature = Label(chance, Pick(chance, [("process", 45), ("service", 30), ("product", 25)]), [("process", 45), ("service", 30), ("product", 25)]),
            Business = Label(chance, isPlanted ? "CREDIT" : Pick(chance, Businesses), Businesses),
            Cause = cause,
            BranchName = $"{branch}营业部",
            Branch = branch,
            Region = region,
            Severity = Pick(chance, [("ordinary", 88), ("complex", 10), ("major", 2)]),
            Amount = chance.Next(3) == 0 ? chance.Next(100, 300_000) : null,
            Satisfaction = closed is null || chance.Next(2) == 0 ? null : Pick(chance, [("satisfied", 62), ("fairly_satisfied", 18), ("dissatisfied", 12), ("not_reached", 8)]),
            IsLiable = closed is null ? null : chance.Next(5) == 0,
            IsCompensated = closed is null ? null : chance.Next(12) == 0,
            Compensation = closed is not null && chance.Next(12) == 0 ? chance.Next(50, 500) : null,
            PersonKey = earlier?.PersonKey ?? id,
            PersonBasis = "identity",
            RepeatOf = earlier?.ComplaintId,
            RepeatOfCaseNumber = earlier?.CaseNumber,
            RepeatGapDays = earlier is null ? null : gap,
            ChainNumber = earlier is null ? 0 : earlier.ChainNumber + 1,
            IsEscalation = earlier is not null && level > earlier.Level,
            IsBypass = earlier is null && level >= 3,
            Stage = Pick(chance, [("complaint", 70), ("grievance", 15), ("escalation", 10), ("enquiry", 5)]),
            HasThreat = chance.Next(9) == 0,
            ReturnAfterClosingDays = closed is null || chance.Next(8) > 0 ? null : chance.Next(1, 60),
            Warnings = chance.Next(12) == 0 ? ["identity_scientific"] : [],
        });
    }

    private static HeadLabel Label(Random chance, string member, (string Key, int Weight)[] all)
    {
        double probability = Math.Round(0.35 + (0.65 * Math.Sqrt(chance.NextDouble())), 4);
        string predicted = chance.Next(100) < 88 ? member : Pick(chance, all);
        return chance.Next(10) < 7
            ? new HeadLabel(member, LabelBasis.Reported, member, predicted, probability, probability < 0.6)
            : new HeadLabel(predicted, LabelBasis.Predicted, null, predicted, probability, probability < 0.6);
    }

    private static int Level(string channel) => channel switch
    {
        "regulator" or "regulator_live" or "central_bank" => 4,
        "petition" => 5,
        "city_hotline" => 3,
        "head_office" => 2,
        "mail" => 1,
        _ => 0,
    };

    private static CaseRow Case(ComplaintFact fact, int number)
    {
        List<FlagEvidence> flags = [];
        if (fact.RepeatOf is not null)
        {
            flags.Add(new FlagEvidence(
                FlagKinds.Repeat, 1, fact.RepeatOfCaseNumber, fact.Received.AddDays(-fact.RepeatGapDays!.Value), fact.RepeatGapDays, fact.ChainNumber, "similar_text", 0.72, "identity",
                "hotline", fact.Channel, 0, fact.Level));
        }
        if (fact.IsEscalation || (fact.HasThreat && number % 3 == 0))
        {
            flags.Add(new FlagEvidence(
                FlagKinds.Escalating, fact.IsEscalation ? 1 : 0.6, fact.RepeatOfCaseNumber, null, fact.RepeatGapDays, fact.ChainNumber, fact.IsEscalation ? "same_business_cause" : null, null,
                fact.IsEscalation ? "phone" : null, fact.IsEscalation ? "hotline" : null, fact.IsEscalation ? fact.Channel : null, fact.IsEscalation ? 0 : null, fact.IsEscalation ? fact.Level : null,
                fact.HasThreat ? ["regulator", "media"] : null));
        }
        return new CaseRow(
            fact, string.Create(CultureInfo.InvariantCulture, $"P-{fact.PersonKey:000000}"), number % 4 == 0 ? null : "曹**", $"{Texts[number % Texts.Length]}（{number}）", "2026-10.csv", number + 4, flags);
    }

    private static RunLineage Lineage(PinnedRule<ComplaintTaxonomy> taxonomy, int edition, DateOnly asOf) => new(
        "3f9c2d7a81be", edition, asOf, "0.1.0", Rules.Version, new string('a', 64), taxonomy.Value.Id, taxonomy.Value.Version, taxonomy.Sha256,
        [.. Enumerable.Range(0, 12).Select(i => new LineageFile(
            $"{October.Add(i - 11)}.csv", new string((char)('a' + (i % 6)), 64), "cn-bank", "GB18030", October.Add(i - 11).LastDay.AddDays(5), 560, 500, 40, 12, 3, 5, 21))],
        [new LineageModel("m-20261101-7d1f", "hashed-ngrams", new string('b', 64), 1578, new Dictionary<string, double> { ["nature.accuracy"] = 0.871, ["business.accuracy"] = 0.934, ["business.macro_f1"] = 0.902, ["cause.accuracy"] = 0.853 })]);

    private static QualityReport Quality(List<CaseRow> cases)
    {
        List<WarningLine> lines = [.. cases.Where(c => c.Fact.Warnings.Count > 0).Select(c => new WarningLine(c.Fact.CaseNumber, c.File, c.Line, "identity_number", c.Fact.Warnings[0]))];
        return new QualityReport(
            [
                new QuarantineLine(11, "2026-10.csv", "", 118, "TS20261012000077", "received_date", "2026-02-30", QualityCodes.ReceivedDateImpossible, "open"),
                new QuarantineLine(12, "2026-10.csv", "", 204, null, "case_number", null, QualityCodes.CaseNumberMissing, "open"),
                new QuarantineLine(13, "2026-10.csv", "", 377, "TS20261020000178", null, "=HYPERLINK(\"http://x\")", QualityCodes.TooManyCells, "released"),
            ],
            [new WarningCount(QualityCodes.IdentityScientific, "identity_number", lines.Count), new WarningCount(QualityCodes.ClosedBeforeReceived, "closed_date", 4), new WarningCount(QualityCodes.ChannelUnknown, "channel", 9)],
            lines);
    }

    private static string Pick(Random chance, (string Key, int Weight)[] choices)
    {
        int at = chance.Next(choices.Sum(c => c.Weight));
        foreach ((string key, int weight) in choices)
        {
            at -= weight;
            if (at < 0)
            {
                return key;
            }
        }
        return choices[^1].Key;
    }
}
