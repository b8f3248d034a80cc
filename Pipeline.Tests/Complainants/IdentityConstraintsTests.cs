using Pipeline.Models.Complainants;

namespace Pipeline.Tests.Complainants;

/// <summary>What stands of the analysts' words.</summary>
public sealed class IdentityConstraintsTests
{
    [Fact]
    public void Togetherness_is_followed_through_and_apartness_with_it()
    {
        IdentityConstraints words = IdentityConstraints.Of(
            [IdentityWord.Together(1, "a", "b"), IdentityWord.Together(2, "b", "c"), IdentityWord.Apart(3, ["c"], ["d"])]);
        Assert.True(words.AreTogether("a", "c"));
        Assert.True(words.AreApart("a", "d"));
        Assert.False(words.AreTogether("a", "x"));
        Assert.False(words.AreApart("a", "x"));
        Assert.Empty(words.Overruled);
    }

    [Fact]
    public void The_later_word_stands_and_what_is_left_of_the_earlier_one_stands_beside_it()
    {
        IdentityConstraints words = IdentityConstraints.Of(
            [IdentityWord.Together(1, "a1", "a2", "b1", "b2"), IdentityWord.Apart(2, ["b1", "b2"], ["a1", "a2"])]);
        Assert.True(words.AreTogether("a1", "a2"));
        Assert.True(words.AreTogether("b1", "b2"));
        Assert.True(words.AreApart("a1", "b1"));
        Assert.Equal(4, words.Overruled[1]);
        Assert.False(words.Overruled.ContainsKey(2));
    }

    [Fact]
    public void Said_again_the_other_way_round_the_last_word_decides()
    {
        IdentityWord[] words = [IdentityWord.Apart(1, ["a"], ["b"]), IdentityWord.Together(2, "a", "b"), IdentityWord.Apart(3, ["a"], ["b"])];
        Assert.True(IdentityConstraints.Of(words[..1]).AreApart("a", "b"));
        Assert.True(IdentityConstraints.Of(words[..2]).AreTogether("a", "b"));
        Assert.True(IdentityConstraints.Of(words).AreApart("a", "b"));
        Assert.Equal([2L], IdentityConstraints.Of(words).Overruled.Keys);
    }

    [Fact]
    public void The_closure_is_that_which_trying_every_pair_finds_whatever_order_the_words_are_given_in()
    {
        for (int seed = 0; seed < 2_000; seed++)
        {
            Random random = new(seed);
            int cases = random.Next(2, 9);
            IdentityWord[] words = [.. Enumerable.Range(1, random.Next(1, 8)).Select(id => Invented(random, id, cases))];
            (bool[,] together, bool[,] apart) = Slowly(words, cases);
            random.Shuffle(words);
            IdentityConstraints fast = IdentityConstraints.Of(words);
            for (int a = 0; a < cases; a++)
            {
                for (int b = 0; b < cases; b++)
                {
                    if (a != b)
                    {
                        Assert.Equal((seed, a, b, together[a, b]), (seed, a, b, fast.AreTogether($"{a}", $"{b}")));
                        Assert.Equal((seed, a, b, apart[a, b]), (seed, a, b, fast.AreApart($"{a}", $"{b}")));
                    }
                }
            }
        }
    }

    internal static IdentityWord Invented(Random random, int id, int cases)
    {
        int[] drawn = [.. Enumerable.Range(0, cases)];
        random.Shuffle(drawn);
        int one = random.Next(1, Math.Min(4, cases));
        int other = random.Next(1, Math.Max(2, Math.Min(4, cases - one + 1)));
        string[] names = [.. drawn.Select(d => $"{d}")];
        return random.Next(2) == 0 || one + other > cases
            ? IdentityWord.Together(id, names[..Math.Max(2, one)])
            : IdentityWord.Apart(id, names[..one], names[one..(one + other)]);
    }

    /// <summary>
    /// The specification: from the last word to the first, each pair is tried by itself; it is taken where the closure of all that is taken with it
    /// contradicts nothing. A word of togetherness tries, for each of its complaints in turn, the first of each part so far.
    /// </summary>
    private static (bool[,] Together, bool[,] Apart) Slowly(IdentityWord[] words, int cases)
    {
        List<(int A, int B, bool IsTogether)> taken = [];
        foreach (IdentityWord word in words.OrderByDescending(w => w.WordId))
        {
            if (word.IsTogether)
            {
                List<int> firsts = [];
                foreach (int at in word.Cases.Select(int.Parse))
                {
                    int first = firsts.FindIndex(f => Try((f, at, true)));
                    if (first < 0)
                    {
                        firsts.Add(at);
                    }
                }
                continue;
            }
            foreach (string one in word.Cases)
            {
                foreach (string other in word.Others)
                {
                    Try((int.Parse(one), int.Parse(other), false));
                }
            }
        }
        return Closure(taken, cases);

        bool Try((int, int, bool) pair)
        {
            (bool[,] together, bool[,] apart) = Closure([.. taken, pair], cases);
            for (int a = 0; a < cases; a++)
            {
                for (int b = 0; b < cases; b++)
                {
                    if (together[a, b] && apart[a, b])
                    {
                        return false;
                    }
                }
            }
            taken.Add(pair);
            return true;
        }
    }

    private static (bool[,] Together, bool[,] Apart) Closure(List<(int A, int B, bool IsTogether)> pairs, int cases)
    {
        bool[,] together = new bool[cases, cases];
        bool[,] apart = new bool[cases, cases];
        for (int a = 0; a < cases; a++)
        {
            together[a, a] = true;
        }
        foreach ((int a, int b, bool isTogether) in pairs)
        {
            bool[,] bond = isTogether ? together : apart;
            (bond[a, b], bond[b, a]) = (true, true);
        }
        for (bool changed = true; changed;)
        {
            changed = false;
            for (int a = 0; a < cases; a++)
            {
                for (int b = 0; b < cases; b++)
                {
                    for (int c = 0; c < cases; c++)
                    {
                        if (together[a, b] && together[b, c] && !together[a, c])
                        {
                            (together[a, c], changed) = (true, true);
                        }
                        if (together[a, b] && apart[b, c] && !apart[a, c])
                        {
                            (apart[a, c], apart[c, a], changed) = (true, true, true);
                        }
                    }
                }
            }
        }
        return (together, apart);
    }
}
