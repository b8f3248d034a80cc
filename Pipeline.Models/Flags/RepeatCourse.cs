using Pipeline.Models.Complaints;
using Pipeline.Models.Taxonomy;

namespace Pipeline.Models.Flags;

/// <summary>
/// Completes the evidence of repeats with what follows from both cases: whether the same complaint came through two channels, came
/// while the earlier one was handled (with or without new content) or after it was closed, and whether it escalated a second time.
/// </summary>
public static class RepeatCourse
{
    /// <param name="earlier">The case that <paramref name="fact"/> repeats.</param>
    /// <param name="hadEscalated">A case of the matter before it had escalated and was closed when this one was received.</param>
    public static FlagEvidence Complete(FlagEvidence evidence, ComplaintFact fact, ComplaintFact earlier, bool hadEscalated, RuleBook rules) => evidence with
    {
        Course = Of(evidence, fact, earlier, rules),
        IsSecondEscalation = fact.IsEscalation && hadEscalated ? true : null,
    };

    /// <summary>How a repeat stands to the case before it, see <see cref="RepeatCourses"/>.</summary>
    public static string Of(FlagEvidence evidence, ComplaintFact fact, ComplaintFact earlier, RuleBook rules)
    {
        bool isAlike = evidence.TextSimilarity >= rules.MatterTextSimilarity || evidence.MatterBasis == MatterBases.SourceLink;
        bool isOtherChannel = fact.Channel is { } channel && earlier.Channel is { } before && channel != before;
        if (isAlike && isOtherChannel && evidence.GapDays <= rules.TwoChannelsCalendarDays)
        {
            return RepeatCourses.TwoChannels;
        }
        bool wasOpen = earlier.Closed is { } closed ? closed > fact.Received : earlier.Status == "open";
        return !wasOpen ? RepeatCourses.AfterClosing : isAlike ? RepeatCourses.WhileOpen : RepeatCourses.NewFacts;
    }
}
