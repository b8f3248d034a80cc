using System.CommandLine;
using Npgsql;
using Pipeline.Jobs.Ingest.Ledger;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complaints;

namespace Pipeline.Jobs.Ingest.Quarantine;

/// <summary><c>quarantine list|export|release|dismiss</c>: rows that could not be taken.</summary>
public static class QuarantineCommand
{
    private static readonly Option<long?> FileOption = new("--file") { Description = "Only rows of this file (see 'files') / 只看某个文件" };

    private static readonly Option<string> StateOption = new("--state")
    {
        Description = "open, released, dismissed or all / 状态",
        DefaultValueFactory = _ => "open",
    };

    private static readonly Option<string> OutOption = new("--out") { Description = "FILE.xlsx or FILE.csv / 输出文件", Required = true };

    private static readonly Option<bool> UnmaskedOption = new("--unmasked")
    {
        Description = "Personal values as they came; without it they are masked, and a cell left masked keeps its original value on release / 不脱敏",
    };

    private static readonly Argument<string?> SheetArgument = new("FILE")
    {
        Description = "The corrected sheet / 更正后的表",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<long?> IdOption = new("--id") { Description = "Release this row as it is, without a sheet / 原样放行一行" };

    private static readonly Argument<long> IdArgument = new("ID") { Description = "Number of the quarantined row / 隔离编号" };

    private static readonly Option<string> WhyOption = new("--why") { Description = "The reason, kept with the row / 理由", Required = true };

    public static Command Create() =>
        new("quarantine", "Rows that could not be taken: look, correct, release or dismiss / 隔离区：查看、更正、放行、驳回")
        {
            new Command("list", """
                The rows in quarantine with file, line, column, value and reason / 隔离的行
                Example: pipeline quarantine list --json
                """) { FileOption, StateOption }.Runs(ListAsync),
            new Command("export", """
                Writes open rows with their original values as a sheet to be corrected / 导出待更正的表
                Example: pipeline quarantine export --out corrections.xlsx --unmasked
                """) { OutOption, FileOption, UnmaskedOption }.Runs(ExportAsync),
            new Command("release", """
                Takes corrected rows into the ledger / 导入更正后的行
                Example: pipeline quarantine release corrections.xlsx
                """) { SheetArgument, IdOption }.Runs(ReleaseAsync),
            new Command("dismiss", """
                Decides that a row is no complaint and stays out / 驳回一行
                Example: pipeline quarantine dismiss 17 --why "test record of the source system"
                """) { IdArgument, WhyOption }.Runs(DismissAsync),
        };

    private static async Task<int> ListAsync(ParseResult parsed, CommandSession session)
    {
        string state = parsed.GetValue(StateOption)!;
        if (state is not ("open" or "released" or "dismissed" or "all"))
        {
            throw PipelineFault.Usage($"--state 只能是 open、released、dismissed 或 all，收到 '{state}'。", $"--state takes open, released, dismissed or all, not '{state}'.");
        }
        await using Database database = await Database.OpenAsync(session);
        await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync(session.Cancellation);
        IReadOnlyList<QuarantinedRow> rows = await QuarantinedRow.ReadAsync(
            connection, state == "all" ? null : state, parsed.GetValue(FileOption), null, session.Cancellation);
        session.Document(new
        {
            rows = rows.Select(r => new
            {
                id = r.Id,
                file_id = r.FileId,
                file = r.File,
                sheet = r.Sheet.Length == 0 ? null : r.Sheet,
                line = r.Line,
                case_number = r.CaseNumber,
                column = r.Column,
                column_number = r.ColumnNumber,
                value = r.ValueMasked,
                reason = r.Reason,
                sentence = QualityCodes.Sentence(r.Reason, session.Language),
                state = r.State,
                why = r.DecidedReason,
                arrived_in = r.ArrivedIn,
            }),
        });
        foreach (QuarantinedRow row in rows)
        {
            Print(session, row);
        }
        session.Line($"共 {rows.Count} 行。", $"{rows.Count} rows.");
        return rows.Count == 0 ? ExitCodes.NothingToDo : ExitCodes.Done;
    }

    private static void Print(CommandSession session, QuarantinedRow row)
    {
        string where = row.Sheet.Length == 0 ? row.File : $"{row.File} [{row.Sheet}]";
        string value = row.ValueMasked is null ? "" : $" '{row.ValueMasked}'";
        string decided = row.State == "open" ? "" : $" [{row.State}{(row.DecidedReason is null ? "" : ": " + row.DecidedReason)}]";
        string zhArrived = row.ArrivedIn is null ? "" : row.ArrivedLater ? $" 该案件其后已由 {row.ArrivedIn} 导入。" : $" 该案件已在账中（{row.ArrivedIn}）。";
        string enArrived = row.ArrivedIn is null ? "" : row.ArrivedLater ? $" The case has since arrived in {row.ArrivedIn}." : $" The case is in the ledger from {row.ArrivedIn}.";
        session.Line(
            $"{row.Id}  {where} 第 {row.Line} 行 {row.CaseNumber ?? "（无工单号）"} {row.Column}{value}：{QualityCodes.Sentence(row.Reason, session.Language)}{zhArrived}{decided}",
            $"{row.Id}  {where}, line {row.Line}, {row.CaseNumber ?? "(no case number)"} {row.Column}{value}: {QualityCodes.Sentence(row.Reason, session.Language)}{enArrived}{decided}");
    }

    private static async Task<int> ExportAsync(ParseResult parsed, CommandSession session)
    {
        string path = parsed.GetValue(OutOption)!;
        await using Database database = await Database.OpenAsync(session);
        bool unmasked = parsed.GetValue(UnmaskedOption);
        int rows = await QuarantineExport.RunAsync(session, database, path, parsed.GetValue(FileOption), unmasked);
        session.Document(new { path = rows == 0 ? null : Path.GetFullPath(path), rows, unmasked });
        if (rows == 0)
        {
            session.Line("隔离区没有待处理的行，未写文件。", "No row is open in quarantine; no file was written.");
            return ExitCodes.NothingToDo;
        }
        session.Line(
            $"已写出 {rows} 行：{path}。更正后运行 pipeline quarantine release {path}。" + (unmasked ? "文件含个人信息，用后请删除。" : "未改动的脱敏单元格在放行时使用原值。"),
            $"{rows} rows were written to {path}. Correct them and run 'pipeline quarantine release {path}'. "
            + (unmasked ? "The file holds personal data: delete it after use." : "A cell left masked keeps its original value."));
        return ExitCodes.Done;
    }

    private static async Task<int> ReleaseAsync(ParseResult parsed, CommandSession session)
    {
        string? path = parsed.GetValue(SheetArgument);
        long? id = parsed.GetValue(IdOption);
        if (path is null == id is null)
        {
            throw PipelineFault.Usage("请给出更正后的文件，或用 --id 指定一行，二者选一。", "Give either the corrected sheet or one row with --id.");
        }
        await using Database database = await Database.OpenAsync(session);
        ReleaseResult result = path is not null
            ? await QuarantineRelease.FromSheetAsync(session, database, path)
            : await QuarantineRelease.AsItIsAsync(session, database, id!.Value);
        LoadCounts counts = result.Counts;
        session.Document(new
        {
            released = result.Released,
            still_rejected = result.StillRejected.Select(r => new { id = r.Id, reason = r.Reason, column = r.Column }),
            not_open = result.NotOpen,
            @new = counts.New,
            updated = counts.Updated,
            unchanged = counts.Unchanged,
            duplicate = counts.Duplicate,
        });
        session.Line(
            $"放行 {result.Released.Count} 行：新增 {counts.New}，更新 {counts.Updated}，未变 {counts.Unchanged}，重复 {counts.Duplicate}。",
            $"{result.Released.Count} rows released: {counts.New} new, {counts.Updated} updated, {counts.Unchanged} unchanged, {counts.Duplicate} duplicate.");
        foreach (StillRejected row in result.StillRejected)
        {
            string sentence = QualityCodes.Sentence(row.Reason, session.Language);
            session.Line($"  {row.Id} 仍在隔离区：{row.Column} {sentence}", $"  {row.Id} stays in quarantine: {row.Column} {sentence}");
        }
        if (result.NotOpen.Count > 0)
        {
            string list = string.Join(", ", result.NotOpen);
            session.Line($"不存在或此前已处理，未动：{list}", $"Not there or decided before, left alone: {list}");
        }
        return result.StillRejected.Count > 0 ? ExitCodes.LookNeeded : result.Released.Count > 0 ? ExitCodes.Done : ExitCodes.NothingToDo;
    }

    private static async Task<int> DismissAsync(ParseResult parsed, CommandSession session)
    {
        long id = parsed.GetValue(IdArgument);
        string why = parsed.GetValue(WhyOption)!.Trim();
        if (why.Length == 0)
        {
            throw PipelineFault.Usage("--why 不能为空。", "--why must say something.");
        }
        await using Database database = await Database.OpenAsync(session);
        await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync(session.Cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(session.Cancellation);
        int decided = await QuarantineRelease.DecideAsync(connection, [id], "dismissed", session.Time.GetUtcNow(), null, why, session.Cancellation);
        if (decided == 0)
        {
            throw PipelineFault.Failed($"没有待处理的隔离行 {id}。运行 pipeline quarantine list 查看。", $"There is no open row {id} in quarantine. Run 'pipeline quarantine list'.");
        }
        await LedgerLoad.AuditAsync(
            connection, session.Time.GetUtcNow(), Environment.UserName, "quarantine_dismiss", new { quarantine_id = id, why }, session.Cancellation);
        await transaction.CommitAsync(session.Cancellation);
        session.Document(new { id, state = "dismissed", why });
        session.Line($"隔离行 {id} 已驳回。", $"Row {id} is dismissed.");
        return ExitCodes.Done;
    }
}
