using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;

namespace Pipeline.Models.Regulatory;

/// <summary>
/// Parts add up to totals on every sheet: every count and sum of the plan by each dimension, alone and crossed with others, of every month and
/// period; periods against their months; and the month's figures against the rows and the lists of the management workbooks.
/// </summary>
internal static class PreFlightSums
{
    /// <summary>Totals that a finding names.</summary>
    private const int Named = 3;

    private static readonly Bilingual Act = new("不要报送；把运行编号告诉维护者。", "Do not file; tell the maintainers the run's number.");

    /// <summary>A total, set against what its parts add up to.</summary>
    /// <param name="Dimensions">Of parts and total together, in the order of the plan.</param>
    /// <param name="IsWhole">The parts are all there are: they must be the total; else they must not exceed it.</param>
    private readonly record struct Compared(string Dimensions, string Total, decimal Value, decimal Parts, bool IsWhole)
    {
        public bool Agrees => IsWhole ? Parts == Value : Parts <= Value;
    }

    /// <summary>The parts by one dimension of one total, as far as they are read.</summary>
    private sealed class Group(string dimension, string dimensions)
    {
        public string Dimension { get; } = dimension;

        public string Dimensions { get; } = dimensions;

        public decimal Parts { get; set; }

        public HashSet<string> Members { get; } = new(StringComparer.Ordinal);
    }

    public static IEnumerable<PreFlightItem> Of(PreFlightInput input)
    {
        List<FigureKey> keys = [.. input.Figures.All.Select(f => FigureKey.Parse(f.Key)).Where(k => IsAdditive(MeasureCatalog.Find(k.Measure)))];
        foreach (IGrouping<string, Compared> by in ByDimension(input, keys).GroupBy(s => s.Dimensions, StringComparer.Ordinal).OrderBy(g => g.Key.Count(c => c == '×')).ThenBy(g => g.Key, StringComparer.Ordinal))
        {
            string[] dimensions = by.Key.Split('×');
            (int whole, int cut) = (by.Count(s => s.IsWhole), by.Count(s => !s.IsWhole));
            Bilingual some = cut == 0 ? new("", "") : new($"；另有 {cut} 个合计只列出部分类别，各类相加未超过合计", $"; {cut} totals of which not every class is listed are not exceeded");
            yield return Item(
                [.. by], new(string.Join(" × ", dimensions.Select(d => input.Name(d).Zh)), string.Join(" × ", dimensions.Select(d => input.Name(d).En))),
                new($"各类相加与合计相符：{whole} 个合计（各指标、各月及季、半年、年）{some.Zh}。", $"The classes add up to {whole} totals (of every measure, month, quarter, half-year and year){some.En}."),
                s => new($"各类相加 {s.Parts:0.##}，合计 {s.Value:0.##}", $"the classes add up to {s.Parts:0.##}, the total is {s.Value:0.##}"));
        }
        Compared[] periods = [.. ByMonth(input, keys)];
        yield return Item(
            periods, new("季、半年、年", "Quarters, half-years, years"), new($"各月相加与期间数相符：{periods.Length} 个。", $"The months add up to {periods.Length} figures of longer periods."),
            s => new($"各月相加 {s.Parts:0.##}，期间为 {s.Value:0.##}", $"the months add up to {s.Parts:0.##}, the period has {s.Value:0.##}"));
    }

    private static PreFlightItem Item(IReadOnlyList<Compared> all, Bilingual where, Bilingual passed, Func<Compared, Bilingual> tell)
    {
        List<Compared> wrong = [.. all.Where(s => !s.Agrees)];
        Bilingual more = wrong.Count <= Named ? new("", "") : new($"；另 {wrong.Count - Named} 处", $"; {wrong.Count - Named} more");
        return new PreFlightItem(
            "sum_differs", where, passed,
            wrong.Count == 0 ? [] : [new PreFlightFinding(
                "sum_differs", PreFlightSeverity.Blocking, where, (int)Math.Min(int.MaxValue, wrong.Max(s => Math.Ceiling(Math.Abs(s.Parts - s.Value)))),
                new(string.Join("；", wrong.Take(Named).Select(s => $"{s.Total}：{tell(s).Zh}")) + more.Zh + "。", string.Join("; ", wrong.Take(Named).Select(s => $"{s.Total}: {tell(s).En}")) + more.En + "."),
                Act)]);
    }

    /// <summary>Counts and sums add up; shares, medians, persons and relative figures do not.</summary>
    private static bool IsAdditive(Measure measure) => measure.Kind is MeasureKind.Count or MeasureKind.Sum;

