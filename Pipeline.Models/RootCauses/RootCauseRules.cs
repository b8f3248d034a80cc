using System.Text.Json;
using Pipeline.Models.Taxonomy;

namespace Pipeline.Models.RootCauses;

/// <summary>What is a phrase, and which phrases say nothing.</summary>
/// <param name="MinClauses">Different clauses that a phrase must stand in to be learned; 2 or more.</param>
/// <param name="MinPersons">Different complainants that must have used a phrase before it is shown; 2 or more, so that no phrase shows one person.</param>
/// <param name="MostUnits">Longest phrase, in ideographs and words; 2 to 12.</param>
/// <param name="MinAssociation">Least pointwise mutual information of its parts, in bits, at the weakest joint.</param>
/// <param name="MinBranching">Least branching entropy on either side, in bits.</param>
/// <param name="MostTexts">Texts that phrases are learned from; of more, every k-th.</param>
/// <param name="NeverFirst">Characters and words that no phrase begins with.</param>
/// <param name="NeverLast">Characters and words that no phrase ends with.</param>
/// <param name="Never">Phrases that say nothing of a cause: the words of forms and of politeness.</param>
public sealed record PhraseRules(
    int MinClauses, int MinPersons, int MostUnits, double MinAssociation, double MinBranching, int MostTexts,
    IReadOnlyList<string> NeverFirst, IReadOnlyList<string> NeverLast, IReadOnlyList<string> Never);

/// <summary>When texts are one topic.</summary>
/// <param name="BaselineMonths">Months before the reporting month that it is compared with, at most.</param>
/// <param name="MostTextsOfCause">Texts of one cause that are clustered; of more, every k-th, and the rest is assigned.</param>
/// <param name="MostBaselineTexts">Texts of the baseline that are read; of more, every k-th, and exposures are scaled by what was read.</param>
/// <param name="JoinSimilarity">Clusters are joined while their mean cosine is at least this; above 0, below 1.</param>
/// <param name="AssignSimilarity">A text belongs to the topic whose centroid is nearest, from this cosine on.</param>
/// <param name="MinPersons">Different complainants that a topic needs in the months that are looked at.</param>
/// <param name="MatchSimilarity">Cosine of centroids from which a topic is the one of an earlier month.</param>
/// <param name="MostOfCause">Topics of a cause that are reported.</param>
/// <param name="FalseDiscoveryRate">Share of false alarms among the topics of a cause that are marked as new, risen or fallen; 0 to 1.</param>
public sealed record TopicRules(
    int BaselineMonths, int MostTextsOfCause, int MostBaselineTexts, double JoinSimilarity, double AssignSimilarity, int MinPersons,
    double MatchSimilarity, int MostOfCause, double FalseDiscoveryRate);

/// <summary>How typical words are weighed.</summary>
/// <param name="PriorWords">Weight of the prior in words: the words of all causes in the months that are looked at, scaled to so many, at most to those of the month.</param>
/// <param name="MinZ">Least z-score of a word that is shown.</param>
/// <param name="MostWords">Words shown for a cause.</param>
public sealed record WordRules(double PriorWords, double MinZ, int MostWords);

/// <summary>Which phrases name a matter, so that a person would accept them as the title of a topic.</summary>
/// <param name="Terms">Words of the trade; ideographs or words of an alphabet. A phrase that holds none is a title only where no other is there.</param>
/// <param name="NeverWithin">Characters and words that no title holds beside its terms: adverbs, stubs of verbs, numerals, words of forms, persons.</param>
public sealed record TitleRules(IReadOnlyList<string> Terms, IReadOnlyList<string> NeverWithin)
{
    /// <value>For rule files that were written before titles had rules of their own.</value>
    public static TitleRules None { get; } = new([], []);
}

/// <summary>The dated working rules of the root-cause workbook; a data file.</summary>
/// <param name="TopCauses">Causes shown one by one.</param>
/// <param name="FoundCauseHeaders">Headers of columns that hold the cause found by investigation, where a source has one.</param>
/// <param name="DemandHeaders">Headers of columns that hold what the complainant asks for.</param>
/// <param name="Titles">What makes a title; without it any phrase may be one.</param>
public sealed record RootCauseRules(
    string Version, DateOnly EffectiveFrom, string Source, int TopCauses, IReadOnlyList<string> FoundCauseHeaders, IReadOnlyList<string> DemandHeaders,
    PhraseRules Phrases, WordRules Words, TopicRules Topics, TitleRules? Titles = null)
{
    public static RootCauseRules Parse(string json) =>
        JsonSerializer.Deserialize<RootCauseRules>(json, RuleJson.Whole)
        ?? throw new InvalidDataException("rootcause.json is empty; expected an object with version, phrases, words and topics");
}
