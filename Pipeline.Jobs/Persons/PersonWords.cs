using System.Globalization;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Pipeline.Jobs.Complainants;
using Pipeline.Jobs.Privacy;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Steps;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complainants;
using Pipeline.Models.Text;

namespace Pipeline.Jobs.Persons;

/// <summary>An earlier word of which something no longer stands, or stands again.</summary>
/// <param name="Pairs">Pairs of complaints of which it said what the new word denies; of a withdrawal: what the withdrawn word had denied.</param>
internal sealed record OverruledWord(SaidWord Said, int Pairs);

/// <summary>What a word does, or would do.</summary>
/// <param name="WordId">Null: it was only looked at. Of a withdrawal: the word that was taken back.</param>
/// <param name="Moves">Complaints that change their key; a key that is not given yet is <see cref="LinkPlan.Unborn"/> or above.</param>
/// <param name="Overruled">Earlier words that it overrules; of a withdrawal: that it brings back.</param>
/// <param name="Notes">What the analyst should know besides.</param>
/// <param name="Events">Numbers of the identity events.</param>
internal sealed record WordOutcome(
    WordRequest Request, string Source, IReadOnlyList<NamedIdentity> Named, WordMeaning Meaning, long? WordId, string? Note,
    IReadOnlyList<IdentityMove> Moves, IReadOnlyList<OverruledWord> Overruled, MovedFigures Figures, IReadOnlyList<Bilingual> Notes, IReadOnlyList<long> Events);

