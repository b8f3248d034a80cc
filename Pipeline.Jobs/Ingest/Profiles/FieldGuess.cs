using Pipeline.Jobs.Ingest.Mapping;
using Pipeline.Jobs.Rules;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;

namespace Pipeline.Jobs.Ingest.Profiles;

/// <summary>A column proposed for a field.</summary>
/// <param name="Column">0-based.</param>
/// <param name="Confidence">0 to 1: the header's and the values' word together. Not a probability.</param>
/// <param name="Why">What spoke for it; never a value of a row.</param>
public sealed record FieldProposal(CanonicalField Field, int Column, double Confidence, Bilingual Why);

/// <summary>
/// Proposes a field for each column of an unknown table from its header and the form of its values. Evidence is joined as
/// 1 - (1 - header)(1 - values); values that cannot be the field's overrule any header.
/// </summary>
public sealed class FieldGuess(HeaderGuess headers, IReadOnlyList<ValueTranslator> translators)
{
    /// <summary>Below this nothing is proposed.</summary>
    public const double LeastConfidence = 0.5;

    /// <value>What values that contradict the field score.</value>
    private const double Impossible = -1;

    /// <param name="rows">A sample, in the order of the file.</param>
    /// <returns>At most one column for each field and one field for each column, by confidence.</returns>
    public IReadOnlyList<FieldProposal> Propose(IReadOnlyList<string> columns, IReadOnlyList<string[]> rows)
    {
        List<string[]> cells = [.. Enumerable.Range(0, columns.Count).Select(i => rows.Select(r => i < r.Length ? r[i] : "").ToArray())];
        List<ColumnValues> values = [.. cells.Select(ColumnValues.Of)];
        double longest = values.Count == 0 ? 0 : values.Max(v => v.MeanLength);
        double firstDay = values.Where(v => v is { Dates: > 0.8, Filled: > 0.9 }).Select(v => v.FirstDay).DefaultIfEmpty(0).Min();
        List<FieldProposal> all = [];
        for (int i = 0; i < columns.Count; i++)
        {
            HeaderEvidenceOfField[] said = headers.Judge(columns[i]);
            foreach (CanonicalField field in CanonicalFields.All)
            {
                HeaderEvidenceOfField header = said[(int)field];
                double form = values[i].Count == 0 ? 0 : Form(field, values[i], cells[i], header.Score, longest, firstDay);
                double confidence = form < 0 ? 0 : 1 - ((1 - header.Score) * (1 - form));
                if (confidence >= LeastConfidence)
                {
                    all.Add(new FieldProposal(field, i, Math.Round(confidence, 2), Reason(header, values[i])));
                }
            }
        }
        List<FieldProposal> taken = [];
        foreach (FieldProposal proposal in all.OrderByDescending(p => p.Confidence).ThenBy(p => p.Field).ThenBy(p => p.Column))
        {
            if (!taken.Any(t => t.Field == proposal.Field || t.Column == proposal.Column))
            {
                taken.Add(proposal);
            }
        }
        return [.. taken.OrderBy(t => t.Column)];
    }

    /// <summary>Share of the different values that the taxonomy or the value maps of a profile know.</summary>
    public double KnownShare(CanonicalField field, IEnumerable<string> cells)
    {
        string[] distinct = [.. cells.Select(c => c.Trim()).Where(v => v.Length > 0).Distinct(StringComparer.Ordinal).Take(200)];
        return distinct.Length == 0 ? 0 : translators.Max(t => (double)distinct.Count(v => t.Knows(field, v)) / distinct.Length);
    }

