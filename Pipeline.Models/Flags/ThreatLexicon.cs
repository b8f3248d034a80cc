using System.Buffers;
using System.Collections.Frozen;
using System.Text.Json;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;

namespace Pipeline.Models.Flags;

/// <summary>One kind of threat.</summary>
/// <param name="Key">As in <see cref="FlagEvidence.Cues"/>: <c>regulator</c>, <c>media</c>, <c>court</c>, <c>petition</c>, <c>police</c>, <c>city_hotline</c>, <c>extreme</c>.</param>
/// <param name="Phrases">Count by themselves.</param>
/// <param name="Forums">Places and persons that count only with an action beside them (向12378投诉, 找媒体).</param>
public sealed record ThreatCue(string Key, string Zh, string En, IReadOnlyList<string> Phrases, IReadOnlyList<string> Forums);

/// <summary>Words by which a stage is told, and what one occurrence adds to it.</summary>
public sealed record StageWords(string Stage, double Weight, IReadOnlyList<string> Words);

/// <summary>An edition of the lexicon, as the file has it. Words are in lower case and half-width.</summary>
/// <param name="Reach">How near an action or a negation must stand, in characters.</param>
/// <param name="Actions">What a person does with a forum.</param>
/// <param name="Turns">Words between a negation and a cue that begin something new: “不会罢休，否则起诉”, “will not hesitate to sue”.</param>
/// <param name="NotThreats">Phrases inside which a cue means something else.</param>
/// <param name="Reports">Whose words are not the writer's; null where the lexicon reads no threats.</param>
public sealed record LexiconEdition(
    string Version,
    DateOnly EffectiveFrom,
    string Source,
    int Reach,
    IReadOnlyList<ThreatCue> Cues,
    IReadOnlyList<string> Actions,
    IReadOnlyList<string> Negations,
    IReadOnlyList<string> Turns,
    IReadOnlyList<string> NotThreats,
    IReadOnlyList<StageWords> Stages,
    ReportWords? Reports = null);

/// <summary>
/// By what a text tells that the other side threatens: one of <paramref name="Others"/>, shortly behind it one of
/// <paramref name="Verbs"/>, and the cue behind that, all in one clause. What begins anew between verb and cue (a turn, or one of
/// <paramref name="Writers"/> as who acts) is the writer's again; where one of <paramref name="Pronouns"/> stands right before the turn it is not (经理说再闹他就报警).
/// </summary>
/// <param name="Reach">How far a cue may stand behind the verb, in characters.</param>
/// <param name="Gap">How far the verb may stand behind the other side, in characters.</param>
/// <param name="Others">The other side: staff, the firm, collectors, merchants (经理, the manager, they).</param>
/// <param name="Verbs">What it says or means to do (说, 威胁, said, would).</param>
/// <param name="Writers">The writer as who acts (我, 客户, I).</param>
/// <param name="Pronouns">What stands for the other side once it was named (他, they). In Chinese records of a call they are often the customer, so by themselves they are no other side there.</param>
public sealed record ReportWords(
    int Reach, int Gap, IReadOnlyList<string> Others, IReadOnlyList<string> Verbs, IReadOnlyList<string> Writers, IReadOnlyList<string> Pronouns);

/// <summary>
/// Finds threats and stages in a text by the words of a dated data file. A forum counts with an action within its reach in the
/// same sentence; a cue does not count behind a negation in its clause (不会投诉, “will not sue”), nor inside one of the phrases that
/// say something else (即将起诉您: the collector's words; 12378转办: how the complaint came in), nor where the other side says it
/// (经理说要报警, “he'd call the police”; see <see cref="ReportWords"/>).
/// </summary>
public sealed class ThreatLexicon
{
    private readonly LexiconEdition edition;
    private readonly SearchValues<string> triggers;
    private readonly Dictionary<char, (string Word, string Key, bool IsForum)[]> byFirst;
    private readonly FrozenDictionary<char, StageWord[]> stageWords;
    private readonly int stageWordCount;

