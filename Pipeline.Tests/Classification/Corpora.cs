using System.Globalization;
using System.Text;
using Pipeline.Jobs.Classification;
using Pipeline.Models.Classification;

namespace Pipeline.Tests.Classification;

/// <summary>Labelled texts for tests: the corpora that come with the program, and made-up ones with a fixed seed.</summary>
internal static class Corpora
{
    private static readonly string[] Pieces =
        ["投诉", "信用卡", "年费", "利息", "退", "款", "A", "card", "Ｆｅｅ", "charged", "don't", "3", "1,200.50", "８８８", "。", "，", ".", " ", "!", "￥", "****", "xxxx", "@", "\n"];

    /// <summary>The first <paramref name="rows"/> of the Chinese corpus with nature, business line and cause.</summary>
    public static LabelledCorpus Chinese(int rows = int.MaxValue)
    {
        using LabelFile file = LabelFile.Bundled("cn-bank");
        string[] heads = ["nature", "business", "cause"];
        int text = file.Column("text");
        int[] columns = [.. heads.Select(file.Column)];
        List<string> texts = [];
        List<string?>[] labels = [.. heads.Select(_ => new List<string?>())];
        while (texts.Count < rows && file.Read() is { } row)
        {
            texts.Add(row[text]);
            for (int head = 0; head < heads.Length; head++)
            {
                labels[head].Add(row[columns[head]]);
            }
        }
        return new LabelledCorpus(texts, [.. heads.Select((h, i) => new LabelColumn(h, labels[i]))]);
    }

    /// <summary>Texts of Chinese and Latin pieces, numbers, signs and breaks in any order.</summary>
    public static string[] Mixed(int texts, int seed)
    {
        Random chance = new(seed);
        string[] result = new string[texts];
        for (int i = 0; i < texts; i++)
        {
            StringBuilder text = new();
            for (int pieces = chance.Next(1, 40); pieces > 0; pieces--)
            {
                text.Append(Pieces[chance.Next(Pieces.Length)]);
                if (chance.Next(2) == 0)
                {
                    text.Append(' ');
                }
            }
            result[i] = text.ToString();
        }
        return result;
    }

    /// <summary>Writes a corpus as the CSV that <c>train</c> reads.</summary>
    public static void Write(string path, LabelledCorpus corpus)
    {
        StringBuilder csv = new();
        csv.AppendLine(string.Join(',', corpus.Columns.Select(c => c.Head).Prepend("text")));
        for (int row = 0; row < corpus.Texts.Count; row++)
        {
            string text = corpus.Texts[row].Replace("\"", "\"\"", StringComparison.Ordinal);
            csv.AppendLine(CultureInfo.InvariantCulture, $"\"{text}\",{string.Join(',', corpus.Columns.Select(c => c.Labels[row]))}");
        }
        File.WriteAllText(path, csv.ToString());
    }
}
