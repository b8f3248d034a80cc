using System.CommandLine;
using System.Globalization;
using System.Text;
using CsvHelper;
using Pipeline.Jobs.Shell;
using Pipeline.Models.Classification;

namespace Pipeline.Jobs.Classification;

/// <summary><c>predict</c>: classes with probabilities for a file of texts, or for one text with the reasons.</summary>
public static class PredictCommand
{
    private const int BatchRows = 8192;
    private const int SpansShown = 8;

    public static Command Create()
    {
        Option<string?> input = new("--input") { Description = "CSV of texts (UTF-8, first row names the columns) / 输入 CSV" };
        Option<string?> output = new("--output") { Description = "CSV to write: the input's columns, then each head and its probability / 输出 CSV" };
        Option<string?> text = new("--text") { Description = "One text instead of a file / 单条文本" };
        Option<bool> explain = new("--explain") { Description = "With --text: the stretches of text that decided / 给出判定依据" };
        Option<string> textColumn = ClassificationOptions.TextColumn();
        Option<string?> model = ClassificationOptions.Model();
        Option<string?> taxonomy = ClassificationOptions.Taxonomy();
        Option<int> threads = ClassificationOptions.Threads();
        return new Command(
            "predict",
            "Classify texts with a model / 用模型为文本分类\n"
            + "Example: pipeline predict --input texts.csv --output classified.csv --model champion\n"
            + "Example: pipeline predict --text \"信用卡年费未告知就扣了\" --explain")
        {
            input, output, text, explain, textColumn, model, taxonomy, threads,
        }.Runs((parsed, session) => RunAsync(
            new PredictRequest(
                parsed.GetValue(input), parsed.GetValue(output), parsed.GetValue(text), parsed.GetValue(explain), parsed.GetValue(textColumn)!,
                parsed.GetValue(model), parsed.GetValue(taxonomy), ClassificationOptions.AtLeastOne(parsed.GetValue(threads))),
            session));
    }

    internal sealed record PredictRequest(
        string? Input, string? Output, string? Text, bool Explain, string TextColumn, string? Model, string? Taxonomy, int Threads);

    internal static async Task<int> RunAsync(PredictRequest request, CommandSession session)
    {
        bool file = request.Input is not null && request.Output is not null;
        if (file == (request.Text is not null) || (request.Explain && request.Text is null))
        {
            throw PipelineFault.Usage(
                "请给出 --input 与 --output，或 --text（可加 --explain），二者择一。",
                "Give either --input with --output, or --text (with --explain if you like).");
        }
        return request.Text is { } text ? await OneAsync(text, request, session) : await FileAsync(request, session);
    }

    private static async Task<int> OneAsync(string text, PredictRequest request, CommandSession session)
    {
        IdentifiedModel model = await ModelChoice.LoadAsync(request.Model, request.Taxonomy, [text], session);
        HeadPrediction[] answers = model.Model.Predict([text], 1, session.Cancellation);
        if (answers[0].Class == HeadPrediction.None)
        {
            throw PipelineFault.Failed("文本里没有字、词或数字，无法判断。", "The text holds no word, character or number: there is nothing to judge.");
        }
        TextExplanation[] reasons = [.. answers.Select((answer, head) => model.Model.Explain(text, head, answer.Class))];
        session.Document(new
        {
            ModelId = model.Id,
            Heads = reasons.Select(r => new
            {
                r.Head,
                r.Class,
                r.Probability,
                Score = request.Explain ? r.Score : (double?)null,
                Bias = request.Explain ? r.Bias : (double?)null,
                Spans = request.Explain ? r.Spans.Select(s => new { s.Start, s.Length, Text = text.Substring(s.Start, s.Length), s.Contribution }) : null,
            }),
        });
        session.Line($"模型 {model.Id}", $"Model {model.Id}");
        foreach (TextExplanation reason in reasons)
        {
            string line = string.Create(CultureInfo.InvariantCulture, $"{reason.Head}: {reason.Class}  {reason.Probability:0.000}");
            session.Line(line, line);
            if (request.Explain)
            {
                Explain(reason, text, session);
            }
        }
        return ExitCodes.Done;
    }

