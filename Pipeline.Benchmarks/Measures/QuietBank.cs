using System.Globalization;
using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;
using Pipeline.Models.Taxonomy;
using RandomCount = Pipeline.Tests.Measures.Series.Draw;

namespace Pipeline.Benchmarks.Measures;

/// <summary>The invented bank without its events: what a quiet month is drawn from.</summary>
internal sealed class QuietBank
{
    private const int Year = 12;
    private readonly int[][] rows;
    private readonly bool[] isRepeat;
    private readonly bool[] isEscalated;
    private readonly Dictionary<string, int> indexes;

    private QuietBank(int[][] rows, bool[] isRepeat, bool[] isEscalated, Dictionary<string, int> indexes, IReadOnlyDictionary<string, IReadOnlyList<string>> members)
    {
        this.rows = rows;
        this.isRepeat = isRepeat;
        this.isEscalated = isEscalated;
        this.indexes = indexes;
        Members = members;
    }

    public IReadOnlyDictionary<string, IReadOnlyList<string>> Members { get; }

    public int Pool => rows.Length;

    public required double Mean { get; init; }

    public required double YearlyGrowth { get; init; }

    /// <value>Index of each calendar month, the mean being 1.</value>
    public required double[] Seasons { get; init; }

    /// <value>Pearson's dispersion of the totals about season and trend, 1 or more.</value>
    public required double Dispersion { get; init; }

    public static QuietBank Measure(string folder)
    {
        string[][] all = [.. File.ReadLines(Path.Combine(folder, "truth.csv")).Skip(1).Select(l => l.Split(','))];
        string[][] outlets = [.. File.ReadLines(Path.Combine(folder, "denominators.csv")).Skip(1).Select(l => l.Split(','))];
        string first = outlets.Min(o => o[0])!;
        (string Branch, int Outlets)[] branches = [.. outlets.Where(o => o[0] == first).Select(o => (o[1], int.Parse(o[2], CultureInfo.InvariantCulture)))];
        string[][] quiet = [.. all.Where(r => r[14].Length == 0 && r[15].Length == 0)];
        string[] months = [.. quiet.Select(r => r[3][..7]).Distinct().Order(StringComparer.Ordinal)];
        double[] totals = [.. months.Select(m => (double)quiet.Count(r => r[3].StartsWith(m, StringComparison.Ordinal)))];
        double growth = totals[Year..(2 * Year)].Sum() / totals[..Year].Sum();
        double[] seasons = [.. Enumerable.Range(0, Year).Select(i => (totals[i] + (totals[i + Year] / growth)) / 2)];
        double mean = seasons.Average();
        seasons = [.. seasons.Select(s => s / mean)];
        double pearson = 0;
        for (int i = 0; i < 2 * Year; i++)
        {
            double expected = mean * seasons[i % Year] * (i < Year ? 1 : growth);
            pearson += Math.Pow(totals[i] - expected, 2) / expected;
        }
        Random chance = new(7);
        Dictionary<string, int> indexes = new(StringComparer.Ordinal);
        Dictionary<string, List<string>> members = new(StringComparer.Ordinal);
        int Index(string dimension, string member)
        {
            string name = $"{dimension}={member}";
            if (!indexes.TryGetValue(name, out int index))
            {
                indexes.Add(name, index = indexes.Count);
                (members.TryGetValue(dimension, out List<string>? list) ? list : members[dimension] = []).Add(member);
            }
            return index;
        }
        string[][] pool = [.. quiet.Where(r => string.CompareOrdinal(r[3][..7], months[Year]) < 0)];
        int[][] rows = [.. pool.Select(r => (int[])
        [
            Index(Dimensions.Nature, r[9]), Index(Dimensions.Business, r[10]), Index(Dimensions.Cause, r[11]), Index(Dimensions.Channel, r[5]), Index(Dimensions.Branch, Pick(chance, branches)),
        ])];
        // A cell of business line and cause has an index of its own.
        foreach (string b in members[Dimensions.Business])
        {
            foreach (string k in members[Dimensions.Cause])
            {
                indexes.Add($"{Dimensions.Business}={b},{Dimensions.Cause}={k}", indexes.Count);
            }
        }
        rows = [.. rows.Select((r, i) => (int[])[.. r, indexes[$"{Dimensions.Business}={pool[i][10]},{Dimensions.Cause}={pool[i][11]}"]])];
        return new QuietBank(
            rows, [.. pool.Select(r => r[13].Length > 0)], [.. pool.Select(r => r[7] == "1")], indexes,
            members.ToDictionary(m => m.Key, m => (IReadOnlyList<string>)m.Value, StringComparer.Ordinal))
        {
            Mean = mean,
            YearlyGrowth = growth - 1,
            Seasons = seasons,
            Dispersion = Math.Max(1, pearson / (Year - 1)),
        };
    }

    public QuietYears Draw(Random chance, int months)
    {
        double common = (Dispersion - 1) / Mean;
        int[,,] counts = new int[3, months, indexes.Count + 1];
        for (int m = 0; m < months; m++)
        {
            double mean = Mean * Seasons[m % Year] * Math.Pow(1 + YearlyGrowth, m / (double)Year);
            int drawn = (int)RandomCount.Count(chance, mean, common);
            for (int i = 0; i < drawn; i++)
            {
                int row = chance.Next(rows.Length);
                Add(counts, 0, m, row);
                if (isRepeat[row])
                {
                    Add(counts, 1, m, row);
                }
                if (isEscalated[row])
                {
                    Add(counts, 2, m, row);
                }
            }
        }
        return new QuietYears(counts, indexes);
    }

    private void Add(int[,,] counts, int measure, int month, int row)
    {
        counts[measure, month, indexes.Count]++;
        foreach (int index in rows[row])
        {
            counts[measure, month, index]++;
        }
    }

    private static string Pick(Random chance, (string Branch, int Outlets)[] branches)
    {
        int at = chance.Next(branches.Sum(b => b.Outlets));
        return branches.First(b => (at -= b.Outlets) < 0).Branch;
    }
}

/// <summary>Counts of drawn months, answering as the figures of a run do.</summary>
internal sealed class QuietYears(int[,,] counts, Dictionary<string, int> indexes)
{
    private static readonly ReportingMonth First = new(2001, 11);
    private static readonly string[] Measures = ["complaints", "repeat_90", "escalated"];

    public static ReportingMonth Month(int index) => First.Add(index);

    public Figure? Figure(FigureKey key)
    {
        int month = key.Period.From.MonthsSince(First);
        int At(int measure) => counts[measure, month, key.Terms.Count == 0
            ? indexes.Count
            : indexes[string.Join(',', key.Terms.Select(t => $"{t.Dimension}={t.Member}"))]];
        int measure = Array.IndexOf(Measures, key.Measure);
        return measure >= 0 ? new Figure(key.Text, At(measure), "complaints", null, null, At(measure))
            : key.Measure switch
            {
                "repeat_rate_90" => Share(key, At(1), At(0)),
                "escalation_rate" => Share(key, At(2), At(0)),
                _ => null,
            };
    }

    private static Figure Share(FigureKey key, int above, int below) => new(key.Text, below == 0 ? null : (decimal)above / below, "share", above, below, below);
}
