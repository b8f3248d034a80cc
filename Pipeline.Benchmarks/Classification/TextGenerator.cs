using System.Text;

namespace Pipeline.Benchmarks.Classification;

/// <summary>
/// Invented texts of any number with a fixed seed: sentences of words that are drawn Zipf-like, three fifths of the texts in Chinese
/// characters and two fifths in Latin words, 60 to 240 units long. One text in ten is an edit of an earlier one of the same batch: 1 to 5 %
/// of its units are replaced, and a greeting may stand before it.
/// </summary>
internal sealed class TextGenerator
{
    private const int Words = 20_000;
    private readonly string[] chinese;
    private readonly string[] latin;
    private readonly double[] cumulative = new double[Words];

    public TextGenerator(int seed)
    {
        Random chance = new(seed);
        chinese = [.. Enumerable.Range(0, Words).Select(_ => string.Concat(Enumerable.Range(0, chance.Next(1, 4)).Select(_ => (char)('\u4E00' + chance.Next(3500)))))];
        latin = [.. Enumerable.Range(0, Words).Select(_ => string.Concat(Enumerable.Range(0, chance.Next(2, 10)).Select(_ => (char)('a' + chance.Next(26)))))];
        double sum = 0;
        for (int i = 0; i < Words; i++)
        {
            sum += 1.0 / (i + 20);
            cumulative[i] = sum;
        }
    }

    /// <summary>Texts, and for each edited one the row that it was made from (else -1).</summary>
    public (string[] Texts, int[] Origins) Make(int count, int seed)
    {
        Random chance = new(seed);
        string[][] units = new string[count][];
        string[] texts = new string[count];
        int[] origins = new int[count];
        for (int row = 0; row < count; row++)
        {
            origins[row] = row > 100 && chance.Next(10) == 0 ? chance.Next(row) : -1;
            if (origins[row] >= 0)
            {
                string[] edited = [.. units[origins[row]]];
                for (int edits = Math.Max(1, edited.Length * chance.Next(1, 6) / 100); edits > 0; edits--)
                {
                    edited[chance.Next(edited.Length)] = Word(chance, edited[0][0] > 'z');
                }
                units[row] = edited;
            }
            else
            {
                bool ideographs = chance.Next(5) < 3;
                units[row] = [.. Enumerable.Range(0, chance.Next(30, 120)).Select(_ => Word(chance, ideographs))];
            }
            texts[row] = Text(units[row], chance.Next(2) == 0);
        }
        return (texts, origins);
    }

    /// <summary>Texts with a class each; one word in eight is of 40 words that the class prefers, and one label in twenty is another's.</summary>
    public (string[] Texts, string[] Classes) Labelled(int count, int classes, int seed)
    {
        Random chance = new(seed);
        string[] texts = new string[count];
        string[] labels = new string[count];
        for (int row = 0; row < count; row++)
        {
            int own = chance.Next(classes);
            bool ideographs = chance.Next(5) < 3;
            string[] words = ideographs ? chinese : latin;
            texts[row] = Text(
                [.. Enumerable.Range(0, chance.Next(30, 120)).Select(_ => chance.Next(8) == 0 ? words[1000 + (own * 40) + chance.Next(40)] : Word(chance, ideographs))],
                greeting: false);
            labels[row] = $"class{(chance.Next(20) == 0 ? chance.Next(classes) : own)}";
        }
        return (texts, labels);
    }

    private static string Text(string[] units, bool greeting)
    {
        bool ideographs = units[0][0] > 'z';
        StringBuilder text = new();
        text.Append(!greeting ? "" : ideographs ? "您好，我要投诉：" : "To whom it may concern, ");
        for (int i = 0; i < units.Length; i++)
        {
            text.Append(units[i]).Append(i % 12 == 11 ? (ideographs ? "，" : ", ") : ideographs ? "" : " ");
        }
        return text.ToString();
    }

    private string Word(Random chance, bool ideographs)
    {
        int index = Array.BinarySearch(cumulative, chance.NextDouble() * cumulative[^1]);
        return (ideographs ? chinese : latin)[index < 0 ? Math.Min(~index, Words - 1) : index];
    }
}
