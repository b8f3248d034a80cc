using Pipeline.Models.Measures;
using Pipeline.Models.RootCauses;

namespace Pipeline.Tests.RootCauses;

public sealed class ChangePartsTests
{
    [Fact]
    public void A_change_of_volume_alone_is_all_volume()
    {
        ChangeParts parts = ChangeParts.Of([new("A", 100, 10), new("B", 50, 20)], [new("A", 200, 20), new("B", 100, 40)]);
        Assert.Equal(new ChangeParts(30, 0, 0), parts.Rounded(9));
    }

    [Fact]
    public void A_change_of_the_mix_alone_is_all_mix()
    {
        // 150 complaints before and now; rates 10 % and 40 % stay; 60 move from A to B.
        ChangeParts parts = ChangeParts.Of([new("A", 100, 10), new("B", 50, 20)], [new("A", 40, 4), new("B", 110, 44)]);
        Assert.Equal(new ChangeParts(0, 18, 0), parts.Rounded(9));
    }

    [Fact]
    public void A_change_of_the_rate_alone_is_all_rate()
    {
        ChangeParts parts = ChangeParts.Of([new("A", 100, 10), new("B", 50, 20)], [new("A", 100, 30), new("B", 50, 20)]);
        Assert.Equal(new ChangeParts(0, 0, 20), parts.Rounded(9));
    }

    [Fact]
    public void A_business_line_that_appears_is_a_change_of_mix()
    {
        ChangeParts line = ChangeParts.ByBusiness([new("A", 100, 10)], [new("A", 100, 10), new("N", 100, 50)]).Single(p => p.Business == "N").Parts;
        Assert.Equal(50, line.Total);
        Assert.Equal(0, HalfUp.Round(line.Rate, 12));
        Assert.Equal(0, HalfUp.Round(line.Volume + line.Mix - 50, 12));
    }

    [Fact]
    public void The_parts_add_up_to_the_change_and_equal_the_mean_over_all_orders_of_change()
    {
        Random chance = new(4);
        for (int trial = 0; trial < 300; trial++)
        {
            int lines = chance.Next(1, 6);
            List<BusinessCount> before = Lines(chance, lines);
            List<BusinessCount> now = Lines(chance, lines);
            foreach ((string business, ChangeParts parts) in ChangeParts.ByBusiness(before, now))
            {
                BusinessCount old = before.Single(b => b.Business == business);
                BusinessCount young = now.Single(b => b.Business == business);
                Assert.Equal(young.OfCause - old.OfCause, HalfUp.Round(parts.Total, 20));
                (double volume, double mix, double rate) = MeanOverOrders(old, before.Sum(b => b.Complaints), young, now.Sum(b => b.Complaints));
                Assert.Equal(volume, (double)parts.Volume, 9);
                Assert.Equal(mix, (double)parts.Mix, 9);
                Assert.Equal(rate, (double)parts.Rate, 9);
            }
            ChangeParts sum = ChangeParts.Of(before, now);
            Assert.Equal(now.Sum(b => b.OfCause) - before.Sum(b => b.OfCause), HalfUp.Round(sum.Total, 20));
            ChangeParts rounded = sum.Rounded(1);
            Assert.Equal(HalfUp.Round(sum.Total, 1), rounded.Total);
            Assert.All((decimal[])[rounded.Volume - sum.Volume, rounded.Mix - sum.Mix, rounded.Rate - sum.Rate], d => Assert.InRange(d, -0.15m, 0.15m));
        }
    }

    private static List<BusinessCount> Lines(Random chance, int count) => [.. Enumerable.Range(0, count).Select(i =>
    {
        int complaints = chance.Next(4) == 0 ? 0 : chance.Next(1, 80);
        return new BusinessCount(((char)('A' + i)).ToString(), complaints, complaints == 0 ? 0 : chance.Next(complaints + 1));
    })];

    /// <summary>The slow specification: change the three factors in each of the six orders and take the mean of what each brings.</summary>
    private static (double Volume, double Mix, double Rate) MeanOverOrders(BusinessCount old, decimal allOld, BusinessCount young, decimal allYoung)
    {
        double Share(decimal part, decimal all) => all == 0 ? 0 : (double)(part / all);
        double? oldRate = old.Complaints == 0 ? null : (double)(old.OfCause / old.Complaints);
        double? youngRate = young.Complaints == 0 ? null : (double)(young.OfCause / young.Complaints);
        double[] from = [(double)allOld, Share(old.Complaints, allOld), oldRate ?? youngRate ?? 0];
        double[] to = [(double)allYoung, Share(young.Complaints, allYoung), youngRate ?? oldRate ?? 0];
        double[] effects = new double[3];
        int[][] orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
        foreach (int[] order in orders)
        {
            double[] at = [.. from];
            foreach (int factor in order)
            {
                double before = at[0] * at[1] * at[2];
                at[factor] = to[factor];
                effects[factor] += ((at[0] * at[1] * at[2]) - before) / orders.Length;
            }
        }
        return (effects[0], effects[1], effects[2]);
    }
}
