using System.Globalization;
using Npgsql;
using Pipeline.Jobs.Complainants;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Steps;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complainants;
using Pipeline.Models.Flags;
using Pipeline.Models.Flags.Profiles;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;

namespace Pipeline.Jobs.Persons;

/// <summary><c>person show</c>: what the ledger knows of a complainant, masked.</summary>
internal static class PersonShow
{
    private const int TextShown = 60;
    private const int HeldShown = 20;

    public static async Task<int> RunAsync(string who, string? source, CommandSession session)
    {
        await using Database database = await Database.OpenAsync(session);
        await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync(session.Cancellation);
        NamedIdentity person = await NamedIdentity.FindAsync(connection, who, source, session);
        if (person.Person is null)
        {
            throw PipelineFault.Nothing(
                $"{person.Name} 没有关联到投诉人：未显示投诉人，或导入后尚未运行过月份。如知道是谁：pipeline person merge {person.Name} P-000123",
                $"{person.Name} is linked to nobody: it shows nobody, or no month was run since it was ingested. If you know whose it is: pipeline person merge {person.Name} P-000123");
        }
        RunRules rules = RunRules.Load(session.Home, await LedgerMonths.TaxonomyAsync(connection, person.Source, session));
        PersonFile file = await PersonFile.LoadAsync(
            connection, database.Keys, person, rules, await PersonWords.NewestModelAsync(connection, person.Source, session.Cancellation), session.Cancellation);
        Document(file, session);
        Print(file, session);
        return ExitCodes.Done;
    }

    private static void Document(PersonFile file, CommandSession session) => session.Document(new
    {
        Person = NamedIdentity.Token(file.Key),
        file.Source,
        MergedKeys = file.Keys.Where(k => k != file.Key).Select(NamedIdentity.Token),
        Complaints = file.Cases.Select(c => new
        {
            c.Fact.CaseNumber,
            c.Fact.Received,
            c.Fact.Closed,
            c.Fact.Status,
            c.Fact.Channel,
            Business = c.Fact.Business.Class,
            Cause = c.Fact.Cause.Class,
            Branch = c.Fact.BranchName ?? c.Fact.Branch,
            c.Fact.Stage,
            RepeatOf = c.Fact.RepeatOfCaseNumber,
            c.Fact.RepeatGapDays,
            c.Fact.IsEscalation,
            c.Fact.HasThreat,
            Name = c.NameMasked,
            Text = c.TextMasked,
            Link = new
            {
                c.Link.Basis,
                c.Link.JoinedCase,
                Sentence = LinkSentence.Of(c.Link, session.Language),
                Weights = Weights(c.Link.Match),
            },
            Flags = c.Flags.Select(f => new { f.Kind, Evidence = FlagSentence.In(f, session.Language, file.Rules.Taxonomy.Value) }),
        }),
        Words = file.Words.Select(w => new
        {
            w.Said.Word.WordId,
            w.Said.Kind,
            By = w.Said.By["analyst:".Length..],
            w.Said.At,
            w.Said.Note,
            w.Said.Word.Cases,
            w.Said.Word.Others,
            OverruledPairs = w.Overruled,
            WithdrawnBy = w.Said.Withdrawal?.By["analyst:".Length..],
            WithdrawnAt = w.Said.Withdrawal?.At,
            WithdrawnNote = w.Said.Withdrawal?.Note,
        }),
        Events = file.Events.Select(e => new
        {
            e.EventId,
            e.Kind,
            Person = NamedIdentity.Token(e.PersonKey),
            Other = e.OtherKey is { } other ? NamedIdentity.Token(other) : null,
            e.DecidedBy,
            e.DecidedAt,
            e.Note,
            Moves = e.Moves.Select(m => new { m.CaseNumber, From = NamedIdentity.Token(m.FromKey), To = NamedIdentity.Token(m.ToKey) }),
            e.Figures?.Months,
            e.Figures?.Figures,
            FiguresByDimension = e.Figures?.BrokenDown,
        }),
        HeldApart = file.Held.Select(h => new
        {
            h.Case,
            h.OtherCase,
            Other = h.Other is { } other ? NamedIdentity.Token(other) : null,
            h.Kind,
            h.Reason,
            h.Field,
            Sentence = LinkSentence.Held(h, session.Language),
            Weights = Weights(h.Weights),
        }),
        Profile = new
        {
            file.Profile.Complaints,
            file.Profile.InYear,
            file.Profile.Matters,
            file.Profile.Returns,
            file.Profile.Escalations,
            file.Profile.Open,
            file.Profile.First,
            file.Profile.Last,
            file.Profile.HighestLevel,
            file.Profile.Amount,
            file.Profile.Compensation,
            file.Profile.Liable,
            file.Profile.Channels,
            file.Profile.Satisfaction,
            file.Profile.StagePath,
            file.Profile.Cues,
            file.Profile.Agent,
            file.Profile.Vulnerable,
        },
    });

