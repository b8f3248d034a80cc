using System.CommandLine;
using Npgsql;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Store;

namespace Pipeline.Jobs.Audit;

/// <summary><c>audit verify</c>: whether the book of who did what is whole.</summary>
public static class AuditCommand
{
    public static Command Create() => new("audit", "The book of who did what / 审计记录")
    {
        new Command(
            "verify",
            "Walks the audit chain and says the first broken link / 核对审计链，指出第一处断裂\n  e.g. pipeline audit verify --json")
            .Runs((_, session) => VerifyAsync(session)),
    };

    internal static async Task<int> VerifyAsync(CommandSession session)
    {
        await using Database database = await Database.OpenAsync(session);
        await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync(session.Cancellation);
        AuditCheckResult result = await AuditCheck.RunAsync(connection, session.Cancellation);
        session.Document(new
        {
            result.Events,
            result.Head,
            result.Published,
            Whole = result.Broken is null,
            Broken = result.Broken is { } b ? new { b.Sequence, Reason = b.Reason.In(session.Language) } : null,
        });
        if (result.Broken is { } broken)
        {
            session.Line(
                $"审计链在第 {broken.Sequence} 号断裂：{broken.Reason.Zh}。共 {result.Events} 个事件。请保全数据库并与备份比对。",
                $"The audit chain is broken at number {broken.Sequence}: {broken.Reason.En}. {result.Events} events in all. Secure the database and compare it with a backup.");
            return ExitCodes.LookNeeded;
        }
        session.Line(
            $"审计链完整：{result.Events} 个事件，链头 {result.Head}；{result.Published} 个已发布版次与批准时一致。",
            $"The audit chain is whole: {result.Events} events, head {result.Head}; {result.Published} published editions are as they were approved.");
        return ExitCodes.Done;
    }
}
