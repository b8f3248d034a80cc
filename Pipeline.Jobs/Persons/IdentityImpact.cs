using Npgsql;
using Pipeline.Jobs.Complainants;
using Pipeline.Jobs.Flags;
using Pipeline.Jobs.Privacy;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Steps;
using Pipeline.Models.Complaints;
using Pipeline.Models.Flags;
using Pipeline.Models.Measures;
using Pipeline.Models.Taxonomy;
using Pipeline.Reports;

namespace Pipeline.Jobs.Persons;

/// <summary>A complaint as flags judge it with its person before, and with its person after.</summary>
internal sealed record JudgedTwice(ComplaintFact Before, ComplaintFact After)
{
    public bool IsChanged =>
        Before.PersonKey != After.PersonKey || Before.ChainNumber != After.ChainNumber || Before.RepeatOf != After.RepeatOf
        || Before.RepeatCourse != After.RepeatCourse || Before.IsEscalation != After.IsEscalation || Before.IsBypass != After.IsBypass || Before.ReturnAfterClosingDays != After.ReturnAfterClosingDays
        || Before.NextGapDays != After.NextGapDays || Before.IsNextEscalation != After.IsNextEscalation;
}

/// <summary>What a change of persons moves: repeats and escalations of the months that it reaches, and the figures that were published of them.</summary>
/// <param name="source">Complaints of this source only.</param>
/// <param name="modelId">The model whose labels count; null: coded values and analysts' labels only.</param>
internal sealed class IdentityImpact(NpgsqlConnection connection, KeyRing keys, string source, string? modelId, RunRules rules, CommandSession session)
{
    private readonly CancellationToken cancellation = session.Cancellation;
    private readonly Dictionary<ReportingMonth, MonthReport> published = [];
    private IReadOnlyList<ReportingMonth>? run;
    private StandingInputs? standing;

    /// <param name="before">The persons concerned, whole: complaint to key.</param>
    /// <param name="after">The same complaints with their keys afterwards.</param>
    public async Task<MovedFigures> OfAsync(IReadOnlyDictionary<long, long?> before, IReadOnlyDictionary<long, long?> after)
    {
        JudgedTwice[] changed = [.. (await JudgeAsync(before, after)).Where(j => j.IsChanged)];
        List<MovedMonth> months = [];
        List<MovedFigure> figures = [];
        int brokenDown = 0;
        foreach (IGrouping<ReportingMonth, JudgedTwice> month in changed.GroupBy(j => ReportingMonth.Of(j.After.Received)).OrderBy(g => g.Key))
        {
            months.Add(Counts(month.Key, [.. month]));
            if (await PublishedAsync(month.Key) is { } report)
            {
                foreach (MovedFigure figure in Moved(report, month.ToDictionary(j => j.After.CaseNumber, j => j.After, StringComparer.Ordinal)))
                {
                    if (FigureKey.Parse(figure.Key).Terms.Count == 0)
                    {
                        figures.Add(figure);
                    }
                    else
                    {
                        brokenDown++;
                    }
                }
            }
        }
        return new MovedFigures(months, figures, brokenDown);
    }

    private async Task<IReadOnlyList<JudgedTwice>> JudgeAsync(IReadOnlyDictionary<long, long?> before, IReadOnlyDictionary<long, long?> after)
    {
        IReadOnlyList<LedgerFact> facts = await LedgerFacts.OfAsync(
            connection, source, modelId, before.Keys.Union(after.Keys), rules.Taxonomy.Value, rules.Rules.Value, cancellation);
        IReadOnlyList<ComplaintFact> then = await FlaggedAsync(facts, before);
        IReadOnlyList<ComplaintFact> now = await FlaggedAsync(facts, after);
        return [.. then.Zip(now, (b, a) => new JudgedTwice(b, a))];
    }

    private async Task<IReadOnlyList<ComplaintFact>> FlaggedAsync(IReadOnlyList<LedgerFact> facts, IReadOnlyDictionary<long, long?> persons)
    {
        LedgerFact[] linked = [.. facts.Select(f => f with { Fact = f.Fact with { PersonKey = persons.GetValueOrDefault(f.Fact.ComplaintId) } })];
        IReadOnlyDictionary<long, CaseFlags> flags = await FlagStep.JudgeAsync(
            connection, keys, source, [.. linked.Select(f => f.Fact)], rules.Rules.Value, rules.Threats, cancellation);
        return FlaggedLedger.Flagged(linked, flags, rules);
    }

