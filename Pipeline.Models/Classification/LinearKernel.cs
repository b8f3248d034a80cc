using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Pipeline.Models.Classification;

/// <summary>
/// The loops that training and prediction spend their time in. Vectors run across classes, never along a sum, so that every class
/// is added up in the order of the features: the result is the same to the bit with vectors of any width, or none.
/// </summary>
internal static class LinearKernel
{
    /// <summary><c>scores[c] += Σ values[i] · weights[features[i], c]</c>.</summary>
    public static void Accumulate(
        ReadOnlySpan<int> features, ReadOnlySpan<float> values, float[] weights, int stride, Span<float> scores)
    {
        ref float start = ref MemoryMarshal.GetArrayDataReference(weights);
        ref float score = ref MemoryMarshal.GetReference(scores);
        for (int block = 0; block < stride; block += ClassLayout.Lanes)
        {
            Vector256<float> low = Vector256.LoadUnsafe(ref score, (nuint)block);
            Vector256<float> high = Vector256.LoadUnsafe(ref score, (nuint)(block + 8));
            for (int i = 0; i < features.Length; i++)
            {
                nuint row = unchecked(((nuint)(uint)features[i] * (nuint)(uint)stride) + (nuint)(uint)block);
                Vector256<float> value = Vector256.Create(values[i]);
                low += value * Vector256.LoadUnsafe(ref start, row);
                high += value * Vector256.LoadUnsafe(ref start, row + 8);
            }
            low.StoreUnsafe(ref score, (nuint)block);
            high.StoreUnsafe(ref score, (nuint)(block + 8));
        }
    }

    /// <summary><c>sums[c] += Σ values[i] · q · |q|</c> with <c>q = steps[rows[i], c]</c>.</summary>
    public static void AccumulateSteps(
        ReadOnlySpan<int> rows, ReadOnlySpan<float> values, sbyte[] steps, int stride, Span<float> sums)
    {
        ref sbyte start = ref MemoryMarshal.GetArrayDataReference(steps);
        ref float sum = ref MemoryMarshal.GetReference(sums);
        for (int block = 0; block < stride; block += ClassLayout.Lanes)
        {
            Vector256<float> low = Vector256.LoadUnsafe(ref sum, (nuint)block);
            Vector256<float> high = Vector256.LoadUnsafe(ref sum, (nuint)(block + 8));
            for (int i = 0; i < rows.Length; i++)
            {
                nuint row = unchecked(((nuint)(uint)rows[i] * (nuint)(uint)stride) + (nuint)(uint)block);
                Vector256<float> value = Vector256.Create(values[i]);
                (Vector128<short> lower, Vector128<short> upper) = Vector128.Widen(Vector128.LoadUnsafe(ref start, row));
                low += value * Squares(lower);
                high += value * Squares(upper);
            }
            low.StoreUnsafe(ref sum, (nuint)block);
            high.StoreUnsafe(ref sum, (nuint)(block + 8));
        }
    }

    /// <summary>q · |q| of eight numbers from −127 to 127; no larger than a short.</summary>
    private static Vector256<float> Squares(Vector128<short> steps)
    {
        (Vector128<int> low, Vector128<int> high) = Vector128.Widen(steps * Vector128.Abs(steps));
        return Vector256.ConvertToSingle(Vector256.Create(low, high));
    }

    /// <summary><c>weights[features[i], c] += values[i] · steps[c]</c>.</summary>
    public static void Update(ReadOnlySpan<int> features, ReadOnlySpan<float> values, float[] weights, int stride, ReadOnlySpan<float> steps)
    {
        ref float start = ref MemoryMarshal.GetArrayDataReference(weights);
        ref float step = ref MemoryMarshal.GetReference(steps);
        for (int block = 0; block < stride; block += ClassLayout.Lanes)
        {
            Vector256<float> low = Vector256.LoadUnsafe(ref step, (nuint)block);
            Vector256<float> high = Vector256.LoadUnsafe(ref step, (nuint)(block + 8));
            if (low == Vector256<float>.Zero && high == Vector256<float>.Zero)
            {
                continue;
            }
            for (int i = 0; i < features.Length; i++)
            {
                nuint row = unchecked(((nuint)(uint)features[i] * (nuint)(uint)stride) + (nuint)(uint)block);
                Vector256<float> value = Vector256.Create(values[i]);
                (Vector256.LoadUnsafe(ref start, row) + (value * low)).StoreUnsafe(ref start, row);
                (Vector256.LoadUnsafe(ref start, row + 8) + (value * high)).StoreUnsafe(ref start, row + 8);
            }
        }
    }

    /// <summary><c>weights[features[i], c] += values[i] · factors[features[i], c] · steps[c]</c>.</summary>
    public static void Update(
        ReadOnlySpan<int> features, ReadOnlySpan<float> values, float[] factors, float[] weights, int stride, ReadOnlySpan<float> steps)
    {
        ref float start = ref MemoryMarshal.GetArrayDataReference(weights);
        ref float factor = ref MemoryMarshal.GetArrayDataReference(factors);
        ref float step = ref MemoryMarshal.GetReference(steps);
        for (int block = 0; block < stride; block += ClassLayout.Lanes)
        {
            Vector256<float> low = Vector256.LoadUnsafe(ref step, (nuint)block);
            Vector256<float> high = Vector256.LoadUnsafe(ref step, (nuint)(block + 8));
            if (low == Vector256<float>.Zero && high == Vector256<float>.Zero)
            {
                continue;
            }
            for (int i = 0; i < features.Length; i++)
            {
                nuint row = unchecked(((nuint)(uint)features[i] * (nuint)(uint)stride) + (nuint)(uint)block);
                Vector256<float> value = Vector256.Create(values[i]);
                (Vector256.LoadUnsafe(ref start, row) + (value * Vector256.LoadUnsafe(ref factor, row) * low)).StoreUnsafe(ref start, row);
                (Vector256.LoadUnsafe(ref start, row + 8) + (value * Vector256.LoadUnsafe(ref factor, row + 8) * high)).StoreUnsafe(ref start, row + 8);
            }
        }
    }
}
