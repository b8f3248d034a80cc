using Pipeline.Models.Complaints;
using Pipeline.Models.Flags.Priority;
using Pipeline.Models.Text;

namespace Pipeline.Tests.Flags;

public sealed class PriorityTests
{
    private static readonly ReportingMonth January = new(2026, 1);
    private static readonly DateOnly Export = new(2026, 2, 5);

    [Fact]
    public void The_regression_stands_where_its_gradient_is_nought()
    {
        (double[][] rows, bool[] outcomes) = Sample(7, 400);
        LogisticRegression fitted = LogisticRegression.Fit(rows, outcomes, 2);
        double intercept = 0;
        double[] gradient = new double[rows[0].Length];
        for (int i = 0; i < rows.Length; i++)
        {
            double error = fitted.Probability(rows[i]) - (outcomes[i] ? 1 : 0);
            intercept += error;
            for (int j = 0; j < gradient.Length; j++)
            {
                gradient[j] += error * rows[i][j];
            }
        }
        Assert.Equal(0, intercept, 5);
        for (int j = 0; j < gradient.Length; j++)
        {
            Assert.Equal(0, gradient[j] + (2 * fitted.Weights[j]), 5);
        }
    }

    [Fact]
    public void The_regression_agrees_with_plain_descent()
    {
        (double[][] rows, bool[] outcomes) = Sample(3, 200);
        double[] slow = new double[rows[0].Length + 1];
        for (int step = 0; step < 20_000; step++)
        {
            double[] move = new double[slow.Length];
            for (int i = 0; i < rows.Length; i++)
            {
                double sum = slow[^1] + rows[i].Select((x, j) => x * slow[j]).Sum();
                double error = (1 / (1 + Math.Exp(-sum))) - (outcomes[i] ? 1 : 0);
                move[^1] += error;
                for (int j = 0; j < rows[i].Length; j++)
                {
                    move[j] += error * rows[i][j];
                }
            }
            for (int j = 0; j < slow.Length; j++)
            {
                slow[j] -= 0.005 * (move[j] + (j < slow.Length - 1 ? slow[j] : 0));
            }
        }
        LogisticRegression fitted = LogisticRegression.Fit(rows, outcomes, 1);
        Assert.All(rows.Take(20), row => Assert.Equal(
            1 / (1 + Math.Exp(-(slow[^1] + row.Select((x, j) => x * slow[j]).Sum()))), fitted.Probability(row), 4));
    }

    [Fact]
    public void Rows_that_share_a_part_are_fitted_as_rows_that_share_none()
    {
        Random chance = new(5);
        double[] ownValues = [1, 1, 0.5, 0.5, 1, 1];
        FeatureRows grouped = new(ownValues);
        List<double[]> rows = [];
        List<bool> outcomes = [];
        for (int group = 0; group < 120; group++)
        {
            int[] shared = [.. Enumerable.Range(0, 3).Where(_ => chance.Next(2) == 0)];
            double[] values = [.. shared.Select(_ => 0.2 + chance.NextDouble())];
            grouped.Begin(shared, values);
            for (int day = chance.Next(4); day >= 0; day--)
            {
                ushort[] own = [.. Enumerable.Range(3, 3).Where(_ => chance.Next(3) > 0).OrderBy(_ => chance.Next(10)).Select(c => (ushort)c)];
                grouped.Add(own);
                double[] row = new double[ownValues.Length];
                for (int i = 0; i < shared.Length; i++)
                {
                    row[shared[i]] = values[i];
                }
                foreach (ushort column in own)
                {
                    row[column] = ownValues[column];
                }
                rows.Add(row);
                outcomes.Add(chance.NextDouble() < 1 / (1 + Math.Exp(1 - row[0] - row[4] + row[5])));
            }
        }
        LogisticRegression alone = LogisticRegression.Fit(rows, outcomes, 3);
        LogisticRegression together = LogisticRegression.Fit(grouped, [.. outcomes], 3);
        Assert.Equal(rows.Count, grouped.Count);
        Assert.Equal(alone.Intercept, together.Intercept, 8);
        Assert.All(alone.Weights.Zip(together.Weights), w => Assert.Equal(w.First, w.Second, 8));
        Assert.All(Enumerable.Range(0, ownValues.Length), j => Assert.Equal(rows.Average(r => r[j]), grouped.Means()[j], 12));
    }

