using Pipeline.Models.Classification;

namespace Pipeline.Tests.Classification;

public class ManyClassesTests
{
    [Theory]
    [InlineData(8, 17)]
    [InlineData(16, 9)]
    public void Weights_of_a_large_head_of_many_classes_are_kept_in_coarse_steps_and_those_of_other_heads_in_fine_ones(int grain, int sizes)
    {
        ClassLayout layout = new([Head("few", 3), Head("many", Machines.ManyClasses + 1)]);
        Random chance = new(5);
        float[] weights = new float[200 * layout.Stride];
        foreach (ref float weight in weights.AsSpan())
        {
            weight = (float)((2 * chance.NextDouble()) - 1);
        }
        WeightTable.Builder builder = new(200, 1, layout);
        builder.Add(0, weights, new StepSizes(100, grain == 16 ? 100 : long.MaxValue));
        WeightTable kept = builder.Build();
        HashSet<int> few = [];
        HashSet<int> many = [];
        for (int i = 0; i < kept.Steps.Length; i++)
        {
            int c = i % kept.Stride;
            if (c < layout.Classes)
            {
                (c < 3 ? few : many).Add(Math.Abs((int)kept.Steps[i]));
            }
        }
        Assert.True(few.Count > 64, $"{few.Count} sizes");
        Assert.Equal(sizes, many.Count);
        Assert.Contains(0, many);
        Assert.Contains(127, many);
        for (int feature = 0; feature < 200; feature++)
        {
            for (int c = 0; c < layout.Classes; c++)
            {
                Assert.Equal(weights[(feature * layout.Stride) + c], kept.Weight(feature, c), c < 3 ? 0.01f : 0.15f);
            }
        }
    }

    [Fact]
    public void A_stacked_model_of_many_classes_is_the_same_for_one_thread_and_two_and_its_spans_add_up()
    {
        string[] words = [.. Enumerable.Range(0, 40).Select(i => $"matter{(char)('a' + (i / 26))}{(char)('a' + (i % 26))}")];
        string[] texts = [.. Enumerable.Range(0, 160).Select(i => $"{words[i % 40]} was not settled by {words[i % 40]} in {words[(i * 7) % 40]} week {i}")];
        LabelledCorpus corpus = new(texts, [new LabelColumn("issue", [.. Enumerable.Range(0, 160).Select(i => $"issue {i % 40}")])]);
        TrainingOptions options = new() { Engine = ClassifierEngine.Stacked };
        LinearTextModel one = new LinearTrainer().Train(corpus, options).Model;
        LinearTextModel two = new LinearTrainer().Train(corpus, options with { Threads = 2 }).Model;
        Assert.Equal(ModelFile.Write(one), ModelFile.Write(two));
        LinearTextModel coarse = new LinearTrainer().Train(corpus, options with { Steps = new StepSizes(1, 1) }).Model;
        byte[] file = ModelFile.Write(coarse);
        Assert.True(coarse.WriteContent().Length < one.WriteContent().Length, "coarse steps stand two a byte");
        LinearTextModel read = ModelFile.Read(file);
        Assert.Equal(coarse.Predict(texts, 2), read.Predict(texts, 1));
        Assert.Equal(file, ModelFile.Write(read));
        TextExplanation why = one.Explain(texts[3], 0, 3);
        Assert.Equal(why.Score, why.Bias + why.Spans.Sum(s => s.Contribution), 1e-4);
        HeadPrediction[] answers = one.Predict(texts, 2);
        Assert.True(answers.Where((a, i) => one.Heads[0].Classes[a.Class] == $"issue {i % 40}").Count() > 150);
    }

    private static ClassifierHead Head(string name, int classes) =>
        new(name, [.. Enumerable.Range(0, classes).Select(c => $"{c:00}")], [.. Enumerable.Repeat(10, classes)]);
}