    private static object? Weights(MatchWeights? weights) => weights is null ? null : new
    {
        weights.Case,
        weights.With,
        weights.Probability,
        weights.Prior,
        weights.Fields,
        Bits = Math.Round(weights.Prior + weights.Fields.Sum(f => f.Bits), 1),
    };

    private static void Print(PersonFile file, CommandSession session)
    {
        string merged = string.Join(' ', file.Keys.Where(k => k != file.Key).Select(NamedIdentity.Token));
        session.Line(
            $"{NamedIdentity.Token(file.Key)}（{file.Source}）：{file.Cases.Count} 件投诉{(merged.Length > 0 ? $"；并入的代号 {merged}" : "")}",
            $"{NamedIdentity.Token(file.Key)} ({file.Source}): {file.Cases.Count} complaints{(merged.Length > 0 ? $"; merged into it: {merged}" : "")}");
        foreach (PersonCase c in file.Cases)
        {
            Case(c, file.Rules.Taxonomy.Value, session);
        }
        Profile(file, session);
        if (file.Words.Count > 0)
        {
            session.Line("人工认定", "Analysts' words");
        }
        foreach (PersonWord word in file.Words)
        {
            string sides = word.Said.Word.IsTogether
                ? string.Join(" = ", word.Said.Word.Cases)
                : $"{string.Join(' ', word.Said.Word.Cases)} | {string.Join(' ', word.Said.Word.Others)}";
            string note = word.Said.Note is { } said ? $" “{said}”" : "";
            string by = word.Said.By["analyst:".Length..];
            if (word.Said.Withdrawal is { } back)
            {
                string when = $"{back.By["analyst:".Length..]} {back.At:yyyy-MM-dd HH:mm}{(back.Note is { } why ? $" “{why}”" : "")}";
                session.Line(
                    $"  #{word.Said.Word.WordId} {word.Said.Kind} {by} {word.Said.At:yyyy-MM-dd HH:mm}{note}  {sides}（已撤回：{when}）",
                    $"  #{word.Said.Word.WordId} {word.Said.Kind} {by} {word.Said.At:yyyy-MM-dd HH:mm}{note}  {sides} (withdrawn: {when})");
                continue;
            }
            session.Line(
                $"  #{word.Said.Word.WordId} {word.Said.Kind} {by} {word.Said.At:yyyy-MM-dd HH:mm}{note}  {sides}{(word.Overruled > 0 ? $"（其中 {word.Overruled} 对已被后来的认定推翻）" : "")}",
                $"  #{word.Said.Word.WordId} {word.Said.Kind} {by} {word.Said.At:yyyy-MM-dd HH:mm}{note}  {sides}{(word.Overruled > 0 ? $" ({word.Overruled} pairs of it overruled by later words)" : "")}");
        }
        if (file.Events.Count > 0)
        {
            session.Line("身份事件", "Identity events");
        }
        foreach (IdentityEvent e in file.Events)
        {
            string other = e.OtherKey is { } key ? " " + NamedIdentity.Token(key) : "";
            string line = $"  {e.EventId} {e.Kind} {NamedIdentity.Token(e.PersonKey)}{other} {e.DecidedBy} {e.DecidedAt:yyyy-MM-dd HH:mm}";
            session.Line($"{line}：{e.Moves.Count} 件改属", $"{line}: {e.Moves.Count} complaints moved");
            if (e.Figures is { } figures)
            {
                WordPrint.Figures(figures, session);
            }
        }
        if (file.Held.Count > 0)
        {
            session.Line("相似但未合并", "Held apart");
        }
        foreach (HeldPerson held in file.Held.Take(HeldShown))
        {
            string other = held.Other is { } key ? NamedIdentity.Token(key) : "–";
            session.Line(
                $"  {held.Case} ≠ {held.OtherCase} {other}：{LinkSentence.Held(held, Language.Zh)}",
                $"  {held.Case} ≠ {held.OtherCase} {other}: {LinkSentence.Held(held, Language.En)}");
        }
        if (file.Held.Count > HeldShown)
        {
            session.Line($"  另有 {file.Held.Count - HeldShown} 人，见 --json", $"  and {file.Held.Count - HeldShown} more persons: --json lists them");
        }
    }

