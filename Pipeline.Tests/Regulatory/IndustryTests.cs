using Pipeline.Jobs.Rules;
using Pipeline.Models.Measures;
using Pipeline.Models.Regulatory;

namespace Pipeline.Tests.Regulatory;

/// <summary>Published figures come out of their inputs to the printed decimal (DOMAIN A3.2, A3.4, A3.6).</summary>
public sealed class IndustryTests
{
    private static readonly BulletinBook Book = RuleFiles.Load("/nowhere", "bulletins.cn-banking.json", BulletinBook.Parse).Value;

    private static Bulletin Of(string quarter) => Book.Bulletins.Single(b => b.Quarter == quarter);

    [Fact]
    public void Every_share_and_median_of_2022Q4_whose_inputs_are_given_comes_out_as_printed()
    {
        Bulletin bulletin = Of("2022Q4");
        int shares = 0;
        foreach (BulletinClass one in bulletin.Classes!)
        {
            Assert.Equal((one.Key, one.Share), (one.Key, Industry.Percentage(one.Complaints!.Value, bulletin.Total, 1)));
            shares++;
        }
        Assert.Equal(bulletin.Total, bulletin.Classes.Sum(k => k.Complaints));
        Dictionary<string, long> classes = bulletin.Classes.ToDictionary(k => k.Key, k => k.Complaints!.Value);

        BulletinBank[] state = [.. bulletin.Banks!.Where(b => b.Class == "state")];
        Assert.Equal(classes["state"], state.Sum(b => b.Complaints));
        Assert.Equal(3406.5m, Industry.Median(state.Select(b => (decimal)b.Complaints!)));
        Assert.Equal(bulletin.Classes.Single(k => k.Key == "state").Median, Industry.Median(state.Select(b => (decimal)b.Complaints!)));
        foreach (BulletinBank bank in state)
        {
            Assert.Equal((bank.Zh, bank.Share), (bank.Zh, Industry.Percentage(bank.Complaints!.Value, classes["state"], 1)));
            Assert.Equal((bank.Zh, bank.CreditCardShare), (bank.Zh, Industry.Percentage(bank.CreditCard!.Value, bank.Complaints.Value, 1)));
            shares += 2;
        }
        foreach (BulletinIssue issue in bulletin.Issues!)
        {
            Assert.Equal((issue.Key, issue.Share), (issue.Key, Industry.Percentage(issue.Complaints, bulletin.Total, 1)));
            shares++;
            foreach (IssueOfClass of in issue.Classes)
            {
                Assert.Equal((issue.Key, of.Class, of.Share), (issue.Key, of.Class, Industry.Percentage(of.Complaints, classes[of.Class], 1)));
                shares++;
            }
        }
        BulletinIssue cards = bulletin.Issues.Single(i => i.Key == "credit_card");
        foreach (string of in (string[])["state", "joint_stock", "foreign"])
        {
            decimal[] banks = [.. bulletin.Banks!.Where(b => b.Class == of).Select(b => (decimal)b.CreditCard!)];
            decimal? expected = cards.Classes.Single(k => k.Class == of).Median;
            if (of != "foreign") // of the foreign banks the bulletin lists four of five
            {
                Assert.Equal((of, expected), (of, Industry.Median(banks)));
                Assert.Equal(cards.Classes.Single(k => k.Class == of).Complaints, (long)banks.Sum());
            }
        }
        Assert.Equal(29, shares);
    }

    [Fact]
    public void Changes_and_medians_of_the_series_come_out_as_printed()
    {
        long Total(string quarter) => Of(quarter).Total;
        Assert.Equal(38.15m, Industry.Change(Total("2023Q1"), Total("2022Q1"), 2));
        Assert.Equal(Of("2023Q1").YearChange, Industry.Change(Total("2023Q1"), Total("2022Q1"), 2));
        foreach ((string now, string before) in ((string, string)[])[("2020Q3", "2020Q2"), ("2020Q4", "2020Q3"), ("2021Q1", "2020Q4"), ("2021Q4", "2021Q3")])
        {
            Assert.Equal((now, Of(now).QuarterChange), (now, Industry.Change(Total(now), Total(before), 1)));
        }
        Assert.Equal(Of("2021Q3").YearChange, Industry.Change(Total("2021Q3"), Total("2020Q3"), 1));
        Assert.Equal(30.6m, Industry.Percentage(Of("2023Q1").Issues![0].Complaints, Total("2023Q1"), 1));
        Assert.Equal(Total("2023Q1"), Of("2023Q1").Classes!.Sum(k => k.Complaints));

        BulletinClass state = Of("2022Q1").Classes!.Single();
        Assert.Equal(50.5m, Industry.Median(Of("2022Q1").Banks!.Select(b => b.Per10mCustomers!.Value)));
        Assert.Equal(state.MedianPer10mCustomers, Industry.Median(Of("2022Q1").Banks!.Select(b => b.Per10mCustomers!.Value)));
        Assert.Equal(state.MedianPer1000Outlets, Industry.Median([1200.4m, 267.1m, 235.3m, 232.5m, 153.9m, 84.0m]));
    }