    [Fact]
    public void The_complaints_of_many_days_are_those_of_each_day_by_itself()
    {
        PriorityCase[] cases = Invented(13);
        PriorityHistory history = new(cases, Enumerable.Range(1, 18).Select(i => new DateOnly(2025, 1, 5).AddMonths(i)));
        DateOnly first = new(2025, 3, 31);
        DateOnly last = new(2026, 1, 31);
        foreach (DateOnly knownBy in (DateOnly[])[new(2025, 9, 5), new(2026, 2, 5), new(2026, 12, 5)])
        {
            List<PriorityPoint> single = [];
            for (DateOnly day = last; day >= first; day = day.AddDays(-10))
            {
                single.AddRange(history.Candidates(day, day.AddDays(-30), knownBy));
            }
            PriorityPoint[] together = [.. history.Candidates(first, last, 10, 30, knownBy)];
            Assert.NotEmpty(together);
            Assert.Equal(
                single.OrderBy(p => p.Case.Fact.Received).ThenBy(p => p.Case.Fact.CaseNumber, StringComparer.Ordinal).ThenByDescending(p => p.Day), together);
        }
    }

    [Fact]
    public void The_year_of_a_person_is_counted_as_one_by_one()
    {
        Random chance = new(3);
        PriorityCase[] cases = [.. Enumerable.Range(1, 300).Select(i =>
        {
            PriorityCase one = Case(i, new DateOnly(2023, 1, 1).AddDays(chance.Next(1_100)), State(Export, "open"));
            return one with { Fact = one.Fact with { PersonKey = chance.Next(12) == 0 ? null : chance.Next(8), RepeatOf = chance.Next(3) == 0 ? 10_000 : null } };
        })];
        PriorityHistory history = new(cases, [Export]);
        Assert.All(history.Candidates(January), point =>
        {
            ComplaintFact own = point.Case.Fact;
            ComplaintFact[] before = own.PersonKey is null
                ? []
                : [.. cases.Select(c => c.Fact).Where(f => f.PersonKey == own.PersonKey && f.ComplaintId != own.ComplaintId && f.Received <= own.Received && own.Received.DayNumber - f.Received.DayNumber <= 365)];
            Assert.Equal((before.Length, before.Count(f => f.RepeatOf is not null)), (point.EarlierCases, point.EarlierReturns));
        });
    }

    [Fact]
    public void A_closing_that_only_a_later_export_told_is_not_known()
    {
        PriorityHistory history = new(
            [Case(1, new(2026, 1, 3), State(Export, "open"), State(new(2026, 3, 5), "closed", new(2026, 1, 10), "dissatisfied"))],
            [Export, new(2026, 3, 5)]);
        PriorityPoint point = Assert.Single(history.Candidates(January));
        Assert.Equal((null, null), (point.Closed, point.Satisfaction));
    }

    [Fact]
    public void A_closing_after_the_months_end_and_what_was_asked_after_it_are_not_known()
    {
        PriorityHistory history = new(
            [
                Case(1, new(2026, 1, 3), State(Export, "closed", new(2026, 2, 2), "dissatisfied")),
                Case(2, new(2026, 1, 4), State(Export, "closed", new(2026, 1, 30), "dissatisfied", followedUp: new(2026, 2, 1))),
                Case(3, new(2026, 1, 5), State(Export, "closed", new(2026, 1, 30), "dissatisfied", followedUp: new(2026, 1, 31))),
            ],
            [Export]);
        Assert.Equal(
            [(null, null), (new DateOnly(2026, 1, 30), null), (new DateOnly(2026, 1, 30), "dissatisfied")],
            history.Candidates(January).Select(p => ((DateOnly?)p.Closed, p.Satisfaction)));
    }

