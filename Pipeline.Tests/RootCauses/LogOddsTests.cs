using Pipeline.Models.RootCauses;

namespace Pipeline.Tests.RootCauses;

public sealed class LogOddsTests
{
    [Fact]
    public void The_worked_example_comes_out()
    {
        // Monroe, Colaresi and Quinn (2008), eq. 16 and 22, by hand: y = 30 of 1000 here, 10 of 2000 elsewhere, prior 5 of 500.
        WordOdds odds = LogOdds.Of(30, 1000, 10, 2000, 5, 500);
        double expected = Math.Log(35.0 / (1500 - 35)) - Math.Log(15.0 / (2500 - 15));
        Assert.Equal(expected, odds.LogOdds, 12);
        Assert.Equal(expected / Math.Sqrt((1 / 35.0) + (1 / 15.0)), odds.Z, 12);
    }

    [Fact]
    public void A_word_as_frequent_here_as_elsewhere_says_nothing()
    {
        Assert.Equal(0, LogOdds.Of(20, 1000, 40, 2000, 14, 700).LogOdds, 12);
    }

    [Fact]
    public void A_rare_word_needs_evidence_where_a_raw_ratio_would_put_it_first()
    {
        WordOdds once = LogOdds.Of(1, 1000, 0, 2000, 0.5, 500);
        WordOdds often = LogOdds.Of(60, 1000, 40, 2000, 25, 500);
        Assert.True(often.Z > 3);
        Assert.True(once.Z < 2);
    }
}
