using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Validation;
using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;
using Pipeline.Models.Regulatory;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;
using Pipeline.Reports;
using Pipeline.Tests.Measures;
using Pipeline.Tests.Reports;

namespace Pipeline.Tests.Regulatory;

/// <summary>The sheets of the US, the UK and China beside each other: valid, adding up, and equal to a plain recount.</summary>
public sealed class ViewsTests
{
    private static readonly MonthReport Report = InventedMonth.Report(
        perMonth: 160, views: [RegulatoryViews.China, RegulatoryViews.UnitedStates, RegulatoryViews.UnitedKingdom]);

    private static readonly Lazy<Spreadsheet> Book = new(() => new Spreadsheet(WorkbookWriter.Write(Report, [WorkbookKinds.Regulatory], Language.En)[0].Bytes));

    [Theory]
    [InlineData(Language.Zh)]
    [InlineData(Language.En)]
    public void The_workbook_with_every_view_is_valid(Language language)
    {
        using MemoryStream stream = new(WorkbookWriter.Write(Report, [WorkbookKinds.Regulatory], language)[0].Bytes);
        using SpreadsheetDocument document = SpreadsheetDocument.Open(stream, false);
        Assert.Empty(new OpenXmlValidator(FileFormatVersions.Office2019).Validate(document).Select(e => e.Description));
    }

    [Fact]
    public void Every_table_of_classes_adds_up_to_its_total()
    {
        foreach (string table in (string[])["PeriodsChannel", "PeriodsBranch", "PeriodsRegion", "PeriodsB", "PeriodsC"])
        {
            IReadOnlyList<IReadOnlyList<object?>> rows = Book.Value.Table(table);
            for (int column = 1; column < rows[0].Count; column++)
            {
                FigureKey key = column == 1 ? new FigureKey("complaints", FigurePeriod.Of(Report.Month)) : null!;
                decimal sum = rows.Skip(1).Sum(r => (decimal)r[column]!);
                if (key is not null)
                {
                    Assert.Equal((table, new FigureSet(Report.Figures)[key].Value), (table, sum));
                }
                Assert.Equal((table, column, Book.Value.Table("PeriodsB").Skip(1).Sum(r => (decimal)r[column]!)), (table, column, sum));
            }
        }
    }

    [Fact]
    public void Subtotals_of_the_channel_of_business_are_their_parts_and_front_and_back_are_the_total()
    {
        List<IReadOnlyList<object?>> rows = [.. Book.Value.Table("PeriodsA").Skip(1)];
        decimal Of(string label, int column) => rows.Where(r => ((string)r[0]!).Equals(label, StringComparison.OrdinalIgnoreCase)).Sum(r => (decimal)r[column]!);
        decimal total = Book.Value.Table("PeriodsB").Skip(1).Sum(r => (decimal)r[1]!);
        string front = Report.Taxonomy.Label(Dimensions.BusinessChannel, "FRONT", Language.En) + ": subtotal";
        string electronic = Report.Taxonomy.Label(Dimensions.BusinessChannel, "FRONT_E", Language.En) + ": subtotal";
        decimal back = Of(Report.Taxonomy.Label(Dimensions.BusinessChannel, "BACK", Language.En), 1);
        Assert.Equal(total, Of(front, 1) + back + Of("Not stated", 1));
        Assert.Equal(
            total, rows.Where(r => !((string)r[0]!).EndsWith("subtotal", StringComparison.Ordinal)).Sum(r => (decimal)r[1]!));
        Assert.True(Of(electronic, 1) > 0);
    }

    [Fact]
    public void The_columns_of_time_of_the_UK_return_add_up_to_what_was_closed()
    {
        FigureSet figures = new(Report.Figures);
        FigurePeriod half = RegulatoryPlan.Halves(Report.Month, Report.History)[0];
        decimal Value(string measure) => figures[new FigureKey(measure, half)].Value!.Value;
        Assert.True(Value("closed_in_period") > 100);
        Assert.Equal(Value("closed_in_period"), Value("uk_closed_3_days") + Value("uk_closed_8_weeks") + Value("uk_closed_over_8_weeks"));
        Assert.True(Value("uk_closed_3_days") > 0 && Value("uk_closed_over_8_weeks") > 0);

        IReadOnlyList<object?> head = Book.Value.Table("Annex1R")[0];
        Assert.Equal(
            ["Product/service grouping", "Provision (per 1,000 accounts)", "Intermediation", "Number of complaints opened", "Number of complaints closed", "% closed within 3 days",
                "% closed after 3 days but within 8 weeks", "% closed after more than 8 weeks", "% upheld", "Redress paid", "Main cause of complaints opened"], head);
        List<IReadOnlyList<object?>> rows = [.. Book.Value.Table("Annex1R").Skip(1)];
        UkRules rules = Report.Regulatory!.Rules.UnitedKingdom!;
        string[] groups = [.. rules.Groups.Select(g => g.En), "Business lines not mapped"];
        Assert.Equal(Value("complaints"), rows.Where(r => groups.Contains((string)r[0]!)).Sum(r => (decimal?)r[3] ?? 0));
        // No business line of the source belongs to it: blank, which is not nought.
        Assert.All(Assert.Single(rows, r => r[0] is "Decumulation and pensions").Skip(1), Assert.Null);
    }

