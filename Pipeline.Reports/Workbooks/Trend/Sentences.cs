using System.Globalization;
using Pipeline.Models.Complaints;
using Pipeline.Models.Flags.Groups;
using Pipeline.Models.Flags.Organised;
using Pipeline.Models.Flags.Priority;
using Pipeline.Models.Measures;
using Pipeline.Models.Measures.Series;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.Trend;

/// <summary>What a sentence of the summary is about, in the order of the page.</summary>
internal enum Topic
{
    New,
    Worse,
    Better,
    Decide,
}

/// <param name="Figure">The number that the sentence stands on, linked to where it comes from.</param>
/// <param name="Signal">The series tested that the sentence is of; null where it is of something else.</param>
internal sealed record Sentence(Topic Topic, string Text, Cell Figure, Signal? Signal = null);

/// <summary>
/// The first page in plain words: at most eight sentences, each of something that stands (or that was found: groups, patterns), with its
/// number and the way to it. At most two are of what is new, three of what became worse, one of what became better; the rest, at most three, of what to decide.
/// </summary>
internal static class Sentences
{
    public const int Most = 8;
    private const string Complaints = "complaints";
    private static readonly string[] MoreIsBetter = ["on_time_rate", "closure_rate", "first_contact_rate", "satisfaction_rate"];

    public static IReadOnlyList<Sentence> Of(Composer c)
    {
        IReadOnlyList<Rise> rises = Rises.Worse(c);
        List<Drift> drifts = Drifting(c, isUp: true);
        List<Sentence> worse =
        [
            .. rises.Take(drifts.Count > 0 ? 2 : 3).Select(r => Worse(c, r)),
            .. drifts.Take(2).Select(d => Drifted(c, d)),
            .. c.Judged.Signals.Signals.Where(s => s is { Stands: true, IsShare: true } && IsWorse(s)).Select(s => Rate(c, s)),
        ];
        List<Sentence> better =
        [
            .. c.Judged.Signals.Signals.Where(s => s is { Stands: true, IsShare: true } && !IsWorse(s)).Select(s => Rate(c, s)),
            .. Rises.Better(c).OrderBy(s => s.Terms.Count).Select(s => Lower(c, s)),
            .. Drifting(c, isUp: false).Select(d => Drifted(c, d)),
        ];
        List<Sentence> told = [.. News(c).Take(2), .. worse.Take(3), .. better.Take(1)];
        return [.. told, .. Decisions(c, rises, drifts).Take(Math.Min(3, Most - told.Count))];
    }

    /// <summary>
    /// Shares that drift and stand, business lines first; a cause most of whose complaints of the month belong to a line that is named
    /// already is not named again. A share that falls is named only where the count falls too: another's growth makes every share fall.
    /// </summary>
    private static List<Drift> Drifting(Composer c, bool isUp)
    {
        List<Drift> named = [];
        IEnumerable<Drift> standing = c.Judged.Drifts.Charts
            .Where(d => d.Stands && d.Verdict.IsUp == isUp && d.IsShare)
            .OrderBy(d => d.Terms.Count == 0 ? 0 : d.Terms[0].Dimension switch { Dimensions.Business => 1, Dimensions.Cause => 2, Dimensions.Branch => 3, _ => 4 });
        foreach (Drift drift in standing)
        {
            int size = Rises.Facts(c, drift.Terms).Count;
            bool isTold = named.Exists(n => n.Terms.Count > 0 && drift.Terms.Count > 0 && Rises.Facts(c, [.. n.Terms, .. drift.Terms]).Count * 2 > size);
            bool isOfItself = isUp || drift.Terms.Count == 0
                || c.Judged.Drifts.Charts.Any(o => o is { IsShare: false, Stands: true, Verdict.IsUp: false } && o.Terms.SequenceEqual(drift.Terms));
            if (!isTold && isOfItself)
            {
                named.Add(drift);
            }
        }
        return named;
    }

