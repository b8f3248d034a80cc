using System.CommandLine;
using Pipeline.Jobs.Shell;
using Pipeline.Models.Complaints;
using Pipeline.Models.Regulatory;

namespace Pipeline.Jobs.Regulatory;

/// <summary><c>denominators</c>: outlets and personal customers that complaints are set against.</summary>
internal static class DenominatorsCommand
{
    public static Command Create() => new("denominators", "Outlets and personal customers by branch and quarter / 营业网点与个人客户数")
    {
        Load(), List(),
    };

    private static Option<string> SourceOption() => new("--source")
    {
        Description = "Source of the complaints that they belong to, e.g. cn-bank / 数据来源",
        Required = true,
    };

    private static Command Load()
    {
        Argument<string> file = new("file") { Description = $"CSV: {DenominatorFiles.Header}" };
        Option<string> source = SourceOption();
        return new Command(
            "load",
            "Checks a file and keeps it; each later run is pinned to it / 载入分母文件\n  e.g. pipeline denominators load denominators.csv --source cn-bank")
        {
            file, source,
        }.Runs(async (parsed, session) =>
        {
            string name = SafeSource(parsed.GetValue(source)!);
            string path = parsed.GetValue(file)!;
            if (!File.Exists(path))
            {
                throw PipelineFault.Usage($"没有文件 '{path}'。", $"There is no file '{path}'.");
            }
            byte[] bytes = await File.ReadAllBytesAsync(path, session.Cancellation);
            Denominators read = DenominatorFiles.Read(path, bytes);
            string target = DenominatorFiles.PathOf(session.Home, name);
            await AtomicFile.WriteAsync(target, bytes, session.Cancellation);
            Print(name, read, session);
            session.Line($"已载入：{target}", $"Kept as {target}");
            return ExitCodes.Done;
        });
    }

    private static Command List()
    {
        Option<string> source = SourceOption();
        return new Command("list", "What is loaded, by quarter / 列出已载入的分母\n  e.g. pipeline denominators list --source cn-bank") { source }.Runs((parsed, session) =>
        {
            string name = SafeSource(parsed.GetValue(source)!);
            Denominators loaded = DenominatorFiles.Load(session.Home, name);
            if (loaded.Entries.Count == 0)
            {
                throw PipelineFault.Nothing(
                    $"{name} 尚未载入分母。载入：pipeline denominators load FILE --source {name}",
                    $"No denominators are loaded for {name}. Load them: pipeline denominators load FILE --source {name}");
            }
            Print(name, loaded, session);
            return Task.FromResult(ExitCodes.Done);
        });
    }

    private static void Print(string source, Denominators loaded, CommandSession session)
    {
        List<ReportingMonth> quarters = [.. loaded.Entries.Select(e => e.From).Distinct().Order()];
        session.Document(new
        {
            Source = source,
            loaded.Sha256,
            Quarters = quarters.Select(q => new
            {
                From = q.ToString(),
                Outlets = loaded.Of(Denominators.Outlets, null, q),
                PersonalCustomers = loaded.Of(Denominators.PersonalCustomers, null, q),
                Missing = loaded.Missing(q),
            }),
        });
        foreach (ReportingMonth quarter in quarters)
        {
            IReadOnlyList<string> missing = loaded.Missing(quarter);
            session.Line(
                missing.Count == 0
                    ? $"{quarter} 起：网点 {loaded.Of(Denominators.Outlets, null, quarter):#,##0}，个人客户 {loaded.Of(Denominators.PersonalCustomers, null, quarter):#,##0}"
                    : $"{quarter} 起：缺 {string.Join("、", missing)}，全行数无定义",
                missing.Count == 0
                    ? $"from {quarter}: {loaded.Of(Denominators.Outlets, null, quarter):#,##0} outlets, {loaded.Of(Denominators.PersonalCustomers, null, quarter):#,##0} personal customers"
                    : $"from {quarter}: {string.Join(", ", missing)} missing, so the bank's number is not defined");
        }
    }

    /// <summary>The source becomes part of a file name.</summary>
    private static string SafeSource(string source) =>
        source.Length > 0 && source.All(c => char.IsLetterOrDigit(c) || c is '-' or '_' or '.') && source[0] != '.'
            ? source
            : throw PipelineFault.Usage($"'{source}' 不能作为来源名。", $"'{source}' cannot be the name of a source.");
}
