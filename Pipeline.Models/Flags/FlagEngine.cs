using Pipeline.Models.Complainants;

namespace Pipeline.Models.Flags;

/// <summary>
/// Judges repeats and escalation. Stated rule: cases of one person are taken in the order of receipt (ties by case number). A case
/// belongs to the matter of an earlier case of the same person when the source links them, or their texts are alike, or they have
/// the same business line and cause; the strongest basis wins, then the later case. It repeats the latest case of that matter, if
/// that was received no more than the window before. Same content that arrives from two channels is a repeat too: nothing is
/// dropped, and both ways of counting can be served.
/// </summary>
/// <remarks>The basis is asked of at most the latest <see cref="EarlierCasesAsked"/> cases of a person, which bounds the cost of a caller who complains daily.</remarks>
public static class FlagEngine
{
    private const int EarlierCasesAsked = 64;
    private const int FirstLevelOutside = 3;

    /// <param name="complaints">All complaints of a source up to the as-of date, in any order.</param>
    /// <returns>One record for each complaint, in the order of <paramref name="complaints"/>.</returns>
    /// <exception cref="ArgumentException">A complaint or case number occurs twice.</exception>
    public static IReadOnlyList<CaseFlags> Judge(IReadOnlyList<FlagInput> complaints, FlagRules rules, ThreatLexicon lexicon)
    {
        CaseFlags[] flags = new CaseFlags[complaints.Count];
        foreach (IReadOnlyList<int> cases in ByPerson(complaints))
        {
            JudgePerson(cases, complaints, [.. cases.Select(i => CaseText.Of(complaints[i].Text, lexicon, cases.Count > 1))], rules, flags);
        }
        return flags;
    }

    /// <summary>
    /// The cases of each person in order, as positions in <paramref name="complaints"/>; a case that shows nobody goes with the case that its source
    /// links it to, or stands alone. Persons can be judged one by one: <see cref="JudgePerson"/>.
    /// </summary>
    /// <exception cref="ArgumentException">A complaint or case number occurs twice.</exception>
    public static IReadOnlyList<IReadOnlyList<int>> ByPerson(IReadOnlyList<FlagInput> complaints)
    {
        List<List<int>> groups = Groups(complaints);
        foreach (List<int> cases in groups)
        {
            cases.Sort((a, b) =>
            {
                int order = complaints[a].Received.CompareTo(complaints[b].Received);
                return order != 0 ? order : string.CompareOrdinal(complaints[a].CaseNumber, complaints[b].CaseNumber);
            });
        }
        return groups;
    }

    private static List<List<int>> Groups(IReadOnlyList<FlagInput> complaints)
    {
        Dictionary<string, int> byNumber = new(complaints.Count, StringComparer.Ordinal);
        for (int i = 0; i < complaints.Count; i++)
        {
            if (!byNumber.TryAdd(complaints[i].CaseNumber, i))
            {
                throw new ArgumentException($"case number {complaints[i].CaseNumber} occurs twice", nameof(complaints));
            }
        }
        Dictionary<long, List<int>> byPerson = [];
        Dictionary<int, List<int>> byFirstLink = [];
        List<List<int>> groups = [];
        for (int i = 0; i < complaints.Count; i++)
        {
            int at = i;
            for (int steps = 0; steps < EarlierCasesAsked && complaints[at].PersonKey is null && complaints[at].LinkedCaseNumber is string link
                && byNumber.TryGetValue(link, out int linked) && Precedes(complaints[linked], complaints[at]); steps++)
            {
                at = linked;
            }
            List<int>? group;
            if (complaints[at].PersonKey is long person)
            {
                if (!byPerson.TryGetValue(person, out group))
                {
                    byPerson.Add(person, group = []);
                    groups.Add(group);
                }
            }
            else if (!byFirstLink.TryGetValue(at, out group))
            {
                byFirstLink.Add(at, group = []);
                groups.Add(group);
            }
            group.Add(i);
        }
        return groups;
    }

    private static bool Precedes(FlagInput earlier, FlagInput later) =>
        earlier.Received < later.Received
        || (earlier.Received == later.Received && string.CompareOrdinal(earlier.CaseNumber, later.CaseNumber) < 0);

