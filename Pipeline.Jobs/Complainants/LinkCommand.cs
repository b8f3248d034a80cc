using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Pipeline.Jobs.Classification;
using Pipeline.Jobs.Ingest.Reading;
using Pipeline.Jobs.Shell;
using Pipeline.Models.Complainants.Matching;

namespace Pipeline.Jobs.Complainants;

/// <summary><c>link</c>: which rows of one or more tables are the same person, by a schema, without labels and without a database.</summary>
public static class LinkCommand
{
    private const int MostInputs = 26;

    public static Command Create()
    {
        Option<string[]> input = new("--input") { Description = "Table of persons; give it again for another one / 输入表，可重复", Required = true };
        Option<string> schema = new("--schema") { Description = "JSON: columns, their kinds, blocking (see data-samples/schemas) / 匹配方案", Required = true };
        Option<string> output = new("--output") { Description = "CSV to write: row, person; beside it FILE.pairs.csv / 输出 CSV", Required = true };
        Option<int> threads = new("--threads") { Description = "Threads to use (default: all) / 线程数", DefaultValueFactory = _ => Environment.ProcessorCount };
        return new Command(
            "link",
            "Find the rows of tables of persons that are the same person / 在人员表中识别同一人\n"
            + "Example: pipeline link --input a.csv --input b.csv --schema data-samples/schemas/febrl.json --output persons.csv")
        {
            input, schema, output, threads,
        }.Runs((parsed, session) => RunAsync(
            new LinkRequest(parsed.GetValue(input)!, parsed.GetValue(schema)!, parsed.GetValue(output)!, parsed.GetValue(threads)), session));
    }

    /// <param name="Threads">1 or more.</param>
    internal sealed record LinkRequest(IReadOnlyList<string> Inputs, string Schema, string Output, int Threads);

    internal static async Task<int> RunAsync(LinkRequest request, CommandSession session)
    {
        string pairsPath = Check(request);
        long started = session.Time.GetTimestamp();
        MatchSchema schema = PersonTables.Schema(request.Schema);
        MatchTable table = PersonTables.Read(
            request.Inputs, schema, PersonTables.Lexicon(session.Home).Value, text => session.Notice(text.Zh, text.En), session.Cancellation);
        double readSeconds = session.Time.GetElapsedTime(started).TotalSeconds;
        if (table.Records == 0)
        {
            session.Notice("输入没有数据行。", "The inputs hold no data row.");
            return ExitCodes.NothingToDo;
        }
        MatchOutcome outcome = PersonMatcher.Match(table, request.Threads, session.Cancellation);
        double matchSeconds = session.Time.GetElapsedTime(started).TotalSeconds - readSeconds;
        await AtomicFile.WriteAsync(request.Output, stream => WriteRowsAsync(stream, outcome));
        await AtomicFile.WriteAsync(pairsPath, stream => WritePairsAsync(stream, outcome, session));
        double seconds = session.Time.GetElapsedTime(started).TotalSeconds;
        session.Document(LinkSummary.Of(outcome, request, pairsPath, readSeconds, matchSeconds, seconds));
        LinkSummary.Print(outcome, request.Output, pairsPath, seconds, session);
        return ExitCodes.Done;
    }

    /// <summary>The name of a record in output: letter of its input and 1-based data row, <c>A:12</c>.</summary>
    internal static string Row(RecordPlace place) => string.Create(CultureInfo.InvariantCulture, $"{(char)('A' + place.Input)}:{place.Row}");

    private static string Check(LinkRequest request)
    {
        if (request.Threads < 1)
        {
            throw PipelineFault.Usage("--threads 应为 1 以上。", "--threads must be 1 or more.");
        }
        if (request.Inputs.Count is 0 or > MostInputs)
        {
            throw PipelineFault.Usage($"--input 需要 1 到 {MostInputs} 个文件。", $"--input takes 1 to {MostInputs} files.");
        }
        string folder = Path.GetDirectoryName(Path.GetFullPath(request.Output)) ?? ".";
        if (!Directory.Exists(folder))
        {
            throw PipelineFault.Usage($"输出文件夹 '{folder}' 不存在。请先创建。", $"The output folder '{folder}' does not exist. Create it first.");
        }
        string pairs = request.Output.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) ? request.Output[..^4] + ".pairs.csv" : request.Output + ".pairs.csv";
        foreach (string input in request.Inputs)
        {
            if (Path.GetFullPath(input) == Path.GetFullPath(request.Output) || Path.GetFullPath(input) == Path.GetFullPath(pairs))
            {
                throw PipelineFault.Usage("--output 不能覆盖输入文件。", "--output must not be an input file.");
            }
        }
        return pairs;
    }

    private static async Task WriteRowsAsync(Stream stream, MatchOutcome outcome)
    {
        await using StreamWriter writer = new(stream, new UTF8Encoding(false), 1 << 16, leaveOpen: true) { NewLine = "\r\n" };
        await writer.WriteLineAsync("row,person");
        foreach (int record in Enumerable.Range(0, outcome.Person.Length)
            .OrderBy(r => outcome.Table.Place(r).Input).ThenBy(r => outcome.Table.Place(r).Row))
        {
            await writer.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{Row(outcome.Table.Place(record))},{outcome.Person[record] + 1}"));
        }
    }

    private static async Task WritePairsAsync(Stream stream, MatchOutcome outcome, CommandSession session)
    {
        await using StreamWriter writer = new(stream, new UTF8Encoding(false), 1 << 16, leaveOpen: true) { NewLine = "\r\n" };
        await writer.WriteLineAsync("row_a,row_b,probability,evidence,prior" + string.Concat(outcome.Table.Schema.Fields.Select(f => "," + f.Name)));
        foreach (MatchedPair pair in outcome.Pairs)
        {
            MatchExplanation why = MatchExplanation.Of(outcome.Table, outcome.Model, pair.A, pair.B);
            await writer.WriteAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{Row(outcome.Table.Place(pair.A))},{Row(outcome.Table.Place(pair.B))},{pair.Probability:0.000000},\"{why.Sentence.In(session.Language)}\",{why.PriorBits:0.00}"));
            foreach (FieldWeight weight in why.Fields)
            {
                // No weight where a side shows nothing: the cell is empty, which is not 0.
                await writer.WriteAsync(weight.Level == Agreement.Missing ? "," : string.Create(CultureInfo.InvariantCulture, $",{weight.Bits:0.00}"));
            }
            await writer.WriteLineAsync();
        }
    }
}
