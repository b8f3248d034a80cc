using System.Text.Json.Serialization;
using Pipeline.Models.Complaints;
using Pipeline.Models.Editions;
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

    /// <summary>The day from which on intake is continuous, see <see cref="LedgerStart"/>; null in reports that were kept before it was listed. See <see cref="Coverage"/>.</summary>
    public DateOnly? LedgerBegins { get; init; }

    /// <summary>Complaints within reach from before <see cref="LedgerBegins"/>; null for none.</summary>
    public EarlierIntake? BeforeLedger { get; init; }

    /// <summary>
    /// The day from which on figures that look back are whole: where the ledger begins. Of a report kept before that was listed, the first day of
    /// the month that figures reach back to, where it is no further back than they would have reached; null where nothing is known of it.
    /// </summary>
    [JsonIgnore]
    public DateOnly? CoveredFrom => LedgerBegins ?? (History > Month.Add(-FigurePlan.HistoryMonths) ? History.FirstDay : null);

    /// <summary>See <see cref="Coverage"/>.</summary>
    public bool IsCovered(string measure, FigurePeriod period) => Coverage.IsCovered(measure, period, CoveredFrom, Rules.TimeLimitCalendarDays);

    /// <summary>Groups, patterns, the priority list and profiles; null in reports that were kept before they were judged.</summary>
    public CaseFindingsReport? Findings { get; init; }

    /// <summary>Cases of the month that are no complaints by the rules of the population, each with its reason in the fact.</summary>
    public IReadOnlyList<CaseRow> Excluded { get; init; } = [];

    /// <summary>What was checked before filing and found; null in reports that were kept before there was a check.</summary>
    public IReadOnlyList<PreFlightFinding>? PreFlight { get; init; }

    /// <summary>What was checked before filing without finding anything; empty in reports that were kept before passes were listed.</summary>
    public IReadOnlyList<PreFlightPass> PreFlightPassed { get; init; } = [];

    /// <summary>Switches, calendar and denominators of the regulatory statistics; null in reports that were kept before there were any.</summary>
    public RegulatoryBook? Regulatory { get; init; }

    /// <summary>What the texts say of the causes; null in reports that were kept before it was looked for.</summary>
    public RootCauseReport? RootCauses { get; init; }

    /// <summary>Counts of classes corrected for the model's confusion, by head; empty where the model decided nothing or its confusion is not known.</summary>
    public IReadOnlyList<CorrectedHead> Corrected { get; init; } = [];

    /// <summary>What moved against the edition published last, or the one before where none was published; null for a month's first edition.</summary>
    public EditionChanges? Changes { get; init; }

    /// <summary>Who approved the edition; null for a draft.</summary>
    public EditionApproval? Approval { get; init; }

    /// <summary>The engine that made the figures, over some complaints: the same rules, taxonomy and day of the data.</summary>
    public FigureEngine Engine(IReadOnlyList<ComplaintFact> facts) => new(facts, Taxonomy, Rules, Lineage.AsOf, Regulatory);

    /// <summary>First month of which all cases are pinned, see <see cref="EarlierCases"/>; null where the opening stock is not, and in reports that were kept before it was.</summary>
    public ReportingMonth? PinnedFrom { get; init; }

    /// <summary>The earlier cases that are pinned and do not stand in <see cref="OpenEarlier"/>; of their texts only the beginning, and without flags.</summary>
    public IReadOnlyList<CaseRow> Earlier { get; init; } = [];

    /// <summary>Whether the complaints behind a figure are pinned with the report: those of its month, and of earlier months from <see cref="PinnedFrom"/> on.</summary>
    public bool IsPinned(FigureKey key) => key.Period.To <= Month
        && (MeasureCatalog.Find(key.Measure).Basis == MeasureBasis.Handled ? key.Period.From >= PinnedFrom : key.Period.From >= (PinnedFrom ?? Month));

    /// <summary>Every case that is pinned, each once, in the order of receipt, then of case numbers.</summary>
    public IReadOnlyList<CaseRow> PinnedCases() =>
        [.. Cases.Concat(Excluded).Concat(OpenEarlier).Concat(Earlier).OrderBy(c => c.Fact.Received).ThenBy(c => c.Fact.CaseNumber, StringComparer.Ordinal)];
}

/// <summary>The approval that locked an edition, pinned with it.</summary>
/// <param name="At">In coordinated universal time.</param>
/// <param name="AuditSequence">Number of the approval in the audit chain.</param>
/// <param name="AuditHash">Head of the audit chain with the approval, 64 hex digits.</param>
public sealed record EditionApproval(string By, DateTimeOffset At, string? Note, long AuditSequence, string AuditHash);

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
    IReadOnlyList<LineageModel> Models)
{
    /// <summary>Every rule file that was read, by name, with its sha-256; empty in reports that were kept before they were listed.</summary>
    public IReadOnlyDictionary<string, string> RuleFiles { get; init; } = new Dictionary<string, string>();

    /// <summary>The profiles that the files were read by, by name and sha-256.</summary>
    public IReadOnlyList<LineageProfile> Profiles { get; init; } = [];

    /// <summary>Fingerprint of the analysts' labels and decisions that count; null in reports that were kept before it was listed.</summary>
    public string? Decisions { get; init; }
}

public sealed record LineageProfile(string Name, string Sha256);

public sealed record LineageFile(
    string Name, string Sha256, string Profile, string Encoding, DateOnly AsOf,
    long Read, long New, long Updated, long Unchanged, long Duplicate, long Rejected, long Warnings);

/// <param name="Metrics">Accuracy and macro-F1 per head on held-out texts, for example <c>nature.accuracy</c>.</param>
public sealed record LineageModel(string ModelId, string Name, string DataSha256, int Rows, IReadOnlyDictionary<string, double> Metrics);

/// <summary>One complaint, as listed: masked, with its flags.</summary>
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
    IReadOnlyList<ComplaintFact> Related)
{
    /// <value>Matters that came up suddenly at many places and reach into the month: candidates to look at, no flags.</value>
    public IReadOnlyList<WideRise> Rises { get; init; } = [];
}

/// <summary>What was wrong with the data that the ledger took and refused.</summary>
public sealed record QualityReport(
    IReadOnlyList<QuarantineLine> Quarantine,
    IReadOnlyList<WarningCount> Warnings,
    IReadOnlyList<WarningLine> WarningLines);

/// <param name="Reason">Code of the reason; the sentence is made by <see cref="Reason"/> and language.</param>
/// <param name="ValueMasked">The offending value, personal data masked.</param>
public sealed record QuarantineLine(
    long Id, string File, string Sheet, long Line, string? CaseNumber, string? Column, string? ValueMasked, string Reason, string State)
{
    /// <value>Another file brought the case, so that it counts, though perhaps not as this row has it.</value>
    public bool CameAgain { get; init; }
}

public sealed record WarningCount(string Code, string Field, long Count);

public sealed record WarningLine(string CaseNumber, string File, long Line, string Field, string Code);
