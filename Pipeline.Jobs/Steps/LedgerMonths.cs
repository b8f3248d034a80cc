using Npgsql;
using NpgsqlTypes;
using Pipeline.Jobs.Ingest.Profiles;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complaints;
using Pipeline.Models.Text;

namespace Pipeline.Jobs.Steps;

/// <summary>A month of a source with how many complaints the ledger holds.</summary>
public sealed record LedgerMonth(string Source, ReportingMonth Month, long Complaints);

/// <summary>What the ledger holds, by source and month.</summary>
public static class LedgerMonths
{
    public static async Task<IReadOnlyList<LedgerMonth>> ListAsync(NpgsqlConnection connection, string? source, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(Sql.Get("Steps/months"), connection)
        {
            Parameters = { new() { Value = (object?)source ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text } },
        };
        List<LedgerMonth> months = [];
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            months.Add(new LedgerMonth(row.GetString(0), ReportingMonth.Of(row.GetFieldValue<DateOnly>(1)), row.GetInt64(2)));
        }
        return months;
    }

    /// <summary>The source that a month is run for: the one named, else the one with most complaints in it. Says so where there are several.</summary>
    /// <exception cref="PipelineFault">The month lies in the future, or the ledger has nothing of it.</exception>
    public static async Task<string> SourceAsync(NpgsqlConnection connection, ReportingMonth month, string? named, CommandSession session)
    {
        DateOnly today = DateOnly.FromDateTime(session.Time.GetLocalNow().Date);
        if (month > ReportingMonth.Of(today))
        {
            throw PipelineFault.Usage(
                $"{month} 在未来（今天是 {today:yyyy-MM-dd}）。请给出已开始的月份。",
                $"{month} lies in the future (today is {today:yyyy-MM-dd}). Name a month that has begun.");
        }
        IReadOnlyList<LedgerMonth> months = await ListAsync(connection, named, session.Cancellation);
        List<LedgerMonth> candidates = [.. months.Where(m => m.Month == month).OrderByDescending(m => m.Complaints).ThenBy(m => m.Source, StringComparer.Ordinal)];
        if (candidates.Count == 0)
        {
            string of = named is null ? "" : $" ({named})";
            string[] others = months.Count > 0 || named is null
                ? []
                : [.. (await ListAsync(connection, null, session.Cancellation)).Select(m => m.Source).Distinct().Order(StringComparer.Ordinal)];
            Bilingual held = others.Length > 0
                ? new($"没有来源 {named}；台账中的来源：{string.Join("、", others)}。", $"There is no source {named}; the ledger holds: {string.Join(", ", others)}.")
                : months.Count == 0
                ? new("台账为空，先运行 pipeline ingest。", "The ledger is empty: run 'pipeline ingest' first.")
                : new($"台账中有 {months[0].Month} 至 {months[^1].Month}。", $"It holds {months[0].Month} to {months[^1].Month}.");
            throw PipelineFault.Nothing($"台账中没有 {month}{of} 的投诉。{held.Zh}", $"The ledger holds no complaints of {month}{of}. {held.En}");
        }
        if (candidates.Count > 1)
        {
            string others = string.Join(", ", candidates.Skip(1).Select(c => $"{c.Source} ({c.Complaints})"));
            session.Notice(
                $"{month} 有多个来源；本次运行 {candidates[0].Source}（{candidates[0].Complaints} 件）。其他来源用 --source 指定：{others}",
                $"{month} holds several sources; this run is for {candidates[0].Source} ({candidates[0].Complaints} complaints). Name another with --source: {others}");
        }
        return candidates[0].Source;
    }

    /// <summary>The taxonomy that the source's profile counts by.</summary>
    public static async Task<string> TaxonomyAsync(NpgsqlConnection connection, string source, CommandSession session)
    {
        await using NpgsqlCommand command = new(
            "select profile from source_file where source = $1 and state = 'ingested' order by as_of_date desc, file_id desc limit 1", connection)
        {
            Parameters = { new() { Value = source } },
        };
        string profile = (string)(await command.ExecuteScalarAsync(session.Cancellation)
            ?? throw new InvalidOperationException($"the source {source} has complaints but no file"));
        return ProfileFiles.Named(ProfileFiles.Load(session.Home), profile).Value.Taxonomy;
    }
}
