using System.Globalization;
using Pipeline.Jobs.Shell;
using Pipeline.Models.Classification;
using Pipeline.Models.Classification.Evaluation;
using Pipeline.Models.Classification.LittleData;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;

namespace Pipeline.Jobs.Classification;

/// <summary>
/// How a corpus is to be learned. The rule: fewer than <see cref="LittleDataOptions.FewLabels"/> labelled texts, and at least
/// <see cref="LittleDataOptions.LeastUnlabelled"/> unlabelled ones, are learned together with the keywords of the taxonomy; else labels alone.
/// Unlabelled are: rows of the label files without any label, the files of <c>--unlabelled</c>, and, where these are few and the taxonomy
/// is that of a corpus that came with the program, the texts (not the labels) of that corpus. Where the taxonomy has a starter corpus
/// (<see cref="StarterFiles"/>), it is learned from too.
/// </summary>
/// <param name="LittleData">What is said of it in the output and on the card; null where labels alone are used.</param>
/// <param name="Engine">What the gain of weak examples was measured with; null: as the size of the corpus says.</param>
internal sealed record TrainingPlan(IClassifierTrainer Trainer, Bilingual? LittleData, ClassifierEngine? Engine = null)
{
    /// <summary>With fewer labels the combination of machines has too little to rest on, whatever the weak examples.</summary>
    private const int EnoughToCombine = 100;

    private const int EnoughOwn = 500;

    /// <param name="corpus">Labels as keys of the taxonomy.</param>
    /// <param name="unlabelledPaths">CSV files with the text column.</param>
    /// <param name="labelsOnly">No weak examples of any kind.</param>
    public static TrainingPlan Of(
        LabelledCorpus corpus, ComplaintTaxonomy taxonomy, IReadOnlyList<string> unlabelledPaths, string textColumn, bool labelsOnly, int seed,
        Action<TrainingStage> onStage, CommandSession session)
    {
        TrainingPlan own = OfOwn(corpus, taxonomy, unlabelledPaths, textColumn, labelsOnly, seed, onStage, session);
        if (labelsOnly)
        {
            return own;
        }
        (IClassifierTrainer trainer, Bilingual? said) = StarterFiles.Beside(own.Trainer, corpus, taxonomy.Id, session.Home);
        if (said is null)
        {
            return own;
        }
        int labelled = Enumerable.Range(0, corpus.Texts.Count).Count(row => Labelled(corpus, row));
        return new TrainingPlan(
            trainer, own.LittleData is { } before ? new Bilingual($"{before.Zh}{said.Zh}", $"{before.En} {said.En}") : said,
            labelled < EnoughToCombine ? ClassifierEngine.Linear : null);
    }