    private static IEnumerable<Sentence> News(Composer c)
    {
        if (c.Report.Findings is { } findings)
        {
            IReadOnlyList<ComplaintGroup> groups = [.. findings.Groups.OrderByDescending(g => g.Persons)];
            if (groups.Count > 0)
            {
                yield return Listed(c, Topic.New, Groups(c, groups), groups[0].Persons, groups[0].Key);
            }
            IReadOnlyList<OrganisedPattern> patterns = [.. findings.Patterns.OrderByDescending(p => p.Persons)];
            if (patterns.Count > 0)
            {
                yield return Listed(c, Topic.New, Patterns(c, patterns), patterns[0].Persons, patterns[0].Key);
            }
        }
        foreach (Signal signal in c.Judged.Signals.Signals.Where(s => s is { IsNew: true, Measure: Complaints, Terms.Count: 1 }))
        {
            yield return Linked(c, Topic.New, signal.Measure, signal.Terms, c.T(
                $"{Subject(c, signal.Terms)}首次出现投诉：本月 {signal.Count} 件，此前 {Before(c)} 个月没有。",
                $"{Subject(c, signal.Terms)}: {English.Count(signal.Count, "complaint")} this month, none in the {English.Count(Before(c), "month")} before."), signal);
        }
    }

    private static string Groups(Composer c, IReadOnlyList<ComplaintGroup> groups)
    {
        string zh = string.Join("；", groups.Take(3).Select(g => $"{g.Place} {Days(c, g.First, g.Last)} {g.Persons} 人（{Matter(c, g.Business, g.Cause)}）"));
        string en = string.Join("; ", groups.Take(3).Select(g => $"{English.Count(g.Persons, "person")} at {g.Place}, {Days(c, g.First, g.Last)} ({Matter(c, g.Business, g.Cause)})"));
        string more = groups.Count > 3 ? c.T($"；另有 {groups.Count - 3} 起", $"; {groups.Count - 3} more") : "";
        return c.T($"群诉 {groups.Count} 起：{zh}{more}。", $"{English.Count(groups.Count, "group complaint")}: {en}{more}.");
    }

    private static string Patterns(Composer c, IReadOnlyList<OrganisedPattern> patterns)
    {
        string zh = string.Join("；", patterns.Take(2).Select(p => $"{Matter(c, p.Business, p.Cause)} {p.Persons} 人 {p.Letters.Count} 件"));
        string en = string.Join("; ", patterns.Take(2).Select(p => $"{p.Letters.Count} of {p.Persons} persons ({Matter(c, p.Business, p.Cause)})"));
        string more = patterns.Count > 2 ? c.T($"；另有 {patterns.Count - 2} 组", $"; {patterns.Count - 2} more") : "";
        return c.T($"疑似有组织投诉 {patterns.Count} 组，文本近乎相同：{zh}{more}；仅为线索，待核实。", $"Possibly organised, near-identical letters: {en}{more}; evidence to be checked, not a finding.");
    }

    private static Sentence Worse(Composer c, Rise rise)
    {
        Signal s = rise.Signal;
        string where = "";
        if (s is { Measure: Complaints, Terms.Count: > 0 } && s.Terms.All(t => t.Dimension != Dimensions.Branch))
        {
            where = Rises.Concentrated(c, s.Terms) is { } b
                ? c.T($"；集中在{b.Branch}（{b.Count} 件）", $"; concentrated at {b.Branch} ({b.Count})")
                : Rises.Branches(c, s.Terms) is > 1 and var branches ? c.T($"；分布在 {branches} 家{c.Noun(Dimensions.Branch)}，未集中于一家", $"; spread over {branches} {c.Nouns(Dimensions.Branch)}") : "";
        }
        return Linked(c, Topic.Worse, s.Measure, s.Terms, c.T(
            $"{Subject(c, s.Terms)}{c.MeasureName(s.Measure)} {s.Count} 件，往常约 {Usual(rise.Expected)} 件（{Times(c, s.Count, rise.Expected)}），超出正常波动{where}。",
            $"{Named(c, s)}: {s.Count} this month, usually about {Usual(rise.Expected)} ({Times(c, s.Count, rise.Expected)}), beyond the usual range{where}."), s);
    }

    private static Sentence Lower(Composer c, Signal s) => Linked(c, Topic.Better, s.Measure, s.Terms, c.T(
        $"{Subject(c, s.Terms)}{c.MeasureName(s.Measure)} {s.Count} 件，往常约 {Usual(s.Verdict.Expected)} 件，低于正常波动范围。",
        $"{Named(c, s)}: {s.Count} this month, usually about {Usual(s.Verdict.Expected)}, below the usual range."), s);

    private static Sentence Rate(Composer c, Signal s)
    {
        string now = Composer.Percentage((decimal)s.Verdict.Observed);
        string usual = Composer.Percentage((decimal)s.Verdict.Expected);
        return Linked(c, IsWorse(s) ? Topic.Worse : Topic.Better, s.Measure, s.Terms, c.T(
            $"{c.MeasureName(s.Measure)} {now}，往常 {usual}，超出正常波动。",
            $"{c.MeasureName(s.Measure)}: {now} this month, usually {usual}, beyond the usual range."), s);
    }

