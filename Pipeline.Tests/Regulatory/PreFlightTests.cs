using System.Text;
using Pipeline.Jobs.Regulatory;
using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;
using Pipeline.Models.Regulatory;
using Pipeline.Models.Taxonomy;
using Pipeline.Reports;
using Pipeline.Tests.Reports;

namespace Pipeline.Tests.Regulatory;

public sealed class PreFlightTests
{
    private static readonly MonthReport Report = InventedMonth.Report();

    private static PreFlightFinding? Find(MonthReport report, string code, string? where = null) =>
        PreFlightCheck.Of(report).Findings.FirstOrDefault(f => f.Code == code && (where is null || f.Where.En == where));

    private static MonthReport With(Func<ComplaintFact, ComplaintFact> change) => Report with { Cases = [.. Report.Cases.Select(c => c with { Fact = change(c.Fact) })] };

    [Fact]
    public void A_sound_month_has_nothing_that_blocks() =>
        Assert.DoesNotContain(PreFlightCheck.Of(Report).Findings, f => f.Severity == PreFlightSeverity.Blocking);

    [Fact]
    public void A_mandatory_field_warns_when_few_cases_lack_it_and_blocks_when_many_do()
    {
        int every = 0;
        MonthReport few = With(f => f with { Branch = ++every % 100 == 0 ? null : f.Branch });
        Assert.Equal(PreFlightSeverity.Warning, Find(few, "mandatory_missing", "Organisation complained of")!.Severity);
        every = 0;
        MonthReport many = With(f => f with { Branch = ++every % 10 == 0 ? null : f.Branch });
        PreFlightFinding blocking = Find(many, "mandatory_missing", "Organisation complained of")!;
        Assert.Equal((PreFlightSeverity.Blocking, Report.Cases.Count / 10), (blocking.Severity, blocking.Rows));
        Assert.Equal(10, blocking.Cases.Count);
        Assert.Equal(PreFlightSeverity.Blocking, PreFlightCheck.Of(many).Findings[0].Severity);
    }

    [Fact]
    public void Quarantined_rows_whose_cases_came_in_another_file_are_told_apart()
    {
        QuarantineLine[] lines = [.. Report.Quality.Quarantine.Where(q => q.State == "open")];
        MonthReport none = Report with { Quality = Report.Quality with { Quarantine = lines } };
        Assert.Equal($"{lines.Length} rows could not be read, of whatever month; what they hold is in no figure unless it came again.", Find(none, "quarantine_open")!.Found.En);
        MonthReport one = Report with { Quality = Report.Quality with { Quarantine = [lines[0] with { CameAgain = true }, .. lines[1..]] } };
        Assert.Contains("The cases of 1 came in another file and count", Find(one, "quarantine_open")!.Found.En, StringComparison.Ordinal);
        Assert.Equal(lines.Length, Find(one, "quarantine_open")!.Rows);
    }

    [Fact]
    public void An_exclusion_reason_that_the_rules_do_not_know_is_told_of_the_cases_that_count_for_want_of_it()
    {
        int every = 0;
        MonthReport report = With(f => f with { ExclusionReason = ++every % 50 == 0 ? "别的原因" : null });
        MonthReport excluded = report with { Excluded = [report.Cases[0] with { Fact = report.Cases[0].Fact with { ExclusionReason = "别的原因", Exclusion = "enquiry" } }] };
        Assert.Equal(Report.Cases.Count / 50, Find(excluded, "exclusion_reason_unknown")!.Rows);
    }

    [Fact]
    public void A_threshold_that_no_share_can_pass_is_said_not_to_block()
    {
        PreFlightFinding graded = Find(With(f => f with { Severity = null }), "mandatory_missing", "Severity")!;
        Assert.Equal(PreFlightSeverity.Warning, graded.Severity);
        Assert.EndsWith("(100.0%; it does not block).", graded.Found.En, StringComparison.Ordinal);
        Assert.EndsWith("（100.0%；不阻止报送）。", graded.Found.Zh, StringComparison.Ordinal);
        Assert.Contains("above 2.0% it blocks", Find(With(f => f with { Branch = null }), "mandatory_missing", "Organisation complained of")!.Found.En, StringComparison.Ordinal);
    }

