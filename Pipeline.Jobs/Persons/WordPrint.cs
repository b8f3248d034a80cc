using System.Globalization;
using Pipeline.Jobs.Complainants;
using Pipeline.Jobs.Shell;
using Pipeline.Models.Text;

namespace Pipeline.Jobs.Persons;

/// <summary>What a word came to: as one JSON document, or in a few lines.</summary>
internal static class WordPrint
{
    private const int CasesShown = 20;

    public static void Print(WordOutcome outcome, CommandSession session)
    {
        Document(outcome, session);
        Head(outcome, session);
        foreach (IGrouping<(long From, long To), IdentityMove> moved in outcome.Moves.GroupBy(m => (m.FromKey, m.ToKey)))
        {
            string cases = string.Join(' ', moved.Take(CasesShown).Select(m => m.CaseNumber)) + (moved.Count() > CasesShown ? " …" : "");
            (string from, string to) = (NamedIdentity.Token(moved.Key.From), NamedIdentity.Token(moved.Key.To));
            session.Line($"  {from} → {to}：{moved.Count()} 件  {cases}", $"  {from} -> {to}: {moved.Count()} complaints  {cases}");
        }
        foreach (OverruledWord word in outcome.Overruled)
        {
            string said = $"#{word.Said.Word.WordId} {word.Said.Kind} {word.Said.By["analyst:".Length..]} {word.Said.At:yyyy-MM-dd HH:mm}{(word.Said.Note is { } note ? $" “{note}”" : "")}";
            if (outcome.Request.Kind == WordKinds.Withdraw)
            {
                session.Line($"  先前认定重新有效 {said}（{word.Pairs} 对）", $"  the earlier word {said} stands again ({word.Pairs} pairs)");
                continue;
            }
            session.Line($"  推翻先前认定 {said}（{word.Pairs} 对）", $"  overrules the earlier word {said} ({word.Pairs} pairs)");
        }
        foreach (Bilingual note in outcome.Notes)
        {
            session.Line("  " + note.Zh, "  " + note.En);
        }
        Figures(outcome.Figures, session);
        if (Undo(outcome) is { } undo && !outcome.Request.IsDryRun)
        {
            session.Line($"  撤销：{undo}", $"  Undo: {undo}");
        }
    }

    /// <summary>The months whose counts are others afterwards, and the published figures that move.</summary>
    public static void Figures(MovedFigures figures, CommandSession session)
    {
        foreach (MovedMonth month in figures.Months.Where(m =>
            m.RepeatsBefore != m.RepeatsAfter || m.EscalatedBefore != m.EscalatedAfter || m.BypassesBefore != m.BypassesAfter))
        {
            session.Line(
                $"  {month.Month}：重复 {month.RepeatsBefore} → {month.RepeatsAfter}，升级 {month.EscalatedBefore} → {month.EscalatedAfter}，越级 {month.BypassesBefore} → {month.BypassesAfter}（涉及 {month.Complaints} 件）",
                $"  {month.Month}: repeats {month.RepeatsBefore} -> {month.RepeatsAfter}, escalated {month.EscalatedBefore} -> {month.EscalatedAfter}, bypasses {month.BypassesBefore} -> {month.BypassesAfter} (of {month.Complaints} complaints)");
        }
        foreach (MovedFigure figure in figures.Figures)
        {
            string change = $"{Number(figure.Published)} → {Number(figure.Now)}";
            session.Line($"    {figure.Key}（第 {figure.Edition} 版）{change}", $"    {figure.Key} (edition {figure.Edition}) {change}");
        }
        if (figures.BrokenDown > 0)
        {
            session.Line($"    另有 {figures.BrokenDown} 个按维度细分的指标变动", $"    and {figures.BrokenDown} figures by dimension");
        }
        if (figures.Figures.Count + figures.BrokenDown > 0)
        {
            session.Line(
                "  累计与趋势中含上述月份的指标随之变动；重新运行受影响月份得到新版本。",
                "  Totals to date and trends that hold these months follow; running the months again gives new editions.");
        }
    }

