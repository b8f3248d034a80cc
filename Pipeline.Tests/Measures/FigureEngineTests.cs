using Pipeline.Jobs.Rules;
using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;
using Pipeline.Models.Regulatory;
using Pipeline.Models.Taxonomy;

namespace Pipeline.Tests.Measures;

public sealed class FigureEngineTests
{
    private static readonly ComplaintTaxonomy Taxonomy = RuleFiles.Taxonomy("/nowhere", "cn-jrt0169").Value;
    private static readonly RuleBook Rules = RuleFiles.Rules("/nowhere").Value;
    private static readonly ReportingMonth October = new(2026, 10);
    private static readonly DateOnly AsOf = new(2026, 11, 5);

    [Fact]
    public void Every_planned_figure_equals_a_plain_recount()
    {
        IReadOnlyList<ComplaintFact> facts = [.. Facts.Random(seed: 11, perMonth: 60, October, months: 14).Select(f => f with { Exclusion = f.ComplaintId % 37 == 0 ? "matter:enquiry" : f.ComplaintId % 53 == 0 ? "withdrawn" : null, Response = f.ComplaintId % 5 == 0 ? null : $"Closed {f.ComplaintId % 3}" })];
        FigureEngine engine = new(facts, Taxonomy, Rules, AsOf);
        IReadOnlyList<FigureKey> plan = FigurePlan.For(October, October.Add(-13), FigurePlan.Members(Taxonomy, facts, October), [RegulatoryViews.UnitedStates]);
        Assert.Contains(plan, k => k.Terms.Any(t => t.Dimension == Dimensions.Response));

        Assert.True(plan.Count > 3000, $"the plan has {plan.Count} figures");
        foreach (FigureKey key in plan)
        {
            Measure measure = MeasureCatalog.Find(key.Measure);
            MeasureContext context = new(AsOf, Rules.TimeLimitCalendarDays) { Period = key.Period };
            List<ComplaintFact> rows =
            [
                .. facts.Where(f => f.Exclusion is null != (measure.Basis == MeasureBasis.Excluded) && key.Terms.All(t => IsOf(f, t)) && (key.Period.Contains(f.Received)
                    || (measure.Basis == MeasureBasis.Handled && f.Received < key.Period.From.FirstDay && (f.Closed is { } end ? end >= key.Period.From.FirstDay : f.Status == "open")))),
            ];
            decimal? expected = measure.Kind switch
            {
                MeasureKind.Count => rows.Count(f => measure.Counted(f, context)),
                MeasureKind.Share => rows.Any(f => measure.Base!(f, context))
                    ? HalfUp.Round((decimal)rows.Count(f => measure.Base!(f, context) && measure.Counted(f, context)) / rows.Count(f => measure.Base!(f, context)), 10)
                    : null,
                MeasureKind.Sum => rows.Select(f => measure.Value!(f) ?? 0).Sum(),
                MeasureKind.PerBase => null,
                MeasureKind.DistinctPersons => rows.Select(f => f.PersonKey ?? -f.ComplaintId).Distinct().Count(),
                _ => Median([.. rows.Where(f => measure.Counted(f, context)).Select(measure.Value!).OfType<decimal>().Order()]),
            };
            Assert.Equal((key.Text, expected), (key.Text, engine.Evaluate(key).Value));
        }
        Assert.Equal(plan.Select(engine.Evaluate), engine.EvaluateAll(plan, 2));
    }

    [Fact]
    public void A_withdrawn_case_is_no_closed_one_in_handling_days_and_first_contact()
    {
        ComplaintFact closed = Facts.Plain(1, new DateOnly(2026, 10, 1)) with { Status = "closed", Closed = new DateOnly(2026, 10, 5), PersonKey = 1 };
        ComplaintFact withdrawn = Facts.Plain(2, new DateOnly(2026, 10, 1)) with { Status = "withdrawn", Closed = new DateOnly(2026, 10, 21), PersonKey = 2 };
        FigureEngine engine = new([closed, withdrawn], Taxonomy, Rules, AsOf);
        Figure median = engine.Evaluate(FigureKey.Parse("median_handling_days/2026-10"));
        Assert.Equal((4, 1), (median.Value, median.Rows));
        Assert.Equal(1, engine.Evaluate(FigureKey.Parse("first_contact_rate/2026-10")).Denominator);
        Assert.Equal((1, 1, 0), (engine.Evaluate(FigureKey.Parse("closed_in_period/2026-10")).Value, engine.Evaluate(FigureKey.Parse("withdrawn_in_period/2026-10")).Value, engine.Evaluate(FigureKey.Parse("opening_open/2026-11")).Value));
    }

