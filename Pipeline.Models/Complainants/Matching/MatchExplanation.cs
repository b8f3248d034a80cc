using System.Globalization;
using System.Text;
using Pipeline.Models.Text;

namespace Pipeline.Models.Complainants.Matching;

/// <summary>What one field says of a pair.</summary>
/// <param name="Bits">Its weight: log2 of how much likelier the agreement is among matches than among others; 0 where a side shows nothing.</param>
public sealed record FieldWeight(string Field, Agreement Level, double Bits);

/// <summary>Why two records are, or are not, one person: the weights by field and their sum. Never the values.</summary>
/// <param name="PriorBits">log2 of the odds before anything is compared.</param>
public sealed record MatchExplanation(double PriorBits, IReadOnlyList<FieldWeight> Fields)
{
    public double Bits => PriorBits + Fields.Sum(f => f.Bits);

    public double Probability => MatchModel.Probability(Bits);

    /// <summary>One sentence, the heaviest evidence first.</summary>
    public Bilingual Sentence
    {
        get
        {
            StringBuilder zh = new();
            StringBuilder en = new();
            foreach (FieldWeight weight in Fields.Where(f => f.Level != Agreement.Missing).OrderByDescending(f => Math.Abs(f.Bits)))
            {
                string bits = weight.Bits.ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture);
                zh.Append(zh.Length > 0 ? "、" : "").Append(weight.Field).Append(Agreements.Zh(weight.Level)).Append(' ').Append(bits);
                en.Append(en.Length > 0 ? ", " : "").Append(weight.Field).Append(' ').Append(Agreements.Name(weight.Level)).Append(' ').Append(bits);
            }
            string prior = PriorBits.ToString("+0.0;-0.0", CultureInfo.InvariantCulture);
            string sum = Bits.ToString("+0.0;-0.0", CultureInfo.InvariantCulture);
            return new Bilingual($"{zh}；先验 {prior}，合计 {sum} 比特", $"{en}; prior {prior}, sum {sum} bits");
        }
    }

    public static MatchExplanation Of(MatchTable table, MatchModel model, int a, int b)
    {
        AgreementVector levels = new PairComparer(table).Compare(a, b);
        FieldWeight[] fields = new FieldWeight[table.Fields];
        for (int field = 0; field < fields.Length; field++)
        {
            Agreement level = levels[field];
            double bits = level == Agreement.Missing ? 0 : model.Base[MatchModel.At(field, level)] + model.Rarity(table, field, levels, a, b);
            fields[field] = new FieldWeight(table.Schema.Fields[field].Name, level, bits);
        }
        return new MatchExplanation(model.PriorBits, fields);
    }
}
