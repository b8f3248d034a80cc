using Pipeline.Jobs.Rules;
using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;
using Pipeline.Models.Regulatory;
using Pipeline.Models.Taxonomy;

namespace Pipeline.Tests.Measures;

/// <summary>What cannot be known from what a source states is not known, which is not nought.</summary>
public sealed class KnownEvidenceTests
{
    private static readonly ComplaintTaxonomy Taxonomy = RuleFiles.Taxonomy("/nowhere", "us-cfpb").Value;
    private static readonly RuleBook Rules = RuleFiles.Rules("/nowhere").Value;
    private static readonly ReportingMonth October = new(2026, 10);
    private static readonly DateOnly AsOf = new(2026, 11, 30);

    /// <summary>As the US export has it: a channel and a status, neither persons nor days nor amounts.</summary>
    private static ComplaintFact Bare(long id, ReportingMonth month, string status = "closed") => new()
    {
        ComplaintId = id,
        CaseNumber = $"{id}",
        Received = month.FirstDay.AddDays((int)(id % 20)),
        Status = status,
        Channel = "web",
        ChannelGroup = "regulator",
        Level = 4,
        Business = new HeadLabel("CARD", LabelBasis.Reported, "CARD", null, null, false),
        Stage = "complaint",
        IsTimelyReported = true,
    };

    /// <summary>The same with everything.</summary>
    private static ComplaintFact Full(long id, ReportingMonth month) => Bare(id, month) with
    {
        Closed = month.FirstDay.AddDays(40),
        PersonKey = id,
        Amount = 100,
        Compensation = 5,
        IsLiable = false,
        Severity = "ordinary",
    };

    private static FigureEngine Engine(params IReadOnlyList<(ComplaintFact Fact, string Layout)> facts) =>
        new([.. facts.Select(f => f.Fact)], Taxonomy, Rules, AsOf, null, KnownEvidence.Of(facts));

    private static Figure Figure(FigureEngine engine, string measure, FigurePeriod? period = null, params IEnumerable<FilterTerm> terms) =>
        engine.Evaluate(new FigureKey(measure, period ?? FigurePeriod.Of(October), terms));

    [Fact]
    public void A_source_without_persons_closing_days_and_amounts_has_no_figure_of_them_and_keeps_those_that_it_states()
    {
        FigureEngine engine = Engine([.. Enumerable.Range(1, 34).Select(i => (Bare(i, October, i % 6 == 0 ? "open" : "closed"), "cfpb"))]);
        string[] known = [.. MeasureCatalog.All.Where(m => m.Per is null && m.View is null && Figure(engine, m.Key).Value is not null).Select(m => m.Key)];
        Assert.Equal(
            ["complaints", "open", "closed", "closure_rate", "timely_response_rate", "regulator_transfers", "regulator_share", "threats", "excluded",
                "needs_review", "reported_business_share", "reported_cause_share", "with_warning"],
            known);
        Assert.Equal((34m, 29m, 5m, 0m), (Figure(engine, "complaints").Value, Figure(engine, "closed").Value, Figure(engine, "open").Value, Figure(engine, "threats").Value));
    }

    [Fact]
    public void A_share_that_cannot_be_known_has_neither_numerator_nor_denominator_and_its_rows_are_still_to_be_seen()
    {
        FigureEngine engine = Engine((Bare(1, October), "cfpb"), (Bare(2, October), "cfpb"));
        Figure rate = Figure(engine, "repeat_rate_90");
        Assert.Equal((null, null, null, 2), (rate.Value, rate.Numerator, rate.Denominator, rate.Rows));
        Assert.Equal(2, engine.Rows(FigureKey.Parse(rate.Key)).Count);
    }

    [Fact]
    public void Nought_stays_nought_where_the_source_states_the_evidence_for_others()
    {
        ReportingMonth september = October.Add(-1);
        FigureEngine engine = Engine((Full(1, september), "bank"), (Bare(2, October) with { Business = Facts.Coded("MORTGAGE") }, "bank"));
        foreach (string measure in (string[])["closed_on_time_15", "closed_within_60", "repeat_90", "escalated", "amount_claimed", "compensation_paid", "major"])
        {
            Assert.Equal((measure, 0m), (measure, Figure(engine, measure).Value));
            Assert.Equal((measure, 0m), (measure, Figure(engine, measure, null, new FilterTerm(Dimensions.Business, "CARD")).Value));
        }
        Assert.Equal(1, Figure(engine, "after_merging").Value);
    }

    [Fact]
    public void Months_that_came_in_tables_without_the_columns_are_not_known_and_later_ones_are()
    {
        ReportingMonth september = October.Add(-1);
        FigureEngine engine = Engine((Bare(1, september), "old table"), (Full(2, October), "new table"), (Bare(3, October), "old table"));
        foreach (string measure in (string[])["repeat_90", "closed_within_60", "amount_claimed"])
        {
            Assert.Null(Figure(engine, measure, FigurePeriod.Of(september)).Value);
            Assert.NotNull(Figure(engine, measure).Value);
            Assert.Null(Figure(engine, measure, new FigurePeriod(september, October)).Value);
            Assert.Equal((measure, 0m), (measure, Figure(engine, measure, FigurePeriod.Of(October.Add(-5))).Value));
        }
    }

    [Fact]
    public void Where_nothing_was_closed_yet_nothing_was_closed_in_time_and_that_is_known()
    {
        FigureEngine engine = Engine((Bare(1, October, "open"), "bank"));
        Assert.Equal(0, Figure(engine, "closed_on_time_15").Value);
        Assert.Equal(0, Figure(engine, "over_60_days").Value);
        Assert.Null(Figure(Engine((Bare(1, October, "open"), "bank"), (Bare(2, October), "bank")), "closed_on_time_15").Value);
    }

    [Fact]
    public void Cases_that_do_not_count_are_evidence_of_what_the_table_states_and_make_no_month()
    {
        FigureEngine engine = Engine((Full(1, October) with { Exclusion = "withdrawn" }, "bank"), (Bare(2, October), "bank"));
        Assert.Equal(0, Figure(engine, "repeat_90").Value);
        Assert.Null(Figure(Engine((Full(1, October) with { Exclusion = "withdrawn" }, "bank"), (Bare(2, October), "other")), "repeat_90").Value);
    }

    [Fact]
    public void Without_any_complaint_nothing_is_denied() =>
        Assert.All(MeasureCatalog.All.Where(m => m.Kind == MeasureKind.Count), m => Assert.Equal((m.Key, 0m), (m.Key, Figure(Engine(), m.Key).Value)));

    [Fact]
    public void The_return_of_the_UK_needs_the_days_of_closing_too()
    {
        FigureEngine engine = Engine((Bare(1, October), "cfpb"));
        Assert.All(
            MeasureCatalog.All.Where(m => m.View == RegulatoryViews.UnitedKingdom && m.Basis == MeasureBasis.Handled),
            m => Assert.Equal((m.Key, null), (m.Key, Figure(engine, m.Key).Value)));
    }
}
