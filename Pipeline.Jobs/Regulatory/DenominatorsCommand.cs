using System.CommandLine;
using Npgsql;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Store;
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
            // Before the file is kept: a call that fails for want of the database leaves nothing half accepted.
            Strangers? strangers = await StrangersAsync(name, read, session);
            await AtomicFile.WriteAsync(target, bytes, session.Cancellation);
            Print(name, read, strangers, session);
            session.Line($"已载入：{target}", $"Kept as {target}");
            return read.Gaps().Count == 0 ? ExitCodes.Done : ExitCodes.LookNeeded;
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
            Print(name, loaded, null, session);
            return Task.FromResult(ExitCodes.Done);
        });
    }

    private static void Print(string source, Denominators loaded, Strangers? strangers, CommandSession session)
    {
        IReadOnlyList<DenominatorGap> gaps = loaded.Gaps();
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
            Gaps = gaps.Select(g => new { From = g.From.ToString(), Through = g.Through.ToString(), g.Branches }),
            WithoutComplaints = strangers?.WithoutComplaints,
            WithoutEntries = strangers?.WithoutEntries,
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
        foreach (DenominatorGap gap in gaps)
        {
            string all = gap.Branches.Count == loaded.Branches.Count ? session.Say("全部机构", "all branches") : string.Join(session.Say("、", ", "), gap.Branches);
            session.Notice(
                $"{gap.From} 至 {gap.Through} 缺分母（{all}），这些月份的全行相对量无定义。请补充后重新载入。",
                $"{gap.From} to {gap.Through}: no entry of {all}, so the bank's relative figures of these months are not defined. Add the lines and load the file again.");
        }
    }

    /// <summary>Branches that the file names otherwise than the complaints do, which no other check could tell from a branch that has none.</summary>
    private static async Task<Strangers?> StrangersAsync(string source, Denominators loaded, CommandSession session)
    {
        await using Database database = await Database.OpenAsync(session);
        HashSet<string> named = new(StringComparer.Ordinal);
        await using (NpgsqlCommand command = database.Source.CreateCommand(
            "select distinct parent_branch_name from complaint where source = $1 and parent_branch_name is not null"))
        {
            command.Parameters.Add(new() { Value = source });
            await using NpgsqlDataReader row = await command.ExecuteReaderAsync(session.Cancellation);
            while (await row.ReadAsync(session.Cancellation))
            {
                named.Add(row.GetString(0));
            }
        }
        if (named.Count == 0)
        {
            session.Notice(
                $"台账中还没有 {source} 的投诉，机构名称未能核对。",
                $"The ledger holds no complaints of {source} yet, so the names of branches could not be compared.");
            return null;
        }
        Strangers found = new([.. loaded.Branches.Where(b => !named.Contains(b))], [.. named.Except(loaded.Branches, StringComparer.Ordinal).Order(StringComparer.Ordinal)]);
        if (found.WithoutComplaints.Count > 0)
        {
            session.Notice(
                $"文件中的机构在投诉中没有出现，请核对名称：{string.Join("、", found.WithoutComplaints)}",
                $"Branches of the file that no complaint names; check how they are written: {string.Join(", ", found.WithoutComplaints)}");
        }
        if (found.WithoutEntries.Count > 0)
        {
            session.Notice(
                $"投诉中的机构在文件里没有分母，其相对量无定义，全行数不含它们：{string.Join("、", found.WithoutEntries)}",
                $"Branches of complaints that the file lacks; their relative figures are not defined, and the bank's numbers are without them: {string.Join(", ", found.WithoutEntries)}");
        }
        return found;
    }

    /// <param name="WithoutComplaints">Branches of the file that no complaint of the source names.</param>
    /// <param name="WithoutEntries">Branches that complaints name and the file lacks.</param>
    private sealed record Strangers(IReadOnlyList<string> WithoutComplaints, IReadOnlyList<string> WithoutEntries);

    /// <summary>The source becomes part of a file name.</summary>
    private static string SafeSource(string source) =>
        source.Length > 0 && source.All(c => char.IsLetterOrDigit(c) || c is '-' or '_' or '.') && source[0] != '.'
            ? source
            : throw PipelineFault.Usage($"'{source}' 不能作为来源名。", $"'{source}' cannot be the name of a source.");
}
