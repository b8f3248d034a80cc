using System.Security.Cryptography;
using System.Text.Json;
using Npgsql;
using Pipeline.Models.Text;

namespace Pipeline.Jobs.Shell;

/// <summary>How a failure is told: a sentence on standard error, and with <c>--json</c> the one document on standard output.</summary>
internal static class FaultReport
{
    /// <summary>The failure in the words of the user, or null where it is the program's own fault.</summary>
    /// <param name="isCancelled">The user stopped the command.</param>
    public static PipelineFault? Explain(Exception fault, string home, bool isCancelled) => fault switch
    {
        PipelineFault told => told,
        OperationCanceledException when isCancelled => new PipelineFault(
            ExitCodes.Failed, new("已中断，未留下半成品。", "Stopped; nothing is half done."), fault)
        { Code = "stopped" },
        PostgresException refused => new PipelineFault(
            ExitCodes.EnvironmentFailed,
            new(
                $"数据库拒绝了操作（SQLSTATE {refused.SqlState}）：{refused.MessageText}。未留下半成品；运行 pipeline doctor 查看原因。",
                $"The database refused (SQLSTATE {refused.SqlState}): {Sentence(refused.MessageText)} Nothing is half done; run 'pipeline doctor' to see why."),
            refused)
        { Code = "database_failed", Place = new FaultPlace(SqlState: refused.SqlState) },
        NpgsqlException broken => new PipelineFault(
            ExitCodes.EnvironmentFailed,
            new(
                $"与数据库的连接中断：{broken.Message}。未留下半成品；运行 pipeline doctor 查看原因，然后重试。",
                $"The connection to the database broke: {Sentence(broken.Message)} Nothing is half done; run 'pipeline doctor' to see why, then run this again."),
            broken)
        { Code = "database_failed" },
        CryptographicException => new PipelineFault(
            ExitCodes.Failed,
            new(
                "一个加密的值无法打开：数据被改动，或密钥不对。未留下半成品；运行 pipeline doctor，必要时从备份恢复。",
                "A sealed value does not open: it was altered, or the key is another one. Nothing is half done; run 'pipeline doctor', and restore a backup if need be."),
            fault)
        { Code = "sealed_value" },
        InvalidDataException or JsonException => new PipelineFault(
            ExitCodes.Failed,
            new(
                $"一个规则文件或保存的数据不符合要求：{fault.Message}。改正 {home}/rules 或 profiles 中的文件后重试。",
                $"A rule file or kept data are not as expected: {Sentence(fault.Message)} Mend the file in {home}/rules or profiles, then run it again."),
            fault)
        { Code = "invalid_data" },
        UnauthorizedAccessException => new PipelineFault(
            ExitCodes.EnvironmentFailed,
            new(
                $"系统拒绝了操作：{SystemWords.Of(fault).Zh}。请给当前用户相应的权限后重试。",
                $"The system refused: {SystemWords.Of(fault).En}. Give this user the right to it, then run it again."),
            fault)
        { Code = "no_right" },
        // So the framework names a file that outgrew its file system (4 GB on many a stick) or this user's limit.
        ArgumentOutOfRangeException when fault.TargetSite?.DeclaringType == typeof(RandomAccess) => new PipelineFault(
            ExitCodes.EnvironmentFailed,
            new(
                "写出的文件超过了磁盘格式或用户限额允许的大小。未留下半成品；请换一个文件夹或磁盘后重试。",
                "A file grew past what the disk's format or this user's limit allows. Nothing is half done; choose another folder or disk, then run it again."),
            fault)
        { Code = "file_too_large" },
        DirectoryNotFoundException or FileNotFoundException => new PipelineFault(
            ExitCodes.EnvironmentFailed,
            new(
                $"{SystemWords.Of(fault).Zh}。请检查路径是否写对，或先建立该文件夹，然后重试。",
                $"Not found: {SystemWords.Of(fault).En}. Check how the path is written, or make the folder, then run it again."),
            fault)
        { Code = "input_output" },
        IOException => new PipelineFault(
            ExitCodes.EnvironmentFailed,
            new(
                $"读写失败：{SystemWords.Of(fault).Zh}。检查权限与磁盘空间后重试。",
                $"Reading or writing failed: {SystemWords.Of(fault).En}. Check the rights and the free space, then run it again."),
            fault)
        { Code = "input_output" },
        _ => null,
    };

    /// <summary>What <c>--json</c> says of a failure; only where the command has not printed its document yet.</summary>
    public static void Document(PipelineFault fault, CommandSession session)
    {
        if (!session.HasDocument)
        {
            session.Document(new { Error = Body(fault, session.Language) });
        }
    }

    /// <summary>The member <c>error</c> of a document: code, exit code, message in the language in use, and the place where it is known.</summary>
    public static IReadOnlyDictionary<string, object> Body(PipelineFault fault, Language language)
    {
        Dictionary<string, object> body = new(StringComparer.Ordinal)
        {
            ["code"] = fault.Code,
            ["exit_code"] = fault.ExitCode,
            ["message"] = fault.Text.In(language),
        };
        Add("file", fault.Place?.File);
        Add("line", fault.Place?.Line);
        Add("column", fault.Place?.Column);
        Add("sql_state", fault.Place?.SqlState);
        return body;

        void Add(string name, object? value)
        {
            if (value is not null)
            {
                body.Add(name, value);
            }
        }
    }

    private static string Sentence(string message) => message.TrimEnd('.') + ".";
}
