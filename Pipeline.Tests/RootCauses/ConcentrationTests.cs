using Pipeline.Models.RootCauses;

namespace Pipeline.Tests.RootCauses;

public sealed class ConcentrationTests
{
    [Fact]
    public void A_cause_spread_like_all_others_is_dense_nowhere()
    {
        Concentration spread = Concentration.Of([("N", 10, 110), ("H", 10, 110), ("G", 10, 110)])!;
        Assert.Equal(1 / 3.0, spread.Index, 12);
        Assert.Equal(1 / 3.0, spread.UsualIndex, 12);
        Assert.Empty(spread.Dense);
        Assert.Equal(1, spread.TopShare, 12);
    }

    [Fact]
    public void A_place_with_more_than_its_size_explains_is_named_with_what_was_expected()
    {
        Concentration spread = Concentration.Of([("N", 30, 130), ("H", 2, 102), ("G", 3, 103)])!;
        DensePlace place = Assert.Single(spread.Dense);
        Assert.Equal("N", place.Member);
        Assert.Equal(30, place.Count);
        Assert.Equal(35 * 100 / 300.0, place.Expected, 12);
        Assert.True(place.PValue < 0.0001);
        Assert.True(spread.Index > 0.7);
    }

    [Fact]
    public void A_large_place_is_not_dense_for_being_large()
    {
        Assert.Empty(Concentration.Of([("N", 80, 880), ("H", 10, 110), ("G", 10, 110)])!.Dense);
    }

    [Fact]
    public void Without_complaints_of_the_cause_or_of_others_there_is_nothing_to_say()
    {
        Assert.Null(Concentration.Of([("N", 0, 10)]));
        Assert.Null(Concentration.Of([("N", 10, 10)]));
    }
}