    [Fact]
    public void Shares_that_banks_disclose_come_out_as_printed()
    {
        // A joint-stock bank, 2024: 225,004 complaints.
        (long Part, decimal Printed)[] ofTotal = [(119_503, 53.11m), (105_501, 46.89m), (174_864, 77.72m), (91_086, 40.48m), (87_547, 38.91m), (16_118, 7.16m)];
        foreach ((long part, decimal printed) in ofTotal)
        {
            Assert.Equal(printed, Industry.Percentage(part, 225_004, 2));
        }
        // A rural bank, 2024: 291 complaints by source.
        Assert.Equal([85.57m, 1.72m, 12.37m, 0.34m], ((long[])[249, 5, 36, 1]).Select(n => Industry.Percentage(n, 291, 2)));
        // A rural bank, 2020: 625 complaints, 506 outlets: 1.24 for each outlet and year.
        Assert.Equal(1.24m, Industry.PerBase(625, 506, 1, 2));
    }

    [Fact]
    public void Largest_remainder_prints_what_a_bank_forced_to_a_hundred_and_plain_what_each_share_is()
    {
        // A joint-stock bank, 2023: 356,498 complaints by business line and by cause; the last cause is what the named ones leave.
        long[] lines = [303_096, 22_069, 18_519, 4_687, 916, 580, 6_631];
        long[] causes = [191_933, 120_990, 32_567, 4_486, 3_323, 1_136, 810, 652, 601];
        Assert.Equal((356_498, 356_498), (lines.Sum(), causes.Sum()));

        Assert.Equal([85.02m, 6.19m, 5.19m, 1.32m, 0.26m, 0.16m, 1.86m], Percent.Shares(lines, PercentPolicy.LargestRemainder, 2).Select(s => s!.Value * 100));
        Assert.Equal([53.84m, 33.94m, 9.13m, 1.26m, 0.93m, 0.32m, 0.23m, 0.18m, 0.17m], Percent.Shares(causes, PercentPolicy.LargestRemainder, 2).Select(s => s!.Value * 100));
        Assert.Equal(1.31m, Percent.Shares(lines, PercentPolicy.Plain, 2)[3] * 100);
        Assert.Equal(9.14m, Percent.Shares(causes, PercentPolicy.Plain, 2)[2] * 100);
        Assert.Equal(1m, Percent.Shares(lines, PercentPolicy.LargestRemainder, 2).Sum());
    }

    [Fact]
    public void A_subtotal_is_made_of_counts_and_not_of_printed_shares()
    {
        // As a large bank printed: 33.6, 29.1 and 14.3 add up to 77.0, the subtotal of the counts prints 77.1.
        long[] counts = [33_640, 29_140, 14_340];
        Assert.Equal([33.6m, 29.1m, 14.3m], counts.Select(n => Industry.Percentage(n, 100_000, 1)));
        Assert.Equal(77.1m, Industry.Percentage(counts.Sum(), 100_000, 1));
    }

    [Theory]
    [InlineData(43, 100_000, 1, 0, 1)]
    [InlineData(43, 100_000, 1, 1, 2)] // 0.043 % prints 0.04 %
    [InlineData(43, 100_000, 1, 2, 3)] // 0.043 %
    [InlineData(2, 100_000, 1, 1, 3)]
    [InlineData(13_140, 100_000, 1, 2, 1)]
    [InlineData(0, 100_000, 1, 2, 1)]
    [InlineData(96, 100_000, 1, 1, 1)] // 0.096 % prints 0.1 %
    public void Tiny_shares_get_the_decimals_that_their_digits_need(long part, long whole, int decimals, int significant, int expected) =>
        Assert.Equal(expected, Percent.DecimalsOf(part, whole, decimals, significant));
}
