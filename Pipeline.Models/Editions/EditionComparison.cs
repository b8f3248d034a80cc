using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;

namespace Pipeline.Models.Editions;

/// <summary>One edition as it is compared.</summary>
/// <param name="States">By case number: every state that both editions do not count alike, and where the context differs (rules, program, day of the data) every state that figures may look at.</param>
/// <param name="Engine">Makes the engine of that edition over some complaints: its rules, taxonomy and day.</param>
public sealed record ComparedEdition(
    IReadOnlyList<Figure> Figures, IReadOnlyDictionary<string, CountedState> States, Func<IReadOnlyList<ComplaintFact>, FigureEngine> Engine);

/// <summary>Compares two editions of a month: which figures moved, by which complaints, and why.</summary>
/// <remarks>
/// Which rows a figure has, and how each counts, follows from the complaint and the context alone, never from other complaints (chains stand on
/// the complaint). So the rows of both editions are compared over the complaints that can differ, not over the whole ledger.
/// </remarks>
public static class EditionComparison
{
    /// <param name="find">Finds the causes of a complaint's change.</param>
    public static EditionChanges Compare(
        ComparedEdition before, ComparedEdition after, CauseFinder find, InputDifference inputs, int against, string againstRunId, bool againstIsPublished)
    {
        FigureEngine old = before.Engine([.. before.States.Values.Select(s => s.Fact)]);
        FigureEngine now = after.Engine([.. after.States.Values.Select(s => s.Fact)]);
        Listing listing = new(before.States, after.States, find);
        List<ChangedFigure> changed = [];
        foreach ((string key, Figure? was, Figure? has) in Pairs(before.Figures, after.Figures))
        {
            if (was is not null && has is not null && (was.Value, was.Numerator, was.Denominator, was.Rows) == (has.Value, has.Numerator, has.Denominator, has.Rows))
            {
                continue;
            }
            FigureKey parsed = FigureKey.Parse(key);
            Measure measure = MeasureCatalog.Find(parsed.Measure);
            List<(string Case, ChangeEffect Effect)> effects = Effects(Rows(old, parsed, measure), Rows(now, parsed, measure));
            if (effects.Count == 0 && (was is null || has is null))
            {
                continue; // another class is broken out; the complaints behind it are the same
            }
            int set = listing.Set(effects);
            changed.Add(new ChangedFigure(
                key, (has ?? was)!.Unit, was is null ? Rebuilt(measure, has!, effects, 1) : was.Value, has is null ? Rebuilt(measure, was!, effects, -1) : has.Value,
                was?.Numerator, has?.Numerator, was?.Denominator, has?.Denominator, was?.Rows ?? 0, has?.Rows ?? 0, was is not null, has is not null,
                set, set >= 0 ? listing.CausesOf(set)
                    : listing.Causes((was?.IsKnown ?? false) != (has?.IsKnown ?? false) ? find.OfKnowledge(key) : find.OfContext(key))));
        }
        return new EditionChanges(
            against, againstRunId, againstIsPublished, true, inputs.All, listing.AllCauses, changed, listing.Complaints, listing.Sets);
    }

    /// <summary>The figures alone, where the complaints of the earlier edition are not known any more.</summary>
    public static EditionChanges Untraced(
        IReadOnlyList<Figure> before, IReadOnlyList<Figure> after, InputDifference inputs, int against, string againstRunId, bool againstIsPublished) => new(
        against, againstRunId, againstIsPublished, false, inputs.All, [],
        [
            .. Pairs(before, after)
                .Where(p => p.Was is not null && p.Has is not null && (p.Was.Value, p.Was.Numerator, p.Was.Denominator, p.Was.Rows) != (p.Has.Value, p.Has.Numerator, p.Has.Denominator, p.Has.Rows))
                .Select(p => new ChangedFigure(
                    p.Key, p.Has!.Unit, p.Was!.Value, p.Has.Value, p.Was.Numerator, p.Has.Numerator, p.Was.Denominator, p.Has.Denominator, p.Was.Rows, p.Has.Rows,
                    true, true, -1, [])),
        ],
        [], []);

