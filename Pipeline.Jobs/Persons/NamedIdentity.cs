using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Store;

namespace Pipeline.Jobs.Persons;

/// <summary>Whom a command names: a person by key, or a complaint by case number.</summary>
/// <param name="Name">As it was typed.</param>
/// <param name="Person">The key that stands, after merges; null where the complaint shows nobody.</param>
/// <param name="NamedPerson">The key that was named, where it was merged away since.</param>
/// <param name="Complaint">The case number, where a complaint was named.</param>
/// <param name="Cases">The complaints of the person in the order of receipt; of a complaint that shows nobody itself.</param>
internal sealed record NamedIdentity(string Name, string Source, long? Person, long? NamedPerson, string? Complaint, IReadOnlyList<string> Cases)
{
    /// <summary>The token of a person's key, <c>P-000123</c>.</summary>
    public static string Token(long key) => key >= Complainants.LinkPlan.Unborn ? "P-new" : string.Create(CultureInfo.InvariantCulture, $"P-{key:000000}");

    /// <summary>How the person, or the complaint that shows nobody, is called in messages.</summary>
    public string Shown => Person is { } key ? Token(key) : Complaint!;

    /// <summary>Finds who is named: <c>P-000123</c>, a case number, or a key in digits where no case has that number.</summary>
    /// <param name="source">Null: whichever source has it.</param>
    /// <exception cref="PipelineFault">Nobody is called so, or several sources have the case: exit code 2.</exception>
    public static async Task<NamedIdentity> FindAsync(NpgsqlConnection connection, string name, string? source, CommandSession session)
    {
        string typed = name.Trim();
        bool isToken = typed.StartsWith("P-", StringComparison.OrdinalIgnoreCase);
        if (!isToken && await CaseAsync(connection, typed, source, session.Cancellation) is { } found)
        {
            return found;
        }
        string digits = isToken ? typed[2..] : typed;
        if (long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long key)
            && await PersonAsync(connection, typed, key, source, session) is { } person)
        {
            return person;
        }
        throw PipelineFault.Usage(
            $"没有投诉人或工单 '{typed}'。投诉人写作 P-000123（见报表“投诉人”列），投诉写工单号。",
            $"There is no complainant or case '{typed}'. A complainant is written P-000123 (see the column 'Complainant' of the workbooks), a complaint as its case number.");
    }

    private static async Task<NamedIdentity?> CaseAsync(NpgsqlConnection connection, string number, string? source, CancellationToken cancellation)
    {
        List<(string Source, long? Person)> found = [];
        await using (NpgsqlCommand command = new(
            """
            select source, person_key
            from complaint
            left join complainant_link using (complaint_id)
            where case_number = $1 and ($2::text is null or source = $2)
            order by source
            """, connection)
        {
            Parameters = { new() { Value = number }, new() { Value = (object?)source ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text } },
        })
        await using (NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation))
        {
            while (await row.ReadAsync(cancellation))
            {
                found.Add((row.GetString(0), row.IsDBNull(1) ? null : row.GetInt64(1)));
            }
        }
        if (found.Count > 1)
        {
            string sources = string.Join(", ", found.Select(f => f.Source));
            throw PipelineFault.Usage(
                $"工单号 {number} 在多个来源中都有：{sources}。请用 --source 指定。", $"Several sources have a case {number}: {sources}. Name one with --source.");
        }
        return found.Count == 0 ? null : new NamedIdentity(
            number, found[0].Source, found[0].Person, null, number,
            found[0].Person is { } person ? await CasesAsync(connection, person, cancellation) : [number]);
    }

    private static async Task<NamedIdentity?> PersonAsync(NpgsqlConnection connection, string typed, long key, string? source, CommandSession session)
    {
        await using NpgsqlCommand command = new(Sql.Get("Complainants/standing_key"), connection) { Parameters = { new() { Value = key } } };
        if (await command.ExecuteScalarAsync(session.Cancellation) is not long standing)
        {
            return null;
        }
        if (standing != key)
        {
            session.Notice(
                $"{Token(key)} 已并入 {Token(standing)}，以下按 {Token(standing)} 处理。", $"{Token(key)} was merged into {Token(standing)}; that is who is meant now.");
        }
        IReadOnlyList<string> cases = await CasesAsync(connection, standing, session.Cancellation);
        if (cases.Count == 0)
        {
            throw PipelineFault.Nothing(
                $"{Token(standing)} 名下现在没有投诉：其文件已撤回，或证据已变。", $"{Token(standing)} has no complaints now: their files were taken back, or the evidence changed.");
        }
        await using NpgsqlCommand of = new(
            "select source from complaint join complainant_link using (complaint_id) where person_key = $1 limit 1", connection)
        {
            Parameters = { new() { Value = standing } },
        };
        string own = (string)(await of.ExecuteScalarAsync(session.Cancellation))!;
        return source is not null && source != own
            ? throw PipelineFault.Usage($"{Token(standing)} 属于来源 {own}，不属于 {source}。", $"{Token(standing)} is of the source {own}, not of {source}.")
            : new NamedIdentity(typed, own, standing, standing == key ? null : key, null, cases);
    }

    private static async Task<IReadOnlyList<string>> CasesAsync(NpgsqlConnection connection, long person, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(
            "select case_number from complaint join complainant_link using (complaint_id) where person_key = $1 order by received_date, case_number", connection)
        {
            Parameters = { new() { Value = person } },
        };
        List<string> cases = [];
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            cases.Add(row.GetString(0));
        }
        return cases;
    }
}