    [Fact]
    public void The_UK_return_begins_with_its_header_and_a_dash_where_the_rules_name_no_firm()
    {
        Dictionary<string, object?> Header(MonthReport report) => new Spreadsheet(WorkbookWriter.Write(report, [WorkbookKinds.Regulatory], Language.En)[0].Bytes)
            .Table("ReturnHeader").Skip(1).ToDictionary(r => (string)r[0]!, r => r[1]);
        Dictionary<string, object?> unnamed = Book.Value.Table("ReturnHeader").Skip(1).ToDictionary(r => (string)r[0]!, r => r[1]);
        Assert.Equal(("–", "–", "No", "Yes"), (unnamed["Firm reference number (FRN)"], unnamed["Group reporting"], unnamed["Nil return"], unnamed["Consent to publish asked for (500 or more)"]));
        Assert.Equal((decimal)new DateTime(2026, 7, 1).ToOADate(), unnamed["Reporting period from"]);
        RegulatoryBook book = Report.Regulatory!;
        FigureKey total = new("complaints", RegulatoryPlan.Halves(Report.Month, Report.History)[0]);
        Dictionary<string, object?> named = Header(Report with
        {
            Regulatory = book with { Rules = book.Rules with { UnitedKingdom = book.Rules.UnitedKingdom! with { FirmReferenceNumber = "999999", GroupReporting = false } } },
            Figures = [.. Report.Figures.Select(f => f.Key == total.Text ? f with { Value = 0 } : f)],
        });
        Assert.Equal(("999999", "No", "Yes"), (named["Firm reference number (FRN)"], named["Group reporting"], named["Nil return"]));
    }

    [Fact]
    public void A_cause_is_put_under_delays_by_the_map_its_own_name_or_a_word_of_it_and_can_be_the_main_one()
    {
        UkRules rules = Report.Regulatory!.Rules.UnitedKingdom!;
        Assert.Equal(
            ["delays", "delays", "delays", "sums", "other", "service"],
            ((string[])["Application processing delay", "delays/timescales", "Payments took too long", "PRICE", "Some issue", "SERV"]).Select(k => rules.CategoryOf(k, Report.Taxonomy)));
        MonthReport mapped = Report with
        {
            Regulatory = Report.Regulatory with { Rules = Report.Regulatory.Rules with { UnitedKingdom = rules with { Causes = new Dictionary<string, string>(rules.Causes) { ["RULE"] = "delays" } } } },
        };
        Assert.Equal("Delays/timescales", new Spreadsheet(WorkbookWriter.Write(mapped, [WorkbookKinds.Regulatory], Language.En)[0].Bytes).Table("Annex1R").Single(r => r[0] is "Banking and credit cards")[10]);
    }

    [Fact]
    public void Vulnerable_customers_are_counted_apart_as_the_source_states_and_as_the_lexicon_finds()
    {
        ComplaintFact[] facts = [.. Report.Cases.Take(6).Select(r => r.Fact with { SourceTags = "", Tags = [] })];
        facts[0] = facts[0] with { SourceTags = "Older American" };
        facts[1] = facts[1] with { SourceTags = "Older American", Tags = ["vulnerable_age"] };
        facts[2] = facts[2] with { Tags = ["vulnerable_illness", "vulnerable_age"] };
        facts[3] = facts[3] with { Tags = ["right_fair"] };
        FigureEngine engine = new(facts, Report.Taxonomy, Report.Rules, Report.Lineage.AsOf, Report.Regulatory, KnownEvidence.Of([]));
        decimal? Value(string measure) => engine.Evaluate(new FigureKey(measure, FigurePeriod.Of(Report.Month))).Value;
        Assert.Equal((2, 1), (Value("uk_vulnerable"), Value("uk_vulnerable_found")));
    }

