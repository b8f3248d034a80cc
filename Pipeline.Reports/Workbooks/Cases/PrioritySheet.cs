using System.Globalization;
using Pipeline.Models.Complaints;
using Pipeline.Models.Flags.Priority;
using Pipeline.Models.Taxonomy;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.Cases;

/// <summary>The cases most likely to come back within 30 days, as many as the team can look at, each with its reasons.</summary>
internal static class PrioritySheet
{
    public static void Add(Composer c, CaseLinks links)
    {
        if (c.Report.Findings?.Priority is not { } list)
        {
            return;
        }
        int capacity = c.Report.Rules.PriorityCapacity;
        PriorityRow[] rows = [.. list.Rows.Take(capacity)];
        Sheet sheet = c.Page(
            c.T("优先名单", "Priority list"),
            list.IsLearned
                ? c.T($"优先名单：最可能再次投诉的 {rows.Length} 件", $"Priority list: the {rows.Length} cases most likely to come back")
                : c.T($"优先名单：先看的 {rows.Length} 件（重复、威胁、未办结已久者在前）", $"Priority list: {rows.Length} cases to look at first (repeats, threats, then the longest open)"),
            c.T($"团队每月可处理 {capacity} 件时，应先看哪些", $"Which {capacity} cases to look at first"));
        foreach (string line in Notes(c, list, capacity))
        {
            sheet.Row(Cell.Of(line, Styles.Note with { Wrap = false }));
        }
        if (rows.Length == 0)
        {
            sheet.Row(Cell.Of(c.T("没有可列入名单的投诉。", "There is no case to choose from."), Styles.Finding));
            return;
        }
        TablePlace place = sheet.Table(new SheetTable(
            "Priority",
            [
                new(c.T("名次", "Rank"), 7), CaseCells.CaseNumberColumn(c), new(c.T("受理日期", "Received"), 12), new(c.T("再投诉概率", "Return probability"), 11), new(c.T("升级概率", "Escalation probability"), 11),
                new(c.T("理由", "Reasons"), 60, true), new(c.T("状态", "Status"), 10), new(c.T("已历天数", "Days open"), 8), new(c.T("第几次投诉", "Complaint number"), 11), new(c.T("投诉人", "Complainant"), 12, true),
                CaseCells.ChannelColumn(c), CaseCells.BusinessColumn(c), CaseCells.CauseColumn(c), CaseCells.BranchColumn(c),
            ],
            rows.Length,
            rows.Select((r, i) => Row(c, links, r, i + 1))));
        sheet.FreezeBelow(place, 2);
        sheet.Conditions.Add(ConditionalRule.Bar(place.Column(3)));
        Trials(c, sheet, list, capacity);
    }

    private static IReadOnlyList<Cell> Row(Composer c, CaseLinks links, PriorityRow row, int rank)
    {
        ComplaintFact fact = links.Fact(row.ComplaintId);
        return
        [
            Cell.Of(rank), Cell.Of(fact.CaseNumber), Cell.Of(fact.Received),
            row.Probability is { } p ? Cell.Of(p, Styles.Probability) : Cell.Undefined(Styles.Probability),
            row.EscalationProbability is { } e ? Cell.Of(e, Styles.Probability) : Cell.Undefined(Styles.Probability),
            Cell.Of(PrioritySentence.In(row.Reasons, c.Language, c.Report.Taxonomy), CaseCells.Clipped),
            Cell.Of(Words.Status(c, fact.Status), CaseCells.Centered), CaseCells.DaysTaken(c, fact), CaseCells.ComplaintNumber(fact), links.Person(fact.PersonKey),
            CaseCells.Channel(c, fact), CaseCells.Business(c, fact), CaseCells.Cause(c, fact), CaseCells.Branch(fact),
        ];
    }

