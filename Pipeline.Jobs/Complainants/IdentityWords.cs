using Npgsql;
using NpgsqlTypes;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complainants;

namespace Pipeline.Jobs.Complainants;

/// <summary>What an analyst can say of identities. The names are used alike in SQL, JSON and commands.</summary>
public static class WordKinds
{
    public const string Confirm = "confirm";
    public const string Refuse = "refuse";
    public const string Merge = "merge";
    public const string Split = "split";

    /// <summary>Takes an earlier word back, without saying the opposite.</summary>
    public const string Withdraw = "withdraw";
}

/// <summary>A word as the ledger keeps it.</summary>
/// <param name="Note">The analyst's reason, personal data masked.</param>
/// <param name="By"><c>analyst:</c> and who.</param>
public sealed record SaidWord(string Kind, string? Note, string By, DateTimeOffset At, IdentityWord Word)
{
    /// <value>Who took it back: it binds nothing since. Null: nobody did.</value>
    public WordWithdrawal? Withdrawal { get; init; }
}

/// <summary>That a word was taken back.</summary>
/// <param name="By"><c>analyst:</c> and who.</param>
public sealed record WordWithdrawal(string? Note, string By, DateTimeOffset At);

/// <summary>Keeps the words of analysts on identities.</summary>
public static class IdentityWords
{
    /// <summary>Every word of the source, in the order of saying.</summary>
    public static async Task<IReadOnlyList<SaidWord>> LoadAsync(NpgsqlConnection connection, string source, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(Sql.Get("Complainants/words"), connection) { Parameters = { new() { Value = source } } };
        List<SaidWord> words = [];
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            words.Add(new SaidWord(
                row.GetString(1), row.IsDBNull(2) ? null : row.GetString(2), row.GetString(3), row.GetFieldValue<DateTimeOffset>(4),
                new IdentityWord(row.GetInt64(0), row.GetFieldValue<string[]>(5), row.GetFieldValue<string[]>(6)))
            {
                Withdrawal = row.IsDBNull(7)
                    ? null
                    : new WordWithdrawal(row.IsDBNull(9) ? null : row.GetString(9), row.GetString(7), row.GetFieldValue<DateTimeOffset>(8)),
            });
        }
        return words;
    }

    /// <summary>The words that were not taken back.</summary>
    internal static IEnumerable<IdentityWord> Standing(IEnumerable<SaidWord> words) => words.Where(w => w.Withdrawal is null).Select(w => w.Word);

    internal static IdentityConstraints Constraints(IEnumerable<SaidWord> words) => IdentityConstraints.Of(Standing(words));

    /// <summary>The source that a word was said of, or null where no word has that number.</summary>
    internal static async Task<string?> SourceOfAsync(NpgsqlConnection connection, long wordId, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new("select source from identity_word where word_id = $1", connection) { Parameters = { new() { Value = wordId } } };
        return await command.ExecuteScalarAsync(cancellation) as string;
    }

    /// <summary>Takes a word back.</summary>
    internal static async Task WithdrawAsync(NpgsqlConnection connection, long wordId, WordWithdrawal withdrawal, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(
            "insert into identity_withdrawal (word_id, note, withdrawn_by, withdrawn_at) values ($1, $2, $3, $4)", connection)
        {
            Parameters =
            {
                new() { Value = wordId },
                new() { Value = (object?)withdrawal.Note ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
                new() { Value = withdrawal.By },
                new() { Value = withdrawal.At },
            },
        };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Adds a word; its number is given by the ledger.</summary>
    internal static async Task<long> SayAsync(NpgsqlConnection connection, string source, SaidWord said, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(Sql.Get("Complainants/insert_word"), connection)
        {
            Parameters =
            {
                new() { Value = source },
                new() { Value = said.Kind },
                new() { Value = said.Word.IsTogether ? "together" : "apart" },
                new() { Value = (object?)said.Note ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
                new() { Value = said.By },
                new() { Value = said.At },
                new() { Value = said.Word.Cases.ToArray() },
                new() { Value = said.Word.Others.ToArray() },
            },
        };
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>Keys of the source that were merged away and whose complaint is among those that are judged, with that complaint.</summary>
    /// <param name="leaving">See <see cref="KeyHistory"/>.</param>
    internal static async Task<KeyHistory> HistoryAsync(
        NpgsqlConnection connection, string source, IEnumerable<StandingLink> judged, IReadOnlySet<long> leaving, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(Sql.Get("Complainants/merged_keys"), connection)
        {
            Parameters = { new() { Value = source }, new() { Value = judged.Select(r => r.Evidence.ComplaintId).ToArray() } },
        };
        Dictionary<long, long> merged = [];
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            // Two keys may have been held by one complaint in turn, where files were taken back between: the older key is the one that comes again.
            long complaint = row.GetInt64(1);
            merged[complaint] = merged.TryGetValue(complaint, out long other) ? Math.Min(other, row.GetInt64(0)) : row.GetInt64(0);
        }
        return new KeyHistory(merged, leaving);
    }
}
