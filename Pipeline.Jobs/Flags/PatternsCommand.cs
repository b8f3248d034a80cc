using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using CsvHelper;
using Pipeline.Jobs.Classification;
using Pipeline.Jobs.Rules;
using Pipeline.Jobs.Shell;
using Pipeline.Models.Flags.Organised;
using Pipeline.Models.Text;

namespace Pipeline.Jobs.Flags;

/// <summary><c>patterns</c>: near-duplicate and template groups of any file of texts, without a database.</summary>
public static class PatternsCommand
{
    private const string PatternColumn = "pattern";
    private const string SimilarityColumn = "similarity";

    public static Command Create()
    {
        Option<string> input = new("--input") { Description = "CSV of texts (UTF-8, first row names the columns) / 输入 CSV", Required = true };
        Option<string> output = new("--output") { Description = "CSV to write: the input's columns, then pattern and similarity / 输出 CSV", Required = true };
        Option<string> textColumn = ClassificationOptions.TextColumn();
        Option<int> threads = ClassificationOptions.Threads();
        return new Command(
            "patterns",
            "Near-duplicate and template groups of texts / 找出近乎相同及出自同一模板的文本\n"
            + "Example: pipeline patterns --input letters.csv --output letters-patterns.csv --text-column text")
        {
            input, output, textColumn, threads,
        }.Runs((parsed, session) => RunAsync(
            parsed.GetValue(input)!, parsed.GetValue(output)!, parsed.GetValue(textColumn)!, ClassificationOptions.AtLeastOne(parsed.GetValue(threads)), session));
    }

    internal static async Task<int> RunAsync(string input, string output, string textColumn, int threads, CommandSession session)
    {
        OrganisedRules rules = FlagRuleFiles.Load(session.Home).Organised.Value;
        StageClock clock = new(session.Time);
        clock.Begin("read");
        PackedTexts texts = new();
        using (LabelFile file = LabelFile.Open(input))
        {
            int column = file.Column(textColumn);
            RefuseColumn(file, input, PatternColumn);
            RefuseColumn(file, input, SimilarityColumn);
            while (file.Read() is { } row)
            {
                texts.Add(row[column]);
            }
        }
        texts.Seal();
        clock.Begin("compare");
        Boilerplate boilerplate = Boilerplate.Of(rules.Boilerplate, texts, rules.BoilerplateShare, rules.BoilerplateMinTexts);
        TemplateFamilies families = TemplateFamilies.Find(new MadeTexts(texts.Count, i => boilerplate.Strip(texts[i])), rules.Families, threads, session.Cancellation);
        clock.Begin("write");
        int[] numbers = Numbers(families.Family);
        int patterns = numbers.Length == 0 ? 0 : numbers.Max();
        int grouped = numbers.Count(n => n > 0);
        await AtomicFile.WriteAsync(output, async stream =>
        {
            await using StreamWriter writer = new(stream, new UTF8Encoding(false), 1 << 16, leaveOpen: true);
            await using CsvWriter csv = new(writer, CultureInfo.InvariantCulture);
            using LabelFile file = LabelFile.Open(input);
            foreach (string name in file.Columns.Append(PatternColumn).Append(SimilarityColumn))
            {
                csv.WriteField(name);
            }
            await csv.NextRecordAsync();
            for (int i = 0; file.Read() is { } row; i++)
            {
                foreach (string value in row)
                {
                    csv.WriteField(value);
                }
                csv.WriteField(numbers[i] > 0 ? $"T{numbers[i]}" : "");
                csv.WriteField(numbers[i] > 0 ? families.Similarity[i].ToString("0.0000", CultureInfo.InvariantCulture) : "");
                await csv.NextRecordAsync();
            }
        });
        clock.End();
        session.Document(new
        {
            Rows = numbers.Length,
            Patterns = patterns,
            InPatterns = grouped,
            BoilerplateClauses = boilerplate.Clauses,
            rules.NearSimilarity,
            rules.EditedSimilarity,
            Output = output,
            clock.Seconds,
            PeakRssBytes = PeakBytes(),
        });
        session.Line(
            $"{numbers.Length} 条文本，{patterns} 组相似文本，涉及 {grouped} 条；已写出 {output}",
            $"{numbers.Length} texts, {patterns} patterns that hold {grouped} of them; written: {output}");
        return ExitCodes.Done;
    }

    /// <summary>A file that was written by this command would get the same column twice.</summary>
    private static void RefuseColumn(LabelFile file, string input, string column)
    {
        if (file.IndexOf(column) >= 0)
        {
            throw PipelineFault.Usage(
                $"{input} 已有列“{column}”，与本命令写出的列同名。请改列名后重试。",
                $"{input} has a column '{column}' already, and this command writes one of that name. Rename it and run again.",
                new FaultPlace(input, 1, column));
        }
    }

    /// <summary>Families numbered from 1 in the order of their first rows; 0 for a text without family.</summary>
    private static int[] Numbers(int[] family)
    {
        Dictionary<int, int> numbers = [];
        int[] result = new int[family.Length];
        for (int i = 0; i < family.Length; i++)
        {
            if (family[i] < 0)
            {
                continue;
            }
            if (!numbers.TryGetValue(family[i], out int number))
            {
                numbers.Add(family[i], number = numbers.Count + 1);
            }
            result[i] = number;
        }
        return result;
    }

    private static long PeakBytes()
    {
        using Process process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