    public ThreatLexicon(LexiconEdition edition)
    {
        this.edition = edition;
        List<(string Word, string Key, bool IsForum)> words = [];
        foreach (ThreatCue cue in edition.Cues)
        {
            words.AddRange(cue.Phrases.Select(p => (p.ToLowerInvariant(), cue.Key, false)));
            words.AddRange(cue.Forums.Select(f => (f.ToLowerInvariant(), cue.Key, true)));
        }
        triggers = SearchValues.Create([.. words.Select(w => w.Word).Distinct()], StringComparison.Ordinal);
        StageWord[] all = [.. edition.Stages.SelectMany(s => s.Words.Select(w => (s, w))).Select((word, i) => new StageWord(
            word.w, StageIndex(word.s.Stage), word.s.Weight, i))];
        stageWordCount = all.Length;
        stageWords = all.GroupBy(w => w.Text[0]).ToFrozenDictionary(g => g.Key, g => g.ToArray());
        byFirst = words.GroupBy(w => w.Word[0]).ToDictionary(g => g.Key, g => g.OrderByDescending(w => w.Word.Length).ToArray());
    }

    /// <summary>On a tie the earlier one is taken.</summary>
    private static readonly string[] StageOrder = [Stages.Grievance, Stages.Enquiry, Stages.Complaint, Stages.Escalation];

    public string Version => edition.Version;

    /// <value>Keys and names of the kinds of threats, in the order of the file.</value>
    public IReadOnlyList<(string Key, string Zh, string En)> Names => [.. edition.Cues.Select(c => (c.Key, c.Zh, c.En))];

    public static ThreatLexicon Parse(string json) => new(
        JsonSerializer.Deserialize<LexiconEdition>(json, RuleJson.Whole)
        ?? throw new InvalidDataException("the lexicon of threats is empty; expected an object with version, cues, actions, negations and stages"));

    /// <summary>The kinds of threats that a text makes, each once, in the order of the file.</summary>
    public IReadOnlyList<string> Cues(string text)
    {
        string folded = Fold(text);
        List<string>? found = null;
        for (int at = Next(folded, 0); at >= 0; at = Next(folded, at + 1))
        {
            foreach ((string word, string key, bool isForum) in byFirst[folded[at]])
            {
                if (Continues(folded, at, word) && found?.Contains(key) != true && Counts(folded, at, word, isForum))
                {
                    (found ??= []).Add(key);
                }
            }
        }
        if (found is null)
        {
            return [];
        }
        return found.Count == 1 ? found : [.. edition.Cues.Select(c => c.Key).Where(found.Contains)];
    }

    /// <summary>
    /// The stage by the text's own words: escalation where it threatens, else the stage with the highest sum of weights, each word
    /// counted once; on a tie and without any word, a grievance.
    /// </summary>
    /// <param name="cues">The threats found in <paramref name="text"/>.</param>
    public string Stage(string text, IReadOnlyList<string> cues)
    {
        if (cues.Count > 0)
        {
            return Stages.Escalation;
        }
        string folded = Fold(text);
        Span<double> sums = stackalloc double[StageOrder.Length];
        Span<bool> counted = stageWordCount <= 1024 ? stackalloc bool[stageWordCount] : new bool[stageWordCount];
        for (int at = 0; at < folded.Length; at++)
        {
            if (!stageWords.TryGetValue(folded[at], out StageWord[]? words))
            {
                continue;
            }
            foreach (StageWord word in words)
            {
                if (!counted[word.Index] && Continues(folded, at, word.Text))
                {
                    counted[word.Index] = true;
                    sums[word.Stage] += word.Weight;
                }
            }
        }
        int best = 0;
        for (int stage = 1; stage < sums.Length; stage++)
        {
            best = sums[stage] > sums[best] ? stage : best;
        }
        return StageOrder[best];
    }

    private static int StageIndex(string stage) => Array.IndexOf(StageOrder, stage) is >= 0 and int index
        ? index
        : throw new InvalidDataException($"the lexicon of threats names a stage '{stage}'; expected one of {string.Join(", ", StageOrder)}");

    private int Next(string folded, int from)
    {
        if (from >= folded.Length)
        {
            return -1;
        }
        int found = folded.AsSpan(from).IndexOfAny(triggers);
        return found < 0 ? -1 : from + found;
    }

    private bool Counts(string text, int at, string word, bool isForum)
    {
        int end = at + word.Length;
        if (IsPartOfWord(text, at, end) || IsSomethingElse(text, at, end))
        {
            return false;
        }
        int clause = StartOf(text, at, isSentence: false);
        ReadOnlySpan<char> before = text.AsSpan(clause, at - clause);
        if (edition.Reports is { } reports && IsSaidByOthers(before, reports))
        {
            return false;
        }
        foreach (string negation in edition.Negations)
        {
            int found = before.LastIndexOf(negation, StringComparison.Ordinal);
            ReadOnlySpan<char> between = found < 0 ? default : before[(found + negation.Length)..];
            if (found >= 0 && between.Length <= edition.Reach && !ContainsAny(between, edition.Turns))
            {
                return false;
            }
        }
        return !isForum || HasActionNear(text, at, end);
    }

