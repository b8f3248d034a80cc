using Pipeline.Models.Complaints;
using Pipeline.Models.Flags;
using Pipeline.Models.Flags.Groups;
using Pipeline.Models.Flags.Organised;
using Pipeline.Models.Flags.Priority;
using Pipeline.Models.Flags.Profiles;
using Pipeline.Models.Measures;
using Pipeline.Models.Regulatory;
using Pipeline.Models.Taxonomy;

namespace Pipeline.Reports;

/// <summary>
/// Everything that the workbooks of one run print, pinned: figures, cases with masked texts, data quality and lineage. Neutral as to
/// language. The same report gives the same bytes.
/// </summary>
/// <param name="History">The first month that figures reach back to (at most 24 months before <paramref name="Month"/>).</param>
public sealed record MonthReport(
    ReportingMonth Month,
    ReportingMonth History,
    string Source,
    RunLineage Lineage,
    ComplaintTaxonomy Taxonomy,
    RuleBook Rules,
    IReadOnlyList<Figure> Figures,
    IReadOnlyList<CaseRow> Cases,
    QualityReport Quality)
{
    /// <summary>Cases received before the month that are still open on the data date: they stand on the worklist and in no figure of the month.</summary>
    public IReadOnlyList<CaseRow> OpenEarlier { get; init; } = [];

    /// <summary>Groups, patterns, the priority list and profiles; null in reports that were kept before they were judged.</summary>
    public CaseFindingsReport? Findings { get; init; }

    /// <summary>Cases of the month that are no complaints by the rules of the population, each with its reason in the fact.</summary>
    public IReadOnlyList<CaseRow> Excluded { get; init; } = [];

    /// <summary>What was checked before filing and found; null in reports that were kept before there was a check.</summary>
    public IReadOnlyList<PreFlightFinding>? PreFlight { get; init; }

    /// <summary>Switches, calendar and denominators of the regulatory statistics; null in reports that were kept before there were any.</summary>
    public RegulatoryBook? Regulatory { get; init; }

    /// <summary>What the texts say of the causes; null in reports that were kept before it was looked for.</summary>
    public RootCauseReport? RootCauses { get; init; }
}

/// <summary>What the run was made from: enough to make it again.</summary>
/// <param name="RunId">First 12 hex digits of the sha-256 of the pinned inputs.</param>
/// <param name="Edition">1 for the first publication of the month.</param>
/// <param name="AsOf">The day the newest export in the ledger was made.</param>
public sealed record RunLineage(
    string RunId,
    int Edition,
    DateOnly AsOf,
    string ProgramVersion,
    string RulesVersion,
    string RulesSha256,
    string TaxonomyId,
    string TaxonomyVersion,
    string TaxonomySha256,
    IReadOnlyList<LineageFile> Files,
    IReadOnlyList<LineageModel> Models);

public sealed record LineageFile(
    string Name, string Sha256, string Profile, string Encoding, DateOnly AsOf,
    long Read, long New, long Updated, long Unchanged, long Duplicate, long Rejected, long Warnings);

/// <param name="Metrics">Accuracy and macro-F1 per head on held-out texts, for example <c>nature.accuracy</c>.</param>
public sealed record LineageModel(string ModelId, string Name, string DataSha256, int Rows, IReadOnlyDictionary<string, double> Metrics);

/// <summary>One complaint of the month, as listed: masked, with its flags.</summary>
/// <param name="Fact">What figures count.</param>
/// <param name="PersonToken">Short display token of the complainant, for example <c>P-000123</c>; null where the export shows nobody.</param>
/// <param name="NameMasked">For example 曹**; null where absent.</param>
/// <param name="TextMasked">The narrative with personal data masked, at most 500 characters.</param>
/// <param name="File">Export file that the current state came from.</param>
/// <param name="Line">Line (CSV) or row (workbook) in that file, 1-based.</param>
public sealed record CaseRow(
    ComplaintFact Fact, string? PersonToken, string? NameMasked, string TextMasked, string File, long Line, IReadOnlyList<FlagEvidence> Flags);

/// <summary>What was found beyond the single case.</summary>
/// <param name="Groups">Groups that reach into the month.</param>
/// <param name="Patterns">Organised patterns that reach into the month.</param>
/// <param name="Signals">Names and weights of the signals that patterns are scored by.</param>
/// <param name="Profiles">Of the complainants whose cases are flagged or stand on the priority list.</param>
/// <param name="Vulnerable">Names of the kinds of need that profiles show.</param>
/// <param name="Related">Every complaint that the parts name, whatever its month, by id.</param>
public sealed record CaseFindingsReport(
    IReadOnlyList<ComplaintGroup> Groups,
    IReadOnlyList<OrganisedPattern> Patterns,
    IReadOnlyList<OrganisedSignal> Signals,
    PriorityList Priority,
    IReadOnlyList<ComplainantProfile> Profiles,
    IReadOnlyList<VulnerableCue> Vulnerable,
    IReadOnlyList<ComplaintFact> Related);

/// <summary>What was wrong with the data that the ledger took and refused.</summary>
public sealed record QualityReport(
    IReadOnlyList<QuarantineLine> Quarantine,
    IReadOnlyList<WarningCount> Warnings,
    IReadOnlyList<WarningLine> WarningLines);

/// <param name="Reason">Code of the reason; the sentence is made by <see cref="Reason"/> and language.</param>
/// <param name="ValueMasked">The offending value, personal data masked.</param>
public sealed record QuarantineLine(
    long Id, string File, string Sheet, long Line, string? CaseNumber, string? Column, string? ValueMasked, string Reason, string State);

public sealed record WarningCount(string Code, string Field, long Count);

public sealed record WarningLine(string CaseNumber, string File, long Line, string Field, string Code);
