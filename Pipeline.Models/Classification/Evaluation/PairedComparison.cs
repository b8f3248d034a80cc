namespace Pipeline.Models.Classification.Evaluation;

/// <summary>What a comparison advises.</summary>
public enum ComparisonVerdict
{
    /// <summary>The difference of accuracy or of macro-F1 lies above 0 with its whole interval, and neither lies below 0 with its whole interval.</summary>
    Promote,

    /// <summary>Neither, or one up and the other down.</summary>
    NotDistinguishable,

    /// <summary>The difference of accuracy or of macro-F1 lies below 0 with its whole interval, and the other not above 0.</summary>
    Worse,
}

/// <summary>How one class changes from the first model to the second.</summary>
/// <param name="Gained">Texts of the class that only the second answers rightly.</param>
/// <param name="Lost">Texts of the class that only the first answers rightly.</param>
public sealed record ClassChange(string Class, double F1First, double F1Second, int Support, int Gained, int Lost)
{
    /// <value>Positive where the second model is better.</value>
    public double Difference => F1Second - F1First;
}

/// <summary>Two models' answers on the same texts under one head; a difference is the second's figure minus the first's.</summary>
/// <param name="OnlyFirst">Texts that only the first answers rightly.</param>
/// <param name="OnlySecond">Texts that only the second answers rightly.</param>
/// <param name="P">Of McNemar's exact test. It treats near-duplicates as independent texts; the intervals do not.</param>
/// <param name="Classes">The largest change of F1, up or down, first.</param>
public sealed record PairedComparison(
    string Head,
    HeadEvaluation First,
    HeadEvaluation Second,
    double AccuracyDifference,
    Interval AccuracyInterval,
    double MacroF1Difference,
    Interval MacroF1Interval,
    int OnlyFirst,
    int OnlySecond,
    double P,
    IReadOnlyList<ClassChange> Classes,
    ComparisonVerdict Verdict)
{
    /// <param name="first">Judged texts of the first model.</param>
    /// <param name="second">Those of the second: the same rows and truths in the same order.</param>
    /// <param name="groups">For each row a number that names its group of near-duplicates; null: each text by itself.</param>
    /// <exception cref="ArgumentException">The texts differ, or there are none.</exception>
    public static PairedComparison Of(HeadEvaluation first, HeadEvaluation second, IReadOnlyList<int>? groups, int seed, int threads)
    {
        (IReadOnlyList<JudgedAnswer> a, IReadOnlyList<JudgedAnswer> b) = (first.Answers, second.Answers);
        if (a.Count == 0 || a.Count != b.Count || !a.Zip(b).All(p => p.First.Row == p.Second.Row && p.First.Truth == p.Second.Truth))
        {
            throw new ArgumentException("a comparison needs the same labelled texts for both models", nameof(second));
        }
        string[] names = AnswerTally.NamesOf(a.Concat(b));
        ResampledTexts texts = new(a.Count, groups is null ? null : [.. a.Select(x => groups[x.Row])], seed);
        (AnswerTally tallyA, AnswerTally tallyB) = (new(a, names), new(b, names));
        double[] accuracies = new double[ResampledTexts.Draws];
        double[] macros = new double[ResampledTexts.Draws];
        Parallel.For(0, ResampledTexts.Draws, new ParallelOptions { MaxDegreeOfParallelism = threads }, () => new int[a.Count], (draw, _, times) =>
        {
            texts.Draw(draw, times);
            (double accuracyA, double macroA) = tallyA.Score(times);
            (double accuracyB, double macroB) = tallyB.Score(times);
            accuracies[draw] = accuracyB - accuracyA;
            macros[draw] = macroB - macroA;
            return times;
        }, _ => { });
        int onlyFirst = a.Zip(b).Count(p => p.First.Right && !p.Second.Right);
        int onlySecond = a.Zip(b).Count(p => !p.First.Right && p.Second.Right);
        (Interval accuracy, Interval macro) = (Interval.Percentile(accuracies), Interval.Percentile(macros));
        return new PairedComparison(
            first.Head, first, second,
            second.Accuracy - first.Accuracy, accuracy,
            second.MacroF1 - first.MacroF1, macro,
            onlyFirst, onlySecond, McNemar.Exact(onlyFirst, onlySecond),
            Changes(names, first, second), Judge(accuracy, macro));
    }

    private static ComparisonVerdict Judge(Interval accuracy, Interval macro)
    {
        bool up = accuracy.Low > 0 || macro.Low > 0;
        bool down = accuracy.High < 0 || macro.High < 0;
        return up == down ? ComparisonVerdict.NotDistinguishable : up ? ComparisonVerdict.Promote : ComparisonVerdict.Worse;
    }

    private static ClassChange[] Changes(string[] names, HeadEvaluation first, HeadEvaluation second)
    {
        Dictionary<string, ClassEvaluation> before = first.Classes.ToDictionary(c => c.Class);
        Dictionary<string, ClassEvaluation> after = second.Classes.ToDictionary(c => c.Class);
        ILookup<string, (JudgedAnswer First, JudgedAnswer Second)> byTruth = first.Answers.Zip(second.Answers).ToLookup(p => p.First.Truth);
        return
        [
            .. names.Select(name => new ClassChange(
                name, before.GetValueOrDefault(name)?.F1 ?? 0, after.GetValueOrDefault(name)?.F1 ?? 0, byTruth[name].Count(),
                byTruth[name].Count(p => !p.First.Right && p.Second.Right), byTruth[name].Count(p => p.First.Right && !p.Second.Right)))
                .OrderByDescending(c => Math.Abs(c.Difference)).ThenBy(c => c.Class, StringComparer.Ordinal),
        ];
    }
}
