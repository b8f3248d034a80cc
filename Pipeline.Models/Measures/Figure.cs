using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;
using Pipeline.Models.Complaints;

namespace Pipeline.Models.Measures;

/// <summary>A run of whole months, both ends included.</summary>
public readonly record struct FigurePeriod(ReportingMonth From, ReportingMonth To)
{
    public static FigurePeriod Of(ReportingMonth month) => new(month, month);

    public int Months => To.MonthsSince(From) + 1;

    public bool Contains(DateOnly date) => ReportingMonth.Of(date) is var m && m >= From && m <= To;

    /// <value><c>2026-10</c>, or <c>2026-08–2026-10</c> for several months: as sheets print it, where a key has two points.</value>
    public string Span => From == To ? From.ToString() : $"{From}–{To}";

    /// <summary><c>2026-10</c>, or <c>2026-08..2026-10</c> for several months: as keys have it.</summary>
    public override string ToString() => From == To ? From.ToString() : $"{From}..{To}";
}

/// <summary>One condition of a filter: the complaint has this class in this dimension.</summary>
public readonly record struct FilterTerm(string Dimension, string Member);

/// <summary>
/// What a figure is of: a measure, a period and the conditions on the complaints. Written <c>measure/period/dimension=member,…</c>,
/// terms in ordinal order, which is the key that users see, store and ask for.
/// </summary>
public sealed record FigureKey
{
    public FigureKey(string measure, FigurePeriod period, params IEnumerable<FilterTerm> terms)
    {
        Measure = measure;
        Period = period;
        Terms = [.. terms.OrderBy(t => t.Dimension, StringComparer.Ordinal).ThenBy(t => t.Member, StringComparer.Ordinal)];
        Text = Terms.Count == 0
            ? $"{measure}/{period}"
            : $"{measure}/{period}/{string.Join(',', Terms.Select(t => $"{t.Dimension}={Escape(t.Member)}"))}";
    }

    public string Measure { get; }

    public FigurePeriod Period { get; }

    public IReadOnlyList<FilterTerm> Terms { get; }

    public string Text { get; }

    /// <summary>Reads what <see cref="Text"/> writes.</summary>
    /// <exception cref="FormatException">The text is not a figure key.</exception>
    public static FigureKey Parse(string text)
    {
        string[] parts = text.Split('/', 3);
        string[] months = parts.Length < 2 ? [] : parts[1].Split("..");
        if (months.Length is 0 or > 2
            || !ReportingMonth.TryParse(months[0], out ReportingMonth from)
            || !ReportingMonth.TryParse(months[^1], out ReportingMonth to))
        {
            throw new FormatException($"'{text}' is not a figure key; expected measure/yyyy-MM or measure/yyyy-MM..yyyy-MM, then /dimension=member,…");
        }
        List<FilterTerm> terms = [];
        foreach (string term in parts.Length < 3 ? [] : SplitTerms(parts[2]))
        {
            int equals = term.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1)
            {
                throw new FormatException($"'{term}' in the figure key '{text}' is no dimension=member");
            }
            terms.Add(new FilterTerm(term[..equals], term[(equals + 1)..]));
        }
        return new FigureKey(parts[0], new FigurePeriod(from, to), terms);
    }

    /// <summary>
    /// A member of an open dimension may hold commas. A term begins after a comma only where a dimension's name and = follow; a comma of
    /// the member itself before such words is written <c>\,</c>, and a backslash <c>\\</c>.
    /// </summary>
    private static string Escape(string member)
    {
        if (!member.AsSpan().ContainsAny(',', '\\'))
        {
            return member;
        }
        StringBuilder text = new();
        for (int i = 0; i < member.Length; i++)
        {
            if (member[i] == '\\' || (member[i] == ',' && TermStartsAt(member, i + 1)))
            {
                text.Append('\\');
            }
            text.Append(member[i]);
        }
        return text.ToString();
    }

    private static IEnumerable<string> SplitTerms(string text)
    {
        StringBuilder term = new();
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length && (text[i + 1] is ',' or '\\'))
            {
                term.Append(text[++i]);
            }
            else if (text[i] == ',' && TermStartsAt(text, i + 1))
            {
                yield return term.ToString();
                term.Clear();
            }
            else
            {
                term.Append(text[i]);
            }
        }
        yield return term.ToString();
    }

    private static bool TermStartsAt(string text, int index)
    {
        int end = index;
        while (end < text.Length && (char.IsAsciiLetterLower(text[end]) || text[end] == '_'))
        {
            end++;
        }
        return end > index && end < text.Length && text[end] == '=';
    }

    public bool Equals(FigureKey? other) => other is not null && other.Text == Text;

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Text);

    public override string ToString() => Text;
}

/// <summary>A published number with what it was made of.</summary>
/// <param name="Key">See <see cref="FigureKey.Text"/>.</param>
/// <param name="Value">Null where the figure is not defined (nothing in the denominator) or cannot be known from what the source states (<see cref="KnownEvidence"/>).</param>
/// <param name="Unit"><c>complaints</c>, <c>share</c> (0 to 1), <c>days</c>, <c>yuan</c>, <c>persons</c>, <c>per_1000_outlets</c>, <c>per_10m_customers</c>.</param>
/// <param name="Numerator">For shares and rates: what is counted above the line; otherwise, and where it cannot be known, null.</param>
/// <param name="Denominator">For shares and rates: what is counted below the line; otherwise, and where it cannot be known, null.</param>
/// <param name="Rows">Complaints behind the figure (the denominator's, for a share).</param>
public sealed record Figure(string Key, decimal? Value, string Unit, decimal? Numerator, decimal? Denominator, int Rows)
{
    /// <value>A share of nothing and a rate without its base have no value and still a numerator; what cannot be known has neither.</value>
    [JsonIgnore]
    public bool IsKnown => Value is not null || Numerator is not null;

    public override string ToString() =>
        $"{Key} = {Value?.ToString(CultureInfo.InvariantCulture) ?? "–"} {Unit} ({Rows} rows)";
}

/// <summary>The figures of one run, by key. What is not in it was not planned: asking for it is a fault of the program.</summary>
public sealed class FigureSet(IEnumerable<Figure> figures)
{
    private readonly Dictionary<string, Figure> byKey = figures.ToDictionary(f => f.Key, StringComparer.Ordinal);

    public IReadOnlyCollection<Figure> All => byKey.Values;

    public Figure this[FigureKey key] => byKey.TryGetValue(key.Text, out Figure? figure)
        ? figure
        : throw new KeyNotFoundException($"the figure {key.Text} is not in the plan of this run; add it to FigurePlan");

    public Figure? Find(string key) => byKey.GetValueOrDefault(key);

    /// <summary>The figure of <paramref name="measure"/> in <paramref name="month"/>.</summary>
    public Figure Of(string measure, ReportingMonth month, params IEnumerable<FilterTerm> terms) =>
        this[new FigureKey(measure, FigurePeriod.Of(month), terms)];
}
