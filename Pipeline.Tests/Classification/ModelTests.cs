using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using Pipeline.Models.Classification;

namespace Pipeline.Tests.Classification;

/// <summary>Explanations, probabilities and the file of a model.</summary>
public sealed class ModelTests
{
    private static readonly LabelledCorpus Corpus = Corpora.Chinese(400);
    private static readonly LinearTextModel Model = new LinearTrainer().Train(Corpus, new TrainingOptions { Threads = 2 }).Model;

    [Fact]
    public void Contributions_of_all_spans_and_the_bias_add_up_to_the_score()
    {
        string[] texts = [.. Corpora.Mixed(40, 5), .. Corpora.Chinese().Texts.Skip(400).Take(60)];
        foreach (string text in texts.Where(t => Model.Probabilities(t, 0).Count > 0))
        {
            for (int head = 0; head < Model.Heads.Count; head++)
            {
                for (int c = 0; c < Model.Heads[head].Classes.Count; c++)
                {
                    TextExplanation why = Model.Explain(text, head, c);
                    Assert.Equal(why.Score, why.Bias + why.Spans.Sum(s => s.Contribution), 1e-4);
                    Assert.All(why.Spans, s => Assert.True(s.Start >= 0 && s.Length > 0 && s.Start + s.Length <= text.Length));
                    Assert.All(why.Spans.Skip(1).Zip(why.Spans), p => Assert.True(p.First.Start >= p.Second.Start + p.Second.Length));
                }
            }
        }
    }

    [Fact]
    public void The_class_with_the_highest_score_is_the_answer_and_its_probability_the_highest()
    {
        foreach (string text in Corpora.Chinese().Texts.Skip(400).Take(60))
        {
            HeadPrediction[] answers = Model.Predict([text], 1);
            for (int head = 0; head < answers.Length; head++)
            {
                IReadOnlyList<double> probabilities = Model.Probabilities(text, head);
                TextExplanation[] why = [.. probabilities.Select((_, c) => Model.Explain(text, head, c))];
                Assert.Equal(1, probabilities.Sum(), 1e-6);
                Assert.Equal(probabilities.Max(), probabilities[answers[head].Class]);
                Assert.Equal(why.Max(w => w.Score), why[answers[head].Class].Score);
                Assert.Equal(answers[head].Probability, (float)probabilities[answers[head].Class]);
            }
        }
    }

    [Fact]
    public void Probabilities_fitted_on_scores_are_as_often_right_as_they_say()
    {
        // Scores whose true probabilities are softmax(2 s), with one label in ten replaced by any class.
        Random chance = new(7);
        const int classes = 4;
        (float[] scores, int[] truth) Draw(int rows)
        {
            float[] scores = new float[rows * classes];
            int[] truth = new int[rows];
            for (int row = 0; row < rows; row++)
            {
                double[] weights = new double[classes];
                for (int c = 0; c < classes; c++)
                {
                    scores[(row * classes) + c] = (float)((chance.NextDouble() * 4) - 2);
                    weights[c] = Math.Exp(2 * scores[(row * classes) + c]);
                }
                double drawn = chance.NextDouble() * weights.Sum();
                truth[row] = chance.Next(10) == 0 ? chance.Next(classes) : Enumerable.Range(0, classes).First(c => (drawn -= weights[c]) < 0 || c == classes - 1);
            }
            return (scores, truth);
        }
        (float[] known, int[] labels) = Draw(4000);
        Calibration calibration = Calibration.Fit(known, labels, classes);
        (float[] unseen, int[] answersTrue) = Draw(4000);
        (string?, float)[] answers = [.. Enumerable.Range(0, 4000).Select(row =>
        {
            HeadPrediction best = calibration.Best(unseen.AsSpan(row * classes, classes));
            return ((string?)$"{best.Class}", best.Probability);
        })];
        HeadEvaluation judged = HeadEvaluation.Of("h", [.. answersTrue.Select(t => $"{t}")], answers, 0.6);
        Assert.True(judged.Ece < 0.03, $"calibration error {judged.Ece:0.000}");
    }

    [Fact]
    public void Scores_that_tell_everything_apart_still_give_numbers()
    {
        float[] scores = [.. Enumerable.Range(0, 50).SelectMany(i => i % 2 == 0 ? (float[])[9000, -9000] : [-9000, 9000])];
        Calibration calibration = Calibration.Fit(scores, [.. Enumerable.Range(0, 50).Select(i => i % 2)], 2);
        double[] probabilities = new double[2];
        calibration.Probabilities([9000, -9000], probabilities);
        Assert.All(probabilities, p => Assert.InRange(p, 0, 1));
        Assert.Equal(1, probabilities.Sum(), 1e-9);
    }

