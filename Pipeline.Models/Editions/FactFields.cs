using System.Globalization;
using Pipeline.Models.Complaints;

namespace Pipeline.Models.Editions;

/// <summary>Where a field of a counted complaint comes from: it decides what can have changed it.</summary>
public enum FactOrigin
{
    /// <summary>The export's row.</summary>
    Export,

    /// <summary>A label: coded, predicted, or an analyst's.</summary>
    Label,

    /// <summary>Who the complainant is.</summary>
    Person,

    /// <summary>How the complaint stands to others: repeats, escalations, returns.</summary>
    Relation,

    /// <summary>Groups, which are made of complaints of many persons.</summary>
    Group,

    /// <summary>What the lexicon reads in the text.</summary>
    Text,
}

/// <summary>One field of a counted complaint as text, so that two editions can be compared and the difference printed.</summary>
/// <param name="Name">snake_case, as in SQL and JSON.</param>
/// <param name="Value">The invariant text of the field; null where the complaint has none.</param>
public sealed record FactField(string Name, FactOrigin Origin, Func<ComplaintFact, string?> Value);

/// <summary>A field that two editions count differently.</summary>
public sealed record FieldChange(string Field, string? Old, string? New);

/// <summary>
/// Everything of a complaint that a figure may count. What is no property of the complaint itself (numbers of rows in this ledger) is left
/// out: they differ between two installations with the same files.
/// </summary>
public static class FactFields
{
    public static IReadOnlyList<FactField> All { get; } =
    [
        Export("received", f => Text(f.Received)),
        Export("closed", f => Text(f.Closed)),
        Export("status", f => f.Status),
        Export("due", f => Text(f.Due)),
        Export("channel", f => f.Channel),
        Export("level", f => Text(f.Level)),
        Export("channel_group", f => f.ChannelGroup),
        Export("business_channel", f => f.BusinessChannel),
        Export("branch_name", f => f.BranchName),
        Export("branch", f => f.Branch),
        Export("region", f => f.Region),
        Export("severity", f => f.Severity),
        Export("amount", f => Text(f.Amount)),
        Export("persons", f => Text(f.Persons)),
        Export("satisfaction", f => f.Satisfaction),
        Export("is_liable", f => Text(f.IsLiable)),
        Export("is_compensated", f => Text(f.IsCompensated)),
        Export("compensation", f => Text(f.Compensation)),
        Export("is_timely_reported", f => Text(f.IsTimelyReported)),
        Export("response", f => f.Response),
        Export("cause_found", f => f.CauseFound),
        Export("matter_type", f => f.MatterType),
        Export("exclusion_reason", f => f.ExclusionReason),
        Export("exclusion", f => f.Exclusion),
        Export("has_overdue_reason", f => Text(f.HasOverdueReason)),
        Export("has_regulator_number", f => Text(f.HasRegulatorNumber)),
        Export("source_tags", f => f.SourceTags),
        Export("warnings", f => f.Warnings.Count == 0 ? null : string.Join(' ', f.Warnings)),
        .. Label("nature", f => f.Nature),
        .. Label("business", f => f.Business),
        .. Label("cause", f => f.Cause),
        new("person", FactOrigin.Person, f => f.PersonKey is { } key ? $"P-{key.ToString("000000", CultureInfo.InvariantCulture)}" : null),
        new("person_basis", FactOrigin.Person, f => f.PersonBasis),
        Relation("chain_number", f => Text(f.ChainNumber)),
        Relation("repeat_of", f => f.RepeatOfCaseNumber),
        Relation("repeat_gap_days", f => Text(f.RepeatGapDays)),
        Relation("is_escalation", f => Text(f.IsEscalation)),
        Relation("is_bypass", f => Text(f.IsBypass)),
        Relation("return_after_closing_days", f => Text(f.ReturnAfterClosingDays)),
        Relation("repeat_course", f => f.RepeatCourse),
        Relation("next_gap_days", f => Text(f.NextGapDays)),
        Relation("is_next_escalation", f => Text(f.IsNextEscalation)),
        new("is_major_group", FactOrigin.Group, f => Text(f.IsMajorGroup)),
        new("stage", FactOrigin.Text, f => f.Stage),
        new("has_threat", FactOrigin.Text, f => Text(f.HasThreat)),
        new("tags", FactOrigin.Text, f => f.Tags.Count == 0 ? null : string.Join(' ', f.Tags)),
    ];

    private static readonly Dictionary<string, FactOrigin> Origins = All.ToDictionary(f => f.Name, f => f.Origin, StringComparer.Ordinal);

    public static FactOrigin Origin(string field) => Origins[field];

    /// <summary>The fields that differ, in the order of <see cref="All"/>.</summary>
    public static IReadOnlyList<FieldChange> Differences(ComplaintFact before, ComplaintFact after)
    {
        List<FieldChange> changes = [];
        foreach (FactField field in All)
        {
            (string? old, string? now) = (field.Value(before), field.Value(after));
            if (old != now)
            {
                changes.Add(new FieldChange(field.Name, old, now));
            }
        }
        return changes;
    }

    private static FactField Export(string name, Func<ComplaintFact, string?> value) => new(name, FactOrigin.Export, value);

    private static FactField Relation(string name, Func<ComplaintFact, string?> value) => new(name, FactOrigin.Relation, value);

    private static IEnumerable<FactField> Label(string head, Func<ComplaintFact, HeadLabel> label) =>
    [
        new(head, FactOrigin.Label, f => label(f).Class),
        new($"{head}_basis", FactOrigin.Label, f => label(f).Basis.ToString().ToLowerInvariant()),
        new($"{head}_reported", FactOrigin.Label, f => label(f).Reported),
        new($"{head}_predicted", FactOrigin.Label, f => label(f).Predicted),
        new($"{head}_probability", FactOrigin.Label, f => label(f).Probability?.ToString("0.######", CultureInfo.InvariantCulture)),
        new($"{head}_needs_review", FactOrigin.Label, f => Text(label(f).NeedsReview)),
    ];

    private static string? Text(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string? Text(decimal? number) => number?.ToString("0.##", CultureInfo.InvariantCulture);

    private static string? Text(int? number) => number?.ToString(CultureInfo.InvariantCulture);

    private static string? Text(bool? flag) => flag switch { true => "true", false => "false", null => null };
}
