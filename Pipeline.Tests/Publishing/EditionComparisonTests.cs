using Pipeline.Jobs.Rules;
using Pipeline.Models.Complaints;
using Pipeline.Models.Editions;
using Pipeline.Models.Measures;
using Pipeline.Models.Taxonomy;

namespace Pipeline.Tests.Publishing;

public sealed class EditionComparisonTests
{
    private static readonly ReportingMonth October = new(2026, 10);
    private static readonly RuleBook Rules = RuleFiles.Rules("/nowhere").Value;
    private static readonly ComplaintTaxonomy Taxonomy = RuleFiles.Taxonomy("/nowhere", "cn-jrt0169").Value;
    private static readonly DateOnly Day = new(2026, 11, 5);
    private static readonly ChangeCause NewFile = new(ChangeCauseKind.File, "b.csv", null, "bbb");
    private static readonly InputDifference Same = new([], [], [], [], [], null, null, null);

    [Fact]
    public void A_late_complaint_enters_every_figure_that_counts_it_and_its_file_is_the_cause()
    {
        CountedState[] before = [State("A", "aaa"), State("B", "aaa")];
        CountedState late = State("C", "bbb") with { File = "b.csv" };
        EditionChanges changes = Compare(before, [.. before, late], Same with { Added = [NewFile] });

        ChangedFigure total = changes.Figures.Single(f => f.Key == "complaints/2026-10");
        Assert.Equal((2m, 3m), (total.Old, total.New));
        Assert.Equal(
            [("C", ChangeEffect.Entered)], changes.Sets[total.Set].Select(e => (changes.Complaints[e.Complaint].CaseNumber, e.Effect)));
        Assert.All(changes.Figures, f => Assert.Equal([NewFile], f.Causes.Select(c => changes.Causes[c])));
        Assert.Contains(changes.Figures, f => f.Key == "complaints/2026-10/business=CREDIT");
        Assert.DoesNotContain(changes.Figures, f => f.Key == "complaints/2026-10/business=LOAN");
        Assert.Empty(changes.Unexplained);
    }

    [Fact]
    public void A_closing_moves_rates_with_the_fields_that_changed()
    {
        CountedState open = State("A", "aaa");
        CountedState closed = open with
        {
            Fact = open.Fact with { Status = "closed", Closed = new DateOnly(2026, 10, 9) },
            File = "b.csv",
            FileSha256 = "bbb",
        };
        EditionChanges changes = Compare([open], [closed], Same with { Added = [NewFile] });
        ChangedFigure rate = changes.Figures.Single(f => f.Key == "closure_rate/2026-10");
        Assert.Equal((0m, 1m), (rate.Old, rate.New));
        ChangedComplaint complaint = changes.Complaints[changes.Sets[rate.Set].Single().Complaint];
        Assert.Equal([new FieldChange("closed", null, "2026-10-09"), new FieldChange("status", "open", "closed")], complaint.Fields);
        Assert.Equal(ChangeEffect.Changed, changes.Sets[rate.Set].Single().Effect);
        Assert.DoesNotContain(changes.Figures, f => f.Key == "complaints/2026-10");
    }

    [Fact]
    public void A_change_without_a_cause_is_called_unexplained()
    {
        CountedState before = State("A", "aaa");
        CountedState after = before with { Fact = before.Fact with { Channel = "regulator", ChannelGroup = "regulator", Level = 4 } };
        EditionChanges changes = Compare([before], [after], Same);
        Assert.NotEmpty(changes.Unexplained);
        Assert.All(changes.Unexplained, f => Assert.Contains("A", f.Causes.Select(c => changes.Causes[c].Name)));
    }

    [Fact]
    public void A_later_day_of_the_data_moves_what_is_overdue_though_the_complaint_stands_as_it_did()
    {
        CountedState[] states = [State("A", "aaa")];
        ChangeCause day = new(ChangeCauseKind.DataDate, "as_of", "2026-11-05", "2027-01-05");
        EditionChanges changes = Compare(states, states, Same with { DataDate = day }, dayAfter: new DateOnly(2027, 1, 5));
        ChangedFigure overdue = changes.Figures.Single(f => f.Key == "over_60_days/2026-10");
        Assert.Equal((0m, 1m), (overdue.Old, overdue.New));
        Assert.Equal([day], overdue.Causes.Select(c => changes.Causes[c]));
        Assert.Empty(changes.Complaints[changes.Sets[overdue.Set].Single().Complaint].Fields);
    }