    /// <summary>In the order of the later edition, then those that only the earlier one has.</summary>
    private static IEnumerable<(string Key, Figure? Was, Figure? Has)> Pairs(IReadOnlyList<Figure> before, IReadOnlyList<Figure> after)
    {
        Dictionary<string, Figure> old = before.ToDictionary(f => f.Key, StringComparer.Ordinal);
        foreach (Figure figure in after)
        {
            yield return (figure.Key, old.Remove(figure.Key, out Figure? was) ? was : null, figure);
        }
        foreach (Figure figure in before.Where(f => old.ContainsKey(f.Key)))
        {
            yield return (figure.Key, figure, null);
        }
    }

    private readonly record struct Part(bool Counted, decimal? Value);

    private static Dictionary<string, Part> Rows(FigureEngine engine, FigureKey key, Measure measure) =>
        engine.Rows(key).ToDictionary(
            r => r.Fact.CaseNumber,
            r => new Part(r.Counted, measure.Kind == MeasureKind.DistinctPersons ? r.Fact.PersonKey : measure.Value?.Invoke(r.Fact)),
            StringComparer.Ordinal);

    private static List<(string Case, ChangeEffect Effect)> Effects(Dictionary<string, Part> old, Dictionary<string, Part> now)
    {
        List<(string Case, ChangeEffect Effect)> effects = [];
        foreach ((string number, Part part) in now)
        {
            if (!old.TryGetValue(number, out Part was))
            {
                effects.Add((number, ChangeEffect.Entered));
            }
            else if (was != part)
            {
                effects.Add((number, ChangeEffect.Changed));
            }
        }
        effects.AddRange(old.Keys.Where(n => !now.ContainsKey(n)).Select(n => (n, ChangeEffect.Left)));
        effects.Sort((a, b) => string.CompareOrdinal(a.Case, b.Case));
        return effects;
    }

    /// <summary>The value of an edition that did not break the class out: of a count it follows from the other edition's; of the rest it is not told.</summary>
    private static decimal? Rebuilt(Measure measure, Figure figure, List<(string Case, ChangeEffect Effect)> effects, int sign) =>
        measure.Kind == MeasureKind.Count
            ? figure.Value - (sign * (effects.Count(e => e.Effect == ChangeEffect.Entered) - effects.Count(e => e.Effect == ChangeEffect.Left)))
            : null;

    /// <summary>Numbers complaints, causes and sets in the order of first use.</summary>
    private sealed class Listing(
        IReadOnlyDictionary<string, CountedState> before, IReadOnlyDictionary<string, CountedState> after, CauseFinder find)
    {
        private readonly Dictionary<string, int> numbers = new(StringComparer.Ordinal);
        private readonly Dictionary<ChangeCause, int> causes = [];
        private readonly Dictionary<string, int> sets = new(StringComparer.Ordinal);

        public List<ChangeCause> AllCauses { get; } = [];

        public List<ChangedComplaint> Complaints { get; } = [];

        public List<IReadOnlyList<ComplaintEffect>> Sets { get; } = [];

        public IReadOnlyList<int> Causes(IReadOnlyList<ChangeCause> found) => [.. found.Select(Number)];

        public IReadOnlyList<int> CausesOf(int set) => [.. Sets[set].SelectMany(e => Complaints[e.Complaint].Causes).Distinct().Order()];

        public int Set(List<(string Case, ChangeEffect Effect)> effects)
        {
            if (effects.Count == 0)
            {
                return -1;
            }
            string text = string.Join('\n', effects.Select(e => $"{e.Case} {(int)e.Effect}"));
            if (!sets.TryGetValue(text, out int number))
            {
                sets.Add(text, number = Sets.Count);
                Sets.Add([.. effects.Select(e => new ComplaintEffect(Complaint(e.Case), e.Effect))]);
            }
            return number;
        }

        private int Complaint(string caseNumber)
        {
            if (!numbers.TryGetValue(caseNumber, out int number))
            {
                CountedState? old = before.GetValueOrDefault(caseNumber);
                CountedState? now = after.GetValueOrDefault(caseNumber);
                IReadOnlyList<FieldChange> fields = old is not null && now is not null ? FactFields.Differences(old.Fact, now.Fact) : [];
                numbers.Add(caseNumber, number = Complaints.Count);
                Complaints.Add(new ChangedComplaint(
                    caseNumber, (now ?? old)!.Fact.Received, old is null, now is null, fields, Causes(find.Of(caseNumber, fields))));
            }
            return number;
        }

        private int Number(ChangeCause cause)
        {
            if (!causes.TryGetValue(cause, out int number))
            {
                causes.Add(cause, number = AllCauses.Count);
                AllCauses.Add(cause);
            }
            return number;
        }
    }
}