    private static IEnumerable<Compared> ByDimension(PreFlightInput input, List<FigureKey> keys)
    {
        Dictionary<(string Total, string Dimension), Group> groups = [];
        foreach (FigureKey key in keys)
        {
            // A case may have several tags: they add up to nothing.
            foreach (FilterTerm term in key.Terms.Where(t => t.Dimension != Dimensions.Tag && input.Taxonomy.Class(t.Dimension, t.Member)?.Parent is null))
            {
                FigureKey total = new(key.Measure, key.Period, key.Terms.Where(t => t != term));
                if (!groups.TryGetValue((total.Text, term.Dimension), out Group? group))
                {
                    groups.Add((total.Text, term.Dimension), group = new Group(term.Dimension, string.Join('×', key.Terms.Select(t => t.Dimension).OrderBy(Place))));
                }
                group.Parts += input.Figures[key].Value ?? 0;
                group.Members.Add(term.Member);
            }
        }
        foreach (((string total, string dimension), Group group) in groups)
        {
            if (input.Figures.Find(total) is { Value: { } value } figure)
            {
                bool isWhole = IsWhole(input, dimension) && Top(input, dimension).All(group.Members.Contains);
                if (isWhole || figure.Unit == Units.Complaints)
                {
                    yield return new Compared(group.Dimensions, total, value, group.Parts, isWhole);
                }
            }
        }
    }

    private static int Place(string dimension) => FigurePlan.MonthDimensions.TakeWhile(d => d != dimension).Count();

    /// <summary>Classes of the first level by which the month is broken down.</summary>
    private static IEnumerable<string> Top(PreFlightInput input, string dimension) =>
        (input.Members.GetValueOrDefault(dimension) ?? []).Where(m => input.Taxonomy.Class(dimension, m)?.Parent is null);

    /// <summary>Whether every class of the dimension is listed: of an open one only the largest are, and answers where they are few.</summary>
    private static bool IsWhole(PreFlightInput input, string dimension) => dimension switch
    {
        Dimensions.Exclusion => true,
        Dimensions.Response => false,
        _ => (input.Members.GetValueOrDefault(dimension) ?? []).Count(m => m != FigurePlan.NoMember && input.Taxonomy.Class(dimension, m) is null) < FigurePlan.OpenMembers,
    };

    private static IEnumerable<Compared> ByMonth(PreFlightInput input, List<FigureKey> keys)
    {
        foreach (FigureKey key in keys.Where(k => k.Period.Months > 1 && MeasureCatalog.Find(k.Measure).Basis != MeasureBasis.Handled))
        {
            Figure?[] months = [.. Enumerable.Range(0, key.Period.Months).Select(i => input.Figures.Find(new FigureKey(key.Measure, FigurePeriod.Of(key.Period.From.Add(i)), key.Terms).Text))];
            if (input.Figures[key].Value is { } value && months.All(m => m?.Value is not null))
            {
                yield return new Compared("", key.Text, value, months.Sum(m => m!.Value!.Value), IsWhole: true);
            }
        }
    }

    /// <summary>The figures against the rows themselves, and against the lists of the management workbooks.</summary>
    public static IEnumerable<PreFlightItem> Reconciled(PreFlightInput input)
    {
        (string Measure, int Rows, Bilingual With)[] pairs =
        [
            ("complaints", input.Counted.Count, new("本月投诉清单", "the month's list of complaints")),
            ("closed", input.Counted.Count(f => f.Status == "closed"), new("本月投诉清单中已办结者", "the closed cases of the list")),
            ("regulator_transfers", input.Counted.Count(f => f.ChannelGroup == "regulator"), new("本月投诉清单中监管转办者", "the regulators' transfers of the list")),
            ("repeat_90", input.Repeats, new("“重复与升级投诉清单”的重复件", "the repeats of the workbook of cases")),
            ("escalated", input.Escalated, new("“重复与升级投诉清单”的升级件", "the escalations of the workbook of cases")),
            ("excluded", input.Excluded.Count, new("不计入投诉的清单", "the list of what does not count")),
        ];
        foreach ((string measure, int rows, Bilingual with) in pairs)
        {
            // Where the source does not state what the figure needs, it is not known and there is nothing to compare, unless the list has some.
            if (input.Figures.Of(measure, input.Month).Value is var figure && (figure is not null || rows > 0))
            {
                yield return Agreed(MeasureCatalog.Find(measure).Name, figure ?? 0, rows, with);
            }
        }
        // What the listed classes of an open dimension leave is printed as a rest: it must be the rows of the classes that are not listed.
        foreach (string dimension in FigurePlan.MonthDimensions.Where(d => input.Members.ContainsKey(d) && !IsWhole(input, d)))
        {
            HashSet<string> listed = [.. input.Members[dimension]];
            decimal parts = Top(input, dimension).Sum(m => input.Value("complaints", FigurePeriod.Of(input.Month), new FilterTerm(dimension, m)) ?? 0);
            yield return Agreed(
                input.Name(dimension), parts, input.Counted.Count(f => listed.Contains(FigurePlan.MemberOf(f, dimension))), new("本月投诉清单中属所列各类者", "the cases of the list in the classes that are named"));
        }
    }

    private static PreFlightItem Agreed(Bilingual name, decimal figure, int rows, Bilingual with) => new(
        "not_reconciled", name, new($"指标 {figure:0} 与{with.Zh} {rows} 相符。", $"The figure, {figure:0}, and {with.En} agree."),
        figure == rows ? [] : [new PreFlightFinding(
            "not_reconciled", PreFlightSeverity.Blocking, name, (int)Math.Abs(figure - rows),
            new($"指标为 {figure:0}，{with.Zh}为 {rows}。", $"The figure is {figure:0}, {with.En} say {rows}."), Act)]);
}
