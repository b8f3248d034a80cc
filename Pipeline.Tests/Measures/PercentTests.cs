using FsCheck;
using FsCheck.Fluent;
using Pipeline.Models.Measures;

namespace Pipeline.Tests.Measures;

public sealed class PercentTests
{
    [Theory]
    [InlineData(16118, 225004, 2, "0.0716")]
    [InlineData(21559, 69555, 1, "0.310")]
    [InlineData(1, 8, 0, "0.13")]
    [InlineData(1, 200, 0, "0.01")]
    public void A_share_is_rounded_half_up_to_its_printed_decimals(long part, long whole, int decimals, string printed) =>
        Assert.Equal(decimal.Parse(printed), Percent.Share(part, whole, decimals));

    [Fact]
    public void A_share_of_nothing_is_not_defined() => Assert.Null(Percent.Share(0, 0, 1));

    [Fact]
    public void Shares_of_the_2022Q4_bulletin_come_out_to_their_printed_decimals() =>
        Assert.Equal(
            [0.310m, 0.377m, 0.005m, 0.161m, 0.056m, 0.091m],
            Percent.Shares([21559, 26247, 341, 11202, 3872, 6334], PercentPolicy.Plain, 1).OfType<decimal>());

    [Fact]
    public void Three_thirds_add_up_to_a_hundred_by_largest_remainder() =>
        Assert.Equal([0.334m, 0.333m, 0.333m], Percent.Shares([1, 1, 1], PercentPolicy.LargestRemainder, 1).OfType<decimal>());

    [Fact]
    public void By_largest_remainder_shares_add_up_and_none_is_a_step_away()
    {
        Prop.ForAll(
            ArbMap.Default.ArbFor<ushort[]>(),
            ArbMap.Default.ArbFor<byte>(),
            (counts, d) =>
            {
                int decimals = d % 4;
                long[] parts = [.. counts.Select(c => (long)c)];
                long whole = parts.Sum();
                IReadOnlyList<decimal?> shares = Percent.Shares(parts, PercentPolicy.LargestRemainder, decimals);
                decimal step = 1m / (decimal)Math.Pow(10, decimals + 2);
                return whole == 0
                    ? shares.All(s => s is null)
                    : shares.Sum() == 1 && shares.Zip(parts).All(p => Math.Abs(p.First!.Value - ((decimal)p.Second / whole)) < step);
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(20261031, 1));
    }
}