    [Fact]
    public void A_conditional_field_is_asked_of_the_cases_that_meet_the_condition()
    {
        MonthReport report = With(f => f with { IsCompensated = f.CaseNumber == Report.Cases[3].Fact.CaseNumber, Compensation = null });
        PreFlightFinding found = Find(report, "conditional_missing", "Compensation")!;
        Assert.Equal((1, PreFlightSeverity.Warning), (found.Rows, found.Severity));
        Assert.Equal([Report.Cases[3].Fact.CaseNumber], found.Cases);
    }

    [Fact]
    public void Figures_that_differ_from_the_rows_block()
    {
        MonthReport report = Report with { Cases = [.. Report.Cases.Skip(1)] };
        Assert.Equal((PreFlightSeverity.Blocking, 1), (Find(report, "not_reconciled", "Complaints")!.Severity, Find(report, "not_reconciled", "Complaints")!.Rows));
    }

    [Fact]
    public void Classes_that_do_not_add_up_block()
    {
        string key = $"complaints/{Report.Month}/business=LOAN";
        MonthReport report = Report with { Figures = [.. Report.Figures.Select(f => f.Key == key ? f with { Value = f.Value + 1 } : f)] };
        PreFlightFinding found = Find(report, "sum_differs")!;
        Assert.Equal((PreFlightSeverity.Blocking, "Business line", 1), (found.Severity, found.Where.En, found.Rows));
    }

    [Fact]
    public void A_nil_return_of_a_bank_that_usually_has_complaints_blocks() =>
        Assert.Equal(PreFlightSeverity.Blocking, Find(InventedMonth.Empty(), "nil_return")!.Severity);

    [Fact]
    public void A_branch_without_complaints_that_usually_has_some_is_asked_about()
    {
        string key = $"complaints/{Report.Month}/branch=南京分行";
        MonthReport report = Report with { Figures = [.. Report.Figures.Select(f => f.Key == key ? f with { Value = 0 } : f)] };
        Assert.Equal("南京分行", Find(report, "nil_branch")!.Where.En);
    }

