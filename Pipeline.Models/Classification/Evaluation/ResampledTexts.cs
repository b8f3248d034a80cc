namespace Pipeline.Models.Classification.Evaluation;

/// <summary>
/// Judged texts in groups that are drawn whole: near-duplicates stand or fall together, so drawing them one by one would make an interval
/// too narrow. One draw takes as many groups as there are, with replacement.
/// </summary>
internal sealed class ResampledTexts
{
    /// <value>Draws of every bootstrap.</value>
    public const int Draws = 1000;

    private readonly int[] starts;
    private readonly int[] members;
    private readonly int seed;

    /// <param name="groups">For each judged text any number that names its group; null: each text by itself.</param>
    public ResampledTexts(int texts, IReadOnlyList<int>? groups, int seed)
    {
        this.seed = seed;
        int[] order = [.. Enumerable.Range(0, texts)];
        if (groups is not null)
        {
            Array.Sort([.. groups.Select((g, i) => ((long)g << 32) | (uint)i)], order);
        }
        members = order;
        List<int> first = [];
        for (int i = 0; i < texts; i++)
        {
            if (i == 0 || groups is null || groups[order[i]] != groups[order[i - 1]])
            {
                first.Add(i);
            }
        }
        starts = [.. first, texts];
    }

    /// <value>Groups that can be drawn.</value>
    public int Groups => starts.Length - 1;

    /// <summary>How often each text occurs in one draw.</summary>
    /// <param name="times">One for each text; overwritten.</param>
    public void Draw(int draw, int[] times)
    {
        Array.Clear(times);
        SeededDraws chance = new(seed, draw);
        int groups = Groups;
        for (int i = 0; i < groups; i++)
        {
            int group = chance.Next(groups);
            for (int k = starts[group]; k < starts[group + 1]; k++)
            {
                times[members[k]]++;
            }
        }
    }
}
