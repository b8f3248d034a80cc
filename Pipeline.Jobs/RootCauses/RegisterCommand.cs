using System.CommandLine;
using System.Globalization;
using Npgsql;
using Pipeline.Jobs.Rules;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Steps;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complaints;
using Pipeline.Models.RootCauses;
using Pipeline.Models.Taxonomy;
using Pipeline.Reports;

namespace Pipeline.Jobs.RootCauses;

/// <summary><c>register import|export|show</c>: the remediation register, in and out of the ledger.</summary>
public static class RegisterCommand
{
    private static readonly Argument<string> FileArgument = new("FILE") { Description = "Workbook with the edited register / 编辑过的登记簿" };

    private static readonly Option<string?> SourceOption = new("--source") { Description = "Source of the complaints (default: the only one) / 数据来源" };

    private static readonly Option<string> OutOption = new("--out") { Description = "FILE.xlsx / 输出文件", Required = true };

    public static Command Create() => new("register", "The remediation register: corrective actions against causes / 溯源整改登记簿")
    {
        new Command("import", """
            Takes an edited register from a workbook: all of it, or nothing / 导入编辑过的登记簿
            Example: pipeline register import out/2026-10-rootcause.xlsx
            """) { FileArgument, SourceOption }.Runs(ImportAsync),
        new Command("export", """
            Writes the register that stands as a workbook to be edited / 导出登记簿
            Example: pipeline register export --out register.xlsx
            """) { OutOption, SourceOption }.Runs(ExportAsync),
        new Command("show", """
            Lists the entries of the register that stands / 查看登记簿
            Example: pipeline register show --json
            """) { SourceOption }.Runs(ShowAsync),
    };

    private static async Task<int> ImportAsync(ParseResult parsed, CommandSession session)
    {
        await using Database database = await Database.OpenAsync(session);
        await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync(session.Cancellation);
        string source = await SourceAsync(connection, parsed.GetValue(SourceOption), session.Cancellation);
        RegisterImported imported = await RegisterImport.RunAsync(connection, parsed.GetValue(FileArgument)!, source, await TaxonomyAsync(connection, source, session), session);
        Tell(imported, source, session);
        return imported.IsChanged ? ExitCodes.Done : ExitCodes.NothingToDo;
    }

    /// <summary>Imports the register before a run; a register that says what is known already is no fault.</summary>
    internal static async Task ImportFirstAsync(Database database, string path, ReportingMonth month, string? source, CommandSession session)
    {
        await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync(session.Cancellation);
        string of = await LedgerMonths.SourceAsync(connection, month, source, session);
        Models.Text.Bilingual words = Words(await RegisterImport.RunAsync(connection, path, of, await TaxonomyAsync(connection, of, session), session));
        session.Notice(words.Zh, words.En);
    }

    /// <summary>Says what an import did.</summary>
    internal static void Tell(RegisterImported imported, string source, CommandSession session)
    {
        session.Document(new
        {
            Source = source,
            imported.Register.Version,
            imported.Register.Sha256,
            Entries = imported.Register.Entries.Count,
            imported.IsChanged,
            imported.Added,
            imported.Changed,
            imported.Removed,
        });
        session.Line(Words(imported).Zh, Words(imported).En);
    }

    internal static Models.Text.Bilingual Words(RegisterImported imported) => imported.IsChanged
        ? new(
            $"登记簿第 {imported.Register.Version} 版：{imported.Register.Entries.Count} 条，新增 {imported.Added}，修改 {imported.Changed}，移除 {imported.Removed}（旧版本保留）。下次 run 起按此检验。",
            $"Register, version {imported.Register.Version}: {imported.Register.Entries.Count} entries, {imported.Added} added, {imported.Changed} changed, {imported.Removed} removed (older versions are kept). The next run tests by it.")
        : new($"登记簿没有变化，仍为第 {imported.Register.Version} 版。", $"The register has not changed and stays at version {imported.Register.Version}.");