    private static void Explain(TextExplanation reason, string text, CommandSession session)
    {
        ExplainedSpan[] strongest = [.. reason.Spans.OrderByDescending(s => Math.Abs(s.Contribution)).Take(SpansShown)];
        foreach (ExplainedSpan span in strongest)
        {
            string line = string.Create(CultureInfo.InvariantCulture, $"  {span.Contribution,7:+0.000;-0.000}  {text.AsSpan(span.Start, span.Length)}");
            session.Line(line, line);
        }
        double rest = reason.Spans.Sum(s => s.Contribution) - strongest.Sum(s => s.Contribution);
        session.Line(
            string.Create(CultureInfo.InvariantCulture, $"  {rest,7:+0.000;-0.000}  其余 {reason.Spans.Count - strongest.Length} 段\n  {reason.Bias,7:+0.000;-0.000}  类别常数\n  {reason.Score,7:+0.000;-0.000}  合计得分"),
            string.Create(CultureInfo.InvariantCulture, $"  {rest,7:+0.000;-0.000}  the other {reason.Spans.Count - strongest.Length} stretches\n  {reason.Bias,7:+0.000;-0.000}  constant of the class\n  {reason.Score,7:+0.000;-0.000}  score, the sum"));
    }

    private static async Task<int> FileAsync(PredictRequest request, CommandSession session)
    {
        using LabelFile file = LabelFile.Open(request.Input!);
        int textColumn = file.Column(request.TextColumn);
        StageClock clock = new(session.Time);
        clock.Begin("read");
        List<string[]> batch = Batch(file);
        IdentifiedModel model = await ModelChoice.LoadAsync(request.Model, request.Taxonomy, batch.Select(r => r[textColumn]), session);
        foreach (string added in model.Model.Heads.SelectMany(h => (string[])[h.Name, $"{h.Name}_probability"]).Where(c => file.IndexOf(c) >= 0))
        {
            session.Notice(
                $"输入已有列“{added}”；输出中会有两列同名，后一列是模型的判断。",
                $"The input has a column '{added}' already: the output has two of that name, the later one the model's.");
        }
        int empty = 0;
        await AtomicFile.WriteAsync(request.Output!, async stream =>
        {
            await using StreamWriter writer = new(stream, new UTF8Encoding(false), 1 << 16, leaveOpen: true);
            await using CsvWriter csv = new(writer, CultureInfo.InvariantCulture);
            WriteHeader(csv, file.Columns, model.Model);
            while (batch.Count > 0)
            {
                clock.Begin("predict");
                HeadPrediction[] answers = model.Model.Predict([.. batch.Select(r => r[textColumn])], request.Threads, session.Cancellation);
                clock.Begin("write");
                empty += Write(csv, batch, answers, model.Model);
                clock.Begin("read");
                batch = Batch(file);
            }
        });
        clock.End();
        if (empty > 0)
        {
            session.Notice(
                $"{empty} 行没有可判断的文本，类别与概率留空。",
                $"{empty} rows have no text that can be judged; their class and probability are left empty.");
        }
        session.Document(new
        {
            ModelId = model.Id,
            file.Rows,
            EmptyTexts = empty,
            Output = request.Output,
            clock.Seconds,
            RowsPerSecond = clock.Seconds.GetValueOrDefault("predict") > 0 ? Math.Round(file.Rows / clock.Seconds["predict"]) : 0,
        });
        session.Line(
            $"已判断 {file.Rows - empty} 行（共 {file.Rows} 行），模型 {model.Id}，写入 {request.Output}",
            $"Judged {file.Rows - empty} of {file.Rows} rows with model {model.Id}; written to {request.Output}");
        return ExitCodes.Done;
    }

    private static List<string[]> Batch(LabelFile file)
    {
        List<string[]> batch = new(BatchRows);
        while (batch.Count < BatchRows && file.Read() is { } row)
        {
            batch.Add(row);
        }
        return batch;
    }

    private static void WriteHeader(CsvWriter csv, IReadOnlyList<string> columns, LinearTextModel model)
    {
        foreach (string column in columns)
        {
            csv.WriteField(column);
        }
        foreach (ClassifierHead head in model.Heads)
        {
            csv.WriteField(head.Name);
            csv.WriteField($"{head.Name}_probability");
        }
        csv.NextRecord();
    }

    /// <returns>Rows whose text could not be judged.</returns>
    private static int Write(CsvWriter csv, List<string[]> batch, HeadPrediction[] answers, LinearTextModel model)
    {
        int empty = 0;
        int heads = model.Heads.Count;
        for (int i = 0; i < batch.Count; i++)
        {
            foreach (string value in batch[i])
            {
                csv.WriteField(value);
            }
            for (int head = 0; head < heads; head++)
            {
                HeadPrediction answer = answers[(i * heads) + head];
                bool judged = answer.Class != HeadPrediction.None;
                csv.WriteField(judged ? model.Heads[head].Classes[answer.Class] : "");
                csv.WriteField(judged ? answer.Probability.ToString("0.0000", CultureInfo.InvariantCulture) : "");
            }
            empty += answers[i * heads].Class == HeadPrediction.None ? 1 : 0;
            csv.NextRecord();
        }
        return empty;
    }
}
