using System.Diagnostics;
using System.Globalization;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Validation;
using Npgsql;
using Pipeline.Jobs.Publishing;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Steps;
using Pipeline.Jobs.Store;
using Pipeline.Models.Text;
using Pipeline.Reports;

namespace Pipeline.Benchmarks.Reports;

/// <summary>
/// Every workbook of every edition of a ledger in both languages by the Open XML SDK's validator. Arguments: <c>HOME [OUT]</c>; with OUT the
/// workbooks of each month's newest edition are kept there, to be opened by other programs. Ends with 1 where a workbook has an error.
/// </summary>
internal static class ValidityBenchmark
{
    public static int Run(string[] args)
    {
        if (args.Length is 0 or > 2)
        {
            Console.Error.WriteLine("validity HOME [OUT]");
            return 2;
        }
        return RunAsync(args[0], args.Length > 1 ? args[1] : null).GetAwaiter().GetResult();
    }

    private static async Task<int> RunAsync(string home, string? output)
    {
        CommandSession session = new(home, Language.En, false, TimeProvider.System, TextWriter.Null, Console.Error, CancellationToken.None);
        await using Database database = await Database.OpenAsync(session);
        await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync();
        IReadOnlyList<ListedEdition> editions = await EditionList.LoadAsync(connection, null, null, CancellationToken.None);
        OpenXmlValidator validator = new(FileFormatVersions.Office2019);
        (int workbooks, int errors, long bytes) = (0, 0, 0);
        long started = Stopwatch.GetTimestamp();
        foreach (ListedEdition edition in editions)
        {
            MonthReport report = await RunLedger.FindAsync(connection, edition.RunId, CancellationToken.None)
                ?? throw new InvalidOperationException($"the report of the run {edition.RunId} is gone");
            bool isNewest = editions.All(e => e.Source != edition.Source || e.Month != edition.Month || e.Edition <= edition.Edition);
            foreach (Language language in (Language[])[Language.Zh, Language.En])
            {
                foreach (WorkbookFile file in WorkbookWriter.Write(report, WorkbookKinds.All, language))
                {
                    workbooks++;
                    bytes += file.Bytes.Length;
                    using SpreadsheetDocument document = SpreadsheetDocument.Open(new MemoryStream(file.Bytes), false);
                    foreach (ValidationErrorInfo error in validator.Validate(document))
                    {
                        errors++;
                        Console.WriteLine($"{edition.Source} {language} {file.FileName} {error.Part?.Uri} {error.Path?.XPath}: {error.Description}");
                    }
                    if (output is not null && isNewest)
                    {
                        string folder = Path.Combine(output, edition.Source, language.ToString().ToLowerInvariant());
                        Directory.CreateDirectory(folder);
                        await File.WriteAllBytesAsync(Path.Combine(folder, file.FileName), file.Bytes);
                    }
                }
            }
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{editions.Count} editions, {workbooks} workbooks, {bytes >> 20} MB, {errors} errors; {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s"));
        return errors == 0 ? 0 : 1;
    }
}
