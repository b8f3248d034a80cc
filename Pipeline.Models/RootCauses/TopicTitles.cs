namespace Pipeline.Models.RootCauses;

/// <summary>
/// Names a topic by its own words: the phrase that covers most of it, is rare elsewhere and says most (longer phrases say more), then
/// phrases that cover texts which those before leave out. Phrases were learned with free edges, so no word is cut.
/// </summary>
internal static class TopicTitles
{
    public const string Joint = " · ";
    private const int MostPhrases = 3;
    private const double EnoughCovered = 0.75;
    private const double LeastShare = 0.15;

    /// <summary>A title of one short word says too little.</summary>
    private const int LeastLength = 4;

    /// <param name="topic">Rows of the topic.</param>
    /// <param name="texts">For each phrase the texts of all months that hold it.</param>
    /// <param name="total">Texts of all months.</param>
    /// <param name="taken">Titles of other topics of the cause: where a title is among them another phrase is added.</param>
    public static string Of(
        PhraseTable table, TextVectors vectors, IReadOnlyList<int> topic, int[] texts, int total, Func<int, long> personOf, int minPersons, Func<string, bool> isShowable,
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
        List<(string Text, int Phrase, double Weight)> candidates = [.. seen
            .Where(s => s.Value.Persons.Count >= minPersons && s.Value.Count >= LeastShare * topic.Count)
            .Select(s => (table.Texts[s.Key], s.Key, Weight(s.Key)))
            .OrderByDescending(c => c.Item3).ThenBy(c => c.Item1, StringComparer.Ordinal)];
        List<(string Text, int Phrase)> chosen = [];
        HashSet<int> open = [.. topic];
        while (chosen.Count < MostPhrases && (open.Count > (1 - EnoughCovered) * topic.Count || chosen.Sum(c => c.Text.Length) < LeastLength || taken.Contains(Title())))
        {
            (string Text, int Phrase, double Gain) best = candidates
                .Where(c => !chosen.Exists(x => Overlaps(x.Text, c.Text)))
                .Select(c => (c.Text, c.Phrase, c.Weight * open.Count(r => vectors.Holds(r, c.Phrase)) / seen[c.Phrase].Count))
                .Where(c => (c.Item3 > 0 || open.Count == 0) && isShowable(c.Text))
                .OrderByDescending(c => c.Item3).ThenBy(c => c.Text, StringComparer.Ordinal)
                .FirstOrDefault();
            if (best.Text is null)
            {
                break;
            }
            chosen.Add((best.Text, best.Phrase));
            open.RemoveWhere(r => vectors.Holds(r, best.Phrase));
        }
        return Title();

        string Title() => string.Join(Joint, chosen.Select(c => c.Text));

        double Weight(int phrase) => seen[phrase].Count * Math.Log((total + 1.0) / (texts[phrase] + 1.0)) * Says(table.Texts[phrase]);
    }

    /// <summary>Ideographs or half of the letters, with little gain beyond six.</summary>
    private static double Says(string text)
    {
        double length = text.Sum(c => c >= 0x2E80 ? 1.0 : 0.4);
        return Math.Log(1 + Math.Min(length, 6));
    }

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
