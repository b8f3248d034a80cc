namespace Pipeline.Models.RootCauses;

/// <summary>How much likelier a word is here than elsewhere.</summary>
/// <param name="LogOdds">Difference of the log-odds, natural logarithm; above 0: likelier here.</param>
/// <param name="Z">The difference in its standard deviations.</param>
public readonly record struct WordOdds(double LogOdds, double Z);

/// <summary>
/// Words that set one group of texts apart from another: log-odds ratio with an informative Dirichlet prior (Monroe, Colaresi and Quinn,
/// "Fightin' Words", Political Analysis 16, 2008, equations 16, 20 and 22). The prior is the usual frequency of each word, so that rare
/// words need evidence and frequent words are not shown for being frequent.
/// </summary>
public static class LogOdds
{
    /// <param name="here">Texts of the group that hold the word, 0 or more.</param>
    /// <param name="hereTotal">Sum of <paramref name="here"/> over all words.</param>
    /// <param name="elsewhere">Texts of the other group that hold it.</param>
    /// <param name="elsewhereTotal">Sum over all words.</param>
    /// <param name="prior">Pseudo-count of the word, above 0.</param>
    /// <param name="priorTotal">Sum of the pseudo-counts over all words.</param>
    public static WordOdds Of(long here, long hereTotal, long elsewhere, long elsewhereTotal, double prior, double priorTotal)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(prior);
        double first = here + prior;
        double second = elsewhere + prior;
        double difference = Math.Log(first / (hereTotal + priorTotal - first)) - Math.Log(second / (elsewhereTotal + priorTotal - second));
        return new WordOdds(difference, difference / Math.Sqrt((1 / first) + (1 / second)));
    }
}