    private static void Case(PersonCase c, ComplaintTaxonomy taxonomy, CommandSession session)
    {
        string Class(string dimension, string? member) => member is null ? "–" : taxonomy.Label(dimension, member, session.Language);
        string text = c.TextMasked.ReplaceLineEndings(" ");
        text = text.Length <= TextShown ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[TextShown - 1]) ? TextShown - 1 : TextShown), "…");
        string marks = string.Join(' ', ((string?[])
        [
            c.Fact.RepeatOfCaseNumber is { } repeats ? session.Say($"重复于 {repeats}", $"repeats {repeats}") : null,
            c.Fact.IsEscalation ? session.Say("已升级", "escalated") : null,
            c.Fact.HasThreat ? session.Say("扬言升级", "threatens") : null,
        ]).OfType<string>());
        string line = string.Create(
            CultureInfo.InvariantCulture,
            $"  {c.Fact.CaseNumber}  {c.Fact.Received:yyyy-MM-dd}  {c.NameMasked ?? "–"}  {Class(Dimensions.Channel, c.Fact.Channel)}  {Class(Dimensions.Business, c.Fact.Business.Class)}  {Class(Dimensions.Cause, c.Fact.Cause.Class)}  {c.Fact.BranchName ?? c.Fact.Branch ?? "–"}  {marks}");
        session.Line(line.TrimEnd(), line.TrimEnd());
        session.Line($"      {text}", $"      {text}");
        session.Line($"      关联：{LinkSentence.Of(c.Link, Language.Zh)}", $"      link: {LinkSentence.Of(c.Link, Language.En)}");
        foreach (FieldBits field in c.Link.Match?.Fields ?? [])
        {
            string weight = string.Create(CultureInfo.InvariantCulture, $"        {field.Field,-12} {field.Level,-12} {field.Bits,6:+0.0;-0.0;0.0}");
            session.Line(weight, weight);
        }
    }

    private static void Profile(PersonFile file, CommandSession session)
    {
        ComplainantProfile p = file.Profile;
        string amount = p.Amount is { } sum ? sum.ToString("#,##0.##", CultureInfo.InvariantCulture) : "–";
        string stages = string.Join(" → ", p.StagePath);
        session.Line(
            $"画像：{p.Complaints} 件 {p.Matters} 个事项，重复 {p.Returns}，升级 {p.Escalations}，未办结 {p.Open}，最高层级 {p.HighestLevel}，{p.First:yyyy-MM-dd} 至 {p.Last:yyyy-MM-dd}，涉及金额 {amount}，阶段 {stages}",
            $"Profile: {p.Complaints} complaints on {p.Matters} matters, {p.Returns} returns, {p.Escalations} escalated, {p.Open} open, highest rung {p.HighestLevel}, {p.First:yyyy-MM-dd} to {p.Last:yyyy-MM-dd}, amounts {amount}, stages {stages}");
        string signs = string.Join(", ", p.Agent.Concat(p.Vulnerable).Concat(p.Cues));
        if (signs.Length > 0)
        {
            session.Line($"  线索（非定性）：{signs}", $"  signs (no verdict): {signs}");
        }
    }
}
