using System.Globalization;
using Pipeline.Models.Measures;

namespace Pipeline.Jobs.Ingest.Cleaning;

/// <summary>Reads amounts of money into the currency unit of the source, two decimals, half up (DOMAIN A1.6).</summary>
public static class AmountReader
{
    private const decimal Limit = 10_000_000_000_000_000m; // numeric(18, 2)
    private const decimal TenThousand = 10_000m;

    /// <summary>
    /// The amount of a cell, or null where it cannot be read as zero or more. Thousands separators, currency signs and 元 are
    /// tolerated; 万 or 万元 in the cell itself stands for ten thousand, whatever <paramref name="unit"/> the column has.
    /// </summary>
    /// <param name="unit">What one stands for in this column, for example 10000 for 万元.</param>
    public static decimal? Read(ReadOnlySpan<char> text, decimal unit)
    {
        Span<char> buffer = stackalloc char[40];
        int length = 0;
        foreach (char c in text)
        {
            switch (c)
            {
                case >= '0' and <= '9' or '.':
                case '-' when length == 0:
                    if (length == buffer.Length)
                    {
                        return null;
                    }
                    buffer[length++] = c;
                    break;
                case '万' when length > 0:
                    unit = TenThousand;
                    break;
                case ',' or ' ' or '¥' or '￥' or '$' or '元' or '圆':
                    break;
                default:
                    return null;
            }
        }
        if (length == 0
            || !decimal.TryParse(buffer[..length], NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out decimal value)
            || value < 0 || value >= Limit || value * unit >= Limit)
        {
            return null;
        }
        return HalfUp.Round(value * unit, 2);
    }
}
