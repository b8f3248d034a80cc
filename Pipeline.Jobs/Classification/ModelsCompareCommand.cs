using System.CommandLine;
using System.Globalization;
using Pipeline.Jobs.Rules;
using Pipeline.Jobs.Shell;
using Pipeline.Models.Classification;
using Pipeline.Models.Classification.Evaluation;
using Pipeline.Models.Text;

namespace Pipeline.Jobs.Classification;

/// <summary><c>models compare</c>: whether the second of two models is better, on texts that neither was trained on.</summary>
internal static class ModelsCompareCommand
{
    private const int ClassesShown = 5;

    internal sealed record CompareRequest(
        string First, string Second, IReadOnlyList<string> Labels, string TextColumn, IReadOnlyList<string>? Heads, bool IncludeSeen, int Threads);

    public static Command Create()
    {
        Argument<string> first = new("first") { Description = "The model that stands: id, file or 'champion' / 现用模型" };
        Argument<string> second = new("second") { Description = "The model that would replace it: id or file / 候选模型" };
        Option<string[]> labels = ClassificationOptions.Labels();
        Option<string> textColumn = ClassificationOptions.TextColumn();
        Option<string?> heads = ClassificationOptions.Heads();
        Option<bool> includeSeen = new("--include-seen") { Description = "Judge also texts that a model was trained on / 也评估训练过的文本" };
        Option<int> threads = ClassificationOptions.Threads();
        return new Command(
            "compare",
            "Two models on the same unseen texts: differences with intervals, and whether to promote the second / 在同一批未见文本上比较两个模型\n"
            + "Example: pipeline models compare champion new.model --labels checked.csv")
        {
            first, second, labels, textColumn, heads, includeSeen, threads,
        }.Runs((parsed, session) => RunAsync(
            new CompareRequest(
                parsed.GetValue(first)!, parsed.GetValue(second)!, parsed.GetValue(labels)!, parsed.GetValue(textColumn)!,
                ClassificationOptions.HeadNames(parsed.GetValue(heads)), parsed.GetValue(includeSeen), ClassificationOptions.AtLeastOne(parsed.GetValue(threads))),
            session));
    }

    internal static async Task<int> RunAsync(CompareRequest request, CommandSession session)
    {
        Labels read = Labels.Read(request.Labels, request.TextColumn, request.Heads, null);
        IdentifiedModel first = await ModelChoice.LoadAsync(request.First, null, read.Corpus.Texts, session);
        IdentifiedModel second = await ModelChoice.LoadAsync(request.Second, null, read.Corpus.Texts, session);
        (string own, string other) = (first.Model.Card.Identity.Taxonomy, second.Model.Card.Identity.Taxonomy);
        if (own != other)
        {
            throw PipelineFault.Usage(
                $"两个模型的分类标准不同（{own}、{other}），无法比较。", $"The models answer with different taxonomies ({own} and {other}): they cannot be compared.");
        }
        object findings = LabelNotices.Say(read, read.Corpus, session);
        LabelledCorpus corpus = Labels.InKeys(read.Corpus, Labels.Taxonomy(own, session.Home));
        bool[]? seenByFirst = Seen(first, corpus.Texts);
        bool[]? seenBySecond = Seen(second, corpus.Texts);
        int[] rows = [.. Enumerable.Range(0, corpus.Texts.Count).Where(i => request.IncludeSeen || !(seenByFirst?[i] ?? false) && !(seenBySecond?[i] ?? false))];
        corpus = corpus.Take(rows);
        if (!corpus.Columns.Any(c => c.Labels.Any(l => l is not null)))
        {
            throw PipelineFault.Failed(
                $"标注文件的 {read.Corpus.Texts.Count} 行中没有两个模型都未训练过的带标签文本，无从比较。请给出新的标注，或加 --include-seen（结果会偏向训练过它们的模型）。",
                $"None of the {read.Corpus.Texts.Count} rows has a label and a text that neither model was trained on: there is nothing to compare on. Give fresh labels, or --include-seen (which favours the model that was trained on them).");
        }
        int[] groups = NearDuplicateIndex.Group(corpus.Texts, threads: request.Threads, cancellation: session.Cancellation).Leaders;
        double reviewBelow = RuleFiles.Rules(session.Home).Value.ReviewBelowProbability;
        HeadPrediction[] before = first.Model.Predict(corpus.Texts, request.Threads, session.Cancellation);
        HeadPrediction[] after = second.Model.Predict(corpus.Texts, request.Threads, session.Cancellation);
        PairedComparison[] heads =
        [
            .. corpus.Columns.Where(c => c.Labels.Any(l => l is not null)).Select(column => PairedComparison.Of(
                EvaluateCommand.Judge(first.Model, column, before, reviewBelow), EvaluateCommand.Judge(second.Model, column, after, reviewBelow),
                groups, seed: 1, request.Threads)),
        ];
        ComparisonVerdict verdict = Overall(heads);
        Bilingual sentence = Sentence(verdict, heads, first, second, request.Second);
        session.Document(new
        {
            First = first.Id,
            Second = second.Id,
            Rows = corpus.Texts.Count,
            Groups = groups.Distinct().Count(),
            LeftOut = new
            {
                Rows = read.Corpus.Texts.Count - rows.Length,
                SeenByFirst = seenByFirst?.Count(s => s),
                SeenBySecond = seenBySecond?.Count(s => s),
            },
            Heads = heads.ToDictionary(h => h.Head, Json),
            Verdict = Word(verdict),
            Sentence = sentence.In(session.Language),
            Findings = findings,
        });
        Print(heads, sentence, corpus.Texts.Count, read.Corpus.Texts.Count - rows.Length, (seenByFirst, seenBySecond), (first, second), session);
        return ExitCodes.Done;
    }

