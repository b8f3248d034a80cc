using Pipeline.Models.Complaints;

namespace Pipeline.Models.Editions;

/// <summary>A complaint as a run counted it, with the row that it came from.</summary>
/// <param name="File">Name of the export that the state came from.</param>
/// <param name="FileSha256">Its content.</param>
/// <param name="Line">1-based line or row.</param>
public sealed record CountedState(ComplaintFact Fact, string File, string FileSha256, long Line);

/// <summary>An analyst's label that counts.</summary>
/// <param name="By">For example <c>analyst:li</c>.</param>
public sealed record LabelDecision(string CaseNumber, string Head, string Class, string By);

/// <summary>A merge, split, confirmation or refusal between two editions.</summary>
/// <param name="Person">Key that stays, or that was split.</param>
/// <param name="Other">The other key, or null.</param>
/// <param name="Cases">The complaints that it brought from one key to the other.</param>
public sealed record PersonEvent(string Kind, long Person, long? Other, IReadOnlyList<string> Cases, string By);

/// <summary>What differs between the inputs of two runs.</summary>
/// <param name="Rules">Rule files by name, with their hashes before and now.</param>
public sealed record InputDifference(
    IReadOnlyList<ChangeCause> Added, IReadOnlyList<ChangeCause> Withdrawn, IReadOnlyList<ChangeCause> Profiles, IReadOnlyList<ChangeCause> Models,
    IReadOnlyList<ChangeCause> Rules, ChangeCause? Decisions, ChangeCause? Program, ChangeCause? DataDate)
{
    /// <value>The same files stand in another order, or one of them is of another day.</value>
    public IReadOnlyList<ChangeCause> Reordered { get; init; } = [];

    /// <value>What differs and moves no figure, for example the register of remediation.</value>
    public IReadOnlyList<ChangeCause> Others { get; init; } = [];

    public IReadOnlyList<ChangeCause> All =>
        [.. Added, .. Withdrawn, .. Reordered, .. Profiles, .. Models, .. Rules, .. new[] { Decisions, Program, DataDate }.OfType<ChangeCause>(), .. Others];
}

/// <summary>
/// Finds why a complaint is counted otherwise than in the earlier edition. A cause is only named where it can have had that effect: a file
/// for what its row says, an analyst for a label, an event for a person, other complaints of the person for chains.
/// </summary>
public sealed class CauseFinder
{
    private static readonly string[] MatchingRules = ["matching", "names", "rules"];
    private readonly IReadOnlyDictionary<string, CountedState> before;
    private readonly IReadOnlyDictionary<string, CountedState> after;
    private readonly InputDifference inputs;
    private readonly Dictionary<string, ChangeCause> added;
    private readonly Dictionary<string, ChangeCause> withdrawn;
    private readonly ILookup<string, LabelDecision> labels;
    private readonly ILookup<long, PersonEvent> events;
    private readonly ILookup<string, PersonEvent> moves;
    private readonly ILookup<long, string> casesOf;
    private readonly Dictionary<string, IReadOnlyList<ChangeCause>> own = new(StringComparer.Ordinal);

    /// <param name="before">States that the earlier edition counted and the later one does not count so, by case number.</param>
    /// <param name="after">States that the later edition counts and the earlier one did not count so, by case number.</param>
    public CauseFinder(
        IReadOnlyDictionary<string, CountedState> before, IReadOnlyDictionary<string, CountedState> after, InputDifference inputs,
        IEnumerable<LabelDecision> labels, IEnumerable<PersonEvent> events)
    {
        this.before = before;
        this.after = after;
        this.inputs = inputs;
        added = inputs.Added.ToDictionary(c => c.New!, StringComparer.Ordinal);
        withdrawn = inputs.Withdrawn.ToDictionary(c => c.Old!, StringComparer.Ordinal);
        this.labels = labels.ToLookup(l => l.CaseNumber, StringComparer.Ordinal);
        PersonEvent[] all = [.. events];
        moves = all.SelectMany(e => e.Cases.Select(c => (Case: c, Event: e))).ToLookup(x => x.Case, x => x.Event, StringComparer.Ordinal);
        this.events = all.SelectMany(e => (IEnumerable<(long Key, PersonEvent Event)>)(e.Other is { } other ? [(e.Person, e), (other, e)] : [(e.Person, e)]))
            .ToLookup(x => x.Key, x => x.Event);
        casesOf = before.Concat(after).Where(s => s.Value.Fact.PersonKey is not null).Select(s => (Person: s.Value.Fact.PersonKey!.Value, Case: s.Key))
            .Distinct().ToLookup(x => x.Person, x => x.Case);
    }

