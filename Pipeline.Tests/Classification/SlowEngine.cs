using System.Text.RegularExpressions;
using Pipeline.Models.Classification;

namespace Pipeline.Tests.Classification;

/// <summary>
/// The engine as one would write it down: n-grams are strings in dictionaries, arithmetic is in double, the machine is solved by gradient
/// descent on its primal objective. Slow; the specification that the fast engine is held against. Knows the signs that
/// <see cref="Corpora.Mixed"/> uses.
/// </summary>
internal static partial class SlowEngine
{
    /// <summary>Units of a text as strings; null is the end of a clause.</summary>
    public static List<string?> Units(string text)
    {
        string folded = new([.. text.Select(c => c is >= '！' and <= '～' ? (char)(c - 0xFEE0) : c is '。' ? ',' : c is '￥' ? '$' : c)]);
        List<string?> units = [];
        foreach (Match match in Tokens().Matches(folded.ToLowerInvariant()))
        {
            string token = match.Value;
            if (match.Groups["break"].Success)
            {
                units.Add(null);
            }
            else if (match.Groups["number"].Success)
            {
                units.Add($"#{token.Split('.')[0].Count(char.IsDigit)}");
            }
            else if (match.Groups["mask"].Success || (token.Length > 1 && token.All(c => c == 'x')))
            {
                units.Add("*");
            }
            else
            {
                units.Add(match.Groups["word"].Success ? $"w{token.Replace("'", "", StringComparison.Ordinal)}" : token);
            }
        }
        return units;
    }

    /// <summary>N-grams of a text with their counts; those of letters begin with <c>l</c>.</summary>
    public static Dictionary<string, int> Grams(string text, GramOptions options)
    {
        Dictionary<string, int> grams = [];
        List<string?> units = Units(text);
        for (int first = 0; first < units.Count; first++)
        {
            for (int length = 1; first + length <= units.Count && units[first + length - 1] is not null; length++)
            {
                List<string?> gram = units.GetRange(first, length);
                bool ideograph = gram.Any(u => u![0] >= '\u4E00' && u[0] <= '\u9FFF');
                if (length <= (ideograph ? options.IdeographOrder : options.WordOrder))
                {
                    Count($"u{string.Join('|', gram)}");
                }
            }
            if (units[first] is ['w', .. string word])
            {
                string run = $" {word} ";
                for (int start = 0; start < run.Length; start++)
                {
                    for (int length = options.LettersFrom; length <= options.LettersTo && start + length <= run.Length; length++)
                    {
                        Count($"l{run.Substring(start, length)}");
                    }
                }
            }
        }
        return grams;

        void Count(string gram) => grams[gram] = grams.GetValueOrDefault(gram) + 1;
    }

    /// <summary>The weighted features of each text; rarity has the precision of the model file.</summary>
    public static Dictionary<string, double>[] Features(IReadOnlyList<string> texts, GramOptions options, int minimumTexts)
    {
        Dictionary<string, int>[] counts = [.. texts.Select(t => Grams(t, options))];
        Dictionary<string, int> textsWith = counts.SelectMany(c => c.Keys).GroupBy(g => g).ToDictionary(g => g.Key, g => g.Count());
        return [.. counts.Select(own =>
        {
            Dictionary<string, double> weighted = own.Where(g => textsWith[g.Key] >= minimumTexts).ToDictionary(
                g => g.Key, g => (1 + Math.Log(g.Value)) * (double)(Half)(1 + Math.Log((1.0 + texts.Count) / (1.0 + textsWith[g.Key]))));
            int groups = weighted.Keys.Select(g => g[0]).Distinct().Count();
            return weighted.ToDictionary(
                g => g.Key,
                g => g.Value / Math.Sqrt(groups * weighted.Where(o => o.Key[0] == g.Key[0]).Sum(o => o.Value * o.Value)));
        })];
    }

    public static double Dot(Dictionary<string, double> a, Dictionary<string, double> b) => a.Sum(g => g.Value * b.GetValueOrDefault(g.Key));

    /// <summary>
    /// Scores of all texts by the machine of one class: minimises ½(|w|² + b²) + Σ Cᵢ max(0, 1 − yᵢ(w·xᵢ + b))² by gradient descent.
    /// Written with the texts' inner products: w is a sum of texts.
    /// </summary>
    /// <param name="gram">Inner products of the texts.</param>
    public static double[] Solve(double[,] gram, bool[] own, double[] penalty)
    {
        int n = own.Length;
        double[] share = new double[n]; // w = Σ shareᵢ xᵢ, b = Σ shareᵢ
        double rate = 1 / (1 + (2 * penalty.Sum() * 2));
        double[] scores = new double[n];
        for (int iteration = 0; iteration < 6000; iteration++)
        {
            for (int i = 0; i < n; i++)
            {
                scores[i] = 0;
                for (int j = 0; j < n; j++)
                {
                    scores[i] += share[j] * (gram[i, j] + 1);
                }
            }
            for (int i = 0; i < n; i++)
            {
                double sign = own[i] ? 1 : -1;
                share[i] -= rate * (share[i] - (2 * penalty[i] * sign * Math.Max(0, 1 - (sign * scores[i]))));
            }
        }
        return scores;
    }

    [GeneratedRegex(@"(?<number>[0-9]+([.,][0-9]+)*)|(?<word>[a-z]([a-z0-9]|'(?=[a-z]))*)|(?<mask>\*+)|(?<sign>[$!])|(?<han>[\u4e00-\u9fff])|(?<break>[,.])", RegexOptions.ExplicitCapture)]
    private static partial Regex Tokens();
}