    [Fact]
    public void A_chain_that_a_merge_of_persons_makes_names_the_merge()
    {
        CountedState first = State("A", "aaa", person: 1);
        CountedState second = State("B", "aaa", person: 2);
        CountedState merged = second with
        {
            Fact = second.Fact with { PersonKey = 1, RepeatOf = 1, RepeatOfCaseNumber = "A", RepeatGapDays = 3, ChainNumber = 1 },
        };
        EditionChanges changes = Compare(
            [first, second], [first, merged], Same with { Decisions = new ChangeCause(ChangeCauseKind.Analyst, "decisions") },
            events: [new PersonEvent("merge", 1, 2, ["B"], "analyst:li"), new PersonEvent("merge", 1, 7, ["Z"], "rules")]);
        ChangedFigure repeats = changes.Figures.Single(f => f.Key == "repeat_90/2026-10");
        Assert.Equal((0m, 1m), (repeats.Old, repeats.New));
        Assert.Equal([new ChangeCause(ChangeCauseKind.Identity, "merge", "P-000002", "P-000001", "analyst:li")], repeats.Causes.Select(c => changes.Causes[c]));
        // Two persons are one: the figure of complainants moves without a complaint entering or leaving.
        ChangedFigure persons = changes.Figures.Single(f => f.Key == "persons/2026-10");
        Assert.Equal((2m, 1m), (persons.Old, persons.New));
    }

    [Fact]
    public void A_chain_that_lost_or_won_an_old_complaint_which_stands_in_one_edition_only_names_the_event()
    {
        CountedState repeat = State("A", "aaa", person: 1);
        CountedState known = repeat with { Fact = repeat.Fact with { IsBypass = false } };
        CountedState bypass = repeat with { Fact = repeat.Fact with { IsBypass = true } };
        CountedState old = State("Y", "old", person: 1, received: new DateOnly(2019, 3, 2));
        old = old with { Fact = old.Fact with { Status = "closed", Closed = new DateOnly(2019, 3, 9) } };
        InputDifference decided = Same with { Decisions = new ChangeCause(ChangeCauseKind.Analyst, "decisions") };
        PersonEvent split = new("split", 1, 5, ["Y"], "analyst:li");
        PersonEvent merge = new("merge", 1, 5, ["Y"], "analyst:li");
        foreach ((CountedState[] before, CountedState[] after, PersonEvent happened) in ((CountedState[], CountedState[], PersonEvent)[])[
            ([known, old], [bypass, old], split), ([known], [bypass], split), ([bypass], [known, old], merge)])
        {
            // What stands in both as it did is in neither of the sets of what differs.
            EditionChanges changes = Compare(
                [.. before.Where(s => !after.Contains(s))], [.. after.Where(s => !before.Contains(s))], decided,
                events: [happened, new PersonEvent("merge", 1, 7, ["A"], "rules") with { Person = 8 }]);
            ChangedFigure moved = changes.Figures.Single(f => f.Key == "bypass/2026-10");
            Assert.Equal([new ChangeCause(ChangeCauseKind.Identity, happened.Kind, "P-000005", "P-000001", "analyst:li")], moved.Causes.Select(c => changes.Causes[c]));
            Assert.Empty(changes.Unexplained);
        }
    }

    [Fact]
    public void A_return_names_the_file_of_the_complaint_that_returned()
    {
        CountedState first = State("A", "aaa", person: 1);
        CountedState closed = first with { Fact = first.Fact with { Status = "closed", Closed = new DateOnly(2026, 10, 12) } };
        CountedState returned = closed with { Fact = closed.Fact with { ReturnAfterClosingDays = 5 } };
        CountedState later = State("N", "bbb", person: 1, received: new DateOnly(2026, 11, 2)) with { File = "b.csv" };
        EditionChanges changes = Compare([closed], [returned, later], Same with { Added = [NewFile] });
        ChangedFigure rate = changes.Figures.Single(f => f.Key == "first_contact_rate/2026-10");
        Assert.Equal([NewFile], rate.Causes.Select(c => changes.Causes[c]));
        Assert.Empty(changes.Unexplained);
    }

    [Fact]
    public void A_figure_that_a_file_makes_known_names_the_file_although_its_complaints_stand_as_they_did()
    {
        CountedState first = State("A", "aaa");
        CountedState nobody = first with { Fact = first.Fact with { PersonKey = null } };
        CountedState later = State("N", "bbb", person: 1, received: new DateOnly(2026, 11, 2)) with { File = "b.csv" };
        EditionChanges changes = Compare([nobody], [nobody, later], Same with { Added = [NewFile] });
        ChangedFigure repeats = changes.Figures.Single(f => f.Key == "repeat_90/2026-10");
        Assert.Equal((null, 0m), (repeats.Old, repeats.New));
        Assert.Equal([NewFile], repeats.Causes.Select(c => changes.Causes[c]));
        Assert.Empty(changes.Unexplained);

        // What a measure needs is decided by the program: where that is another one too, both are named.
        ChangeCause program = new(ChangeCauseKind.Program, "program", "1", "2");
        EditionChanges both = Compare([nobody], [nobody, later], Same with { Added = [NewFile], Program = program });
        Assert.Equal([NewFile, program], both.Figures.Single(f => f.Key == "repeat_90/2026-10").Causes.Select(c => both.Causes[c]));
    }