    private static void Head(WordOutcome outcome, CommandSession session)
    {
        if (outcome.Request.Kind == WordKinds.Withdraw)
        {
            WithdrawalHead(outcome, session);
            return;
        }
        string who = string.Join(' ', outcome.Named.Select(n => n.Complaint is { } c && n.Person is not null ? $"{c} ({n.Shown})" : n.Shown));
        bool dry = outcome.Request.IsDryRun;
        string number = outcome.WordId is { } id ? string.Create(CultureInfo.InvariantCulture, $"#{id} ") : "";
        if (outcome.Moves.Count == 0)
        {
            session.Line(
                $"{number}{outcome.Request.Kind} {who}：{(dry ? "试算，" : "已记录，")}现有投诉人不变；今后的证据也不会改变这一认定。",
                $"{number}{outcome.Request.Kind} {who}: {(dry ? "dry run, " : "kept; ")}nobody changes now, and no later evidence will change it.");
            return;
        }
        session.Line(
            $"{number}{outcome.Request.Kind} {who}：{(dry ? "试算，将有" : "已记录，")} {outcome.Moves.Count} 件投诉改属他人。",
            $"{number}{outcome.Request.Kind} {who}: {(dry ? "dry run, " : "kept; ")}{outcome.Moves.Count} complaints {(dry ? "would change" : "changed")} their complainant.");
    }

    private static void WithdrawalHead(WordOutcome outcome, CommandSession session)
    {
        string word = "#" + outcome.Request.Named[0].Trim().TrimStart('#');
        bool dry = outcome.Request.IsDryRun;
        session.Line(
            $"撤回认定 {word}：{(dry ? "试算，将有" : "已记录，")} {outcome.Moves.Count} 件投诉改属他人；今后由证据与其余认定决定。",
            $"withdraw {word}: {(dry ? "dry run, " : "kept; ")}{outcome.Moves.Count} complaints {(dry ? "would change" : "changed")} their complainant; evidence and the other words decide from now on.");
    }

    private static void Document(WordOutcome outcome, CommandSession session) => session.Document(new
    {
        outcome.Request.Kind,
        outcome.WordId,
        DryRun = outcome.Request.IsDryRun,
        outcome.Source,
        outcome.Request.By,
        outcome.Note,
        Bond = outcome.Meaning.Others.Count == 0 ? "together" : "apart",
        outcome.Meaning.Cases,
        outcome.Meaning.Others,
        Persons = outcome.Named.Select(n => new
        {
            n.Name,
            Person = n.Person is { } key ? NamedIdentity.Token(key) : null,
            MergedSince = n.NamedPerson is { } old ? NamedIdentity.Token(old) : null,
        }),
        Moves = outcome.Moves.Select(m => new { m.CaseNumber, From = NamedIdentity.Token(m.FromKey), To = NamedIdentity.Token(m.ToKey) }),
        Overrules = outcome.Request.Kind == WordKinds.Withdraw ? [] : outcome.Overruled.Select(Earlier),
        BringsBack = outcome.Request.Kind == WordKinds.Withdraw ? outcome.Overruled.Select(Earlier) : [],
        Notes = outcome.Notes.Select(n => n.In(session.Language)),
        outcome.Figures.Months,
        outcome.Figures.Figures,
        FiguresByDimension = outcome.Figures.BrokenDown,
        outcome.Events,
        Undo = Undo(outcome),
    });

    private static object Earlier(OverruledWord word) => new
    {
        word.Said.Word.WordId,
        word.Said.Kind,
        By = word.Said.By["analyst:".Length..],
        word.Said.At,
        word.Said.Note,
        word.Pairs,
    };

    private static string Number(decimal? value) => value?.ToString("0.####", CultureInfo.InvariantCulture) ?? "–";

    /// <summary>The command that takes the word back; null where there is none to take back.</summary>
    private static string? Undo(WordOutcome outcome)
    {
        return outcome.Request.Kind != WordKinds.Withdraw && outcome.WordId is { } word
            ? string.Create(CultureInfo.InvariantCulture, $"pipeline person withdraw {word}")
            : null;
    }
}
