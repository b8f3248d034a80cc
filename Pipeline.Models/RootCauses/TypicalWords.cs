namespace Pipeline.Models.RootCauses;

/// <summary>Chooses the phrases that set the texts of a cause apart from those of the other causes of the month.</summary>
internal static class TypicalWords
{
    private const double MostOfShorter = 0.7;

    /// <param name="here">For each phrase the texts of the cause that hold it.</param>
    /// <param name="all">For each phrase the texts of the month that hold it.</param>
    /// <param name="prior">For each phrase the texts of all months that are looked at.</param>
    /// <param name="persons">For each phrase the complainants of the cause that used it.</param>
    public static IReadOnlyList<TypicalWord> Of(
        PhraseTable table, int[] here, int[] all, int[] prior, int[] persons, WordRules rules, int minPersons, Func<string, bool> isShowable)
    {
        long hereTotal = here.Sum(n => (long)n);
        long allTotal = all.Sum(n => (long)n);
        // A prior heavier than the month itself would drown it.
        double priorTotal = Math.Min(rules.PriorWords, allTotal);
        double scale = priorTotal / prior.Sum(n => (double)n);
        List<(int Phrase, WordOdds Odds)> ranked = [];
        for (int phrase = 0; phrase < here.Length; phrase++)
        {
            if (persons[phrase] < minPersons)
            {
                continue;
            }
            WordOdds odds = LogOdds.Of(
                here[phrase], hereTotal, all[phrase] - here[phrase], allTotal - hereTotal, prior[phrase] * scale, priorTotal);
            if (odds.Z >= rules.MinZ)
            {
                ranked.Add((phrase, odds));
            }
        }
        ranked = [.. ranked.OrderByDescending(r => r.Odds.Z).ThenBy(r => table.Texts[r.Phrase], StringComparer.Ordinal)];
        List<TypicalWord> words = [];
        foreach ((int phrase, WordOdds odds) in ranked)
        {
            string text = table.Texts[phrase];
            if (words.Any(w => w.Text.Contains(text, StringComparison.Ordinal) || text.Contains(w.Text, StringComparison.Ordinal))
                || IsPieceOfLonger(phrase, text) || !isShowable(text))
            {
                continue;
            }
            words.Add(new TypicalWord(text, here[phrase], all[phrase] - here[phrase], Math.Round(odds.LogOdds, 4), Math.Round(odds.Z, 3)));
            if (words.Count == rules.MostWords)
            {
                break;
            }
        }
        return words;

        // A longer phrase that most of its texts hold says the same and more.
        bool IsPieceOfLonger(int phrase, string text) => ranked.Any(r =>
            r.Phrase != phrase && here[r.Phrase] >= MostOfShorter * here[phrase]
            && table.Texts[r.Phrase].Length > text.Length && table.Texts[r.Phrase].Contains(text, StringComparison.Ordinal));
    }
}
