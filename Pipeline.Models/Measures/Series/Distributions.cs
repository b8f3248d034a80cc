namespace Pipeline.Models.Measures.Series;

/// <summary>
/// The distribution functions that tests of counts and shares stand on. Arguments may be real where a count is divided by its
/// dispersion. Relative precision is about 1e-12 in the middle and 1e-10 in the tails, down to 1e-300.
/// </summary>
public static class Distributions
{
    private const double Tiny = 1e-300;

    // Lanczos approximation, g = 7, n = 9 (Godfrey 2001).
    private static readonly double[] Lanczos =
    [
        0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
        12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
    ];

    /// <summary>ln Γ(x), x above 0.</summary>
    public static double LogGamma(double x)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(x);
        if (x < 0.5)
        {
            return Math.Log(Math.PI / Math.Sin(Math.PI * x)) - LogGamma(1 - x);
        }
        double z = x - 1;
        double sum = Lanczos[0];
        for (int i = 1; i < Lanczos.Length; i++)
        {
            sum += Lanczos[i] / (z + i);
        }
        double t = z + 7.5;
        return (0.5 * Math.Log(2 * Math.PI)) + ((z + 0.5) * Math.Log(t)) - t + Math.Log(sum);
    }

    /// <summary>
    /// The regularised incomplete beta function I_x(a, b), by the continued fraction of Lentz (Press et al., Numerical Recipes, 6.4):
    /// P(X ≥ a) of a binomial X with a + b − 1 trials and probability x.
    /// </summary>
    /// <param name="a">0 or more; 0 gives 1.</param>
    /// <param name="b">0 or more; 0 gives 0.</param>
    /// <param name="x">0 to 1.</param>
    public static double Beta(double a, double b, double x)
    {
        if (a <= 0)
        {
            return 1;
        }
        if (b <= 0 || x <= 0)
        {
            return x >= 1 ? 1 : 0;
        }
        if (x >= 1)
        {
            return 1;
        }
        double front = Math.Exp(LogGamma(a + b) - LogGamma(a) - LogGamma(b) + (a * Math.Log(x)) + (b * Math.Log(1 - x)));
        return x < (a + 1) / (a + b + 2)
            ? front * BetaFraction(a, b, x) / a
            : 1 - (front * BetaFraction(b, a, 1 - x) / b);
    }

    /// <summary>The x at which <see cref="Beta"/> reaches <paramref name="probability"/>: quantile of the beta distribution.</summary>
    public static double BetaQuantile(double a, double b, double probability) => Root(x => Beta(a, b, x) - probability, 0, 1);

    /// <summary>Where a function that grows from below nought at <paramref name="low"/> to above it at <paramref name="high"/> is nought (Illinois method).</summary>
    internal static double Root(Func<double, double> function, double low, double high)
    {
        double atLow = function(low);
        double atHigh = function(high);
        if (atLow >= 0 || atHigh <= 0)
        {
            return atLow >= 0 ? low : high;
        }
        for (int i = 0; i < 200 && high - low > 1e-13 * Math.Max(1e-3, Math.Abs(high)); i++)
        {
            // Each fourth step halves, so that flat ends do not hold it up.
            double middle = i % 4 == 3 ? (low + high) / 2 : Math.Clamp(low - (atLow * (high - low) / (atHigh - atLow)), low, high);
            double at = function(middle);
            if (at == 0)
            {
                return middle;
            }
            if (at < 0)
            {
                (low, atLow, atHigh) = (middle, at, atHigh / 2);
            }
            else
            {
                (high, atHigh, atLow) = (middle, at, atLow / 2);
            }
        }
        return (low + high) / 2;
    }

    /// <summary>The regularised upper incomplete gamma function Q(a, x): P(X &lt; a) of a Poisson X with mean x.</summary>
    /// <param name="a">0 or more; 0 gives 0.</param>
    /// <param name="x">0 or more.</param>
    public static double GammaUpper(double a, double x)
    {
        if (a <= 0)
        {
            return 0;
        }
        if (x <= 0)
        {
            return 1;
        }
        double front = Math.Exp((a * Math.Log(x)) - x - LogGamma(a));
        if (x < a + 1)
        {
            double term = 1 / a;
            double sum = term;
            for (int n = 1; n < 100_000 && term > sum * 1e-16; n++)
            {
                term *= x / (a + n);
                sum += term;
            }
            return Math.Clamp(1 - (front * sum), 0, 1);
        }
        double b = x + 1 - a;
        double c = 1 / Tiny;
        double d = 1 / b;
        double h = d;
        for (int i = 1; i < 100_000; i++)
        {
            double step = -i * (i - a);
            b += 2;
            d = 1 / NotNought((step * d) + b);
            c = NotNought(b + (step / c));
            double change = d * c;
            h *= change;
            if (Math.Abs(change - 1) < 1e-15)
            {
                break;
            }
        }
        return Math.Clamp(front * h, 0, 1);
    }

    /// <summary>P(Z > z) of a standard normal.</summary>
    public static double NormalTail(double z)
    {
        double q = GammaUpper(0.5, z * z / 2) / 2;
        return z >= 0 ? q : 1 - q;
    }

    /// <summary>The z with P(Z > z) = <paramref name="tail"/> (Wichura, algorithm AS 241, Applied Statistics 37, 1988).</summary>
    /// <param name="tail">Above 0, below 1.</param>
    public static double NormalQuantileOfTail(double tail)
    {
        double q = 0.5 - tail;
        if (Math.Abs(q) <= 0.425)
        {
            double near = 0.180625 - (q * q);
            return q * Polynomial(near, Near) / Polynomial(near, BelowNear);
        }
        double r = Math.Sqrt(-Math.Log(Math.Min(tail, 1 - tail)));
        double z = r <= 5
            ? Polynomial(r - 1.6, Middle) / Polynomial(r - 1.6, BelowMiddle)
            : Polynomial(r - 5, Far) / Polynomial(r - 5, BelowFar);
        return q < 0 ? -z : z;
    }

    private static readonly double[] Near =
    [
        3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4, 4.5921953931549871457e4, 6.7265770927008700853e4,
        3.3430575583588128105e4, 2.5090809287301226727e3,
    ];

    private static readonly double[] BelowNear =
    [
        1, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3, 2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4,
        5.2264952788528545610e3,
    ];

    private static readonly double[] Middle =
    [
        1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0, 1.27045825245236838258e0, 2.41780725177450611770e-1,
        2.27238449892691845833e-2, 7.74545014278341407640e-4,
    ];

    private static readonly double[] BelowMiddle =
    [
        1, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1, 1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4,
        1.05075007164441684324e-9,
    ];

    private static readonly double[] Far =
    [
        6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0, 2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
        2.71155556874348757815e-5, 2.01033439929228813265e-7,
    ];

    private static readonly double[] BelowFar =
    [
        1, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2, 7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7,
        2.04426310338993978564e-15,
    ];

    private static double Polynomial(double x, double[] coefficients)
    {
        double sum = 0;
        for (int i = coefficients.Length - 1; i >= 0; i--)
        {
            sum = (sum * x) + coefficients[i];
        }
        return sum;
    }

    /// <summary>P(T > t) of Student's distribution.</summary>
    /// <param name="degrees">Degrees of freedom above 0; infinity is the normal distribution.</param>
    public static double StudentTail(double t, double degrees)
    {
        if (double.IsPositiveInfinity(degrees))
        {
            return NormalTail(t);
        }
        double half = Beta(degrees / 2, 0.5, degrees / (degrees + (t * t))) / 2;
        return t >= 0 ? half : 1 - half;
    }

    /// <summary>P(F > f) of Fisher's distribution.</summary>
    public static double FisherTail(double f, double above, double below) =>
        f <= 0 ? 1 : Beta(below / 2, above / 2, below / (below + (above * f)));

    /// <summary>P(χ² > x).</summary>
    public static double ChiSquareTail(double x, double degrees) => x <= 0 ? 1 : GammaUpper(degrees / 2, x / 2);

    /// <summary>ψ(x), x above 0 (Abramowitz and Stegun 6.3.18 after 6.3.5).</summary>
    public static double Digamma(double x)
    {
        double sum = 0;
        for (; x < 10; x++)
        {
            sum -= 1 / x;
        }
        double y = 1 / (x * x);
        return sum + Math.Log(x) - (0.5 / x) - (y * (1.0 / 12 - (y * (1.0 / 120 - (y * (1.0 / 252 - (y / 240)))))));
    }

    /// <summary>ψ′(x), x above 0 (Abramowitz and Stegun 6.4.12 after 6.4.6).</summary>
    public static double Trigamma(double x)
    {
        double sum = 0;
        for (; x < 10; x++)
        {
            sum += 1 / (x * x);
        }
        double y = 1 / (x * x);
        return sum + (1 / x) + (y / 2) + (y / x * (1.0 / 6 - (y * (1.0 / 30 - (y * (1.0 / 42 - (y / 30)))))));
    }

    /// <summary>The x with ψ′(x) = <paramref name="value"/>, by bisection; value above 0.</summary>
    public static double TrigammaInverse(double value)
    {
        double low = 1e-8;
        double high = 1e8;
        for (int i = 0; i < 200; i++)
        {
            double middle = Math.Sqrt(low * high);
            if (Trigamma(middle) > value)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }
        return Math.Sqrt(low * high);
    }

    private static double BetaFraction(double a, double b, double x)
    {
        double c = 1;
        double d = 1 / NotNought(1 - ((a + b) * x / (a + 1)));
        double h = d;
        // Near the mode the fraction needs about √max(a, b) steps.
        for (int m = 1; m < 100_000; m++)
        {
            double even = m * (b - m) * x / ((a + (2 * m) - 1) * (a + (2 * m)));
            d = 1 / NotNought(1 + (even * d));
            c = NotNought(1 + (even / c));
            h *= d * c;
            double odd = -(a + m) * (a + b + m) * x / ((a + (2 * m)) * (a + (2 * m) + 1));
            d = 1 / NotNought(1 + (odd * d));
            c = NotNought(1 + (odd / c));
            double change = d * c;
            h *= change;
            if (Math.Abs(change - 1) < 1e-15)
            {
                break;
            }
        }
        return h;
    }

    private static double NotNought(double value) => Math.Abs(value) < Tiny ? Tiny : value;
}