    [Fact]
    public void A_case_closed_before_the_month_withdrawn_or_returned_already_is_no_candidate()
    {
        PriorityHistory history = new(
            [
                Case(1, new(2025, 12, 3), State(Export, "closed", new(2025, 12, 30))),
                Case(2, new(2026, 1, 3), State(Export, "withdrawn")),
                Case(3, new(2026, 1, 4), State(Export, "open")),
                Case(4, new(2026, 1, 20), State(Export, "open"), repeatOf: 3),
                Case(5, new(2025, 12, 4), State(Export, "closed", new(2026, 1, 1))),
            ],
            [Export]);
        Assert.Equal([5L, 4L], history.Candidates(January).Select(p => p.Case.Fact.ComplaintId));
    }

    [Fact]
    public void A_return_counts_from_the_day_after_the_months_end_for_thirty_days_and_when_it_is_known()
    {
        PriorityHistory history = new(
            [
                Case(1, new(2026, 1, 3), State(Export, "open")),
                Case(2, new(2026, 1, 4), State(Export, "open")),
                Case(3, new(2026, 3, 2), State(new(2026, 3, 5), "open"), repeatOf: 1),
                Case(4, new(2026, 3, 3), State(new(2026, 3, 5), "open"), repeatOf: 2),
            ],
            [Export, new(2026, 3, 5)]);
        IReadOnlyList<PriorityPoint> points = history.Candidates(January);
        Assert.Equal([true, false], points.Select(p => history.Returned(p, new(2026, 3, 5))));
        Assert.All(points, p => Assert.False(history.Returned(p, Export)));
    }

    [Fact]
    public void Months_are_learned_from_when_their_thirty_days_have_passed()
    {
        PriorityHistory history = new([Case(1, new(2025, 10, 3), State(new(2025, 11, 5), "open"))], [new(2025, 11, 5), new(2025, 12, 5), new(2026, 1, 5), Export]);
        Assert.Equal(["2025-10", "2025-11", "2025-12"], history.TrainingMonths(January, 24).Select(m => m.ToString()));
    }

    [Fact]
    public void The_list_of_a_month_does_not_change_when_later_months_are_known()
    {
        PriorityCase[] all = Invented(11);
        DateOnly[] exports = [.. Enumerable.Range(1, 18).Select(i => new DateOnly(2025, 1, 5).AddMonths(i))];
        ReportingMonth month = new(2026, 1);
        PriorityList whole = PriorityList.Make(new PriorityHistory(all, exports), month, 10, 2);
        DateOnly known = new(2026, 2, 5);
        PriorityCase[] then = [.. all.Where(c => c.States[0].KnownFrom <= known).Select(c => c with { States = [.. c.States.Where(s => s.KnownFrom <= known)] })];
        PriorityList early = PriorityList.Make(new PriorityHistory(then, exports.Where(e => e <= known)), month, 10, 2);
        Assert.True(whole.IsLearned);
        Assert.Equal(early.Rows.Select(r => (r.ComplaintId, r.Probability)), whole.Rows.Select(r => (r.ComplaintId, r.Probability)));
        Assert.Equal(early.Trials, whole.Trials);
    }

    [Fact]
    public void Where_nothing_can_be_learned_repeats_come_first_then_the_longest_open_and_no_probability_is_given()
    {
        PriorityHistory history = new(
            [Case(1, new(2026, 1, 3), State(Export, "open")), Case(2, new(2026, 1, 20), State(Export, "open")), Case(3, new(2026, 1, 9), State(Export, "open"), repeatOf: 9)], [Export]);
        PriorityList list = PriorityList.Make(history, January, 2, 3);
        Assert.Equal([3L, 1L, 2L], list.Rows.Select(r => r.ComplaintId));
        Assert.All(list.Rows, r => Assert.Null(r.Probability));
        Assert.Null(list.ExpectedRecall(2));
    }

    [Fact]
    public void What_returns_more_often_stands_higher_and_the_reasons_say_so()
    {
        PriorityList list = PriorityList.Make(
            new PriorityHistory(Invented(5), Enumerable.Range(1, 18).Select(i => new DateOnly(2025, 1, 5).AddMonths(i))), new(2026, 1), 20, 1);
        Assert.InRange(list.ExpectedRecall(20)!.Value, 0.1, 1);
        Assert.Contains(list.Rows[0].Reasons, r => r is { Family: PriorityFamilies.Satisfaction, Member: "dissatisfied" });
        Assert.Equal(list.Rows.Select(r => r.Probability).OrderDescending(), list.Rows.Select(r => r.Probability));
        Assert.Equal("回访不满意", PrioritySentence.In(new PriorityReason(PriorityFamilies.Satisfaction, "dissatisfied", 1), Language.Zh, TestTaxonomy));
        Assert.Equal("closed 3–5 days ago", PrioritySentence.In(new PriorityReason(PriorityFamilies.SinceClosing, "03-05", 1), Language.En, TestTaxonomy));
    }