    private static async Task<int> ExportAsync(ParseResult parsed, CommandSession session)
    {
        await using Database database = await Database.OpenAsync(session);
        await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync(session.Cancellation);
        string source = await SourceAsync(connection, parsed.GetValue(SourceOption), session.Cancellation);
        ComplaintTaxonomy taxonomy = await TaxonomyAsync(connection, source, session);
        RegisterVocabulary words = await RegisterImport.VocabularyAsync(connection, source, taxonomy, DateOnly.MaxValue, session.Cancellation);
        RemediationRegister register = await RegisterLedger.CurrentAsync(connection, source, session.Cancellation);
        byte[] bytes = RegisterWorkbook.Write(register, source, taxonomy, words, session.Language);
        string path = Path.GetFullPath(parsed.GetValue(OutOption)!);
        await Publication.WriteAsync([new WorkbookFile("register", Path.GetFileName(path), bytes, "")], Path.GetDirectoryName(path)!, session.Cancellation);
        session.Document(new { Source = source, register.Version, Entries = register.Entries.Count, Path = path });
        session.Line($"登记簿第 {register.Version} 版（{register.Entries.Count} 条）已写入 {path}", $"Register, version {register.Version} ({register.Entries.Count} entries), written to {path}");
        return ExitCodes.Done;
    }

    private static async Task<int> ShowAsync(ParseResult parsed, CommandSession session)
    {
        await using Database database = await Database.OpenAsync(session);
        await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync(session.Cancellation);
        string source = await SourceAsync(connection, parsed.GetValue(SourceOption), session.Cancellation);
        RemediationRegister register = await RegisterLedger.CurrentAsync(connection, source, session.Cancellation);
        session.Document(new { Source = source, register.Version, register.Sha256, register.Entries });
        session.Line($"{source}：登记簿第 {register.Version} 版，{register.Entries.Count} 条", $"{source}: register, version {register.Version}, {register.Entries.Count} entries");
        foreach (RemediationEntry entry in register.Entries)
        {
            string line = string.Create(
                CultureInfo.InvariantCulture,
                $"{entry.Id}  {entry.Cause,-8} {entry.Business ?? "*",-8} {entry.Branch ?? "*"}  {entry.Opened:yyyy-MM-dd} → {entry.Done?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "…"}  {entry.Owner}  {entry.Action}");
            session.Line(line, line);
        }
        return register.Version == 0 ? ExitCodes.NothingToDo : ExitCodes.Done;
    }

    private static async Task<ComplaintTaxonomy> TaxonomyAsync(NpgsqlConnection connection, string source, CommandSession session) =>
        RuleFiles.Taxonomy(session.Home, await LedgerMonths.TaxonomyAsync(connection, source, session)).Value;

    private static async Task<string> SourceAsync(NpgsqlConnection connection, string? asked, CancellationToken cancellation)
    {
        List<string> sources = [];
        await using (NpgsqlCommand command = new("select distinct source from complaint order by source", connection))
        await using (NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation))
        {
            while (await row.ReadAsync(cancellation))
            {
                sources.Add(row.GetString(0));
            }
        }
        if (asked is not null)
        {
            return sources.Contains(asked) ? asked : throw PipelineFault.Usage(
                $"台账中没有来源 '{asked}'，现有：{string.Join("、", sources)}。", $"The ledger has no source '{asked}'; it has: {string.Join(", ", sources)}.");
        }
        return sources.Count switch
        {
            1 => sources[0],
            0 => throw PipelineFault.Nothing("台账中还没有投诉，先导入：pipeline ingest", "The ledger has no complaint yet; ingest some first: pipeline ingest"),
            _ => throw PipelineFault.Usage($"台账中有多个来源（{string.Join("、", sources)}），请用 --source 指定。", $"The ledger has several sources ({string.Join(", ", sources)}); name one with --source."),
        };
    }
}