    private static Sentence Drifted(Composer c, Drift drift)
    {
        Figure now = c.Register.Peek(new FigureKey(drift.Measure, FigurePeriod.Of(c.Month), drift.Terms));
        decimal share = drift.Terms.Count == 0 ? now.Value ?? 0 : c.Count(Complaints) == 0 ? 0 : (now.Value ?? 0) / c.Count(Complaints);
        string subject = drift.Terms.Count == 0 ? c.MeasureName(drift.Measure) : c.T($"{Subject(c, drift.Terms)}投诉占比", $"Share of {Subject(c, drift.Terms)}");
        string start = Composer.Percentage((decimal)drift.Verdict.Start);
        (ReportingMonth from, ReportingMonth to) = DriftSheet.Baseline(c, drift);
        // A drift is a sum over months: this month by itself may lie on the other side of the start.
        bool isBack = drift.Verdict.IsUp ? share <= (decimal)drift.Verdict.Start : share >= (decimal)drift.Verdict.Start;
        return Linked(c, drift.Verdict.IsUp ? Topic.Worse : Topic.Better, drift.Measure, drift.Terms, c.T(
            $"{subject}自 {drift.Since} 起持续{(drift.Verdict.IsUp ? "偏高" : "偏低")}：本月 {Composer.Percentage(share)}{Counted(drift, now, "（", " 件）")}，{from} 至 {to} 平均 {start}{(isBack ? "；本月已回到该水平" : "")}。",
            $"{subject} has run {(drift.Verdict.IsUp ? "high" : "low")} since {drift.Since}: {Composer.Percentage(share)} this month{Counted(drift, now, " (", " complaints)")}, {start} on average from {from} to {to}{(isBack ? "; this month it is back there" : "")}."));
    }

    /// <summary>The count behind the share of a class: what the linked number shows.</summary>
    private static string Counted(Drift drift, Figure now, string before, string after) =>
        drift.Terms.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{before}{now.Value:0}{after}");

    /// <summary>
    /// What to decide, by stated rules: (1) a group that is major, or may be, is to be reported or checked; (2) the largest rise and the
    /// first drift get a remedy from the line that they belong to, at the branch where they concentrate first; (3) the priority list is cut
    /// at the team's capacity, with the returns that it is likely to catch.
    /// </summary>
    private static IEnumerable<Sentence> Decisions(Composer c, IReadOnlyList<Rise> rises, List<Drift> drifts)
    {
        List<string> remedies = [];
        if (rises.Count > 0 && rises[0].Signal is { Terms.Count: > 0 } first)
        {
            string at = Rises.Concentrated(c, first.Terms) is { } b ? c.T($"，先核查{b.Branch}", $", beginning with {b.Branch}") : "";
            remedies.Add(Subject(c, first.Terms) + at);
        }
        if (drifts.Count > 0 && drifts[0].Terms.Count > 0)
        {
            remedies.Add(Subject(c, drifts[0].Terms) + c.T("（占比持续偏高）", " (share running high)"));
        }
        if (remedies.Count > 0)
        {
            (string measure, IReadOnlyList<FilterTerm> terms) = rises.Count > 0 && rises[0].Signal.Terms.Count > 0 ? (rises[0].Signal.Measure, rises[0].Signal.Terms) : (drifts[0].Measure, drifts[0].Terms);
            yield return Linked(c, Topic.Decide, measure, terms, c.T(
                $"请明确整改责任部门和完成期限：{string.Join("；", remedies)}。", $"Name an owner and a due date: {string.Join("; ", remedies)}."));
        }
        if (c.Report.Findings is not { } findings)
        {
            yield break;
        }
        if (findings.Groups.FirstOrDefault(g => g.IsMajor(c.Report.Rules.Group) != false) is { } group)
        {
            int major = c.Report.Rules.Group.MajorPersons;
            yield return Listed(
                c, Topic.Decide,
                group.IsMajor(c.Report.Rules.Group) == true
                    ? c.T($"{group.Place}群诉到场 {group.FaceToFacePersons} 人，达到重大消费投诉标准（{major} 人）：请批准按重大事项上报。", $"Approve the report of a major complaint: {English.Count(group.FaceToFacePersons, "person")} came in person to {group.Place}, {major} or more make a complaint major.")
                    : c.T($"{group.Place}群诉 {group.Persons} 人，到场人数不明，到场满 {major} 人即为重大消费投诉：请指定专人核实。", $"Have it checked how many of the {group.Persons} persons came in person to {group.Place}: {major} or more make a complaint major."),
                group.FaceToFacePersons, group.Key);
        }
        PriorityRow[] rows = [.. findings.Priority.Rows.Where(r => r.Probability is not null)];
        int capacity = c.Report.Rules.PriorityCapacity;
        if (rows.Length > capacity)
        {
            double caught = rows.Take(capacity).Sum(r => r.Probability!.Value);
            double all = rows.Sum(r => r.Probability!.Value);
            int further = Math.Min(NewSheet.Further, rows.Length - capacity);
            string next = Usual(rows.Skip(capacity).Take(further).Sum(r => r.Probability!.Value));
            yield return Listed(
                c, Topic.Decide,
                c.T($"{c.Month} 月末未办结或当月办结的 {rows.Length} 件中，预计约 {Usual(all)} 件在其后 {PriorityHistory.HorizonDays} 天内再次投诉；现有人手按优先名单先处理 {capacity} 件，覆盖约 {Usual(caught)} 件，再多 {further} 件约多覆盖 {next} 件：请决定是否增加人手。",
                    $"Decide whether to add staff: of {rows.Length} cases open at the end of {c.Month} or closed in it, about {Usual(all)} are expected to return within {PriorityHistory.HorizonDays} days; the {capacity} that the team can take up hold about {Usual(caught)} of them, the next {further} of the list about {next} more."),
                capacity, NewSheet.PriorityKey);
        }
    }