    /// <summary>Why the complaint is counted otherwise; <see cref="ChangeCauseKind.Unexplained"/> where nothing that differs explains it.</summary>
    /// <param name="differences">What differs on the complaint; empty where it came, went, or stands as it did.</param>
    public IReadOnlyList<ChangeCause> Of(string caseNumber, IReadOnlyList<FieldChange> differences)
    {
        bool isNew = after.ContainsKey(caseNumber) && !before.ContainsKey(caseNumber);
        bool isGone = before.ContainsKey(caseNumber) && !after.ContainsKey(caseNumber);
        List<ChangeCause> causes = [.. Own(caseNumber)];
        if (!isNew && !isGone && differences.Any(d => FactFields.Origin(d.Field) == FactOrigin.Relation))
        {
            causes.AddRange(Related(caseNumber));
            causes.AddRange(causes.Count == 0 ? BeyondReach(caseNumber) : []);
        }
        if (causes.Count == 0)
        {
            causes.AddRange(Elsewhere(differences));
        }
        return causes.Count > 0 ? [.. causes.Distinct()] : [new ChangeCause(ChangeCauseKind.Unexplained, caseNumber)];
    }

    /// <summary>Why a figure moved that no complaint moved: rules, program, the day of the data.</summary>
    public IReadOnlyList<ChangeCause> OfContext(string key)
    {
        List<ChangeCause> causes = Context();
        return causes.Count > 0 ? causes : [new ChangeCause(ChangeCauseKind.Unexplained, key)];
    }

    /// <summary>Why a figure came to be known, or is not any more, while its complaints stand as they did: what a source states shows in all its files.</summary>
    public IReadOnlyList<ChangeCause> OfKnowledge(string key)
    {
        List<ChangeCause> causes =
        [
            .. inputs.Added, .. inputs.Withdrawn, .. inputs.Reordered, .. inputs.Profiles, .. inputs.Models, .. inputs.Rules,
            .. inputs.Program is { } program ? [program] : (ChangeCause[])[], // what a measure needs is the program's
        ];
        return causes.Count > 0 ? causes : OfContext(key);
    }

    private List<ChangeCause> Context()
    {
        List<ChangeCause> causes = [.. inputs.DataDate is { } date ? [date] : (ChangeCause[])[], .. inputs.Rules];
        return causes.Count > 0 || inputs.Program is not { } program ? causes : [program];
    }

    /// <summary>What happened to the complaint itself.</summary>
    private IReadOnlyList<ChangeCause> Own(string caseNumber)
    {
        if (own.TryGetValue(caseNumber, out IReadOnlyList<ChangeCause>? known))
        {
            return known;
        }
        CountedState? old = before.GetValueOrDefault(caseNumber);
        CountedState? now = after.GetValueOrDefault(caseNumber);
        List<ChangeCause> causes = [];
        IReadOnlyList<FieldChange> fields = old is not null && now is not null ? FactFields.Differences(old.Fact, now.Fact) : [];
        if (now is not null && now.FileSha256 != old?.FileSha256 && added.TryGetValue(now.FileSha256, out ChangeCause? file))
        {
            causes.Add(file);
        }
        else if (old is not null && now?.FileSha256 != old.FileSha256 && withdrawn.TryGetValue(old.FileSha256, out ChangeCause? taken))
        {
            causes.Add(taken);
        }
        else if (now?.FileSha256 != old?.FileSha256)
        {
            causes.AddRange(inputs.Reordered);
        }
        foreach (string head in (string[])["nature", "business", "cause"])
        {
            causes.AddRange(Label(caseNumber, head, fields, causes.Count > 0));
        }
        if (fields.Any(f => FactFields.Origin(f.Field) == FactOrigin.Person))
        {
            causes.AddRange(Person(old!.Fact.PersonKey, now!.Fact.PersonKey, caseNumber));
        }
        return own[caseNumber] = causes;
    }

