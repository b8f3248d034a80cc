using System.Text.RegularExpressions;
using Pipeline.Jobs.Ingest.Cleaning;
using Pipeline.Models.Complainants;

namespace Pipeline.Jobs.Ingest.Profiles;

/// <summary>The form of a column's values in a sample, in shares of the values that are there. Never a value itself: it may be personal.</summary>
/// <param name="Filled">Share of the rows that have a value.</param>
public sealed partial record ColumnValues(
    int Count, double Filled, int Distinct, double MeanLength, double Dates, double Serials, double Numbers, double Identities, double Phones,
    double Emails, double Names, double Places, double Branches, double Regions, double Cities, double Codes, double Years, bool IsRowNumber, double FirstDay)
{
    private static readonly DateReader DateForms = new(
        ["yyyy-M-d", "yyyy/M/d", "yyyy.M.d", "yyyyMMdd", "yyyy年M月d日", "d.M.yyyy", "M/d/yyyy", "d/M/yyyy", "M/d/yy", "d-MMM-yyyy", "d MMM yyyy", "MMM d, yyyy"]);

    private static readonly DateReader SerialForms = new([DateReader.ExcelSerial]);

    private static readonly HashSet<string> StateCodes = new(
        "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY PR".Split(' '),
        StringComparer.Ordinal);

    public bool IsUnique => Count > 1 && Distinct >= Count * 0.98;

    /// <value>Few values that recur.</value>
    public bool IsVocabulary => Count > 0 && MeanLength <= 40 && Distinct <= Math.Max(12, Count / 4);

    public static ColumnValues Of(IReadOnlyList<string> cells)
    {
        List<string> values = [.. cells.Select(c => c.Trim()).Where(v => v.Length > 0)];
        double Share(Func<string, bool> test) => values.Count == 0 ? 0 : (double)values.Count(test) / values.Count;
        List<int> days = [.. values.Select(v => DateForms.Read(v)).Where(d => d.State == DateState.Valid).Select(d => d.Date.DayNumber).Order()];
        return new ColumnValues(
            values.Count,
            cells.Count == 0 ? 0 : (double)values.Count / cells.Count,
            values.Distinct(StringComparer.Ordinal).Count(),
            values.Count == 0 ? 0 : values.Average(v => v.Length),
            Share(v => DateForms.Read(v).State == DateState.Valid),
            Share(v => SerialForms.Read(v).State == DateState.Valid),
            Share(v => AmountReader.Read(v, 1m) is not null),
            Share(v => v.Length is >= 15 and <= 20 && Identifiers.IdentityNumber(v).State is IdentityStates.Valid or IdentityStates.Masked),
            Share(v => Identifiers.Phone(v) is not null || MaskedPhone().IsMatch(v)),
            Share(v => Identifiers.Email(v) is not null),
            Share(v => PersonName().IsMatch(v)),
            Share(v => Place().IsMatch(v)),
            Share(v => Branch().IsMatch(v)),
            Share(v => Province().IsMatch(v) || StateCodes.Contains(v)),
            Share(v => v.Length is >= 2 and <= 8 && v[^1] is '市' or '州'),
            Share(v => v.Length is >= 2 and <= 40 && v.Any(char.IsAsciiDigit) && Code().IsMatch(v)),
            Share(v => v is { Length: 4 } && int.TryParse(v, out int year) && year is >= 1900 and <= 2020),
            IsCounting(values),
            days.Count == 0 ? 0 : days[days.Count / 2]);
    }

    /// <summary>The serial number of the row, wherever it begins: each number is one more than the last, but for a few rows that are missing or stand twice.</summary>
    private static bool IsCounting(List<string> values)
    {
        List<int> numbers = [.. values.Select(v => int.TryParse(v, out int n) ? n : -1)];
        int steps = numbers.Zip(numbers.Skip(1)).Count(pair => pair.First >= 0 && pair.Second == pair.First + 1);
        return values.Count > 2 && steps >= 0.9 * (values.Count - 1);
    }

    [GeneratedRegex(@"^(?:\+?\d{1,3}[- ]?)?1\d{2}\*{3,6}\d{2,4}$")]
    private static partial Regex MaskedPhone();

    [GeneratedRegex(@"^(?:[\u4e00-\u9fff][ \u4e00-\u9fff*＊某]{1,3}|[A-Z][a-z'’-]+ (?:[A-Z]\.? )?[A-Z][a-z'’-]+)$")]
    private static partial Regex PersonName();

    [GeneratedRegex(@"[\u4e00-\u9fff](?:省|市|区|县|镇|乡|路|街|号|室)|^\d+ [A-Z][a-z]+|^\d{3,5}(?:XX?)?$")]
    private static partial Regex Place();

    [GeneratedRegex(@"(?:支行|分行|营业部|营业厅|网点|Branch|Bank|Credit Union|Lending|Financial|Inc\.?|LLC)$")]
    private static partial Regex Branch();

    [GeneratedRegex(@"^(?:北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门)(?:省|市|自治区|壮族自治区|回族自治区|维吾尔自治区|特别行政区)?$")]
    private static partial Regex Province();

    [GeneratedRegex(@"^[A-Za-z0-9_./#-]+$")]
    private static partial Regex Code();
}
