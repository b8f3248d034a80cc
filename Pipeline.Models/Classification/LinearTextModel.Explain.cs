using Pipeline.Models.Text;

namespace Pipeline.Models.Classification;

public sealed partial class LinearTextModel
{
    /// <inheritdoc/>
    /// <remarks>
    /// A feature's contribution is its weight in the text times its weight in the model (all sheets together). It is shared evenly among the feature's
    /// occurrences, and an occurrence's share evenly among its units (a run of letters belongs to its word). Neighbouring units that
    /// speak for the same side become one span.
    /// </remarks>
    public TextExplanation Explain(string text, int head, int classIndex)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(classIndex);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(classIndex, layout.Count(head));
        Scorer scorer = new(this);
        if (!scorer.Read(text))
        {
            throw new ArgumentException("the text says nothing: no word, ideograph or number", nameof(text));
        }
        int column = layout.Offsets[head] + classIndex;
        double slope = calibrations[head].Slope;
        double[] ofUnits = UnitContributions(scorer, column);
        for (int i = 0; i < ofUnits.Length; i++)
        {
            ofUnits[i] *= slope;
        }
        double[] probabilities = new double[layout.Count(head)];
        calibrations[head].Probabilities(scorer.ScoresOf(head), probabilities);
        return new TextExplanation(
            Heads[head].Name,
            Heads[head].Classes[classIndex],
            probabilities[classIndex],
            calibrations[head].Score(scorer.ScoresOf(head)[classIndex], classIndex),
            (slope * bias[column]) + calibrations[head].Offsets[classIndex],
            Spans(scorer.Reader.Units.Units, ofUnits));
    }

    private double[] UnitContributions(Scorer scorer, int column)
    {
        FeatureReader reader = scorer.Reader;
        Dictionary<int, double> byFeature = [];
        double[] throughNeighbours = scorer.ThroughNeighbours(column);
        for (int i = 0; i < reader.Features.Length; i++)
        {
            int feature = reader.Features[i];
            double contribution = throughNeighbours[i];
            for (int sheet = 0; sheet < sheets.Length; sheet++)
            {
                contribution += (double)reader.Values[i] * scorer.Scales[sheet] * weights.Weight(feature, (sheet * layout.Stride) + column);
            }
            byFeature[feature] = contribution;
        }
        OccurrenceSink occurrences = new(vocabulary, []);
        GramReader.Read(reader.Units, Card.Grams, ref occurrences);
        concepts?.Read(reader.Units, 1u << Card.Grams.BucketBits, ref occurrences);
        Dictionary<int, int> times = [];
        foreach ((int feature, _, _) in occurrences.Found)
        {
            times[feature] = times.GetValueOrDefault(feature) + 1;
        }
        double[] ofUnits = new double[reader.Units.Count];
        foreach ((int feature, int first, int last) in occurrences.Found)
        {
            int carriers = 0;
            for (int unit = first; unit <= last; unit++)
            {
                carriers += reader.Units.Units[unit].Kind == UnitKind.Break ? 0 : 1;
            }
            double share = byFeature[feature] / times[feature] / carriers;
            for (int unit = first; unit <= last; unit++)
            {
                ofUnits[unit] += reader.Units.Units[unit].Kind == UnitKind.Break ? 0 : share;
            }
        }
        return ofUnits;
    }

    private static List<ExplainedSpan> Spans(ReadOnlySpan<TextUnit> units, double[] contributions)
    {
        List<ExplainedSpan> spans = [];
        int first = -1;
        int last = -1;
        double sum = 0;
        for (int unit = 0; unit < units.Length; unit++)
        {
            bool joins = first >= 0 && contributions[unit] != 0 && Math.Sign(contributions[unit]) == Math.Sign(sum);
            if (!joins && first >= 0)
            {
                spans.Add(new ExplainedSpan(units[first].Start, units[last].End - units[first].Start, sum));
                first = -1;
                sum = 0;
            }
            if (contributions[unit] != 0)
            {
                first = first < 0 ? unit : first;
                last = unit;
                sum += contributions[unit];
            }
        }
        if (first >= 0)
        {
            spans.Add(new ExplainedSpan(units[first].Start, units[last].End - units[first].Start, sum));
        }
        return spans;
    }

    private readonly struct OccurrenceSink(Vocabulary vocabulary, List<(int Feature, int First, int Last)> found) : IGramSink
    {
        public List<(int Feature, int First, int Last)> Found => found;

        public void Add(uint bucket, int firstUnit, int lastUnit)
        {
            int feature = vocabulary.FeatureOf(bucket);
            if (feature >= 0)
            {
                found.Add((feature, firstUnit, lastUnit));
            }
        }
    }
}