    private double Form(CanonicalField field, ColumnValues v, string[] cells, double header, double longest, double firstDay) => CanonicalFields.Kind(field) switch
    {
        FieldKind.Date => v.Dates < 0.8 && !(header > 0 && v.Serials > 0.8) ? Impossible
            : field == CanonicalField.ReceivedDate ? (v.Filled > 0.9 && v.FirstDay <= firstDay ? 0.62 : 0.35)
            : field == CanonicalField.ClosedDate ? (v.Filled < 0.98 && v.FirstDay >= firstDay ? 0.5 : 0.2)
            : 0.3,
        FieldKind.Boolean or FieldKind.Choice => KnownShare(field, cells) is var known && known >= 0.6
            ? (field is CanonicalField.Gender ? 0.9 : field is CanonicalField.Status or CanonicalField.Satisfaction ? 0.75 : 0.4)
            : v.IsVocabulary && header > 0.6 && CanonicalFields.Kind(field) == FieldKind.Choice ? 0 : Impossible,
        FieldKind.Label => KnownShare(field, cells) is var known && known >= 0.5 ? 0.8 * known : v.IsVocabulary && v.Dates < 0.5 && v.Numbers < 0.9 ? 0 : Impossible,
        FieldKind.Amount => v.Numbers < 0.8 || (v.Dates > 0.8 && header < 0.6) || v.IsRowNumber ? Impossible : 0.2,
        FieldKind.Count => field == CanonicalField.BirthYear ? (v.Years >= 0.8 ? 0.6 : Impossible) : v.Numbers < 0.9 || v.MeanLength > 4 ? Impossible : 0.1,
        FieldKind.Code => field != CanonicalField.CaseNumber ? (v.MeanLength > 40 || v.Dates > 0.8 ? Impossible : 0)
            : !v.IsUnique || v.Dates > 0.8 || v.Phones > 0.7 || v.Identities > 0.5 || v.MeanLength > 30 ? Impossible
            : v.IsRowNumber ? 0 : v.Codes > 0.95 ? 0.6 : 0.1,
        FieldKind.Personal => Personal(field, v, header, longest),
        _ => field switch
        {
            CanonicalField.Region => v.Regions > 0.8 ? 0.7 : v.MeanLength > 20 || v.Numbers > 0.8 ? Impossible : 0,
            CanonicalField.City => v.Cities > 0.7 ? 0.45 : v.MeanLength > 20 || v.Numbers > 0.8 || v.Dates > 0.8 ? Impossible : 0,
            CanonicalField.BranchName => v.Branches > 0.5 ? 0.55 : v.MeanLength > 60 || v.Numbers > 0.8 || v.Dates > 0.8 ? Impossible : 0,
            CanonicalField.ParentBranchName => v.Branches > 0.5 && v.IsVocabulary ? 0.5 : v.MeanLength > 60 || v.Numbers > 0.8 || v.Dates > 0.8 ? Impossible : 0,
            _ => v.MeanLength > 200 || v.Dates > 0.8 || (v.Numbers > 0.8 && header < 0.9) ? Impossible : 0,
        },
    };

    private static double Personal(CanonicalField field, ColumnValues v, double header, double longest) => field switch
    {
        CanonicalField.IdentityNumber => v.Identities > 0.5 ? 0.95 : header > 0 && v.Codes > 0.3 ? 0 : Impossible,
        CanonicalField.PhoneContact => v.Phones + v.Emails > 0.7 ? 0.7 : v.Phones + v.Emails > 0.2 ? 0.2 : Impossible,
        CanonicalField.PhoneReply or CanonicalField.PhoneReserved => v.Phones > 0.7 ? 0.55 : v.Phones > 0.2 ? 0.2 : Impossible,
        CanonicalField.Email => v.Emails > 0.7 ? 0.9 : Impossible,
        CanonicalField.Account => v.Numbers > 0.7 && v.MeanLength >= 10 ? 0.4 : header > 0.6 && v.Codes > 0.5 && v.MeanLength >= 6 ? 0 : Impossible,
        CanonicalField.Name => v.Names > 0.7 && !v.IsVocabulary ? 0.6 : v.MeanLength > 40 || v.Numbers > 0.3 || v.Dates > 0.3 || v.IsVocabulary ? Impossible : 0,
        CanonicalField.Address => v.Places > 0.5 && v.Dates < 0.5 && v.MeanLength < 60 && !(v.Numbers > 0.9 && header == 0) ? 0.4 : v.MeanLength > 60 || v.Dates > 0.5 ? Impossible : 0,
        CanonicalField.Narrative => v.MeanLength > 25 && v.Distinct > v.Count / 2 && v.Codes < 0.5
            ? (v.MeanLength >= longest ? 0.75 : 0.55)
            : v.MeanLength < 8 || v.Numbers > 0.5 || v.Dates > 0.5 ? Impossible : 0,
        _ => 0,
    };

    private static Bilingual Reason(HeaderEvidenceOfField header, ColumnValues v)
    {
        (string zh, string en) shape = v switch
        {
            { Count: 0 } => ("样本中没有值", "no value in the sample"),
            { Identities: > 0.5 } => ("值是身份证号码", "the values are identity numbers"),
            { Dates: > 0.8 } => ($"{v.Dates:P0} 的值是日期", $"{v.Dates:P0} of the values are dates"),
            { Emails: > 0.7 } => ("值是邮箱", "the values are e-mail addresses"),
            { Phones: > 0.7 } => ("值是电话", "the values are telephone numbers"),
            { MeanLength: > 25 } => ($"长文本，平均 {v.MeanLength:0} 字", $"long texts of {v.MeanLength:0} characters on average"),
            { IsUnique: true, Codes: > 0.95 } => ("每行不同的编号", "codes that differ in every row"),
            { Numbers: > 0.8 } => ("值是数字", "the values are numbers"),
            { IsVocabulary: true } => ($"{v.Distinct} 个反复出现的值", $"{v.Distinct} values that recur"),
            _ => ($"{v.Distinct} 个不同的值", $"{v.Distinct} different values"),
        };
        return header.Score switch
        {
            >= 0.9 => new($"列名即“{header.Spelling}”；{shape.zh}", $"the header is '{header.Spelling}'; {shape.en}"),
            > 0 => new($"列名含“{header.Spelling}”；{shape.zh}", $"the header has '{header.Spelling}' in it; {shape.en}"),
            _ => new($"按值判断：{shape.zh}", $"by the values alone: {shape.en}"),
        };
    }
}
