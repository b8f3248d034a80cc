using System.CommandLine;
using Npgsql;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Steps;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complaints;
using Pipeline.Reports;

namespace Pipeline.Jobs.Publishing;

/// <summary><c>publish</c>: an officer approves an edition, which locks it.</summary>
internal static class PublishCommand
{
    public static Command Create()
    {
        Option<string> month = MonthOptions.Month();
        Option<string?> source = MonthOptions.Source();
        Option<int?> edition = MonthOptions.Edition();
        Option<string> by = new("--by") { Description = "Who approves, as it is to be printed / 批准人", Required = true };
        Option<string?> note = new("--note") { Description = "A remark that is printed with the approval / 备注" };
        return new Command(
            "publish",
            "Approves an edition of a month and locks it / 批准并锁定某月的一个版次\n  e.g. pipeline publish --month 2026-10 --by 王芳 --note 已核对")
        {
            month, source, edition, by, note,
        }.Runs((parsed, session) => RunAsync(
            MonthOptions.ParseMonth(parsed.GetValue(month)!), parsed.GetValue(source), parsed.GetValue(edition), parsed.GetValue(by)!, parsed.GetValue(note), session));
    }

    /// <param name="edition">Null: the one that counts what stands in the ledger.</param>
    internal static async Task<int> RunAsync(ReportingMonth month, string? source, int? edition, string by, string? note, CommandSession session)
    {
        by = by.Trim();
        note = string.IsNullOrWhiteSpace(note) ? null : note.Trim();
        if (by.Length is 0 or > 100 || by.Any(char.IsControl) || note is { Length: > 500 })
        {
            throw PipelineFault.Usage(
                "--by 应为批准人的姓名或工号，1 至 100 个字；--note 至多 500 个字。", "--by is the name or number of whoever approves, 1 to 100 characters; --note has at most 500.");
        }
        await using Database database = await Database.OpenAsync(session);
        await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync(session.Cancellation);
        KeptEdition kept = await Editions.KeptAsync(connection, month, source, edition, session);
        MonthReport report = kept.Report;
        if (kept.State == EditionState.Overtaken)
        {
            throw PipelineFault.Failed(
                $"{month}（{report.Source}）第 {report.Lineage.Edition} 版之后有变化，未发布：{kept.Why.Zh}。先运行 pipeline run --month {month} --source {report.Source}；若确要发布这一版，加 --edition {report.Lineage.Edition}。",
                $"Edition {report.Lineage.Edition} of {month} ({report.Source}) was not published; since then there changed: {kept.Why.En}. Run pipeline run --month {month} --source {report.Source} first; to publish this one all the same, add --edition {report.Lineage.Edition}.");
        }
        if (report.Changes is { } changes && changes.Unexplained.Any() && edition is null)
        {
            throw PipelineFault.Failed(
                $"第 {report.Lineage.Edition} 版有 {changes.Unexplained.Count()} 个指标的变动找不到原因，未发布。见 regulatory 报表“变动指标”；核查后若仍要发布，加 --edition {report.Lineage.Edition}。",
                $"{changes.Unexplained.Count()} figures of edition {report.Lineage.Edition} moved without a cause that was found, and it was not published. See the sheet 'Changed figures' of the regulatory workbook; to publish it after looking, add --edition {report.Lineage.Edition}.");
        }
        MonthReport published = await PublishedEditions.PublishAsync(connection, report, by, note, session.Time.GetUtcNow(), session.Cancellation);
        EditionApproval approval = published.Approval!;
        session.Document(new
        {
            Month = month.ToString(),
            published.Source,
            published.Lineage.Edition,
            published.Lineage.RunId,
            PublishedBy = approval.By,
            PublishedAt = approval.At,
            approval.Note,
            approval.AuditSequence,
            approval.AuditHash,
            Against = published.Changes?.Against,
            ChangedFigures = published.Changes?.Figures.Count,
        });
        string moved = published.Changes is not { } c ? "" : session.Say(
            $"；与第 {c.Against} 版比 {c.Figures.Count} 个指标变动", $"; {c.Figures.Count} figures moved against edition {c.Against}");
        session.Line(
            $"{month}（{published.Source}）第 {published.Lineage.Edition} 版已发布并锁定，批准人 {approval.By}，审计第 {approval.AuditSequence} 号{moved}。已批准的报表：pipeline report --month {month} --source {published.Source} --edition {published.Lineage.Edition}",
            $"Edition {published.Lineage.Edition} of {month} ({published.Source}) is published and locked, approved by {approval.By}, audit number {approval.AuditSequence}{moved}. The approved workbooks: pipeline report --month {month} --source {published.Source} --edition {published.Lineage.Edition}");
        return ExitCodes.Done;
    }
}
