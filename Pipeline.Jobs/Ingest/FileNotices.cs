using Npgsql;
using Pipeline.Jobs.Ingest.Ledger;
using Pipeline.Jobs.Ingest.Profiles;
using Pipeline.Models.Complaints;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;

namespace Pipeline.Jobs.Ingest;

/// <summary>
/// What a person should know of a file that was taken, asked inside its transaction: no rows at all, why rows were rejected, rows that
/// a later file has overtaken, and columns that came or went since the export before. A column that is gone is read as empty, also for cases that an earlier export told it of.
/// </summary>
internal static class FileNotices
{
    private const int MostReasons = 5;
    private const int MostColumns = 12;

    /// <param name="fileId">The load, whose transaction <paramref name="connection"/> is in.</param>
    public static async Task<IReadOnlyList<Bilingual>> OfAsync(NpgsqlConnection connection, long fileId, LoadCounts counts, CancellationToken cancellation)
    {
        List<Bilingual> notices = [];
        if (counts.Read == 0)
        {
            notices.Add(new("表头下没有数据行；若该月本应有投诉，请重新导出。", "there are no rows below the header; if there should be, export it again."));
        }
        if (counts.Rejected > 0)
        {
            notices.AddRange(await ReasonsAsync(connection, fileId, cancellation));
        }
        if (counts.Late > 0)
        {
            notices.Add(await OlderAsync(connection, fileId, counts.Late, cancellation));
        }
        if (await ChangedColumnsAsync(connection, fileId, cancellation) is { } changed)
        {
            notices.Add(changed);
        }
        return notices;
    }

    private static async Task<IReadOnlyList<Bilingual>> ReasonsAsync(NpgsqlConnection connection, long fileId, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(Store.Sql.Get("Ingest/rejection_reasons"), connection) { Parameters = { new() { Value = fileId } } };
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        List<Bilingual> reasons = [];
        while (await row.ReadAsync(cancellation))
        {
            (string code, string column, long rows, long line) = (row.GetString(0), Recognition.Shown(row.GetString(1)), row.GetInt64(2), row.GetInt64(3));
            reasons.Add(new(
                $"{rows} 行未收（第一处在第 {line} 行）：{column} {QualityCodes.Sentence(code, Language.Zh)}",
                $"{English.Count(rows, "row")} not taken (the first in line {line}): {column} {QualityCodes.Sentence(code, Language.En)}"));
        }
        return reasons.Count <= MostReasons ? reasons :
        [
            .. reasons.Take(MostReasons),
            new($"另有 {reasons.Count - MostReasons} 种原因。", $"{reasons.Count - MostReasons} more reasons."),
        ];
    }

    /// <summary>Whoever hands in a corrected file under a name that stands before the first one's would else believe it taken.</summary>
    private static async Task<Bilingual> OlderAsync(NpgsqlConnection connection, long fileId, long rows, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(Store.Sql.Get("Ingest/same_day_behind"), connection) { Parameters = { new() { Value = fileId } } };
        string? behind = (string?)await command.ExecuteScalarAsync(cancellation);
        // By code point the underscore stands behind the full stop of the ending.
        string name = behind is null ? "" : $"{Path.GetFileNameWithoutExtension(behind)}_2{Path.GetExtension(behind)}";
        return new(
            $"{rows} 行是更早的状态：台账中已有这些工单更晚的状态，这些行只作历史保存，不改变现状。{(behind is null ? "" : $"{behind} 的导出日相同而文件名排在其后，以它为准；若本文件是对它的更正，请用 files rollback 撤回本文件，改名后（例如 {name}）再导入。")}",
            $"{English.Count(rows, "row")} tell an earlier state: the ledger has a later one of these cases, so they are kept as history and change nothing that stands.{(behind is null ? "" : $" {behind} is of the same day and its name stands behind this one's, so it holds; if this file corrects it, take this one back with 'files rollback' and ingest it under another name, for example {name}.")}");
    }

    private static async Task<Bilingual?> ChangedColumnsAsync(NpgsqlConnection connection, long fileId, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(Store.Sql.Get("Ingest/columns_before"), connection) { Parameters = { new() { Value = fileId } } };
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        if (!await row.ReadAsync(cancellation))
        {
            return null;
        }
        string before = row.GetString(0);
        (string[] had, string[] has) = (row.GetFieldValue<string[]>(1), row.GetFieldValue<string[]>(2));
        string[] gone = Without(had, has);
        string[] come = Without(has, had);
        return (gone.Length, come.Length) switch
        {
            (0, 0) => null,
            (0, _) => new($"比 {before} 多出的列：{Listed(come)}。", $"columns that {before} did not have: {Listed(come)}."),
            _ => new(
                $"{before} 有而本文件没有的列：{Listed(gone)}{(come.Length == 0 ? "" : $"；多出的列：{Listed(come)}")}。缺列按空值读取，已有工单的相应内容也会变空。若是改名或漏导，请改好后重新导出，用 files rollback 撤回本文件。",
                $"columns that {before} had and this file lacks: {Listed(gone)}{(come.Length == 0 ? "" : $"; columns that it did not have: {Listed(come)}")}. A missing column is read as empty, also for cases that had a value. If it was renamed or left out, export it again and take this file back with 'files rollback'."),
        };
    }

    private static string[] Without(string[] names, string[] others)
    {
        HashSet<string> known = [.. others.Select(TaxonomyClass.Fold)];
        return [.. names.Where(n => !known.Contains(TaxonomyClass.Fold(n)))];
    }

    private static string Listed(string[] names) =>
        string.Join(" | ", names.Take(MostColumns).Select(Recognition.Shown)) + (names.Length > MostColumns ? $" … (+{names.Length - MostColumns})" : "");
}