    [Fact]
    public void The_list_finds_more_returns_of_the_invented_bank_than_recent_repeats_and_than_threats()
    {
        if (InventedBank.Open() is not { } bank)
        {
            return;
        }
        PriorityHistory history = bank.TrueHistory();
        PriorityTrial[] trials = [.. Enumerable.Range(6, 4).Select(month => PriorityList.Try(history, new ReportingMonth(2026, month), 40, new DateOnly(2026, 11, 5))!)];
        (int list, int repeats, int threats) = (trials.Sum(t => t.Found), trials.Sum(t => t.FoundByRecentRepeats), trials.Sum(t => t.FoundByThreats));
        Assert.True(list > repeats && list > threats, $"of {trials.Sum(t => t.Returns)} returns the list found {list}, the most recent repeats {repeats}, threats {threats}");
    }

    private static readonly Pipeline.Models.Taxonomy.ComplaintTaxonomy TestTaxonomy = Pipeline.Jobs.Rules.RuleFiles.Taxonomy("/nowhere", "cn-jrt0169").Value;

    /// <summary>Twelve hundred cases in eighteen months; a dissatisfied person returns six days after closing four times in five, others seldom.</summary>
    private static PriorityCase[] Invented(int seed)
    {
        Random chance = new(seed);
        List<PriorityCase> cases = [];
        for (int i = 0; i < 1200; i++)
        {
            DateOnly received = new DateOnly(2025, 1, 1).AddDays(chance.Next(500));
            DateOnly closed = received.AddDays(chance.Next(1, 20));
            bool isAngry = chance.Next(4) == 0;
            DateOnly export = new DateOnly(received.Year, received.Month, 5).AddMonths(1);
            DateOnly later = new DateOnly(closed.Year, closed.Month, 5).AddMonths(1);
            CaseState done = State(later, "closed", closed, isAngry ? "dissatisfied" : "satisfied");
            cases.Add(Case((i * 2) + 1, received, later > export ? [State(export, "open"), done] : [done]));
            if (chance.Next(10) < (isAngry ? 8 : 1))
            {
                DateOnly back = closed.AddDays(6 + chance.Next(10));
                cases.Add(Case((i * 2) + 2, back, [State(new DateOnly(back.Year, back.Month, 5).AddMonths(1), "closed", back, "satisfied")], (i * 2) + 1));
            }
        }
        return [.. cases];
    }

    private static (double[][] Rows, bool[] Outcomes) Sample(int seed, int count)
    {
        Random chance = new(seed);
        double[][] rows = [.. Enumerable.Range(0, count).Select(_ => (double[])[chance.Next(2), chance.NextDouble(), chance.Next(3) == 0 ? 1 : 0])];
        return (rows, [.. rows.Select(r => chance.NextDouble() < 1 / (1 + Math.Exp(1 - r[0] - (2 * r[1]) + r[2])))]);
    }

    private static CaseState State(DateOnly knownFrom, string status, DateOnly? closed = null, string? satisfaction = null, DateOnly? followedUp = null) =>
        new(knownFrom, status, closed, followedUp ?? closed, satisfaction, null, null);

    private static PriorityCase Case(long id, DateOnly received, params CaseState[] states) => Case(id, received, states, null);

    private static PriorityCase Case(long id, DateOnly received, CaseState state, long repeatOf) => Case(id, received, [state], repeatOf);

    private static PriorityCase Case(long id, DateOnly received, CaseState[] states, long? repeatOf) => new(
        new ComplaintFact
        {
            ComplaintId = id,
            CaseNumber = $"T{id:00000}",
            Received = received,
            Status = states[^1].Status,
            RepeatOf = repeatOf,
            ChainNumber = repeatOf is null ? 0 : 1,
            PersonKey = repeatOf ?? id,
        },
        [], states);
}