    /// <summary>Promote where some head is better and none worse; worse where some head is worse and none better.</summary>
    internal static ComparisonVerdict Overall(IReadOnlyList<PairedComparison> heads)
    {
        bool up = heads.Any(h => h.Verdict == ComparisonVerdict.Promote);
        bool down = heads.Any(h => h.Verdict == ComparisonVerdict.Worse);
        return up == down ? ComparisonVerdict.NotDistinguishable : up ? ComparisonVerdict.Promote : ComparisonVerdict.Worse;
    }

    private static bool[]? Seen(IdentifiedModel model, IReadOnlyList<string> texts) =>
        model.Model.Card.SeenTexts is { } packed ? SeenTexts.Parse(packed).Contains(texts) : null;

    private static object Json(PairedComparison h) => new
    {
        h.First.Texts,
        AccuracyFirst = h.First.Accuracy,
        AccuracySecond = h.Second.Accuracy,
        h.AccuracyDifference,
        AccuracyDifferenceLow = h.AccuracyInterval.Low,
        AccuracyDifferenceHigh = h.AccuracyInterval.High,
        MacroF1First = h.First.MacroF1,
        MacroF1Second = h.Second.MacroF1,
        h.MacroF1Difference,
        MacroF1DifferenceLow = h.MacroF1Interval.Low,
        MacroF1DifferenceHigh = h.MacroF1Interval.High,
        h.OnlyFirst,
        h.OnlySecond,
        McnemarP = h.P,
        h.Classes,
        Verdict = Word(h.Verdict),
    };

    private static string Word(ComparisonVerdict verdict) => verdict switch
    {
        ComparisonVerdict.Promote => "promote",
        ComparisonVerdict.Worse => "worse",
        _ => "not distinguishable",
    };