    /// <summary>Judges the cases of one person.</summary>
    /// <param name="cases">See <see cref="ByPerson"/>.</param>
    /// <param name="texts">Beside <paramref name="cases"/>.</param>
    /// <param name="flags">Takes the outcome, at the positions of <paramref name="complaints"/>.</param>
    public static void JudgePerson(
        IReadOnlyList<int> cases, IReadOnlyList<FlagInput> complaints, IReadOnlyList<CaseText> texts, FlagRules rules, CaseFlags[] flags)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rules.WindowCalendarDays, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rules.MatterTextSimilarity);
        int[] matter = new int[cases.Count]; // the person's case with which the matter began
        int[] latest = new int[cases.Count]; // by that case: the latest case of the matter
        int[] chain = new int[cases.Count];
        for (int i = 0; i < cases.Count; i++)
        {
            FlagInput now = complaints[cases[i]];
            Match? match = Earlier(i, cases, complaints, texts, matter, latest, rules, out bool knownMatter);
            matter[i] = match is { } found ? matter[found.Case] : i;
            int? before = match is { } same ? latest[matter[same.Case]] : null;
            latest[matter[i]] = i;
            chain[i] = before is int previous ? chain[previous] + 1 : 0;
            flags[cases[i]] = Flags(now, before is int at ? complaints[cases[at]] : null, match, chain[i], knownMatter, texts[i].Reading);
        }
    }

    /// <summary>The earlier case that this one continues, by the strongest basis; the latest one where several are equally strong.</summary>
    private static Match? Earlier(
        int now, IReadOnlyList<int> cases, IReadOnlyList<FlagInput> complaints, IReadOnlyList<CaseText> texts, int[] matter, int[] latest, FlagRules rules, out bool knownMatter)
    {
        FlagInput complaint = complaints[cases[now]];
        Match? best = null;
        knownMatter = false;
        for (int j = now - 1; j >= Math.Max(0, now - EarlierCasesAsked); j--)
        {
            FlagInput earlier = complaints[cases[j]];
            if (Basis(complaint, earlier, texts[now].Matter, texts[j].Matter, rules) is not { } basis)
            {
                continue;
            }
            knownMatter = true;
            FlagInput last = complaints[cases[latest[matter[j]]]];
            bool inTime = complaint.Received.DayNumber - last.Received.DayNumber <= rules.WindowCalendarDays;
            if (inTime && (best is not { } kept || basis.Strength > kept.Strength))
            {
                best = basis with { Case = j };
            }
        }
        return best;
    }

    private static Match? Basis(FlagInput now, FlagInput earlier, MatterText? text, MatterText? earlierText, FlagRules rules)
    {
        double? similarity = text is not null && earlierText is not null ? MatterText.Similarity(text, earlierText) : null;
        if (now.LinkedCaseNumber is string link && link == earlier.CaseNumber)
        {
            return new Match(-1, 3, MatterBases.SourceLink, similarity);
        }
        if (similarity >= rules.MatterTextSimilarity)
        {
            return new Match(-1, 2, MatterBases.SimilarText, similarity);
        }
        return now.Business is string business && business == earlier.Business && now.Cause is string cause && cause == earlier.Cause
            ? new Match(-1, 1, MatterBases.SameBusinessCause, similarity)
            : null;
    }

    private static CaseFlags Flags(FlagInput now, FlagInput? before, Match? match, int chain, bool knownMatter, TextReading? reading)
    {
        IReadOnlyList<string> cues = reading?.Cues ?? [];
        // From an unknown channel nothing is known to have risen.
        bool escalation = before is { Channel: not null } && now.Level > before.Level;
        int? gap = before is null ? null : now.Received.DayNumber - before.Received.DayNumber;
        List<FlagEvidence> evidence = [];
        if (before is not null && match is { } basis)
        {
            FlagEvidence repeat = new(
                FlagKinds.Repeat, 1, before.CaseNumber, before.Received, gap, chain, basis.Name, basis.Similarity,
                WeakerBasis(now.PersonBasis, before.PersonBasis), before.Channel, now.Channel, before.Level, now.Level, cues.Count > 0 ? cues : null);
            evidence.Add(repeat);
            if (escalation)
            {
                evidence.Add(repeat with { Kind = FlagKinds.Escalating });
            }
        }
        if (!escalation && cues.Count > 0)
        {
            evidence.Add(new FlagEvidence(FlagKinds.Escalating, ThreatOnlyScore, ToChannel: now.Channel, ToLevel: now.Level, Cues: cues));
        }
        return new CaseFlags(
            now.ComplaintId, chain, before?.ComplaintId, before?.CaseNumber, gap, escalation,
            IsBypass: !knownMatter && now.Level >= FirstLevelOutside,
            reading?.Stage, cues.Count > 0, evidence);
    }

    /// <summary>Words alone may come to nothing: half the score of a step that was taken.</summary>
    private const double ThreatOnlyScore = 0.5;

    private static string? WeakerBasis(string? one, string? other) => one == PersonBases.Identity ? other ?? one : one;

    private readonly record struct Match(int Case, int Strength, string Name, double? Similarity);
}
