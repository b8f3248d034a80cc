using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;

namespace Pipeline.Models.Regulatory;

/// <summary>How bad a finding is.</summary>
public enum PreFlightSeverity
{
    /// <summary>The figures must not be filed: the run ends with exit code 3.</summary>
    Blocking,

    /// <summary>A person should look before filing.</summary>
    Warning,

    /// <summary>Good to know.</summary>
    Note,
}

/// <summary>A finding of the check before filing.</summary>
/// <param name="Code">snake_case, stable.</param>
/// <param name="Where">Sheet, field or class.</param>
/// <param name="Rows">How many cases it concerns; 0 where none.</param>
/// <param name="Found">One sentence: what was found and what was expected.</param>
/// <param name="Act">One sentence: what to do.</param>
public sealed record PreFlightFinding(string Code, PreFlightSeverity Severity, Bilingual Where, int Rows, Bilingual Found, Bilingual Act)
{
    /// <value>The first case numbers that it concerns, at most ten.</value>
    public IReadOnlyList<string> Cases { get; init; } = [];
}

/// <summary>A check that found nothing: the evidence that it was made.</summary>
/// <param name="Code">Of the finding that there is none of.</param>
/// <param name="Checked">One sentence: what was compared with what, and of how many.</param>
public sealed record PreFlightPass(string Code, Bilingual Where, Bilingual Checked);

/// <summary>What the check found, the worst first, and what it looked at without finding anything.</summary>
public sealed record PreFlightOutcome(IReadOnlyList<PreFlightFinding> Findings, IReadOnlyList<PreFlightPass> Passed);

/// <summary>A field that a case must have, or must have under a condition.</summary>
/// <param name="Field">See <see cref="PreFlightFields.Fields"/>.</param>
/// <param name="When">See <see cref="PreFlightFields.Conditions"/>; null for every case.</param>
/// <param name="BlockingAbove">Share of the cases concerned (0 to 1) that may lack it; above it the finding blocks, below it warns. 1 never blocks.</param>
public sealed record FieldRule(string Field, string? When, double BlockingAbove);

/// <summary>What is checked for a regulator.</summary>
/// <param name="Fields">Mandatory and conditional fields.</param>
/// <param name="OtherClasses">Dimension → class that means "other".</param>
/// <param name="OtherWarningAbove">Share of "other" (0 to 1) from which a person should look: regulators criticise its over-use (DOMAIN D8).</param>
/// <param name="NilBelowUsual">An organisation without complaints is asked about where it usually has at least so many a month.</param>
/// <param name="NeedsCodes">Whether official codes are filed.</param>
public sealed record PreFlightRules(
    IReadOnlyList<FieldRule> Fields, IReadOnlyDictionary<string, string> OtherClasses, double OtherWarningAbove, int NilBelowUsual, bool NeedsCodes);

/// <summary>What the check looks at.</summary>
/// <param name="Counted">The month's complaints.</param>
/// <param name="Excluded">The month's cases that are no complaints.</param>
/// <param name="Members">Classes that the figures are broken down by, by dimension.</param>
/// <param name="OpenQuarantine">Rows in quarantine that nobody has decided.</param>
/// <param name="CameAgain">Of them those whose case another file brought, so that it counts.</param>
/// <param name="Repeats">Cases of the management workbooks' list of repeats.</param>
/// <param name="Escalated">Cases of their list of escalations.</param>
public sealed record PreFlightInput(
    ReportingMonth Month, ReportingMonth History, DateOnly AsOf, IReadOnlyList<ComplaintFact> Counted, IReadOnlyList<ComplaintFact> Excluded, FigureSet Figures,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Members, ComplaintTaxonomy Taxonomy, RuleBook Rules, RegulatoryBook Book, int OpenQuarantine, int CameAgain, int Repeats, int Escalated)
{
    /// <value>Where the ledger begins; null where that was not kept.</value>
    public LedgerStart? Ledger { get; init; }

    /// <summary>The value of a figure; null where it is not planned or not known.</summary>
    internal decimal? Value(string measure, FigurePeriod period, params IEnumerable<FilterTerm> terms) => Figures.Find(new FigureKey(measure, period, terms).Text)?.Value;

    internal Bilingual Name(string dimension) => Taxonomy.Dimension(dimension) is { } d ? new Bilingual(d.Zh, d.En) : dimension switch
    {
        Dimensions.Exclusion => new("不计入理由", "Reason for not counting"),
        Dimensions.Response => new("公司答复", "Company response"),
        Dimensions.Tag => new("标签", "Tag"),
        _ => new Bilingual(dimension, dimension),
    };
}

/// <summary>A check with what it found.</summary>
/// <param name="Code">Of its pass: what there is none of.</param>
internal sealed record PreFlightItem(string Code, Bilingual Where, Bilingual Checked, IEnumerable<PreFlightFinding> Findings);

/// <summary>The check before filing: fields, codes, sums, nil returns, the share of "other", and reconciliation with the rows and the management workbooks.</summary>
public static class PreFlight
{
    private const int ListedCases = 10;

    /// <param name="views">What is checked for each regulator (<see cref="RegulatoryViews"/>).</param>
    public static PreFlightOutcome Check(PreFlightInput input, IReadOnlyDictionary<string, PreFlightRules> views)
    {
        List<(PreFlightItem Item, IReadOnlyList<PreFlightFinding> Findings)> items =
        [
            .. ((IEnumerable<PreFlightItem>)
            [
                .. views.Values.SelectMany(r => PreFlightFields.Missing(input, r)), .. PreFlightFields.Population(input), .. views.Values.Any(r => r.NeedsCodes) ? PreFlightFields.Codes(input) : [],
                .. PreFlightSums.Of(input), .. PreFlightSums.Reconciled(input), .. views.Values.SelectMany(r => PreFlightReturns.Nil(input, r)), .. views.Values.SelectMany(r => PreFlightReturns.Others(input, r)),
                .. views.TryGetValue(RegulatoryViews.UnitedKingdom, out PreFlightRules? uk) ? PreFlightReturns.UnitedKingdom(input, uk) : [],
                .. views.TryGetValue(RegulatoryViews.Australia, out PreFlightRules? au) ? PreFlightReturns.Australia(input, au) : [],
                .. PreFlightCircumstances.Of(input),
            ]).Select(i => (i, (IReadOnlyList<PreFlightFinding>)[.. i.Findings])),
        ];
        return new PreFlightOutcome(
            [.. items.SelectMany(i => i.Findings).DistinctBy(f => (f.Code, f.Where.En, f.Found.En)).OrderBy(f => f.Severity)],
            [.. items.Where(i => i.Findings.Count == 0).Select(i => new PreFlightPass(i.Item.Code, i.Item.Where, i.Item.Checked)).Distinct()]);
    }

    internal static IReadOnlyList<string> Listed(IEnumerable<ComplaintFact> facts) =>
        [.. facts.OrderBy(f => f.Received).ThenBy(f => f.CaseNumber, StringComparer.Ordinal).Take(ListedCases).Select(f => f.CaseNumber)];
}