    private static Bilingual Sentence(ComparisonVerdict verdict, PairedComparison[] heads, IdentifiedModel first, IdentifiedModel second, string named)
    {
        string up = string.Join(", ", heads.Where(h => h.Verdict == ComparisonVerdict.Promote).Select(h => h.Head));
        string down = string.Join(", ", heads.Where(h => h.Verdict == ComparisonVerdict.Worse).Select(h => h.Head));
        return verdict switch
        {
            ComparisonVerdict.Promote => new(
                $"建议启用 {second.Id}：{up} 更好，没有变差的项。命令：pipeline models promote {named}",
                $"Promote {second.Id}: better on {up}, worse on none. Command: pipeline models promote {named}"),
            ComparisonVerdict.Worse => new(
                $"保留 {first.Id}：{second.Id} 在 {down} 上更差，没有更好的项。", $"Keep {first.Id}: {second.Id} is worse on {down} and better on none."),
            _ when up.Length > 0 => new(
                $"无法区分优劣：{second.Id} 在 {up} 上更好，在 {down} 上更差。", $"Not distinguishable: {second.Id} is better on {up} and worse on {down}."),
            _ => new(
                $"无法区分优劣：这些文本上的差异可能只是偶然。保留 {first.Id}，或增加标注后再比较。",
                $"Not distinguishable: the differences on these texts may be chance. Keep {first.Id}, or compare again with more labels."),
        };
    }

    private static void Print(
        PairedComparison[] heads, Bilingual sentence, int rows, int leftOut, (bool[]? First, bool[]? Second) seen,
        (IdentifiedModel First, IdentifiedModel Second) models, CommandSession session)
    {
        session.Line(
            $"{models.First.Id} → {models.Second.Id}，{rows} 条文本（训练过而未参与的 {leftOut} 条）",
            $"{models.First.Id} -> {models.Second.Id} on {rows} texts ({leftOut} left out because a model was trained on them)");
        (bool[]? Seen, IdentifiedModel Model)[] both = [(seen.First, models.First), (seen.Second, models.Second)];
        foreach (IdentifiedModel unknown in both.Where(b => b.Seen is null).Select(b => b.Model))
        {
            session.Line(
                $"  模型 {unknown.Id} 没有记录训练过哪些文本：其中可能有它训练过的。",
                $"  The model {unknown.Id} does not say which texts it was trained on: some of these may be among them.");
        }
        foreach (PairedComparison h in heads)
        {
            string figures = string.Create(
                CultureInfo.InvariantCulture,
                $"{h.First.Accuracy:0.000} -> {h.Second.Accuracy:0.000}, {h.AccuracyDifference:+0.000;-0.000;0.000} ({h.AccuracyInterval.Low:+0.000;-0.000;0.000} … {h.AccuracyInterval.High:+0.000;-0.000;0.000})");
            string macro = string.Create(
                CultureInfo.InvariantCulture,
                $"{h.First.MacroF1:0.000} -> {h.Second.MacroF1:0.000}, {h.MacroF1Difference:+0.000;-0.000;0.000} ({h.MacroF1Interval.Low:+0.000;-0.000;0.000} … {h.MacroF1Interval.High:+0.000;-0.000;0.000})");
            session.Line($"== {h.Head}（{h.First.Texts} 条） ==", $"== {h.Head} ({h.First.Texts} texts) ==");
            session.Line($"  准确率 {figures}", $"  accuracy {figures}");
            session.Line($"  宏 F1 {macro}", $"  macro-F1 {macro}");
            session.Line(
                $"  仅前者正确 {h.OnlyFirst} 条，仅后者正确 {h.OnlySecond} 条，McNemar 精确检验 p = {h.P:0.0000}",
                $"  right only before {h.OnlyFirst}, right only after {h.OnlySecond}, McNemar's exact test p = {h.P:0.0000}");
            foreach ((bool better, string zh, string en) in ((bool, string, string)[])[(true, "变好", "better"), (false, "变差", "worse")])
            {
                ClassChange[] changed = [.. h.Classes.Where(c => better ? c.Difference > 0 : c.Difference < 0).Take(ClassesShown)];
                if (changed.Length > 0)
                {
                    string list = string.Join("; ", changed.Select(c => string.Create(
                        CultureInfo.InvariantCulture, $"{c.Class} F1 {c.F1First:0.000} -> {c.F1Second:0.000} (+{c.Gained} -{c.Lost} / {c.Support})")));
                    session.Line($"  {zh}：{list}", $"  {en}: {list}");
                }
            }
        }
        session.Line(sentence.Zh, sentence.En);
    }
}