    [Fact]
    public void Evaluation_counts_as_one_would_by_hand()
    {
        HeadEvaluation judged = HeadEvaluation.Of(
            "h", ["a", "a", "a", "b", null], [("a", 0.9f), ("a", 0.8f), ("b", 0.4f), ("b", 0.7f), ("a", 0.1f)], 0.6);
        Assert.Equal((4, 0.75, 0.75, 1.0), (judged.Texts, judged.Accuracy, judged.Coverage, judged.AccuracyAtCoverage));
        Assert.Equal([("a", 1, 2 / 3.0, 3), ("b", 0.5, 1.0, 1)], judged.Classes.Select(c => (c.Class, c.Precision, c.Recall, c.Support)));
        Assert.Equal((0.8 + (2 / 3.0)) / 2, judged.MacroF1, 1e-12);
        Assert.Equal((0.1 + 0.2 + 0.4 + 0.3) / 4, judged.Ece, 1e-6);
        Assert.Contains(new Confusion("a", "b", 1), judged.Confusions);
    }

    [Fact]
    public void A_model_read_from_its_bytes_answers_as_the_one_that_was_written()
    {
        byte[] bytes = ModelFile.Write(Model);
        LinearTextModel read = ModelFile.Read(bytes);
        Assert.Equal(Model.Predict(Corpus.Texts, 2), read.Predict(Corpus.Texts, 1));
        Assert.Equal(bytes, ModelFile.Write(read));
        Assert.Equal(Model.Card.DataSha256, read.Card.DataSha256);
        Assert.Equal(12, ModelFile.IdOf(bytes).Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("PK\u0003\u0004 something else that is long enough to be a header of a file")]
    public void Bytes_that_are_no_model_are_foreign(string content) =>
        Assert.Equal(ModelFault.Foreign, Assert.Throws<ModelFileException>(() => ModelFile.Read(System.Text.Encoding.UTF8.GetBytes(content))).Fault);

    [Fact]
    public void A_model_of_another_version_is_named_so()
    {
        byte[] bytes = ModelFile.Write(Model);
        bytes[8] = 5;
        Assert.Equal(ModelFault.OtherVersion, Assert.Throws<ModelFileException>(() => ModelFile.Read(bytes)).Fault);
        bytes[8] = 3; // says that the content is one frame, where frames begin with their number
        Assert.Equal(ModelFault.Damaged, Assert.Throws<ModelFileException>(() => ModelFile.Read(bytes)).Fault);
    }

    [Fact]
    public void A_model_cut_short_or_altered_anywhere_is_damaged()
    {
        byte[] whole = ModelFile.Write(Model);
        Random chance = new(11);
        for (int draw = 0; draw < 50; draw++)
        {
            int length = chance.Next(8, whole.Length);
            Assert.Equal(ModelFault.Damaged, Assert.Throws<ModelFileException>(() => ModelFile.Read(whole.AsMemory(0, length))).Fault);
            byte[] altered = [.. whole];
            altered[chance.Next(12, whole.Length)] ^= (byte)(1 << chance.Next(8));
            Assert.Equal(ModelFault.Damaged, Assert.Throws<ModelFileException>(() => ModelFile.Read(altered)).Fault);
        }
    }

    [Fact]
    public void Content_that_was_altered_under_a_right_checksum_is_damaged_or_a_model_that_can_be_used()
    {
        byte[] whole = ModelFile.Write(Model);
        int frames = BinaryPrimitives.ReadInt32LittleEndian(whole.AsSpan(48));
        Assert.Equal(1, frames);
        byte[] content = new byte[BinaryPrimitives.ReadInt32LittleEndian(whole.AsSpan(12))];
        Assert.True(BrotliDecoder.TryDecompress(whole.AsSpan(56), content, out int length) && length == content.Length);
        int card = 4 + BinaryPrimitives.ReadInt32LittleEndian(content);
        Random chance = new(12);
        int damaged = 0;
        for (int draw = 0; draw < 300; draw++)
        {
            byte[] altered = [.. content];
            int at = chance.Next(card, content.Length - 8);
            switch (draw % 3)
            {
                case 0:
                    altered[at] ^= (byte)(1 << chance.Next(8));
                    break;
                case 1:
                    BinaryPrimitives.WriteInt32LittleEndian(altered.AsSpan(at), chance.Next(2) == 0 ? -1 : int.MaxValue);
                    break;
                default:
                    altered = altered[..at];
                    break;
            }
            try
            {
                LinearTextModel read = ModelFile.Read(Sealed(altered));
                Assert.Equal(Corpus.Texts.Count * read.Heads.Count, read.Predict(Corpus.Texts, 1).Length);
            }
            catch (ModelFileException fault)
            {
                Assert.Equal(ModelFault.Damaged, fault.Fault);
                damaged++;
            }
        }
        Assert.InRange(damaged, 100, 299);
    }

    [Theory]
    [InlineData("\"heads\"", "\"other\"")]
    [InlineData("\"grams\"", "\"other\"")]
    [InlineData("\"classes\"", "\"other\"")]
    [InlineData("\"identity\"", "\"other\"")]
    public void A_card_without_what_a_model_needs_is_damaged(string member, string instead)
    {
        ReadOnlySpan<byte> content = Model.WriteContent().Span;
        int length = BinaryPrimitives.ReadInt32LittleEndian(content);
        string card = System.Text.Encoding.UTF8.GetString(content.Slice(4, length));
        Assert.Contains(member, card, StringComparison.Ordinal);
        byte[] other = System.Text.Encoding.UTF8.GetBytes(card.Replace(member, instead, StringComparison.Ordinal));
        byte[] altered = [.. BitConverter.GetBytes(other.Length), .. other, .. content[(4 + length)..]];
        Assert.Equal(ModelFault.Damaged, Assert.Throws<ModelFileException>(() => ModelFile.Read(Sealed(altered))).Fault);
        Assert.Equal(ModelFault.Damaged, Assert.Throws<ModelFileException>(() => ModelFile.ReadCard(Sealed(altered))).Fault);
    }

    [Fact]
    public void A_model_with_a_card_of_many_frames_is_read_as_it_was_written()
    {
        Random chance = new(13);
        byte[] fingerprints = new byte[7 << 20];
        chance.NextBytes(fingerprints);
        LinearTextModel large = Model.WithCard(Model.Card with { SeenTexts = Convert.ToBase64String(fingerprints) });
        byte[] bytes = ModelFile.Write(large);
        Assert.Equal(3, BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(48)));
        Assert.Equal(large.Card.SeenTexts, ModelFile.ReadCard(bytes).SeenTexts);
        Assert.Equal(Model.Predict(Corpus.Texts, 1), ModelFile.Read(bytes).Predict(Corpus.Texts, 1));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(52), BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(52)) + 1);
        SHA256.HashData(bytes.AsSpan(48), bytes.AsSpan(16, 32));
        Assert.Equal(ModelFault.Damaged, Assert.Throws<ModelFileException>(() => ModelFile.Read(bytes)).Fault);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1 << 30)]
    [InlineData(int.MaxValue)]
    public void A_content_of_another_length_than_stated_is_damaged(int stated)
    {
        byte[] old = File.ReadAllBytes(Path.Combine(SampleData.OfProject("Pipeline.Tests/Classification/OldModels"), "version-2.model"));
        BinaryPrimitives.WriteInt32LittleEndian(old.AsSpan(12), stated); // outside what the checksum is of
        Assert.Equal(ModelFault.Damaged, Assert.Throws<ModelFileException>(() => ModelFile.Read(old)).Fault);
        byte[] now = ModelFile.Write(Model);
        BinaryPrimitives.WriteInt32LittleEndian(now.AsSpan(12), stated);
        Assert.Equal(ModelFault.Damaged, Assert.Throws<ModelFileException>(() => ModelFile.Read(now)).Fault);
    }

    /// <summary>A file of one frame with this content and its right checksum.</summary>
    private static byte[] Sealed(byte[] content)
    {
        byte[] packed = new byte[BrotliEncoder.GetMaxCompressedLength(content.Length)];
        Assert.True(BrotliEncoder.TryCompress(content, packed, out int written));
        byte[] file = [.. ModelFile.Write(Model)[..48], .. BitConverter.GetBytes(1), .. BitConverter.GetBytes(written), .. packed[..written]];
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(12), content.Length);
        SHA256.HashData(file.AsSpan(48), file.AsSpan(16, 32));
        return file;
    }
}
