using Npgsql;
using Pipeline.Jobs.Ingest.Profiles;
using Pipeline.Jobs.Rules;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complaints;

namespace Pipeline.Jobs.Ingest.Quarantine;

/// <summary>
/// Open quarantined rows as sheets that can be corrected and released. A cell that comes back as it was exported means the original
/// value, masked or not; a changed one means what was typed.
/// </summary>
public static class QuarantineExport
{
    public const string IdColumn = "quarantine_id";

    /// <value>The columns before the original ones, with the identifier first.</value>
    public static IReadOnlyList<string> OwnColumns { get; } =
        [IdColumn, "quarantine_file", "quarantine_sheet", "quarantine_line", "quarantine_column", "quarantine_reason"];

    /// <param name="isUnmasked">True: personal values are written as they came.</param>
    /// <returns>Rows written.</returns>
    public static async Task<int> RunAsync(CommandSession session, Database database, string path, long? fileId, bool isUnmasked)
    {
        if (Path.GetExtension(path).ToLowerInvariant() is not (".xlsx" or ".csv"))
        {
            throw PipelineFault.Usage($"--out 需要 .xlsx 或 .csv 文件名，收到 '{path}'。", $"--out takes a file name ending in .xlsx or .csv, not '{path}'.");
        }
        await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync(session.Cancellation);
        IReadOnlyList<QuarantinedRow> rows = await QuarantinedRow.ReadAsync(connection, "open", fileId, null, session.Cancellation);
        if (rows.Count == 0)
        {
            return 0;
        }
        QuarantineTables tables = new(session.Home);
        List<CorrectionSheet> sheets = [];
        foreach (IGrouping<string, QuarantinedRow> layout in rows.GroupBy(r => $"{r.Profile}\n{string.Join('\n', r.Columns)}"))
        {
            ColumnMap map = tables.Map(layout.First());
            List<string[]> cells = [.. layout.Select(r => Shown(r, map, database, isUnmasked))];
            int width = Math.Max(map.Headers.Count, cells.Max(c => c.Length));
            string[] surplus = [.. Enumerable.Range(1, width - map.Headers.Count).Select(n => $"quarantine_surplus_{n}")];
            sheets.Add(new CorrectionSheet(
                $"{sheets.Count + 1} {layout.First().Profile}",
                [.. OwnColumns, .. map.Headers, .. surplus],
                [.. layout.Zip(cells, (row, values) => Line(session, row, values))]));
        }
        if (sheets.Count > 1 && path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase))
        {
            throw PipelineFault.Usage(
                $"隔离的行来自 {sheets.Count} 种不同的表，一个 CSV 放不下；请改用 .xlsx，或用 --file 指定一个文件。",
                $"The quarantined rows are of {sheets.Count} kinds of tables, which do not fit into one CSV; use .xlsx, or name one file with --file.");
        }
        CorrectionWorkbook.Write(path, sheets, isPrivate: isUnmasked);
        return rows.Count;
    }

    /// <summary>The cells as the sheet shows them; the release compares with the same.</summary>
    internal static string[] Shown(QuarantinedRow row, ColumnMap map, Database database, bool isUnmasked)
    {
        string[] cells = row.Cells(database.Keys);
        return isUnmasked ? cells : CellDisplay.Masked(cells, map, row.Reason);
    }

    private static string[] Line(CommandSession session, QuarantinedRow row, string[] cells) =>
    [
        $"{row.Id}", row.File, row.Sheet, $"{row.Line}", row.Column ?? "", QualityCodes.Sentence(row.Reason, session.Language), .. cells,
    ];
}

/// <summary>The column maps of tables that rows were quarantined from, by the profiles at hand.</summary>
public sealed class QuarantineTables(string home)
{
    private readonly IReadOnlyList<PinnedRule<Profile>> profiles = ProfileFiles.Load(home);

    public ColumnMap Map(QuarantinedRow row) => ColumnMap.Of(ProfileFiles.Named(profiles, row.Profile), row.Header, row.Columns);
}