/// <summary>
/// Takes an analyst's word: keeps it, recognises the persons anew, writes what changes and says what it moves; all in one transaction
/// that waits for runs and loads of the source and for other analysts. Nothing is learned from a word: it moves the persons that it reaches.
/// </summary>
internal static class PersonWords
{
    public static async Task<WordOutcome> SayAsync(Database database, WordRequest request, CommandSession session)
    {
        CancellationToken cancellation = session.Cancellation;
        KeyRing keys = database.Keys;
        await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync(cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        string source = request.Kind == WordKinds.Withdraw
            ? await SourceOfWordAsync(connection, request, cancellation)
            : (await NamedIdentity.FindAsync(connection, request.Named[0], request.Source, session with { Error = TextWriter.Null })).Source;
        await HoldAsync(connection, source, session);
        DateTimeOffset now = session.Time.GetUtcNow();
        RunRules rules = RunRules.Load(session.Home, await LedgerMonths.TaxonomyAsync(connection, source, session));

        // What stands must be what evidence and earlier words say, so that only the new word moves anybody.
        IReadOnlyList<SaidWord> words = await IdentityWords.LoadAsync(connection, source, cancellation);
        IdentityConstraints before = IdentityWords.Constraints(words);
        (LinkReach reach, _, LinkWritten stood) = await LinkStep.BringUpAsync(
            connection, keys, source, rules.Rules.Value, rules.Matching, before, now, cancellation);

        List<NamedIdentity> named = [];
        foreach (string name in request.Kind == WordKinds.Withdraw ? [] : request.Named)
        {
            named.Add(await NamedIdentity.FindAsync(connection, name, request.Source, session));
        }
        RefuseOtherSources(named);
        SaidWord? withdrawn = request.Kind == WordKinds.Withdraw ? ToWithdraw(request, words) : null;
        WordMeaning meaning = withdrawn is { Word: { } taken } ? new WordMeaning(taken.Cases, taken.Others, []) : WordMeaning.Of(request, named);
        IEnumerable<IdentityWord> standing = IdentityWords.Standing(words);
        IdentityConstraints after = IdentityConstraints.Of(withdrawn is null ? standing.Append(meaning.Word(long.MaxValue)) : standing.Where(w => w != withdrawn.Word));
        LinkScope scope = await reach.OfCasesAsync(IdentityWord.Concerned([.. meaning.Cases, .. meaning.Others], standing));
        IReadOnlyList<StandingLink> linked = scope.Rows;
        List<Bilingual> notes = withdrawn is null ? Check(meaning, after, linked) : [];
        OverruledWord[] overruled = [.. words
            .Where(w => w != withdrawn)
            .Select(w => (Word: w, More: after.Overruled.GetValueOrDefault(w.Word.WordId) - before.Overruled.GetValueOrDefault(w.Word.WordId)))
            .Select(w => new OverruledWord(w.Word, withdrawn is null ? w.More : -w.More))
            .Where(o => o.Pairs > 0)];

        HashSet<long> leaving = [.. linked.Where(r => meaning.Leaving.Contains(r.Evidence.CaseNumber)).Select(r => r.Evidence.ComplaintId)];
        KeyHistory history = await IdentityWords.HistoryAsync(connection, source, linked, leaving, cancellation);
        LinkPlan plan = LinkPlan.Of(linked, scope.Recognition.Recognise(after), history);
        IReadOnlyList<StandingLink> planned = plan.After();
        IdentityImpact impact = new(connection, keys, source, await NewestModelAsync(connection, source, cancellation), rules, session);
        MovedFigures figures = await ImpactAsync(impact, linked, planned);
        string? note = string.IsNullOrWhiteSpace(request.Note) ? null : Masking.FreeText(request.Note.Trim());
        if (request.IsDryRun)
        {
            await transaction.RollbackAsync(cancellation);
            return new WordOutcome(request, source, named, meaning, null, note, Moves(linked, planned), overruled, figures, notes, []);
        }

        long wordId = withdrawn?.Word.WordId ?? await IdentityWords.SayAsync(
            connection, source, new SaidWord(request.Kind, note, $"analyst:{request.By}", now, meaning.Word(0)), cancellation);
        if (withdrawn is not null)
        {
            await IdentityWords.WithdrawAsync(connection, wordId, new WordWithdrawal(note, $"analyst:{request.By}", now), cancellation);
        }
        IdentityDecision decision = new($"analyst:{request.By}", now, wordId);
        LinkWritten written = await LinkWrite.ApplyAsync(connection, source, plan, history, decision, cancellation);
        await reach.SettleAsync(scope, after);
        IReadOnlyList<long> events = written.Events.Count > 0
            ? written.Events
            : await UnmovedAsync(connection, source, request.Kind, named, meaning, plan.After(written.Keys), decision, cancellation);
        await EventImpact.DescribeAsync(connection, impact, source, [.. stood.Events, .. written.Events], session);
        await AuditAsync(connection, source, wordId, request, meaning, note, now, cancellation);
        await transaction.CommitAsync(cancellation);
        return new WordOutcome(
            request, source, named, meaning, wordId, note, Moves(linked, plan.After(written.Keys)), overruled, figures, notes, events);
    }

    /// <summary>Waits for a run or a load of the source that is under way, then keeps both out until the transaction ends.</summary>
    private static async Task HoldAsync(NpgsqlConnection connection, string source, CommandSession session)
    {
        const string Key = "hashtextextended('ingest ' || $1, 0)";
        await using NpgsqlCommand attempt = new($"select pg_try_advisory_xact_lock({Key})", connection) { Parameters = { new() { Value = source } } };
        if (!(bool)(await attempt.ExecuteScalarAsync(session.Cancellation))!)
        {
            session.Notice(
                $"{source} 正在运行、导入或由另一人处理，等待其结束……", $"{source} is being run, loaded or worked on by somebody else; waiting for that to end …");
            await using NpgsqlCommand wait = new($"select pg_advisory_xact_lock({Key})", connection) { Parameters = { new() { Value = source } } };
            await wait.ExecuteNonQueryAsync(session.Cancellation);
        }
        await LinkStep.HoldAsync(connection, session.Cancellation);
    }

    private static async Task<string> SourceOfWordAsync(NpgsqlConnection connection, WordRequest request, CancellationToken cancellation)
    {
        string typed = request.Named[0].Trim().TrimStart('#');
        if (!long.TryParse(typed, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            || await IdentityWords.SourceOfAsync(connection, number, cancellation) is not { } source)
        {
            throw PipelineFault.Usage(
                $"没有编号为 '{request.Named[0]}' 的人工认定。编号见 pipeline person show P-000123 的“人工认定”。",
                $"There is no word '{request.Named[0]}' on identities. Their numbers stand under 'Analysts' words' of pipeline person show P-000123.");
        }
        return request.Source is { } asked && asked != source
            ? throw PipelineFault.Usage($"认定 #{number} 属于来源 {source}，不属于 {asked}。", $"The word #{number} is of the source {source}, not of {asked}.")
            : source;
    }

    private static SaidWord ToWithdraw(WordRequest request, IReadOnlyList<SaidWord> words)
    {
        SaidWord word = words.First(w => w.Word.WordId == long.Parse(request.Named[0].Trim().TrimStart('#'), CultureInfo.InvariantCulture));
        return word.Withdrawal is not { } before ? word : throw PipelineFault.Nothing(
            $"认定 #{word.Word.WordId} 已由 {before.By["analyst:".Length..]} 于 {before.At:yyyy-MM-dd HH:mm} 撤回，什么都没有改变。",
            $"The word #{word.Word.WordId} was withdrawn by {before.By["analyst:".Length..]} at {before.At:yyyy-MM-dd HH:mm}; nothing was changed.");
    }

    private static void RefuseOtherSources(List<NamedIdentity> named)
    {
        if (named.Count > 0 && named.Find(n => n.Source != named[0].Source) is { } other)
        {
            throw PipelineFault.Usage(
                $"{named[0].Name} 来自 {named[0].Source}，{other.Name} 来自 {other.Source}；不同来源的投诉人不相互合并或比较。",
                $"{named[0].Name} is of the source {named[0].Source} and {other.Name} of {other.Source}; persons are not joined across sources.");
        }
    }

    /// <summary>Refuses a word that would bring two valid identity numbers together; says what evidence a word of apartness goes against.</summary>
    private static List<Bilingual> Check(WordMeaning meaning, IdentityConstraints after, IReadOnlyList<StandingLink> rows)
    {
        Dictionary<string, EvidenceToken> identity = rows.Where(r => r.Evidence.Identity.IsShown)
            .ToDictionary(r => r.Evidence.CaseNumber, r => r.Evidence.Identity, StringComparer.Ordinal);
        if (meaning.Others.Count == 0)
        {
            string[] together = [.. identity.Keys.Where(c => after.AreTogether(c, meaning.Cases[0])).Order(StringComparer.Ordinal)];
            if (Array.Find(together, c => identity[c] != identity[together[0]]) is { } other)
            {
                throw PipelineFault.Failed(
                    $"不能认定为同一人：{together[0]} 与 {other} 载有两个不同的有效身份证号。若其中一个有误，请先在来源系统更正后重新导入。什么都没有改变。",
                    $"They cannot be one person: {together[0]} and {other} show two different valid identity numbers. If one is wrong, have the source correct it and export it again. Nothing was changed.");
            }
            ComplainantEvidence[] named = [.. rows.Select(r => r.Evidence).Where(e => meaning.Cases.Contains(e.CaseNumber))];
            List<Bilingual> doubts = [];
            if (named.Select(e => e.BirthYear).OfType<int>().Distinct().Skip(1).Any())
            {
                doubts.Add(new Bilingual("注意：所载出生年份不同；以人工认定为准。", "Note: they show different years of birth; the word stands above it."));
            }
            if (named.Select(e => e.Gender).OfType<string>().Distinct(StringComparer.Ordinal).Skip(1).Any())
            {
                doubts.Add(new Bilingual("注意：所载性别不同；以人工认定为准。", "Note: they show different genders; the word stands above it."));
            }
            return doubts;
        }
        HashSet<EvidenceToken> one = [.. meaning.Cases.Where(identity.ContainsKey).Select(c => identity[c])];
        return meaning.Others.FirstOrDefault(c => identity.TryGetValue(c, out EvidenceToken shown) && one.Contains(shown)) is { } same
            ? [new Bilingual(
                $"注意：两侧载有同一有效身份证号（例如 {same}）；以人工认定为准，仍予分开。",
                $"Note: both sides show the same valid identity number ({same}, for one); the word stands above it, and they are held apart.")]
            : [];
    }

    private static IdentityMove[] Moves(IReadOnlyList<StandingLink> before, IReadOnlyList<StandingLink> after) => [.. before.Zip(after)
        .Where(p => p.First.Person is not null && p.Second.Person is not null && p.First.Person != p.Second.Person)
        .Select(p => new IdentityMove(p.First.Evidence.CaseNumber, p.First.Person!.Value, p.Second.Person!.Value))];

    /// <summary>What changes with the persons that any complaint leaves or comes to.</summary>
    private static async Task<MovedFigures> ImpactAsync(IdentityImpact impact, IReadOnlyList<StandingLink> before, IReadOnlyList<StandingLink> after)
    {
        HashSet<long> touched = [.. before.Zip(after).Where(p => p.First.Person != p.Second.Person)
            .SelectMany(p => (long?[])[p.First.Person, p.Second.Person]).OfType<long>()];
        (StandingLink First, StandingLink Second)[] concerned = [.. before.Zip(after)
            .Where(p => (p.First.Person is { } a && touched.Contains(a)) || (p.Second.Person is { } b && touched.Contains(b)))];
        return concerned.Length == 0
            ? new MovedFigures([], [], 0)
            : await impact.OfAsync(
                concerned.ToDictionary(p => p.First.Evidence.ComplaintId, p => p.First.Person), concerned.ToDictionary(p => p.First.Evidence.ComplaintId, p => p.Second.Person));
    }

    /// <summary>The event of a word that brings nobody from one key to another.</summary>
    private static async Task<IReadOnlyList<long>> UnmovedAsync(
        NpgsqlConnection connection, string source, string kind, List<NamedIdentity> named, WordMeaning meaning, List<StandingLink> rows,
        IdentityDecision decision, CancellationToken cancellation)
    {
        IEnumerable<long?> concerned = kind == WordKinds.Withdraw
            ? meaning.Cases.Concat(meaning.Others).Select(c => rows.Find(r => r.Evidence.CaseNumber == c)?.Person)
            : named.Select(n => n.Person ?? rows.Find(r => r.Evidence.CaseNumber == n.Complaint)?.Person);
        long[] persons = [.. concerned.OfType<long>().Distinct()];
        if (persons.Length == 0)
        {
            if (kind == WordKinds.Withdraw)
            {
                return []; // its complaints are gone: nobody is left that an event could name
            }
            throw PipelineFault.Usage(
                $"{named[0].Name} 与 {named[^1].Name} 都未显示投诉人，也没有可分开的人。",
                $"Neither {named[0].Name} nor {named[^1].Name} shows anybody: there are no persons to hold apart.");
        }
        return [await IdentityEvents.WriteAsync(
            connection, source, kind, persons[0], persons.Length > 1 ? persons[1] : null, null,
            JsonSerializer.Serialize(new { cases = meaning.Cases.Count, others = meaning.Others.Count }), decision, cancellation)];
    }

    /// <summary>The model that the newest run counted by; the labels of moved complaints are those that were published.</summary>
    internal static async Task<string?> NewestModelAsync(NpgsqlConnection connection, string source, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(
            "select inputs -> 'models' ->> 0 from run where source = $1 and state = 'complete' order by completed_at desc limit 1", connection)
        {
            Parameters = { new() { Value = source } },
        };
        return await command.ExecuteScalarAsync(cancellation) as string;
    }

    private static async Task AuditAsync(
        NpgsqlConnection connection, string source, long wordId, WordRequest request, WordMeaning meaning, string? note, DateTimeOffset now, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new("select audit_append($1, $2, $3, $4)", connection)
        {
            Parameters =
            {
                new() { Value = now },
                new() { Value = $"analyst:{request.By}" },
                new() { Value = $"person.{request.Kind}" },
                new()
                {
                    Value = JsonSerializer.Serialize(new { word = wordId, source, cases = meaning.Cases, others = meaning.Others, note }),
                    NpgsqlDbType = NpgsqlDbType.Jsonb,
                },
            },
        };
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