    private IEnumerable<ChangeCause> Label(string caseNumber, string head, IReadOnlyList<FieldChange> fields, bool hasFile)
    {
        FieldChange? basis = fields.FirstOrDefault(f => f.Field == $"{head}_basis");
        bool isPredicted = fields.Any(f => f.Field == $"{head}_predicted" || f.Field == $"{head}_probability" || f.Field == $"{head}_needs_review");
        bool isClass = fields.Any(f => f.Field == head) || basis is not null;
        LabelDecision? decided = labels[caseNumber].LastOrDefault(l => l.Head == head);
        if (isClass && (basis?.New == "analyst" || (basis is null && decided is not null)))
        {
            if (decided is not null)
            {
                yield return new ChangeCause(ChangeCauseKind.Analyst, head, fields.FirstOrDefault(f => f.Field == head)?.Old, decided.Class, decided.By);
                yield break;
            }
        }
        if (basis?.Old == "analyst" && inputs.Decisions is { } withdrawnDecision)
        {
            yield return withdrawnDecision;
        }
        if (isPredicted && inputs.Models.Count > 0)
        {
            foreach (ChangeCause model in inputs.Models)
            {
                yield return model;
            }
        }
        else if (isPredicted && !hasFile && fields.Any(f => f.Field == $"{head}_predicted" && f.Old is null))
        {
            // The same model had not come to this text yet: it judges the texts up to the month that is run.
            yield return new ChangeCause(ChangeCauseKind.Model, "first_judgement");
        }
    }

    /// <summary>The events that brought the complaint to another key; where none is known to, those of its persons.</summary>
    private IEnumerable<ChangeCause> Person(long? old, long? now, string caseNumber) =>
        (moves.Contains(caseNumber) ? moves[caseNumber] : new[] { old, now }.OfType<long>().Distinct().SelectMany(key => events[key]))
            .Distinct()
            .Select(Identity);

    private static ChangeCause Identity(PersonEvent happened) =>
        new(ChangeCauseKind.Identity, happened.Kind, Token(happened.Other), Token(happened.Person), happened.By);

    private static string? Token(long? key) => key is { } k ? FormattableString.Invariant($"P-{k:000000}") : null;

    /// <summary>What happened to the other complaints of the person, before or now: a chain is made of all of them.</summary>
    private IEnumerable<ChangeCause> Related(string caseNumber) =>
        Persons(caseNumber)
            .SelectMany(person => casesOf[person])
            .Distinct(StringComparer.Ordinal)
            .Where(c => c != caseNumber)
            .SelectMany(Own);

    /// <summary>
    /// The events of the person that moved a complaint which stands in one of the editions only, or in none that differs: an old complaint is within
    /// reach as long as it is the person's, so that nothing but the event tells that it came or left.
    /// </summary>
    private IEnumerable<ChangeCause> BeyondReach(string caseNumber) =>
        Persons(caseNumber)
            .SelectMany(person => events[person])
            .Where(e => e.Cases.Any(c => !before.ContainsKey(c) || !after.ContainsKey(c)))
            .Select(Identity);

    private IEnumerable<long> Persons(string caseNumber) =>
        new[] { before.GetValueOrDefault(caseNumber), after.GetValueOrDefault(caseNumber) }
            .Select(s => s?.Fact.PersonKey).OfType<long>().Distinct();

    /// <summary>Causes that lie outside of the complaint and of its person.</summary>
    private List<ChangeCause> Elsewhere(IReadOnlyList<FieldChange> differences)
    {
        List<ChangeCause> causes = [];
        FactOrigin[] origins = [.. differences.Select(d => FactFields.Origin(d.Field)).Distinct()];
        if (origins.Length == 0)
        {
            return Context();
        }
        causes.AddRange(origins.Contains(FactOrigin.Person) || origins.Contains(FactOrigin.Relation)
            ? inputs.Rules
            : inputs.Rules.Where(r => !MatchingRules.Contains(r.Name) || r.Name == "rules"));
        if (origins.Contains(FactOrigin.Export))
        {
            causes.AddRange(inputs.Profiles);
        }
        if (causes.Count == 0 && (origins.Contains(FactOrigin.Person) || origins.Contains(FactOrigin.Group)))
        {
            // Who is whom is learned from all complaints together, and a group is made of many: files that came or went, and decisions, are what it can have moved by.
            causes.AddRange([.. inputs.Added, .. inputs.Withdrawn, .. inputs.Decisions is { } decisions ? [decisions] : (ChangeCause[])[]]);
        }
        if (causes.Count == 0 && inputs.Program is { } program)
        {
            causes.Add(program);
        }
        return causes;
    }
}