    private static TrainingPlan OfOwn(
        LabelledCorpus corpus, ComplaintTaxonomy taxonomy, IReadOnlyList<string> unlabelledPaths, string textColumn, bool labelsOnly, int seed,
        Action<TrainingStage> onStage, CommandSession session)
    {
        LinearTrainer plain = new(onStage);
        int labelled = Enumerable.Range(0, corpus.Texts.Count).Count(row => Labelled(corpus, row));
        if (labelsOnly || labelled >= LittleDataOptions.FewLabels)
        {
            if (unlabelledPaths.Count > 0)
            {
                session.Notice(
                    $"未使用 --unlabelled 的文本：{(labelsOnly ? "指定了 --labels-only" : $"已有 {labelled} 条标注，达到 {LittleDataOptions.FewLabels} 条后只用标注")}。",
                    $"The texts of --unlabelled are not used: {(labelsOnly ? "--labels-only was given" : $"with {labelled} labelled texts ({LittleDataOptions.FewLabels} or more) labels alone are used")}.");
            }
            return new TrainingPlan(plain, null);
        }
        HashSet<string> taken = new(corpus.Texts.Where((_, row) => Labelled(corpus, row)).Select(KeywordKnowledge.Fold), StringComparer.Ordinal);
        List<string> own = [.. corpus.Texts.Where((_, row) => !Labelled(corpus, row)).Concat(unlabelledPaths.SelectMany(path => Texts(LabelFile.Open(path), textColumn))).Where(Fresh)];
        List<string> bundled = own.Count >= EnoughOwn || BundledCorpus(taxonomy.Id) is not { } name ? [] : [.. Texts(LabelFile.Bundled(name), "text").Where(Fresh)];
        if (own.Count + bundled.Count < LittleDataOptions.LeastUnlabelled)
        {
            session.Notice(
                $"只有 {labelled} 条标注。给出未标注的投诉文本（--unlabelled 文件，至少 {LittleDataOptions.LeastUnlabelled} 条）可提高准确率。",
                $"There are {labelled} labelled texts only. Complaints without labels (--unlabelled FILE, at least {LittleDataOptions.LeastUnlabelled}) would make the model more accurate.");
            return new TrainingPlan(plain, null);
        }
        (string[] ownUsed, string[] bundledUsed) = (Sample(own, LittleDataOptions.MostUnlabelled, seed), Sample(bundled, LittleDataOptions.MostUnlabelled - Math.Min(own.Count, LittleDataOptions.MostUnlabelled), seed));
        KeywordKnowledge knowledge = KeywordKnowledge.Of(taxonomy);
        string[] heads = [.. corpus.Columns.Select(c => c.Head).Where(knowledge.Heads.Contains)];
        string weight = new LittleDataOptions().Weight.ToString(CultureInfo.InvariantCulture);
        Bilingual said = new(
            $"标注 {labelled} 条，少于 {LittleDataOptions.FewLabels} 条：另以 {ownUsed.Length} 条未标注文本{(bundledUsed.Length > 0 ? $"和随程序附带语料的 {bundledUsed.Length} 条文本（不用其标签）" : "")}为弱样本（权重 {weight}），"
            + $"{(heads.Length > 0 ? $"按分类标准 {taxonomy.Id} 的关键词（{string.Join("、", heads)}）和模型" : "由模型")}推测类别；留出评估对每折重新推测。用 --labels-only 可只用标注。",
            $"{labelled} labelled texts are fewer than {LittleDataOptions.FewLabels}: {ownUsed.Length} texts without labels{(bundledUsed.Length > 0 ? $" and {bundledUsed.Length} texts of the corpus that came with the program (not its labels)" : "")} were learned from as weak examples (weight {weight}), "
            + $"their classes guessed by {(heads.Length > 0 ? $"the keywords of the taxonomy {taxonomy.Id} ({string.Join(", ", heads)}) and the model" : "the model")}; held-out figures guess anew for each fold. --labels-only uses labels alone.");
        return new TrainingPlan(new LittleDataTrainer(knowledge, [.. ownUsed, .. bundledUsed], onStage: onStage), said, ClassifierEngine.Linear);

        bool Fresh(string text) => !string.IsNullOrWhiteSpace(text) && taken.Add(KeywordKnowledge.Fold(text));
    }

    private static bool Labelled(LabelledCorpus corpus, int row) => corpus.Columns.Any(c => c.Labels[row] is not null);

    private static string? BundledCorpus(string taxonomyId) => taxonomyId switch
    {
        "cn-jrt0169" => "cn-bank",
        "us-cfpb" => "en-sample",
        _ => null,
    };

    private static List<string> Texts(LabelFile file, string column)
    {
        using (file)
        {
            int index = file.Column(column);
            List<string> texts = [];
            while (file.Read() is { } row)
            {
                texts.Add(row[index]);
            }
            return texts;
        }
    }

    /// <summary>At most <paramref name="most"/> texts, drawn with a seed, in their order.</summary>
    private static string[] Sample(List<string> texts, int most, int seed)
    {
        int[] order = [.. Enumerable.Range(0, texts.Count)];
        SeededDraws chance = new(seed, stream: 0);
        for (int i = 0; i < Math.Min(most, order.Length); i++)
        {
            int other = i + chance.Next(order.Length - i);
            (order[i], order[other]) = (order[other], order[i]);
        }
        return [.. order.Take(most).Order().Select(i => texts[i])];
    }
}