    private static Sentence Linked(Composer c, Topic topic, string measure, IReadOnlyList<FilterTerm> terms, string text, Signal? signal = null)
    {
        FigureKey key = new(measure, FigurePeriod.Of(c.Month), terms);
        return new(topic, text, c.Cell(key), signal);
    }

    private static Sentence Listed(Composer c, Topic topic, string text, long number, string key) => new(topic, text, Cell.Of(number).To(NewSheet.Place(c, key)));

    private static bool IsWorse(Signal s) => (s.Verdict.Kind == ChanceKind.Higher) != MoreIsBetter.Contains(s.Measure);

    private static string Named(Composer c, Signal s) => s.Terms.Count == 0 ? c.MeasureName(s.Measure)
        : s.Measure == Complaints ? Subject(c, s.Terms) : $"{Subject(c, s.Terms)}, {c.MeasureName(s.Measure).ToLowerInvariant()}";

    private static string Subject(Composer c, IReadOnlyList<FilterTerm> terms) => terms.Count == 0
        ? ""
        : c.T($"“{string.Join(" · ", terms.Select(t => c.Label(t.Dimension, t.Member)))}”", string.Join(" – ", terms.Select(t => c.Label(t.Dimension, t.Member))));

    private static string Matter(Composer c, string? business, string? cause) =>
        (business, cause) switch
        {
            (null, null) => c.T("事项不一", "several matters"),
            (null, { } only) => c.Label(Dimensions.Cause, only),
            ({ } only, null) => c.Label(Dimensions.Business, only),
            var (b, k) => c.Label(Dimensions.Business, b) + c.T("·", ", ") + c.Label(Dimensions.Cause, k),
        };

    private static string Days(Composer c, DateOnly first, DateOnly last) => first == last
        ? Day(c, first)
        : (first.Year, first.Month) == (last.Year, last.Month)
            ? c.T($"{first.Month} 月 {first.Day} 日至 {last.Day} 日", $"{first.Day} to {Day(c, last)}")
            : c.T($"{Day(c, first)}至 {Day(c, last)}", $"{Day(c, first)} to {Day(c, last)}");

    /// <summary>Months before this one that it is set against.</summary>
    private static int Before(Composer c) => c.Earlier(c.Judged.Baseline).Count;

    private static string Day(Composer c, DateOnly day) => c.T($"{day.Month} 月 {day.Day} 日", day.ToString("d MMM", CultureInfo.InvariantCulture));

    internal static string Usual(double expected) => expected >= 10 ? Math.Round(expected).ToString("0", CultureInfo.InvariantCulture) : expected.ToString("0.0", CultureInfo.InvariantCulture);

    private static string Times(Composer c, long count, double expected) => expected < 0.5
        ? c.T("以前很少", "hardly ever before")
        : c.T($"约 {(count / expected).ToString("0.0", CultureInfo.InvariantCulture)} 倍", $"{(count / expected).ToString("0.0", CultureInfo.InvariantCulture)} times");
}