    private bool IsSaidByOthers(ReadOnlySpan<char> before, ReportWords reports)
    {
        foreach (string verb in reports.Verbs)
        {
            int said = LastWord(before, verb);
            if (said < 0 || before.Length - said - verb.Length > reports.Reach)
            {
                continue;
            }
            ReadOnlySpan<char> until = before[Math.Max(0, said - reports.Gap - LongestOther(reports))..said];
            if (EndOfLast(until, reports.Others) is >= 0 and var other
                && until.Length - other <= reports.Gap && EndOfLast(until[other..], reports.Writers) < 0 && !BeginsAnew(before[(said + verb.Length)..], reports))
            {
                return true;
            }
        }
        return false;
    }

    private static int LongestOther(ReportWords reports) => reports.Others.Max(o => o.Length);

    /// <summary>Whether the writer acts in what stands between the other side's verb and the cue.</summary>
    private bool BeginsAnew(ReadOnlySpan<char> between, ReportWords reports)
    {
        if (EndOfLast(between, reports.Writers) >= 0)
        {
            return true;
        }
        foreach (string turn in edition.Turns)
        {
            if (LastWord(between, turn) is >= 0 and var at)
            {
                return EndOfLast(between[..at].TrimEnd(), reports.Pronouns) != between[..at].TrimEnd().Length;
            }
        }
        return false;
    }

    private static int EndOfLast(ReadOnlySpan<char> text, IReadOnlyList<string> words) => WholeWords.EndOfLast(text, words, StringComparison.Ordinal);

    private static int LastWord(ReadOnlySpan<char> text, string word) => WholeWords.Last(text, word, StringComparison.Ordinal);

    private bool HasActionNear(string text, int at, int end)
    {
        int from = Math.Max(StartOf(text, at, isSentence: true), at - edition.Reach);
        int to = end;
        while (to < text.Length && to < end + edition.Reach && !EndsSentence(text[to]))
        {
            to++;
        }
        return ContainsAny(text.AsSpan(from, to - from), edition.Actions);
    }

    private static bool ContainsAny(ReadOnlySpan<char> text, IReadOnlyList<string> words)
    {
        foreach (string word in words)
        {
            if (text.Contains(word, StringComparison.Ordinal))
            {
                return true;
            }
        }
        return false;
    }

    private bool IsSomethingElse(string text, int at, int end)
    {
        foreach (string phrase in edition.NotThreats)
        {
            int from = Math.Max(0, end - phrase.Length);
            int count = Math.Min(text.Length, at + phrase.Length) - from;
            int found = count < phrase.Length ? -1 : text.IndexOf(phrase, from, count, StringComparison.Ordinal);
            if (found >= 0 && found <= at && found + phrase.Length >= end)
            {
                return true;
            }
        }
        return false;
    }

    private static bool IsPartOfWord(string text, int at, int end) =>
        WholeWords.IsPart(text, at, end)
        || (char.IsAsciiDigit(text[at]) && at > 0 && char.IsAsciiDigit(text[at - 1]))
        || (char.IsAsciiDigit(text[end - 1]) && end < text.Length && char.IsAsciiDigit(text[end]));

    private static int StartOf(string text, int at, bool isSentence)
    {
        while (at > 0 && !EndsSentence(text[at - 1]) && (isSentence || !EndsClause(text[at - 1])))
        {
            at--;
        }
        return at;
    }

    private static bool EndsSentence(char c) => c is '。' or '!' or '?' or ';' or '\n' or '.';

    private static bool EndsClause(char c) => c is ',' or '、' or ':' or '(' or '“' or '”' or '"';

    private static bool Continues(string text, int at, string word) =>
        at + word.Length <= text.Length && string.CompareOrdinal(text, at, word, 0, word.Length) == 0;

    private static string Fold(string text) => string.Create(text.Length, text, static (buffer, source) =>
    {
        for (int i = 0; i < source.Length; i++)
        {
            buffer[i] = char.ToLowerInvariant(Widths.Fold(source[i]));
        }
    });

    /// <param name="Stage">Index into <see cref="StageOrder"/>.</param>
    /// <param name="Index">0-based, of the word among all.</param>
    private readonly record struct StageWord(string Text, int Stage, double Weight, int Index);
}
