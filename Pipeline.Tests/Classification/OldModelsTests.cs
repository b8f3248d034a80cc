using System.Globalization;
using Pipeline.Jobs.Classification;
using Pipeline.Models.Classification;

namespace Pipeline.Tests.Classification;

/// <summary>
/// Models that earlier programs wrote, beside what those answered: of 99 texts of the invented bank, linear (version 2) and stacked with neighbours (version 3).
/// </summary>
public sealed class OldModelsTests
{
    private static readonly string Folder = SampleData.OfProject("Pipeline.Tests/Classification/OldModels");

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void A_model_of_an_earlier_version_answers_as_it_did_then(int version)
    {
        byte[] old = File.ReadAllBytes(Path.Combine(Folder, $"version-{version}.model"));
        Assert.Equal(version, old[8]);
        LinearTextModel model = ModelFile.Read(old);
        using LabelFile answers = LabelFile.Open(Path.Combine(Folder, $"version-{version}.csv"));
        int text = answers.Column("text");
        int judged = 0;
        while (answers.Read() is { } row)
        {
            HeadPrediction[] now = model.Predict([row[text]], 1);
            for (int head = 0; head < now.Length; head++)
            {
                string name = model.Heads[head].Name;
                Assert.Equal(row[answers.Column(name)], model.Heads[head].Classes[now[head].Class]);
                Assert.Equal(double.Parse(row[answers.Column($"{name}_probability")], CultureInfo.InvariantCulture), now[head].Probability, 1e-4);
                judged++;
            }
        }
        Assert.Equal(60, judged);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Written_anew_it_is_a_model_of_this_version_with_the_same_answers_and_the_same_card(int version)
    {
        byte[] old = File.ReadAllBytes(Path.Combine(Folder, $"version-{version}.model"));
        LinearTextModel model = ModelFile.Read(old);
        byte[] now = ModelFile.Write(model);
        Assert.Equal(4, now[8]);
        LinearTextModel read = ModelFile.Read(now);
        IReadOnlyList<string> texts = Corpora.Chinese(100).Texts;
        Assert.Equal(model.Predict(texts, 1), read.Predict(texts, 2));
        Assert.Equal(ModelFile.ReadCard(old).DataSha256, ModelFile.ReadCard(now).DataSha256);
        Assert.Equal(now, ModelFile.Write(read));
    }
}
