using Npgsql;
using Pipeline.Jobs.Privacy;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complainants;
using Pipeline.Models.Taxonomy;

namespace Pipeline.Jobs.Complainants;

/// <summary>
/// Links the complaints of a source to persons: by what analysts said, by exact keys, then by probability. Every run judges all evidence of the
/// source again and writes only what changed, so it may be run after each file or once for all: the same complaints and words give the same
/// persons. A key that stands never changes its person; merges and splits are identity events. One transaction under a lock of its own.
/// </summary>
public static class LinkStep
{
    private const long Lock = 0x70656F706C65; // 'people'

    /// <param name="keys">Opens names, numbers and addresses, which are compared in memory and written nowhere.</param>
    /// <param name="source">For example <c>cn-bank</c>. Persons are not joined across sources.</param>
    public static async Task<LinkResult> RunAsync(
        Database database, KeyRing keys, string source, RuleBook rules, LinkRules matching, CommandSession session)
    {
        CancellationToken cancellation = session.Cancellation;
        await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync(cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        await HoldAsync(connection, cancellation);
        List<StandingLink> rows = await LinkRows.ReadAsync(connection, keys, source, matching.Schema.Value, cancellation);
        RecognisedPersons recognised = Learn(rows, rules, matching, cancellation)
            .Recognise(IdentityWords.Constraints(await IdentityWords.LoadAsync(connection, source, cancellation)));
        KeyHistory history = await IdentityWords.HistoryAsync(connection, source, new HashSet<long>(), cancellation);
        LinkPlan plan = LinkPlan.Of(rows, recognised, history);
        LinkWritten written = await LinkWrite.ApplyAsync(
            connection, source, plan, history, new IdentityDecision($"rules {rules.Version}", session.Time.GetUtcNow()), cancellation);
        await MatchModels.WriteAsync(connection, source, recognised, matching, session.Time.GetUtcNow(), cancellation);
        await transaction.CommitAsync(cancellation);
        PersonClusters persons = recognised.Clusters;
        return new LinkResult(
            rows.Count, persons.Links.Count, persons.Persons.Count, plan.Assignment.KeyOfPerson.Count(k => k is null), recognised.Matches.Count,
            plan.Assignment.Merges.Count, plan.Assignment.Splits.Count, written.ChangedLinks, persons.SharedContacts, persons.Refused)
        {
            Events = written.Events,
        };
    }

    /// <summary>One link or word at a time, in whatever process, until the transaction ends.</summary>
    internal static async Task HoldAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using NpgsqlCommand hold = new("select pg_advisory_xact_lock($1)", connection) { Parameters = { new() { Value = Lock } } };
        await hold.ExecuteNonQueryAsync(cancellation);
    }

    internal static PersonRecognition Learn(IReadOnlyList<StandingLink> rows, RuleBook rules, LinkRules matching, CancellationToken cancellation)
    {
        Dictionary<long, string[]> shown = rows.ToDictionary(r => r.Evidence.ComplaintId, r => r.Shown);
        return PersonRecognition.Learn(
            [.. rows.Select(r => r.Evidence)], complaint => shown[complaint.ComplaintId], matching.Schema.Value, matching.Names.Value,
            rules.SharedPhoneMinPersons, Environment.ProcessorCount, cancellation);
    }
}