    [Fact]
    public void Codes_are_checked_against_the_taxonomy_and_every_class_in_use_needs_one()
    {
        OfficialCodes Table(string lines) => OfficialCodeFiles.Read("codes.csv", Encoding.UTF8.GetBytes("dimension,key,official_code\n" + lines));
        MonthReport With(OfficialCodes codes) => Report with { Regulatory = Report.Regulatory! with { Codes = codes } };
        string all = string.Concat(Report.Taxonomy.Dimension(Dimensions.Business)!.Classes.Select((k, i) => $"business,{k.Key},T{i:00}\n"));

        Assert.Equal(PreFlightSeverity.Note, Find(With(OfficialCodes.None), "codes_not_loaded")!.Severity);
        Assert.DoesNotContain(PreFlightCheck.Of(With(Table(all))).Findings, f => f.Code.StartsWith("code", StringComparison.Ordinal));
        PreFlightFinding missing = Find(With(Table("business,LOAN,T01\n")), "code_missing")!;
        Assert.Equal((PreFlightSeverity.Blocking, "Business line"), (missing.Severity, missing.Where.En));
        Assert.Equal(Report.Cases.Count(c => c.Fact.Business.Class != "LOAN"), missing.Rows);
        Assert.Equal(PreFlightSeverity.Blocking, Find(With(Table(all + "business,NONE_SUCH,T99\n")), "codes_invalid")!.Severity);
        Assert.Contains("T01", Find(With(Table(all + "cause,RULE,X1\ncause,PRICE,X1\nbusiness,LOAN,T01\n")), "codes_invalid")!.Found.En + Table(all).Of("business", Report.Taxonomy.Dimension("business")!.Classes[1].Key), StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_spellings_and_missing_denominators_are_said()
    {
        MonthReport report = With(f => f.CaseNumber == Report.Cases[0].Fact.CaseNumber ? f with { MatterType = "奇怪的事项", ExclusionReason = "不明" } : f);
        Assert.Contains("奇怪的事项", Find(report, "matter_unknown")!.Found.Zh, StringComparison.Ordinal);
        Assert.Equal(1, Find(report, "exclusion_reason_unknown")!.Rows);
        Assert.NotNull(Find(Report with { Regulatory = Report.Regulatory! with { Denominators = Denominators.None } }, "denominators_not_loaded"));
        Assert.NotNull(Find(Report with { Regulatory = Report.Regulatory! with { Denominators = new([new DenominatorEntry(new(2026, 4), "南京分行", 3, 9)], "x") } }, "denominators_missing"));
    }

    [Fact]
    public void The_share_of_other_is_watched()
    {
        string key = $"complaints/{Report.Month}/cause=OTH";
        MonthReport report = Report with { Figures = [.. Report.Figures.Select(f => f.Key == key ? f with { Value = 200 } : f)] };
        Assert.Equal("Cause", Find(report, "other_share")!.Where.En);
    }

    private static MonthReport Altered(MonthReport report, FigureKey key, decimal by) =>
        report with { Figures = [.. report.Figures.Select(f => f.Key == key.Text ? f with { Value = f.Value + by } : f)] };

    [Fact]
    public void What_was_checked_without_a_finding_is_listed_as_evidence()
    {
        PreFlightOutcome outcome = PreFlightCheck.Of(Report);
        foreach (string where in (string[])["Business line", "Business line × Cause", "Region", "Quarters, half-years, years"])
        {
            Assert.Matches("add up to [0-9]{2,} ", Assert.Single(outcome.Passed, p => p.Code == "sum_differs" && p.Where.En == where).Checked.En);
        }
        Assert.Contains(outcome.Passed, p => p.Code == "mandatory_missing" && p.Where.En == "Cause");
        Assert.Contains(outcome.Passed, p => p.Code == "not_reconciled" && p.Where.En == "Complaints");
        Assert.Empty(outcome.Passed.Select(p => (p.Code, p.Where.En)).Intersect(outcome.Findings.Select(f => (f.Code, f.Where.En))));
        Assert.All(outcome.Passed, p => Assert.False(p.Checked.En.Length == 0 || p.Checked.Zh.Length == 0));
    }

    [Fact]
    public void Crossings_longer_periods_and_open_dimensions_that_do_not_add_up_block()
    {
        FigurePeriod month = FigurePeriod.Of(Report.Month);
        FigurePeriod quarter = RegulatoryPlan.Quarters(Report.Month, Report.History)[1];
        PreFlightFinding crossed = Find(Altered(Report, new("complaints", month, new FilterTerm(Dimensions.Business, "LOAN"), new FilterTerm(Dimensions.Cause, "RULE")), 2), "sum_differs", "Business line × Cause")!;
        Assert.Equal((PreFlightSeverity.Blocking, 2), (crossed.Severity, crossed.Rows));
        Assert.Contains("complaints/2026-10/business=LOAN: the classes add up to", crossed.Found.En, StringComparison.Ordinal);

        MonthReport period = Altered(Report, new("complaints", quarter, new FilterTerm(Dimensions.Cause, "RULE")), 1);
        Assert.Equal(1, Find(period, "sum_differs", "Cause")!.Rows);
        Assert.Contains($"complaints/{quarter}/cause=RULE: the months add up to", Find(period, "sum_differs", "Quarters, half-years, years")!.Found.En, StringComparison.Ordinal);

        Assert.Equal(3, Find(Altered(Report, new("closed", month, new FilterTerm(Dimensions.Region, "江苏省")), 3), "sum_differs", "Region")!.Rows);
        MonthReport many = InventedMonth.ManyRegions();
        Assert.Null(Find(many, "sum_differs"));
        string region = many.Figures.Select(f => FigureKey.Parse(f.Key)).First(k => k.Measure == "complaints" && k.Period == month && k.Terms is [{ Dimension: Dimensions.Region }]).Terms[0].Member;
        Assert.Equal(1, Find(Altered(many, new("complaints", month, new FilterTerm(Dimensions.Region, region)), 1), "not_reconciled", "Region")!.Rows);
    }

    [Fact]
    public void The_UK_return_is_checked_for_header_nil_flow_and_what_no_line_takes()
    {
        MonthReport report = InventedMonth.Report(perMonth: 120, views: [RegulatoryViews.UnitedKingdom]);
        FigurePeriod half = RegulatoryPlan.Halves(report.Month, report.History)[0];
        PreFlightOutcome outcome = PreFlightCheck.Of(report);
        Assert.DoesNotContain(outcome.Findings, f => f.Severity == PreFlightSeverity.Blocking);
        Assert.Equal(PreFlightSeverity.Warning, Find(report, "uk_firm_missing")!.Severity);
        foreach (string code in (string[])["uk_time_differs", "uk_opening_differs", "uk_closed_differs", "uk_flow_differs", "half_nil_return"])
        {
            Assert.Contains(outcome.Passed, p => p.Code == code);
        }
        Assert.Equal(PreFlightSeverity.Blocking, Find(Altered(report, new("uk_closed_8_weeks", half), 1), "uk_time_differs")!.Severity);
        Assert.Contains("2026-08", Find(Altered(report, new("withdrawn_in_period", FigurePeriod.Of(new(2026, 8))), 2), "uk_flow_differs")!.Found.En, StringComparison.Ordinal);
        Assert.Equal(PreFlightSeverity.Blocking, Find(Altered(report, new("complaints", half), -new FigureSet(report.Figures)[new FigureKey("complaints", half)].Value!.Value), "half_nil_return")!.Severity);

        RegulatoryBook book = report.Regulatory!;
        MonthReport With(UkRules rules) => report with { Regulatory = book with { Rules = book.Rules with { UnitedKingdom = rules } } };
        Assert.Null(Find(With(book.Rules.UnitedKingdom! with { FirmReferenceNumber = "999999" }), "uk_firm_missing"));
        Assert.NotNull(Find(With(book.Rules.UnitedKingdom! with { Causes = new Dictionary<string, string>(), CauseWords = new Dictionary<string, IReadOnlyList<string>>() }), "other_share", "UK return: causes"));
        Assert.NotNull(Find(With(book.Rules.UnitedKingdom! with { Groups = [] }), "other_share", "UK return: products"));
        Assert.Equal(PreFlightSeverity.Blocking, Find(report with { Regulatory = book with { Rules = book.Rules with { UnitedKingdom = null } } }, "uk_map_missing")!.Severity);
    }

    [Fact]
    public void The_Australian_file_is_checked_for_its_codes_and_the_days_of_what_ended()
    {
        MonthReport report = InventedMonth.Report(perMonth: 120, views: [RegulatoryViews.Australia]);
        Assert.Equal(PreFlightSeverity.Warning, Find(report, "idr_codes_not_loaded")!.Severity);
        MonthReport With(IEnumerable<IdrCode> codes) => report with { Regulatory = report.Regulatory! with { Idr = new IdrCodes([.. codes], "x") } };
        IdrCode[] all = [.. IdrReturn.Select(report.Cases.Select(c => c.Fact), report.Month.FirstDay, report.Month.LastDay).Lines
            .SelectMany(l => IdrReturn.Elements.Select(e => (e, IdrReturn.Value(l, e)))).Where(v => v.Item2 is not null).Distinct().Select((v, i) => new IdrCode(v.e, v.Item2!, $"{i}"))];
        Assert.Contains(PreFlightCheck.Of(With(all)).Passed, p => p.Code == "idr_code_missing");
        PreFlightFinding missing = Find(With(all.Where(c => c.Element != "issue" || c.Value != "RULE")), "idr_code_missing")!;
        Assert.Equal((PreFlightSeverity.Blocking, report.Cases.Count(c => c.Fact.Cause.Class == "RULE")), (missing.Severity, missing.Rows));
        Assert.Equal("Values without a code: issue,RULE.", missing.Found.En);
        Assert.Equal(report.Cases.Count(c => c.Fact.Status != "open" && c.Fact.Closed is null), Find(report, "idr_day_missing")!.Rows);
        Assert.Contains(PreFlightCheck.Of(report).Passed, p => p.Code == "half_nil_return");
    }
}
