namespace Pipeline.Models.RootCauses;

/// <summary>
/// Names a topic by its own words: the phrase that covers most of it, is rare elsewhere and says most (longer phrases say more), then
/// one that covers texts which the first leaves out. Phrases were learned with free edges, so no word is cut; which of them name a matter
/// <see cref="TitleWords"/> says. A phrase within a longer one that most of its texts hold gives way to it (the nesting of the C-value:
/// Frantzi, Ananiadou and Mima, International Journal on Digital Libraries 3, 2000).
/// </summary>
internal static class TopicTitles
{
    public const string Joint = " · ";
    private const int MostPhrases = 3;
    private const double EnoughCovered = 0.75;
    private const double LeastShare = 0.15;

    /// <summary>A longer phrase takes the place of one that it holds where it stands in so large a share of the shorter one's texts.</summary>
    private const double MostOfShorter = 0.5;

    /// <summary>Beside one that covers something, two phrases say what it is about; a third only tells titles apart.</summary>
    private const int FewPhrases = 2;

    /// <summary>A phrase is of the topic where it stands at least so many times as often in it as elsewhere.</summary>
    private const double LeastLift = 3;

    /// <summary>A title of one short word says too little.</summary>
    private const int LeastLength = 4;

    /// <param name="topic">Rows of the topic.</param>
    /// <param name="texts">For each phrase the texts of all months that hold it.</param>
    /// <param name="total">Texts of all months.</param>
    /// <param name="taken">Titles of other topics of the cause: where a title is among them another phrase is added.</param>
    public static string Of(
        PhraseTable table, TextVectors vectors, TitleWords words, IReadOnlyList<int> topic, int[] texts, int total, Func<int, long> personOf, int minPersons, Func<string, bool> isShowable,
        IReadOnlySet<string> taken)
    {
        Dictionary<int, (int Count, HashSet<long> Persons)> seen = [];
        foreach (int row in topic)
        {
            foreach (int phrase in vectors.Phrases(row))
            {
                if (!seen.TryGetValue(phrase, out (int Count, HashSet<long> Persons) of))
                {
                    of = (0, []);
                }
                of.Persons.Add(personOf(row));
                seen[phrase] = (of.Count + 1, of.Persons);
            }
        }
        (string Text, int Phrase, double Weight, int Rank)[] all = [.. seen
            .Where(s => s.Value.Persons.Count >= minPersons && s.Value.Count >= LeastShare * topic.Count && !table.HoldsName(s.Key) && words.IsWorded(table.Texts[s.Key]))
            .Select(s => (table.Texts[s.Key], s.Key, Weight(s.Key), Rank(s.Key)))];
        int rank = all.OrderByDescending(c => c.Rank).FirstOrDefault(c => isShowable(c.Text)).Rank;
        List<(string Text, int Phrase, double Weight)> candidates = [.. all.Where(c => c.Rank == rank)
            .Select(c => (c.Text, c.Phrase, c.Weight)).OrderByDescending(c => c.Weight).ThenBy(c => c.Text, StringComparer.Ordinal)];
        List<(string Text, int Phrase)> chosen = [];
        HashSet<int> open = [.. topic];
        while (chosen.Count < MostPhrases && (taken.Contains(Title()) || (chosen.Count < FewPhrases && (open.Count > (1 - EnoughCovered) * topic.Count || chosen.Sum(c => Length(c.Text)) < LeastLength))))
        {
            // A title that is still too short takes a phrase that covers nothing new rather than none.
            (string Text, int Phrase, double Gain) best = candidates
                .Where(c => !chosen.Exists(x => Overlaps(x.Text, c.Text)))
                .Select(c => (c.Text, c.Phrase, Gain: c.Weight * open.Count(r => vectors.Holds(r, c.Phrase)) / seen[c.Phrase].Count, c.Weight))
                .OrderByDescending(c => c.Gain).ThenByDescending(c => c.Weight).ThenBy(c => c.Text, StringComparer.Ordinal)
                .Select(c => (c.Text, c.Phrase, c.Gain))
                .FirstOrDefault(c => isShowable(c.Text));
            if (best.Text is null)
            {
                break;
            }
            chosen.Add(Longest(best.Text, best.Phrase));
            open.RemoveWhere(r => vectors.Holds(r, best.Phrase));
        }
        return Title();

        string Title() => string.Join(Joint, chosen.Select(c => words.Written(c.Text)));

        (string Text, int Phrase) Longest(string text, int phrase) => candidates
            .Where(c => c.Text.Length > text.Length && c.Text.Contains(text, StringComparison.Ordinal) && seen[c.Phrase].Count >= MostOfShorter * seen[phrase].Count
                && !chosen.Exists(x => Overlaps(x.Text, c.Text)))
            .OrderByDescending(c => c.Text.Length).ThenBy(c => c.Text, StringComparer.Ordinal)
            .Where(c => isShowable(c.Text)).Select(c => (c.Text, c.Phrase)).FirstOrDefault((text, phrase));

        double Weight(int phrase) => seen[phrase].Count * Math.Log(1 + Lift(phrase)) * Says(table.Texts[phrase]);

        double Lift(int phrase) => seen[phrase].Count / (double)topic.Count / ((texts[phrase] - seen[phrase].Count + 0.5) / (total - topic.Count + 1.0));

        // First terms that are of this topic rather than of others, then what may be such a term, then any terms, then whatever there is.
        int Rank(int phrase) => words.Fitness(table.Texts[phrase]) switch
        {
            TitleFitness.Term => Lift(phrase) >= LeastLift ? 3 : 1,
            TitleFitness.Unknown when Lift(phrase) >= LeastLift => 2,
            _ => 0,
        };
    }

    /// <summary>Ideographs or half of the letters, with little gain beyond six.</summary>
    private static double Says(string text) => Math.Log(1 + Math.Min(Length(text), 6));

    private static double Length(string text) => text.Sum(c => c >= 0x2E80 ? 1.0 : 0.4);

    /// <summary>One holds the other, or the end of one is the beginning of the other: 手机银行 and 银行转账.</summary>
    private static bool Overlaps(string first, string second)
    {
        if (first.Contains(second, StringComparison.Ordinal) || second.Contains(first, StringComparison.Ordinal))
        {
            return true;
        }
        for (int common = Math.Min(first.Length, second.Length) - 1; common >= 2; common--)
        {
            if (first.AsSpan(first.Length - common).SequenceEqual(second.AsSpan(0, common))
                || second.AsSpan(second.Length - common).SequenceEqual(first.AsSpan(0, common)))
            {
                return true;
            }
        }
        return false;
    }
}