    [Fact]
    public void An_analysts_label_names_the_analyst_and_both_classes()
    {
        CountedState before = State("A", "aaa");
        CountedState after = before with { Fact = before.Fact with { Cause = before.Fact.Cause with { Class = "SERV", Basis = LabelBasis.Analyst } } };
        EditionChanges changes = Compare(
            [before], [after], Same with { Decisions = new ChangeCause(ChangeCauseKind.Analyst, "decisions") },
            labels: [new LabelDecision("A", "cause", "SERV", "analyst:wang")]);
        Assert.All(changes.Figures, f => Assert.Equal(
            [new ChangeCause(ChangeCauseKind.Analyst, "cause", "PRICE", "SERV", "analyst:wang")], f.Causes.Select(c => changes.Causes[c])));
        Assert.Equal(
            ["complaints/2026-10/cause=PRICE", "complaints/2026-10/cause=SERV"],
            changes.Figures.Select(f => f.Key).Where(k => k.StartsWith("complaints/2026-10/cause=", StringComparison.Ordinal) && !k.Contains(',', StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_file_taken_back_takes_its_complaints_out_and_is_the_cause()
    {
        CountedState stays = State("A", "aaa");
        CountedState goes = State("B", "bbb") with { File = "b.csv" };
        ChangeCause withdrawn = new(ChangeCauseKind.Withdrawn, "b.csv", "bbb");
        EditionChanges changes = Compare([stays, goes], [stays], Same with { Withdrawn = [withdrawn] });
        ChangedFigure total = changes.Figures.Single(f => f.Key == "complaints/2026-10");
        Assert.Equal(ChangeEffect.Left, changes.Sets[total.Set].Single().Effect);
        Assert.Equal([withdrawn], total.Causes.Select(c => changes.Causes[c]));
    }

    [Fact]
    public void Figures_that_the_same_complaints_moved_share_a_set_and_every_moved_figure_is_listed_once()
    {
        CountedState[] before = [State("A", "aaa"), State("B", "aaa")];
        EditionChanges changes = Compare(before, [.. before, State("C", "bbb"), State("D", "bbb")], Same with { Added = [NewFile] });
        Assert.True(changes.Sets.Count < changes.Figures.Count / 2);
        Assert.Equal(changes.Figures.Count, changes.Figures.Select(f => f.Key).Distinct().Count());
        // The plain way: every figure by both engines, compared.
        List<string> moved = [.. Figures(before, Day).Zip(Figures([.. before, State("C", "bbb"), State("D", "bbb")], Day))
            .Where(p => p.First.Value != p.Second.Value || p.First.Rows != p.Second.Rows || p.First.Numerator != p.Second.Numerator).Select(p => p.Second.Key)];
        Assert.Equal(moved, changes.Figures.Select(f => f.Key));
    }

    private static EditionChanges Compare(
        CountedState[] before, CountedState[] after, InputDifference inputs, IEnumerable<LabelDecision>? labels = null, IEnumerable<PersonEvent>? events = null,
        DateOnly? dayAfter = null)
    {
        DateOnly day = dayAfter ?? Day;
        Dictionary<string, CountedState> old = before.ToDictionary(s => s.Fact.CaseNumber);
        Dictionary<string, CountedState> now = after.ToDictionary(s => s.Fact.CaseNumber);
        return EditionComparison.Compare(
            new ComparedEdition(Figures(before, Day), old, f => new FigureEngine(f, Taxonomy, Rules, Day)),
            new ComparedEdition(Figures(after, day), now, f => new FigureEngine(f, Taxonomy, Rules, day)),
            new CauseFinder(old, now, inputs, labels ?? [], events ?? []), inputs, 1, "run", true);
    }

    private static IReadOnlyList<Figure> Figures(CountedState[] states, DateOnly day)
    {
        ComplaintFact[] facts = [.. states.Select(s => s.Fact)];
        FigureEngine engine = new(facts, Taxonomy, Rules, day);
        return [.. FigurePlan.For(October, October, FigurePlan.Members(Taxonomy, facts, October)).Select(engine.Evaluate)];
    }

    private static CountedState State(string number, string file, long person = 9, DateOnly? received = null) => new(
        new ComplaintFact
        {
            ComplaintId = number[0],
            CaseNumber = number,
            Received = received ?? new DateOnly(2026, 10, 3),
            Status = "open",
            Due = new DateOnly(2026, 10, 18),
            Channel = "hotline",
            ChannelGroup = "own",
            Branch = "南京分行",
            PersonKey = person,
            Business = new HeadLabel("CREDIT", LabelBasis.Reported, "CREDIT", "CREDIT", 0.9, false),
            Cause = new HeadLabel("PRICE", LabelBasis.Reported, "PRICE", "PRICE", 0.9, false),
            Nature = new HeadLabel("process", LabelBasis.Predicted, null, "process", 0.9, false),
        },
        "a.csv", file, 4);
}