    [Fact]
    public void The_rows_behind_a_figure_are_as_many_as_it_says()
    {
        IReadOnlyList<ComplaintFact> facts = Facts.Random(seed: 5, perMonth: 40, October, months: 3);
        FigureEngine engine = new(facts, Taxonomy, Rules, AsOf);
        foreach (Measure measure in MeasureCatalog.All)
        {
            FigureKey key = new(measure.Key, FigurePeriod.Of(October), new FilterTerm(Dimensions.Business, "CREDIT"));
            Figure figure = engine.Evaluate(key);
            Assert.Equal((key.Text, figure.Rows), (key.Text, engine.Rows(key).Count));
            Assert.Equal((key.Text, figure.Numerator ?? -1), (key.Text, figure.Numerator is null ? -1 : engine.Rows(key).Count(r => r.Counted)));
        }
    }

    [Fact]
    public void One_more_complaint_of_a_business_line_moves_its_count_by_one_and_no_other_line()
    {
        List<ComplaintFact> facts = [.. Facts.Random(seed: 7, perMonth: 50, October, months: 2)];
        FigureEngine before = new(facts, Taxonomy, Rules, AsOf);
        facts.Add(Facts.Plain(9_999, October.FirstDay) with { Business = Facts.Coded("LOAN") });
        FigureEngine after = new(facts, Taxonomy, Rules, AsOf);
        foreach (TaxonomyClass line in Taxonomy.Dimension(Dimensions.Business)!.Classes)
        {
            FigureKey key = new("complaints", FigurePeriod.Of(October), new FilterTerm(Dimensions.Business, line.Key));
            Assert.Equal(before.Evaluate(key).Value + (line.Key == "LOAN" ? 1 : 0), after.Evaluate(key).Value);
        }
        FigureKey total = new("complaints", FigurePeriod.Of(October));
        Assert.Equal(before.Evaluate(total).Value + 1, after.Evaluate(total).Value);
    }

    [Fact]
    public void A_class_with_sub_classes_counts_theirs_too()
    {
        List<ComplaintFact> facts =
        [
            Facts.Plain(1, October.FirstDay) with { BusinessChannel = "FRONT_E_WEB" },
            Facts.Plain(2, October.FirstDay) with { BusinessChannel = "FRONT_SITE" },
            Facts.Plain(3, October.FirstDay) with { BusinessChannel = "BACK" },
        ];
        FigureEngine engine = new(facts, Taxonomy, Rules, AsOf);
        decimal? Count(string member) =>
            engine.Evaluate(new FigureKey("complaints", FigurePeriod.Of(October), new FilterTerm(Dimensions.BusinessChannel, member))).Value;
        Assert.Equal((2, 1, 1), (Count("FRONT"), Count("FRONT_E"), Count("BACK")));
    }

    [Fact]
    public void The_day_of_receipt_is_not_counted_towards_the_limit()
    {
        DateOnly first = October.FirstDay;
        List<ComplaintFact> facts =
        [
            Facts.Plain(1, first) with { Status = "closed", Closed = first.AddDays(15) },
            Facts.Plain(2, first) with { Status = "closed", Closed = first.AddDays(16) },
        ];
        FigureEngine engine = new(facts, Taxonomy, Rules, AsOf);
        Assert.Equal(0.5m, engine.Evaluate(new FigureKey("on_time_rate", FigurePeriod.Of(October))).Value);
    }

    [Fact]
    public void A_withdrawn_case_is_neither_on_time_nor_late()
    {
        DateOnly first = October.FirstDay;
        List<ComplaintFact> facts =
        [
            Facts.Plain(1, first) with { Status = "withdrawn", Closed = first.AddDays(2) },
            Facts.Plain(2, first) with { Status = "closed", Closed = first.AddDays(20) },
        ];
        FigureEngine engine = new(facts, Taxonomy, Rules, AsOf);
        Assert.Equal(0m, engine.Evaluate(new FigureKey("on_time_rate", FigurePeriod.Of(October))).Value);
        Assert.Equal(0m, engine.Evaluate(new FigureKey("closed_on_time_15", FigurePeriod.Of(October))).Value);
    }

    [Fact]
    public void A_share_of_nothing_is_not_defined() =>
        Assert.Null(new FigureEngine([], Taxonomy, Rules, AsOf).Evaluate(new FigureKey("closure_rate", FigurePeriod.Of(October))).Value);

    private static bool IsOf(ComplaintFact fact, FilterTerm term)
    {
        for (string? member = FigurePlan.MemberOf(fact, term.Dimension); member is not null; member = Taxonomy.Class(term.Dimension, member)?.Parent)
        {
            if (member == term.Member)
            {
                return true;
            }
        }
        return false;
    }

    private static decimal? Median(List<decimal> sorted) => sorted.Count switch
    {
        0 => null,
        _ => (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2,
    };
}
