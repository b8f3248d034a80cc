using Pipeline.Models.Complaints;

namespace Pipeline.Tests.Measures;

/// <summary>Complaints made by hand or by a seed, for tests of figures and workbooks.</summary>
internal static class Facts
{
    private static readonly string[] Businesses = ["CREDIT", "DEBIT", "LOAN", "PAY", "DEBT", "OTH"];
    private static readonly string[] Causes = ["RULE", "PRICE", "SERV", "COLL", "OTH"];
    private static readonly string[] Channels = ["hotline", "regulator", "central_bank", "petition", "branch_counter"];
    private static readonly string[] BusinessChannels = ["FRONT_SITE", "FRONT_E_WEB", "FRONT_E_APP", "BACK"];
    private static readonly string[] Branches = ["南京分行", "杭州分行", "广州分行"];

    public static ComplaintFact Plain(long id, DateOnly received) => new()
    {
        ComplaintId = id,
        CaseNumber = $"TS{id:000000}",
        Received = received,
        Status = "open",
        Business = Coded("CREDIT"),
        Cause = Coded("RULE"),
        Nature = Coded("process"),
        Channel = "hotline",
        ChannelGroup = "own",
        BusinessChannel = "FRONT_E_APP",
        Branch = "南京分行",
        Region = "江苏省",
        Severity = "ordinary",
    };

    public static HeadLabel Coded(string member) => new(member, LabelBasis.Reported, member, member, 0.9, false);

    /// <summary>Complaints of <paramref name="months"/> months before and with <paramref name="last"/>, the same for the same seed.</summary>
    public static IReadOnlyList<ComplaintFact> Random(int seed, int perMonth, ReportingMonth last, int months)
    {
        Random chance = new(seed);
        List<ComplaintFact> facts = [];
        for (int m = months - 1; m >= 0; m--)
        {
            ReportingMonth month = last.Add(-m);
            for (int i = 0; i < perMonth; i++)
            {
                long id = facts.Count + 1;
                DateOnly received = month.FirstDay.AddDays(chance.Next(month.LastDay.Day));
                DateOnly? closed = chance.Next(10) < 8 ? received.AddDays(chance.Next(70)) : null;
                bool coded = chance.Next(10) < 7;
                ComplaintFact? earlier = facts.Count > 10 && chance.Next(6) == 0 ? facts[^chance.Next(1, 10)] : null;
                string channel = Pick(chance, Channels);
                facts.Add(Plain(id, received) with
                {
                    Closed = closed,
                    Status = closed is null ? "open" : "closed",
                    Business = Label(chance, Businesses, coded),
                    Cause = Label(chance, Causes, coded),
                    Nature = Label(chance, ["product", "service", "process"], false),
                    Channel = channel,
                    ChannelGroup = channel is "regulator" or "central_bank" ? "regulator" : channel == "petition" ? "petition" : "own",
                    Level = channel is "regulator" or "central_bank" ? 4 : channel == "petition" ? 5 : 0,
                    BusinessChannel = chance.Next(20) == 0 ? null : Pick(chance, BusinessChannels),
                    Branch = Pick(chance, Branches),
                    Satisfaction = closed is null ? null : Pick(chance, ["satisfied", "fairly_satisfied", "dissatisfied", "not_reached"]),
                    IsLiable = closed is null ? null : chance.Next(5) == 0,
                    Compensation = closed is not null && id % 11 == 0 ? 50 + (id % 7) : null,
                    Amount = chance.Next(3) == 0 ? chance.Next(1, 100_000) : null,
                    PersonKey = chance.Next(10) == 0 ? null : chance.Next(1, perMonth * months),
                    RepeatOf = earlier?.ComplaintId,
                    RepeatOfCaseNumber = earlier?.CaseNumber,
                    RepeatGapDays = earlier is null ? null : Math.Max(0, received.DayNumber - earlier.Received.DayNumber),
                    ChainNumber = earlier is null ? 0 : earlier.ChainNumber + 1,
                    IsEscalation = earlier is not null && chance.Next(3) == 0,
                    ReturnAfterClosingDays = closed is null || chance.Next(5) > 0 ? null : chance.Next(-10, 60),
                    HasThreat = chance.Next(8) == 0,
                });
            }
        }
        return facts;
    }

    private static HeadLabel Label(Random chance, string[] members, bool coded)
    {
        string predicted = Pick(chance, members);
        string reported = Pick(chance, members);
        double probability = Math.Round(0.3 + (0.7 * chance.NextDouble()), 4);
        return coded
            ? new HeadLabel(reported, LabelBasis.Reported, reported, predicted, probability, probability < 0.6)
            : new HeadLabel(predicted, LabelBasis.Predicted, null, predicted, probability, probability < 0.6);
    }

    private static string Pick(Random chance, string[] members) => members[chance.Next(members.Length)];
}
