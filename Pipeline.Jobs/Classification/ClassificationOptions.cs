using System.CommandLine;
using Pipeline.Jobs.Rules;
using Pipeline.Jobs.Shell;
using Pipeline.Models.Classification;

namespace Pipeline.Jobs.Classification;

/// <summary>Options that the commands about models share, so that one word means one thing.</summary>
internal static class ClassificationOptions
{
    private const long LargestStacked = 1_000_000; // texts times classes: about two minutes on two cores

    public static Option<string[]> Labels() => new("--labels")
    {
        Description = "CSV files (UTF-8, first row names the columns) with a text column and a column for each head / 标注文件",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
    };

    public static Option<string> TextColumn() => new("--text-column")
    {
        Description = "Column of the text / 文本列",
        DefaultValueFactory = _ => "text",
    };

    public static Option<string?> Heads() => new("--heads")
    {
        Description = "Label columns, with commas between (default: those of nature, business, cause that are there) / 标签列，逗号分隔",
    };

    public static Option<string?> Model() => new("--model")
    {
        Description = "Model file, name (the newest of that name) or id of the registry, or 'champion' (default) / 模型文件、名称、编号或现任模型（champion）",
    };

    public static Option<string?> Taxonomy() => new("--taxonomy")
    {
        Description = "cn-jrt0169, us-cfpb or generic (default: by the labels, or by the language of the texts) / 分类标准",
    };

    public static Option<int> Threads() => new("--threads")
    {
        Description = "Threads to use; changes no result / 线程数（不影响结果）",
        DefaultValueFactory = _ => Environment.ProcessorCount,
    };

    public static Option<string?> Engine() => new("--engine")
    {
        Description = "linear (fastest) or stacked (more accurate, several times slower); default: stacked up to 1,000,000 texts times classes / 引擎",
    };

    /// <summary>How to train on a corpus: the engine that was asked for or fits its size, with the lexicon of the home folder.</summary>
    /// <exception cref="PipelineFault">There is no such engine.</exception>
    public static TrainingOptions WithEngine(TrainingOptions options, string? engine, LabelledCorpus corpus, string home) => options with
    {
        Engine = engine switch
        {
            "linear" => ClassifierEngine.Linear,
            "stacked" => ClassifierEngine.Stacked,
            null => (long)corpus.Texts.Count * corpus.Columns.Sum(c => c.Labels.Distinct().Count()) <= LargestStacked
                ? ClassifierEngine.Stacked
                : ClassifierEngine.Linear,
            _ => throw PipelineFault.Usage(
                $"--engine 为 linear 或 stacked，收到“{engine}”。", $"--engine is linear or stacked; it was '{engine}'."),
        },
        Concepts = RuleFiles.Concepts(home).Value,
    };

    /// <exception cref="PipelineFault">A name is empty or stands twice.</exception>
    public static IReadOnlyList<string>? HeadNames(string? option)
    {
        if (option is null)
        {
            return null;
        }
        string[] names = option.Split(',', StringSplitOptions.TrimEntries);
        if (names.Any(n => n.Length == 0) || names.Distinct(StringComparer.Ordinal).Count() != names.Length)
        {
            throw PipelineFault.Usage(
                $"--heads 应为互不相同、以逗号分隔的列名，收到“{option}”。",
                $"--heads takes names of columns, each once, with commas between; it was '{option}'.");
        }
        return names;
    }

    public static int AtLeastOne(int threads) => threads >= 1 ? threads : throw PipelineFault.Usage(
        $"--threads 至少为 1，收到 {threads}。", $"--threads must be at least 1; it was {threads}.");
}
