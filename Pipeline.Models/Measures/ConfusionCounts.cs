namespace Pipeline.Models.Measures;

/// <summary>How often a classifier took one class for another, on texts that it had not seen.</summary>
/// <param name="Classes">Names of the classes, each once.</param>
/// <param name="Texts">Texts by truth (first index) and answer (second index), in the order of <paramref name="Classes"/>.</param>
public sealed record ConfusionCounts(IReadOnlyList<string> Classes, double[][] Texts)
{
    /// <summary>The matrix of some cells; classes stand in ordinal order.</summary>
    /// <param name="others">Classes beyond those of the cells: nothing is known of their confusion.</param>
    public static ConfusionCounts Of(IEnumerable<(string Truth, string Answer, int Texts)> cells, IEnumerable<string>? others = null)
    {
        (string Truth, string Answer, int Texts)[] known = [.. cells];
        string[] classes = [.. known.SelectMany(c => (string[])[c.Truth, c.Answer]).Concat(others ?? []).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        Dictionary<string, int> place = classes.Select((c, i) => (c, i)).ToDictionary(x => x.c, x => x.i, StringComparer.Ordinal);
        double[][] texts = [.. classes.Select(_ => new double[classes.Length])];
        foreach ((string truth, string answer, int count) in known)
        {
            texts[place[truth]][place[answer]] += count;
        }
        return new ConfusionCounts(classes, texts);
    }

    /// <value>Share of right answers; 0 where there are no texts.</value>
    public double Accuracy
    {
        get
        {
            double all = Texts.Sum(r => r.Sum());
            return all == 0 ? 0 : Enumerable.Range(0, Classes.Count).Sum(i => Texts[i][i]) / all;
        }
    }

    /// <summary>
    /// Texts by truth and answer, each row completed by one text that is answered as the classifier is on the whole: right with its accuracy,
    /// else any other class alike. So a class that was hardly held out has no certain answers.
    /// </summary>
    public double[][] Completed()
    {
        int classes = Classes.Count;
        double right = classes == 1 ? 1 : Math.Clamp(Accuracy, 0.01, 0.99);
        double wrong = classes == 1 ? 0 : (1 - right) / (classes - 1);
        return [.. Texts.Select((row, t) => (double[])[.. row.Select((count, p) => count + (p == t ? right : wrong))])];
    }

    /// <summary>Probabilities of the answers (second index) for each truth (first index), of <see cref="Completed"/>.</summary>
    public double[][] Probabilities() => [.. Completed().Select(row =>
    {
        double all = row.Sum();
        return (double[])[.. row.Select(count => count / all)];
    })];
}