    [Fact]
    public void Failure_to_consider_vulnerability_is_not_known_where_neither_tags_of_the_source_nor_listed_causes_can_tell()
    {
        ComplaintFact[] untagged = [.. Report.Cases.Select(r => r.Fact with { SourceTags = null })];
        Assert.Null(Failures(untagged, []).Value);
        string cause = untagged.Select(f => f.Cause.Class).OfType<string>().First();
        Assert.Equal(untagged.Count(f => f.Cause.Class == cause), Failures(untagged, [cause]).Value);
        Assert.Equal(0, Failures([untagged[0] with { SourceTags = "Older American" }, .. untagged[1..]], []).Value);

        Figure Failures(ComplaintFact[] facts, string[] causes)
        {
            RegulatoryBook book = Report.Regulatory!;
            book = book with { Rules = book.Rules with { UnitedKingdom = book.Rules.UnitedKingdom! with { FailureCauses = causes, FailureTags = ["consider"] } } };
            return new FigureEngine(facts, Report.Taxonomy, Report.Rules, Report.Lineage.AsOf, book).Evaluate(new FigureKey("uk_vulnerability_failure", FigurePeriod.Of(Report.Month)));
        }
    }

    [Fact]
    public void Three_month_averages_are_those_of_the_months()
    {
        FigureSet figures = new(Report.Figures);
        IReadOnlyList<object?> loan = Book.Value.Table("CfpbProducts").Single(r => (string)r[0]! == Report.Taxonomy.Label(Dimensions.Business, "LOAN", Language.En));
        decimal Month(int back) => figures.Of("complaints", Report.Month.Add(-back), new FilterTerm(Dimensions.Business, "LOAN")).Value!.Value;
        Assert.Equal(Month(0), loan[1]);
        Assert.Equal(HalfUp.Round((Month(0) + Month(1) + Month(2)) / 3, 6), loan[5]);
        decimal before = HalfUp.Round((Month(12) + Month(13) + Month(14)) / 3, 6);
        Assert.Equal(before, loan[6]);
        Assert.Equal(HalfUp.Round(((decimal)loan[5]! - before) / before, 6), loan[7]);
        Assert.Equal(HalfUp.Round((Month(0) - Month(1)) / Month(1), 6), loan[4]);
    }

    [Fact]
    public void One_more_complaint_of_a_line_moves_its_cells_by_one_and_no_other_line()
    {
        List<ComplaintFact> facts = [.. Facts.Random(3, 60, Report.Month, 14)];
        IReadOnlyDictionary<string, decimal?> Values(IReadOnlyList<ComplaintFact> of)
        {
            FigureEngine engine = new(of, Report.Taxonomy, Report.Rules, Report.Lineage.AsOf, Report.Regulatory);
            return RegulatoryPlan.For(Report.Month, Report.Month.Add(-13), FigurePlan.Members(Report.Taxonomy, facts, Report.Month), [])
                .DistinctBy(k => k.Text).Where(k => k.Measure == "complaints").ToDictionary(k => k.Text, k => engine.Evaluate(k).Value);
        }
        IReadOnlyDictionary<string, decimal?> before = Values(facts);
        ComplaintFact one = Facts.Plain(99_999, Report.Month.FirstDay) with { Business = Facts.Coded("LOAN"), Channel = "central_bank" };
        IReadOnlyDictionary<string, decimal?> after = Values([.. facts, one]);
        foreach ((string text, decimal? value) in after)
        {
            FigureKey key = FigureKey.Parse(text);
            bool isMoved = key.Period.Contains(one.Received) && key.Terms.All(t => t.Member == FigurePlan.MemberOf(one, t.Dimension) || (t.Dimension == Dimensions.BusinessChannel && t.Member is "FRONT" or "FRONT_E"));
            Assert.Equal((text, before[text] + (isMoved ? 1 : 0)), (text, value));
        }
    }

    [Fact]
    public void The_outward_sheet_prints_no_small_count_and_its_parts_cannot_be_told_from_the_total()
    {
        foreach (string table in (string[])["DisclosedRegions", "DisclosedChannels", "DisclosedBusiness", "DisclosedCauses"])
        {
            List<object?> heads = [.. Book.Value.Table(table)[0]];
            List<IReadOnlyList<object?>> rows = [.. Book.Value.Table(table).Skip(1)];
            foreach (int column in (int[])[1, heads.IndexOf("Year before")])
            {
                Assert.DoesNotContain(rows.Select(r => r[column]).OfType<decimal>(), n => n > 0 && n < Report.Rules.SmallCellBelow);
                Assert.NotEqual(1, rows.Count(r => r[column] is "*"));
            }
            // Neither may a share or a change stand beside a count that is kept back.
            Assert.All(rows.Where(r => r[1] is "*"), r => Assert.Equal(("*", "*", "*"), (r[2], r[heads.IndexOf("Change")], r[heads.IndexOf("Change %")])));
        }
        Assert.Contains(Book.Value.Table("DisclosedBusiness"), r => r[1] is "*");
    }
}
