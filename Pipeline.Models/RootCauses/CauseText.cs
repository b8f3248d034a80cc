using Pipeline.Models.Complaints;
using Pipeline.Models.Text;

namespace Pipeline.Models.RootCauses;

/// <summary>A complaint as the search for words and topics sees it.</summary>
/// <param name="Cause">Taxonomy key of the cause that counts.</param>
/// <param name="IsRepeat">It repeats a case of the same matter, so it is not a new event.</param>
/// <param name="Text">The narrative; only phrases that several complainants used leave the search.</param>
public readonly record struct CauseText(
    long ComplaintId, string CaseNumber, ReportingMonth Month, string Cause, long? PersonKey, bool IsRepeat, KeptText Text);

/// <summary>A phrase that is typical of a cause.</summary>
/// <param name="Count">Complaints of the cause in the month that hold it.</param>
/// <param name="Elsewhere">Complaints of other causes in the month that hold it.</param>
/// <param name="LogOdds">Natural logarithm; see <see cref="RootCauses.LogOdds"/>.</param>
/// <param name="Z">Its z-score.</param>
public sealed record TypicalWord(string Text, int Count, int Elsewhere, double LogOdds, double Z);

/// <summary>How complaints of a cause speak.</summary>
/// <param name="Words">Most typical first.</param>
/// <param name="Examples">Complaints whose texts stand for the cause, see <see cref="RepresentativeTexts"/>.</param>
public sealed record CauseVoice(string Cause, IReadOnlyList<TypicalWord> Words, IReadOnlyList<long> Examples);

/// <summary>What became of a topic in the month.</summary>
public enum TopicState
{
    /// <summary>Too few complaints to judge.</summary>
    TooFew,

    /// <summary>Within chance.</summary>
    Steady,

    /// <summary>No topic of an earlier month, hardly ever seen in the months before, and more than chance.</summary>
    New,
    Risen,
    Fallen,
}

/// <summary>A phrase and its weight in the centroid of a topic, 0 to 1.</summary>
public sealed record TopicTerm(string Text, double Weight);

/// <summary>A group of complaints of one cause that speak of the same.</summary>
/// <param name="Id"><c>T</c>, month of first sight as yyMM, <c>-</c> and its number there; kept from month to month.</param>
/// <param name="Title">Phrases of the texts that cover most of the topic; kept from month to month.</param>
/// <param name="FirstMonth">The month whose run first named it.</param>
/// <param name="Counts">Complaints by month, the baseline's first and the reporting month's last; of a baseline that was read in part, those that were read.</param>
/// <param name="Persons">Different complainants in the month.</param>
/// <param name="Matters">Complaints of the month that repeat none: what the test counts.</param>
/// <param name="BaselineMatters">The same of the baseline.</param>
/// <param name="BaselineExposure">Months that <paramref name="BaselineMatters"/> were counted in: months with an event of their own are left out, and a part that was read counts as a part.</param>
/// <param name="Change">Rate of the month against that of the baseline; null where there is no baseline.</param>
/// <param name="Example">Complaint of the month whose text is nearest to the centroid.</param>
/// <param name="Complaints">Ids of the month's complaints.</param>
/// <param name="Centroid">Heaviest phrases; what the next months are matched by.</param>
public sealed record Topic(
    string Id, string Cause, string Title, ReportingMonth FirstMonth, IReadOnlyList<int> Counts, int Persons, int Matters, int BaselineMatters, double BaselineExposure,
    Measures.RateComparison? Change, TopicState State, long Example, IReadOnlyList<long> Complaints, IReadOnlyList<TopicTerm> Centroid);

/// <summary>A topic of an earlier month.</summary>
/// <param name="LastMonth">The latest month whose run named it.</param>
public sealed record KnownTopic(string Id, string Cause, string Title, ReportingMonth FirstMonth, ReportingMonth LastMonth, IReadOnlyList<TopicTerm> Centroid);

/// <summary>What the texts of a month say of its causes.</summary>
/// <param name="BaselineMonths">Months before the month that were looked at, 0 or more.</param>
/// <param name="BaselineShare">Share of the baseline's texts that was read, 0 to 1.</param>
/// <param name="Unassigned">Complaints of the month with a text that belong to no topic, by cause.</param>
/// <param name="Judged">Topics that were tested.</param>
public sealed record CauseTextFindings(
    int BaselineMonths, double BaselineShare, IReadOnlyList<CauseVoice> Voices, IReadOnlyList<Topic> Topics, IReadOnlyDictionary<string, int> Unassigned, int Judged);
