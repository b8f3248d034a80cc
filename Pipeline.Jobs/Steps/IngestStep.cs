using Pipeline.Jobs.Ingest;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Store;

namespace Pipeline.Jobs.Steps;

/// <summary>The first step of a run that names files: the same ingest as the command of its own.</summary>
public static class IngestStep
{
    /// <param name="asOf">The day on which the files were exported; null: what each name states, else today.</param>
    /// <returns>The step's record, and <see cref="ExitCodes.LookNeeded"/> where too many rows were rejected, else <see cref="ExitCodes.Done"/>.</returns>
    /// <exception cref="PipelineFault">A file could not be taken: figures without it would not be the month's.</exception>
    public static async Task<(StepRecord Step, int ExitCode)> RunAsync(Database database, IReadOnlyList<string> paths, CommandSession session, DateOnly? asOf = null)
    {
        IngestResult result = await IngestReport.WithProgressAsync(
            session, tell => IngestFiles.RunAsync(session, database, new IngestOptions(paths) { AsOf = asOf }, tell));
        List<FileResult> failed = [.. result.Files.Where(f => f.Outcome == FileOutcome.Failed)];
        if (failed.Count > 0)
        {
            throw PipelineFault.Failed(
                $"有 {failed.Count} 个文件未能读入，本月未运行：\n{string.Join('\n', failed.Select(f => $"  {f.Path}：{f.Error?.Zh}"))}",
                $"{failed.Count} files could not be taken, so the month was not run:\n{string.Join('\n', failed.Select(f => $"  {f.Path}: {f.Error?.En}"))}");
        }
        IngestReport.Notices(session, result);
        StepRecord step = new("ingest", result.Files.Sum(f => f.Counts.Read), Math.Round(result.Files.Sum(f => f.Seconds), 3));
        return (step, result.ExitCode == ExitCodes.LookNeeded ? ExitCodes.LookNeeded : ExitCodes.Done);
    }
}