    private static MovedMonth Counts(ReportingMonth month, JudgedTwice[] changed) => new(
        month.ToString(), changed.Length,
        changed.Count(j => j.Before.RepeatOf is not null), changed.Count(j => j.After.RepeatOf is not null),
        changed.Count(j => j.Before.IsEscalation), changed.Count(j => j.After.IsEscalation),
        changed.Count(j => j.Before.IsBypass), changed.Count(j => j.After.IsBypass));

    /// <summary>The report of the edition of a month that stands, else of the newest; null where the month was never run.</summary>
    private async Task<MonthReport?> PublishedAsync(ReportingMonth month)
    {
        run ??= await RunMonthsAsync();
        if (!run.Contains(month))
        {
            return null;
        }
        if (!published.TryGetValue(month, out MonthReport? report))
        {
            standing ??= await StandingInputs.OpenAsync(connection, source, session);
            published.Add(month, report = (await Editions.KeptAsync(connection, month, source, null, session, standing)).Report);
        }
        return report;
    }

    private async Task<IReadOnlyList<ReportingMonth>> RunMonthsAsync()
    {
        await using NpgsqlCommand command = new("select distinct month from run where source = $1 and state = 'complete'", connection)
        {
            Parameters = { new() { Value = source } },
        };
        List<ReportingMonth> months = [];
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            months.Add(ReportingMonth.Of(row.GetFieldValue<DateOnly>(0)));
        }
        return months;
    }

    /// <summary>The figures of the month itself that are others when these complaints are counted as they are now. Periods to date that hold the month follow.</summary>
    private static IEnumerable<MovedFigure> Moved(MonthReport report, IReadOnlyDictionary<string, ComplaintFact> now)
    {
        FigurePeriod period = FigurePeriod.Of(report.Month);
        ComplaintFact[] facts = [.. report.Cases.Select(c => c.Fact)];
        FigureEngine then = new(facts, report.Taxonomy, report.Rules, report.Lineage.AsOf, report.Regulatory);
        FigureEngine engine = new(
            [.. facts.Select(f => now.TryGetValue(f.CaseNumber, out ComplaintFact? fact) ? Counted(f, fact) : f)],
            report.Taxonomy, report.Rules, report.Lineage.AsOf, report.Regulatory);
        HashSet<FilterTerm> reached = [.. now.Values.SelectMany(f => FigurePlan.MonthDimensions.SelectMany(d => Lineage(report.Taxonomy, d, FigurePlan.MemberOf(f, d)))),
            .. facts.Where(f => now.ContainsKey(f.CaseNumber)).SelectMany(f => f.Tags.Select(t => new FilterTerm(Dimensions.Tag, t)))];
        string marker = $"/{period}";
        foreach (Figure figure in report.Figures.Where(f => f.Key.Contains(marker, StringComparison.Ordinal)))
        {
            FigureKey key = FigureKey.Parse(figure.Key);
            // Which complaints there are, and what was handled in the month, does not depend on who complained.
            if (key.Period == period && key.Measure != "complaints" && MeasureCatalog.Find(key.Measure).Basis == MeasureBasis.Received && key.Terms.All(reached.Contains)
                && engine.Evaluate(key).Value is var counted && counted != then.Evaluate(key).Value)
            {
                yield return new MovedFigure(figure.Key, report.Lineage.Edition, figure.Value, counted);
            }
        }
    }

    /// <summary>The class and every class that it is added up into.</summary>
    private static IEnumerable<FilterTerm> Lineage(ComplaintTaxonomy taxonomy, string dimension, string member)
    {
        for (string? at = member; at is not null; at = taxonomy.Class(dimension, at)?.Parent)
        {
            yield return new FilterTerm(dimension, at);
        }
    }

    private static ComplaintFact Counted(ComplaintFact published, ComplaintFact now) => published with
    {
        PersonKey = now.PersonKey,
        ChainNumber = now.ChainNumber,
        RepeatOf = now.RepeatOf,
        RepeatOfCaseNumber = now.RepeatOfCaseNumber,
        RepeatGapDays = now.RepeatGapDays,
        IsEscalation = now.IsEscalation,
        IsBypass = now.IsBypass,
        ReturnAfterClosingDays = now.ReturnAfterClosingDays,
        RepeatCourse = now.RepeatCourse,
        NextGapDays = now.NextGapDays,
        IsNextEscalation = now.IsNextEscalation,
    };
}
