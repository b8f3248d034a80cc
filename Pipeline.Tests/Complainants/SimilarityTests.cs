using FsCheck;
using FsCheck.Fluent;
using Pipeline.Models.Complainants.Matching;

namespace Pipeline.Tests.Complainants;

public sealed class SimilarityTests
{
    [Theory]
    [InlineData("MARTHA", "MARHTA", 0.9611)]
    [InlineData("DWAYNE", "DUANE", 0.84)]
    [InlineData("DIXON", "DICKSONX", 0.8133)]
    [InlineData("", "A", 0)]
    [InlineData("", "", 1)]
    public void Jaro_Winkler_gives_the_published_values(string a, string b, double expected) => Assert.Equal(expected, Similarity.JaroWinkler(a, b), 4);

    [Theory]
    [InlineData("ca", "abc", 3)]
    [InlineData("2106", "2160", 1)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("", "abc", 3)]
    [InlineData("abc", "abc", 0)]
    public void Edit_distance_counts_an_exchange_of_neighbours_once(string a, string b, int expected) =>
        Assert.Equal(expected, Similarity.EditDistance(a, b, 5));

    [Fact]
    public void The_banded_distance_is_the_plain_one_up_to_its_limit()
    {
        Gen<(string A, string B, int Most)> cases =
            from a in Word
            from b in Word
            from most in Gen.Choose(0, 4)
            select (a, b, most);
        Prop.ForAll(cases.ToArbitrary(), sample =>
        {
            int plain = Math.Min(Plain(sample.A, sample.B), sample.Most + 1);
            return Similarity.EditDistance(sample.A, sample.B, sample.Most) == plain && Similarity.EditDistance(sample.B, sample.A, sample.Most) == plain;
        }).Check(IdentifiersTests.Fixed);
    }

    [Fact]
    public void Jaro_Winkler_is_symmetric_and_between_0_and_1() =>
        Prop.ForAll((from a in Word from b in Word select (a, b)).ToArbitrary(), pair =>
            Similarity.JaroWinkler(pair.a, pair.b) == Similarity.JaroWinkler(pair.b, pair.a) && Similarity.JaroWinkler(pair.a, pair.b) is >= 0 and <= 1)
            .Check(IdentifiersTests.Fixed);

    private static Gen<string> Word { get; } =
        from length in Gen.Choose(0, 9)
        from letters in Gen.Elements('a', 'b', 'c', 'd').ArrayOf(length)
        select new string(letters);

    /// <summary>The whole table of the optimal string alignment distance: the specification.</summary>
    private static int Plain(string a, string b)
    {
        int[,] cost = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    cost[i, j] = i + j;
                    continue;
                }
                cost[i, j] = Math.Min(Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1, cost[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
                }
            }
        }
        return cost[a.Length, b.Length];
    }
}
