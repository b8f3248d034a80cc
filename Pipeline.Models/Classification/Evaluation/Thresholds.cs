namespace Pipeline.Models.Classification.Evaluation;

/// <summary>Probabilities from which answers are good enough. Answers of equal probability are taken or left together.</summary>
internal static class Thresholds
{
    /// <value>A threshold that fewer answers reach is not stated: its precision would be luck.</value>
    public const int LeastTexts = 10;

    /// <summary>For each class the lowest threshold at which its answers reach <paramref name="precision"/>.</summary>
    public static ClassThreshold[] PerClass(IReadOnlyList<JudgedAnswer> judged, IEnumerable<ClassEvaluation> classes, double precision) =>
    [
        .. classes.Select(c =>
        {
            JudgedAnswer[] own = [.. judged.Where(j => j.Answer == c.Class)];
            (double? threshold, int texts, int right) = Lowest(own, precision, LeastTexts);
            return new ClassThreshold(
                c.Class, threshold, texts, texts == 0 ? 0 : (double)right / texts, c.Support == 0 ? 0 : (double)right / c.Support);
        }),
    ];

    public static CoverageAtAccuracy Coverage(IReadOnlyList<JudgedAnswer> judged, double accuracy)
    {
        (double? threshold, int texts, _) = Lowest(judged, accuracy, 1);
        return new CoverageAtAccuracy(accuracy, threshold, judged.Count == 0 ? 0 : (double)texts / judged.Count);
    }

    private static (double? Threshold, int Texts, int Right) Lowest(IReadOnlyList<JudgedAnswer> answers, double share, int least)
    {
        JudgedAnswer[] surest = [.. answers.OrderByDescending(a => a.Probability)];
        (double? Threshold, int Texts, int Right) best = (null, 0, 0);
        int right = 0;
        for (int i = 0; i < surest.Length; i++)
        {
            right += surest[i].Right ? 1 : 0;
            bool tied = i + 1 < surest.Length && surest[i + 1].Probability == surest[i].Probability;
            if (!tied && i + 1 >= least && right >= share * (i + 1))
            {
                best = (surest[i].Probability, i + 1, right);
            }
        }
        return best;
    }
}
