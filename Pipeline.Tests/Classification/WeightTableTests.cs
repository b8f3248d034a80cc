using Pipeline.Models.Classification;

namespace Pipeline.Tests.Classification;

public sealed class WeightTableTests
{
    private const int Features = 300;
    private const int Sheets = 3;
    private static readonly ClassLayout Layout = new([Head("nature", 3), Head("business", 17)]);

    [Theory]
    [InlineData(40)]
    [InlineData(Features)]
    public void Sums_over_a_text_are_those_of_the_plain_loop_over_features_and_columns(int distinct)
    {
        (WeightTable table, _) = Invented(distinct);
        Random chance = new(3);
        float[] sums = new float[table.Stride];
        for (int draw = 0; draw < 50; draw++)
        {
            int[] features = [.. Enumerable.Range(0, chance.Next(1, 120)).Select(_ => chance.Next(Features))];
            float[] values = [.. features.Select(_ => (float)chance.NextDouble())];
            table.Sum(features, values, new int[features.Length], sums);
            for (int column = 0; column < table.Stride; column++)
            {
                double plain = 0;
                for (int i = 0; i < features.Length; i++)
                {
                    plain += (double)values[i] * table.Weight(features[i], column);
                }
                Assert.Equal(plain, sums[column], 1e-4);
            }
        }
    }

    [Fact]
    public void Weights_are_kept_to_a_step_and_features_with_the_same_weights_share_a_row()
    {
        (WeightTable table, float[][] weights) = Invented(distinct: 40);
        Assert.True(table.SharesRows);
        Assert.Equal(40, table.Rows);
        for (int sheet = 0; sheet < Sheets; sheet++)
        {
            for (int feature = 0; feature < Features; feature++)
            {
                for (int c = 0; c < Layout.Classes; c++)
                {
                    Assert.Equal(weights[sheet][(feature * Layout.Stride) + c], table.Weight(feature, (sheet * Layout.Stride) + c), 0.01f);
                }
            }
        }
    }

    [Fact]
    public void Where_no_two_features_are_alike_each_has_its_own_row()
    {
        (WeightTable table, _) = Invented(distinct: Features);
        Assert.False(table.SharesRows);
        Assert.True(table.RowOf.IsEmpty);
        Assert.Equal(Features * table.Stride, table.Steps.Length);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void A_row_that_does_not_exist_is_refused(int row) =>
        Assert.Throws<ArgumentException>(() => new WeightTable(2, 1, Layout, [0, row], new sbyte[Layout.Stride], new float[Layout.Classes]));

    [Fact]
    public void Steps_are_fine_for_few_classes_and_small_tables_and_coarser_for_large_ones()
    {
        StepSizes sizes = StepSizes.Default;
        Assert.Equal(1, sizes.Of(1 << 20, Machines.ManyClasses));
        Assert.Equal(1, sizes.Of(1 << 15, 64));
        Assert.Equal(8, sizes.Of((1 << 15) + 1, 64));
        Assert.Equal(8, sizes.Of(1 << 17, 64));
        Assert.Equal(16, sizes.Of((1 << 17) + 1, 64));
    }

    [Fact]
    public void Coarse_steps_packed_two_a_byte_are_read_as_they_were_and_fine_ones_are_not_packed()
    {
        Random chance = new(9);
        sbyte[] steps = [.. Enumerable.Range(0, 200_000).Select(_ => (sbyte)Math.Clamp(16 * chance.Next(-8, 9), -127, 127))];
        Assert.Equal(17, steps.Distinct().Count());
        Assert.True(CoarseSteps.TryPack(steps, out byte[] pairs, out int[] highest));
        Assert.Equal(100_000, pairs.Length);
        Assert.Equal(steps, CoarseSteps.Unpack(pairs, highest));
        Assert.Throws<ArgumentException>(() => CoarseSteps.Unpack(pairs, [200_000]));
        steps[777] = 8;
        Assert.False(CoarseSteps.TryPack(steps, out _, out _));
    }

    /// <param name="distinct">Features of different weights; the others repeat them.</param>
    private static (WeightTable Table, float[][] Weights) Invented(int distinct)
    {
        Random chance = new(distinct);
        WeightTable.Builder builder = new(Features, Sheets, Layout);
        float[][] weights = new float[Sheets][];
        for (int sheet = 0; sheet < Sheets; sheet++)
        {
            weights[sheet] = new float[Features * Layout.Stride];
            for (int feature = 0; feature < Features; feature++)
            {
                for (int c = 0; c < Layout.Classes; c++)
                {
                    weights[sheet][(feature * Layout.Stride) + c] = feature < distinct
                        ? (float)((2 * chance.NextDouble()) - 1)
                        : weights[sheet][(feature % distinct * Layout.Stride) + c];
                }
            }
            builder.Add(sheet, weights[sheet], StepSizes.Default);
        }
        return (builder.Build(), weights);
    }

    private static ClassifierHead Head(string name, int classes) =>
        new(name, [.. Enumerable.Range(0, classes).Select(c => $"{c:00}")], [.. Enumerable.Repeat(10, classes)]);
}
