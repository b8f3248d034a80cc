using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using NpgsqlTypes;
using Pipeline.Jobs.Privacy;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complainants;

namespace Pipeline.Jobs.Complainants;

/// <summary>The weights that a source's complaints are judged by.</summary>
/// <param name="Model">Null: too few complaints, exact keys only.</param>
/// <param name="Rules">See <see cref="RulesHash"/>.</param>
/// <param name="IsNew">Everything is judged anew: the rules or the weights are not those that it was judged by.</param>
/// <param name="KeepsIndex">What is known of each complaint stands though the weights are new: keys follow from complaint and rules.</param>
/// <param name="Learned">What was opened to learn them, where they were learned just now.</param>
internal sealed record LinkModel(PersonModel? Model, string Rules, bool IsNew, bool KeepsIndex, ToldDetails? Learned = null)
{
    /// <summary>Changes whenever the same evidence may be judged otherwise than by the program before.</summary>
    private const string Method = "1";

    /// <summary>
    /// The weights that stand. Stated rule: they are learned when there are <see cref="PersonRecognition.FewestComplaints"/> complaints, and again each
    /// time that there are <see cref="Models.Complainants.Matching.MatchSchema.LearnAgainAt"/> times as many: from what exports told up to the first as-of date by which there were so many.
    /// What later exports add or correct does not move them; an older export that comes later, or is taken back, does. So they follow from
    /// the ledger, whenever and however often it was linked.
    /// </summary>
    internal static async Task<LinkModel> StandAsync(
        NpgsqlConnection connection, KeyRing keys, LinkSigns signs, string source, LinkRules matching, int sharedMinPersons, CancellationToken cancellation)
    {
        string rules = RulesHash(matching, sharedMinPersons);
        long complaints = await CountAsync(connection, source, cancellation);
        int due = Due(complaints, matching.Schema.Value.LearnAgainAt);
        State? state = await StateAsync(connection, source, cancellation);
        if (state is not null && state.Rules == rules && state.Due == due && await FilesAsync(connection, source, state.LearnedUntil, cancellation) == state.Files)
        {
            return new LinkModel(Read(state.Model), rules, IsNew: false, KeepsIndex: true);
        }
        DateOnly? until = due == 0 ? null : await ReachedAsync(connection, source, due, cancellation);
        ToldDetails? told = null;
        PersonModel? model = until is { } day ? await LearnAsync(day) : null;
        byte[]? kept = model?.Write();
        await SaveAsync(connection, source, new State(rules, due, until, await FilesAsync(connection, source, until, cancellation), kept), cancellation);
        bool isSame = state is not null && state.Rules == rules && (kept is null ? state.Model is null : state.Model is not null && kept.AsSpan().SequenceEqual(state.Model));
        return new LinkModel(model, rules, !isSame, KeepsIndex: state is { Model: not null } && state.Rules == rules && model is not null, told);

        PersonModel? Read(byte[]? bytes) => bytes is null ? null : PersonModel.Read(bytes, matching.Schema.Value, sharedMinPersons, signs.Value);

        async Task<PersonModel?> LearnAsync(DateOnly asOf)
        {
            List<StandingLink> rows = await LinkRows.ToldByAsync(connection, keys, source, matching.Schema.Value, asOf, cancellation);
            Dictionary<long, string[]> shown = rows.ToDictionary(r => r.Evidence.ComplaintId, r => r.Shown);
            told = new ToldDetails(asOf, shown);
            return PersonModel.Learn(
                [.. rows.Select(r => r.Evidence)], c => shown[c.ComplaintId], matching.Schema.Value, matching.Names.Value, sharedMinPersons, signs.Value,
                Environment.ProcessorCount, cancellation);
        }
    }

    /// <summary>Of everything but the weights that decides what is known of a complaint and how it is judged.</summary>
    internal static string RulesHash(LinkRules matching, int sharedMinPersons) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"{Method}|{matching.Schema.Sha256}|{matching.Names.Sha256}|{sharedMinPersons}"))));

    /// <summary>The greatest number of complaints not above those there are at which weights are due; 0: none.</summary>
    internal static int Due(long complaints, double growth)
    {
        double due = PersonRecognition.FewestComplaints;
        if (complaints < due)
        {
            return 0;
        }
        while (Math.Ceiling(due * growth) <= complaints)
        {
            due = Math.Ceiling(due * growth);
        }
        return (int)due;
    }

    private static async Task<long> CountAsync(NpgsqlConnection connection, string source, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new("select count(*) from complaint where source = $1", connection) { Parameters = { new() { Value = source } } };
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>The first as-of date by which exports had told of so many complaints.</summary>
    private static async Task<DateOnly> ReachedAsync(NpgsqlConnection connection, string source, int due, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(Sql.Get("Complainants/known_by_day"), connection) { Parameters = { new() { Value = source } } };
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        long known = 0;
        while (await row.ReadAsync(cancellation))
        {
            known += row.GetInt64(1);
            if (known >= due)
            {
                return row.GetFieldValue<DateOnly>(0);
            }
        }
        throw new InvalidOperationException($"the states of {source} tell of {known} complaints, its ledger has {due} or more");
    }

    /// <summary>A hash of the exports up to a date.</summary>
    private static async Task<string> FilesAsync(NpgsqlConnection connection, string source, DateOnly? until, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(
            """
            select coalesce(string_agg(sha256, ' ' order by as_of_date, place, file_id), '')
            from source_file
            where source = $1 and state = 'ingested' and as_of_date <= $2
            """, connection)
        {
            Parameters = { new() { Value = source }, new() { Value = (object?)until ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Date } },
        };
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes((string)(await command.ExecuteScalarAsync(cancellation))!)));
    }

    private static async Task<State?> StateAsync(NpgsqlConnection connection, string source, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new("select rules_sha256, due, learned_until, files_sha256, model from match_state where source = $1", connection)
        {
            Parameters = { new() { Value = source } },
        };
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation)
            ? new State(
                row.GetString(0), row.GetInt32(1), row.IsDBNull(2) ? null : row.GetFieldValue<DateOnly>(2), row.GetString(3),
                row.IsDBNull(4) ? null : row.GetFieldValue<byte[]>(4))
            : null;
    }

    private static async Task SaveAsync(NpgsqlConnection connection, string source, State state, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(
            """
            insert into match_state (source, rules_sha256, due, learned_until, files_sha256, model) values ($1, $2, $3, $4, $5, $6)
            on conflict (source) do update
            set rules_sha256 = excluded.rules_sha256, due = excluded.due, learned_until = excluded.learned_until,
                files_sha256 = excluded.files_sha256, model = excluded.model
            """, connection)
        {
            Parameters =
            {
                new() { Value = source },
                new() { Value = state.Rules },
                new() { Value = state.Due },
                new() { Value = (object?)state.LearnedUntil ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Date },
                new() { Value = state.Files },
                new() { Value = (object?)state.Model ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bytea },
            },
        };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private sealed record State(string Rules, int Due, DateOnly? LearnedUntil, string Files, byte[]? Model);
}
