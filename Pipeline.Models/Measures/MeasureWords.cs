using Pipeline.Models.Regulatory;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;

namespace Pipeline.Models.Measures;

/// <summary>
/// What measures are called and how they are defined for one source: in the words by which its taxonomy calls business lines and causes,
/// and with the rules that bind it and no others.
/// </summary>
/// <param name="views">Regulators' views of the source, see <see cref="RegulatoryViews"/>.</param>
public sealed class MeasureWords(ComplaintTaxonomy taxonomy, IReadOnlyList<string> views)
{
    /// <summary>The words of the catalogue for the dimensions that a source may call otherwise.</summary>
    private static readonly (string Dimension, string Zh, string En)[] Generic = [(Dimensions.Business, "业务类别", "Business line"), (Dimensions.Cause, "投诉原因", "Cause")];

    /// <value>Whether the Chinese rules bind the source: those of a Chinese bank, and those that no other regulator's view is named for.</value>
    public bool IsUnderChineseRules { get; } = views.Count == 0 || views.Contains(RegulatoryViews.China);

    public Bilingual Name(Measure measure) => Named(measure, measure.Name);

    /// <summary>The definition, followed by the rule that it rests on where that rule binds the source.</summary>
    public Bilingual Definition(Measure measure)
    {
        Bilingual text = Named(measure, measure.Definition);
        return IsUnderChineseRules && measure.ChineseRule is { } rule ? new(text.Zh + rule.Zh, $"{text.En} {rule.En}") : text;
    }

    /// <summary>The unit as it is printed: amounts in the currency of the source.</summary>
    public string Unit(string unit) => unit == Units.Yuan && !IsUnderChineseRules && views.Contains(RegulatoryViews.UnitedStates) ? Units.UsDollars : unit;

    private Bilingual Named(Measure measure, Bilingual text)
    {
        if (!measure.NamesDimension)
        {
            return text;
        }
        foreach ((string dimension, string zh, string en) in Generic)
        {
            if (taxonomy.Dimension(dimension) is { } own)
            {
                text = new(
                    text.Zh.Replace(zh, own.Zh, StringComparison.Ordinal),
                    text.En.Replace(en, own.En, StringComparison.Ordinal).Replace(en.ToLowerInvariant(), own.En.ToLowerInvariant(), StringComparison.Ordinal));
            }
        }
        return text;
    }
}
