namespace Pipeline.Models.RootCauses;

/// <summary>
/// Texts as unit vectors over phrases, each weighted by its inverse document frequency ln((N + 1) / (n + 1)) (Spärck Jones, Journal of
/// Documentation 28, 1972), so that the cosine of two texts is the sum of their common weights.
/// </summary>
internal sealed class TextVectors
{
    private readonly int[][] phrases;
    private readonly float[][] weights;

    /// <param name="phrases">For each text its phrases, ascending.</param>
    /// <param name="texts">For each phrase the texts that hold it.</param>
    public TextVectors(int[][] phrases, int[] texts)
    {
        this.phrases = phrases;
        PhraseCount = texts.Length;
        double[] rarity = [.. texts.Select(n => Math.Log((phrases.Length + 1.0) / (n + 1.0)))];
        weights = new float[phrases.Length][];
        for (int i = 0; i < phrases.Length; i++)
        {
            double squares = 0;
            foreach (int phrase in phrases[i])
            {
                squares += rarity[phrase] * rarity[phrase];
            }
            double length = squares == 0 ? 1 : Math.Sqrt(squares);
            weights[i] = [.. phrases[i].Select(p => (float)(rarity[p] / length))];
        }
    }

    public int PhraseCount { get; }

    public ReadOnlySpan<int> Phrases(int text) => phrases[text];

    public ReadOnlySpan<float> Weights(int text) => weights[text];

    public bool Holds(int text, int phrase) => Array.BinarySearch(phrases[text], phrase) >= 0;

    /// <summary>0 (nothing in common) to 1.</summary>
    public double Cosine(int first, int second)
    {
        ReadOnlySpan<int> a = phrases[first];
        ReadOnlySpan<int> b = phrases[second];
        double sum = 0;
        for (int i = 0, j = 0; i < a.Length && j < b.Length;)
        {
            if (a[i] == b[j])
            {
                sum += (double)weights[first][i++] * weights[second][j++];
            }
            else if (a[i] < b[j])
            {
                i++;
            }
            else
            {
                j++;
            }
        }
        return sum;
    }

    /// <summary>The sum of some texts, as a dense vector over phrases.</summary>
    public double[] Sum(IReadOnlyList<int> texts)
    {
        double[] sum = new double[PhraseCount];
        foreach (int text in texts)
        {
            for (int i = 0; i < phrases[text].Length; i++)
            {
                sum[phrases[text][i]] += weights[text][i];
            }
        }
        return sum;
    }

    public double Dot(int text, double[] dense)
    {
        double sum = 0;
        for (int i = 0; i < phrases[text].Length; i++)
        {
            sum += weights[text][i] * dense[phrases[text][i]];
        }
        return sum;
    }

    /// <summary>The cosines of all pairs of some texts, row by row; through the texts that share a phrase, so that pairs with nothing in common cost nothing.</summary>
    public float[] Cosines(IReadOnlyList<int> texts)
    {
        int count = texts.Count;
        float[] cosines = new float[count * count];
        List<(int Row, float Weight)>?[] holders = new List<(int, float)>?[PhraseCount];
        for (int row = 0; row < count; row++)
        {
            int text = texts[row];
            for (int i = 0; i < phrases[text].Length; i++)
            {
                List<(int Row, float Weight)> list = holders[phrases[text][i]] ??= [];
                float weight = weights[text][i];
                foreach ((int other, float theirs) in list)
                {
                    cosines[(row * count) + other] += weight * theirs;
                }
                list.Add((row, weight));
            }
            for (int other = 0; other < row; other++)
            {
                cosines[(other * count) + row] = cosines[(row * count) + other];
            }
        }
        return cosines;
    }
}