    private static IEnumerable<string> Notes(Composer c, PriorityList list, int capacity)
    {
        if (!list.IsLearned)
        {
            yield return Basis(c, list, c.T("先后次序", "the order"));
            yield return c.T(
                $"历史中已知的再次投诉不足 {PriorityModel.FewestReturns} 件，尚不能学习概率：名单按重复在先、含威胁在先、未办结已久者在先排列。",
                $"Fewer than {PriorityModel.FewestReturns} returns are known to learn from: repeats first, then threats, then the longest open; no probability is given.");
            yield break;
        }
        yield return Basis(c, list, c.T("概率与理由", "probabilities and reasons"));
        string recall = Percent(list.ExpectedRecall(capacity));
        yield return c.T(
            $"概率指 {Composer.Iso(list.Day)} 之后 {PriorityHistory.HorizonDays} 天内就同一事项再次投诉（含升级），由此前 {list.Months} 个月、{list.Returns} 次再投诉的经过学得。候选 {list.Rows.Count} 件，名单 {Math.Min(capacity, list.Rows.Count)} 件预计覆盖全部再投诉的 {recall}。",
            $"The probability is of another complaint on the matter (escalations included) in the {PriorityHistory.HorizonDays} days after {Composer.Iso(list.Day)}, learned from {list.Months} earlier months with {list.Returns} returns. {list.Rows.Count} candidates; the list of {Math.Min(capacity, list.Rows.Count)} is expected to hold {recall} of all returns.");
        yield return c.T("概率是提示，不是对投诉人的评价；降低处理标准或据此拒绝受理均不允许。", "A probability is a hint and no judgement of a complainant; no complaint may be treated worse because of it.");
    }

    /// <summary>A list of the month is judged at its end; where each case stands is of the data date, as on the worklist.</summary>
    private static string Basis(Composer c, PriorityList list, string judged) => c.T(
        $"{judged}按 {Composer.Iso(list.Day)}（报告月末）所知；状态与已历天数截至数据日 {Composer.Iso(c.Report.Lineage.AsOf)}，与“{WorklistSheet.Name(c)}”同口径（已办结的计至办结日）。",
        $"As known on {Composer.Iso(list.Day)}, the end of the month: {judged}. Of the data date {Composer.Iso(c.Report.Lineage.AsOf)}, as on the sheet {WorklistSheet.Name(c)}: status and days open (to closing where closed).");

    private static void Trials(Composer c, Sheet sheet, PriorityList list, int capacity)
    {
        if (list.Trials.Count == 0)
        {
            return;
        }
        sheet.Skip();
        sheet.Row(Cell.Of(c.T($"以往月份的检验：每月 {capacity} 件，只用该月之前的数据学习", $"Earlier months judged: {capacity} cases a month, learned only from the months before"), Styles.Section));
        sheet.Table(SheetTable.Of(
            "PriorityTrials",
            [
                new(c.T("序", "No."), 7), new(c.T("检验月份", "Judged month"), 19, true), new(c.T("候选件数", "Candidates"), 12), new(c.T("实际再投诉", "Came back"), 11), new(c.T("名单命中", "Found by the list"), 11),
                new(c.T("说明", "Beside it"), 60, true), new(c.T("预计命中", "Expected"), 10), new(c.T("最近重复", "Recent repeats"), 8), new(c.T("威胁用语", "Threats"), 11),
            ],
            [.. list.Trials.Select((t, i) => (IReadOnlyList<Cell>)[
                Cell.Of(i + 1), Cell.Of(t.Month.ToString()), Cell.Of(t.Candidates), Cell.Of(t.Returns), Cell.Of(t.Found),
                Cell.Of(c.T($"同样件数下，“最近的重复投诉”命中 {t.FoundByRecentRepeats}，“最近的威胁用语”命中 {t.FoundByThreats}", $"as many recent repeats found {t.FoundByRecentRepeats}, recent threats {t.FoundByThreats}")),
                Cell.Of(t.Expected, Styles.Days), Cell.Of(t.FoundByRecentRepeats), Cell.Of(t.FoundByThreats)])]));
    }

    private static string Percent(double? share) => share is { } s ? Math.Round(s * 100).ToString("0", CultureInfo.InvariantCulture) + "%" : Cell.UndefinedText;
}
