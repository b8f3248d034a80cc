using Npgsql;
using Pipeline.Jobs.Privacy;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complainants;
using Pipeline.Models.Taxonomy;

namespace Pipeline.Jobs.Complainants;

/// <summary>
/// Links the complaints of a source to persons: by what analysts said, by exact keys, then by probability. Every run judges the complaints that
/// are new, changed or gone with all that they may concern, and the whole ledger where rules or weights are new (<see cref="LinkReach"/>,
/// <see cref="LinkModel"/>), and writes only what changed; so it may be run after each file or once for all: the same complaints and words give
/// the same persons. A key that stands never changes its person; merges and splits are identity events. One transaction under a lock of its own.
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
        IdentityConstraints words = IdentityWords.Constraints(await IdentityWords.LoadAsync(connection, source, cancellation));
        (LinkReach _, LinkPlan plan, LinkWritten written) = await BringUpAsync(
            connection, keys, source, rules, matching, words, session.Time.GetUtcNow(), cancellation);
        await transaction.CommitAsync(cancellation);
        PersonClusters clusters = plan.Recognised.Clusters;
        return new LinkResult(
            plan.Rows.Count, clusters.Links.Count, clusters.Persons.Count, plan.Assignment.KeyOfPerson.Count(k => k is null), plan.Recognised.Matches.Count,
            plan.Assignment.Merges.Count, plan.Assignment.Splits.Count, written.ChangedLinks, clusters.SharedContacts, clusters.Refused)
        {
            Events = written.Events,
        };
    }

    /// <summary>Makes the persons of a source what evidence and words say, inside the caller's transaction.</summary>
    internal static async Task<(LinkReach Reach, LinkPlan Plan, LinkWritten Written)> BringUpAsync(
        NpgsqlConnection connection, KeyRing keys, string source, RuleBook rules, LinkRules matching, IdentityConstraints words, DateTimeOffset now,
        CancellationToken cancellation)
    {
        LinkReach reach = await LinkReach.OpenAsync(connection, keys, source, rules.SharedPhoneMinPersons, matching, cancellation);
        LinkScope scope = await reach.ReachAsync(words);
        KeyHistory history = await IdentityWords.HistoryAsync(connection, source, scope.Rows, new HashSet<long>(), cancellation);
        LinkPlan plan = LinkPlan.Of(scope.Rows, scope.Recognition.Recognise(words), history);
        LinkWritten written = await LinkWrite.ApplyAsync(
            connection, source, plan, history, new IdentityDecision($"rules {rules.Version}", now), cancellation);
        await reach.SettleAsync(scope, words);
        await LinkPreparation.ForgetAsync(connection, source, cancellation);
        await MatchModels.WriteAsync(connection, source, reach.Model, matching, now, cancellation);
        return (reach, plan, written);
    }

    /// <summary>One link or word at a time, in whatever process, until the transaction ends.</summary>
    internal static async Task HoldAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using NpgsqlCommand hold = new("select pg_advisory_xact_lock($1)", connection) { Parameters = { new() { Value = Lock } } };
        await hold.ExecuteNonQueryAsync(cancellation);
    }
}
