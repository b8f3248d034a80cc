using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using Pipeline.Jobs.Shell;
using Pipeline.Models.Complaints;

namespace Pipeline.Jobs.Regulatory;

/// <summary>
/// Codes of the Australian IDR data file, from the regulator's data dictionary: <c>element,value,code</c>, kept as <c>codes.au-idr.csv</c>
/// among the rules of the home folder. Numeric codes are not public here (DOMAIN D7), so without the table there is no file.
/// </summary>
/// <param name="Codes">(element, value) → code. The element <c>column</c> renames a column.</param>
public sealed record IdrCodes(IReadOnlyDictionary<(string Element, string Value), string> Codes)
{
    public const string FileName = "codes.au-idr.csv";
    public const string Header = "element,value,code";

    public static IdrCodes Load(string home)
    {
        string path = Path.Combine(home, "rules", FileName);
        return File.Exists(path)
            ? Read(path, File.ReadAllBytes(path))
            : throw PipelineFault.Usage(
                $"没有代码表 {path}（列：{Header}）。请按监管数据字典制表后放入。", $"There is no table of codes {path} (columns {Header}). Make it from the regulator's data dictionary.");
    }

    public static IdrCodes Read(string path, byte[] bytes)
    {
        Dictionary<(string, string), string> codes = [];
        foreach ((int line, string[] cells) in HomeTable.Read(path, bytes, Header, found => PipelineFault.Failed(
            $"{path} 第 1 行：找到列 '{found}'，应为 {Header}。", $"{path}, line 1: found the columns '{found}', expected {Header}.", place: new FaultPlace(path, 1))))
        {
            if (!codes.TryAdd((cells[0], cells[1]), cells[2]))
            {
                throw PipelineFault.Failed(
                    $"{path} 第 {line} 行：{cells[0]},{cells[1]} 出现两次。", $"{path}, line {line}: {cells[0]},{cells[1]} stands twice.", place: new FaultPlace(path, line));
            }
        }
        return new IdrCodes(codes);
    }
}

/// <summary>What was written, and what had no code.</summary>
/// <param name="Missing">Element and value without code → cases.</param>
public sealed record IdrResult(byte[] Csv, int Rows, IReadOnlyDictionary<(string Element, string Value), int> Missing);

/// <summary>
/// The IDR data file of a period: one line for each complaint that was open or received in it, coded values, dates as dd/MM/yyyy (DOMAIN D4
/// to D6). No free text, no personal data: demographics are optional and left out.
/// </summary>
public static class IdrFile
{
    /// <value>Columns in their order; the table of codes may rename each.</value>
    public static IReadOnlyList<string> Columns { get; } =
    [
        "unique_identifier", "brand", "status", "method_received", "date_received", "date_closed", "days_to_resolve", "product", "issue", "outcome", "monetary_remedy",
    ];

    /// <param name="facts">Complaints that count, with labels decided.</param>
    /// <param name="from">First day of the period.</param>
    /// <param name="to">Last day of the period.</param>
    public static IdrResult Write(IEnumerable<ComplaintFact> facts, IdrCodes codes, DateOnly from, DateOnly to)
    {
        Dictionary<(string, string), int> missing = [];
        using MemoryStream bytes = new();
        int rows = 0;
        using (StreamWriter text = new(bytes, new UTF8Encoding(false), leaveOpen: true))
        using (CsvWriter csv = new(text, new CsvConfiguration(CultureInfo.InvariantCulture) { NewLine = "\r\n", InjectionOptions = InjectionOptions.Exception }))
        {
            foreach (string column in Columns)
            {
                csv.WriteField(codes.Codes.GetValueOrDefault(("column", column)) ?? column);
            }
            csv.NextRecord();
            foreach (ComplaintFact fact in facts
                .Where(f => f.Exclusion is null && f.Received <= to && (f.Received >= from || (f.Closed is { } closed ? closed >= from : f.Status == "open")))
                .OrderBy(f => f.Received).ThenBy(f => f.CaseNumber, StringComparer.Ordinal))
            {
                // What happened after the period belongs to the next file.
                bool isClosed = fact.Closed <= to;
                csv.WriteField(fact.CaseNumber);
                csv.WriteField(Code("brand", fact.Branch));
                csv.WriteField(Code("status", isClosed ? "closed" : fact.Status == "withdrawn" ? "withdrawn" : "open"));
                csv.WriteField(Code("channel", fact.Channel));
                csv.WriteField(Day(fact.Received));
                csv.WriteField(isClosed ? Day(fact.Closed!.Value) : "");
                csv.WriteField(isClosed ? (fact.Closed!.Value.DayNumber - fact.Received.DayNumber).ToString(CultureInfo.InvariantCulture) : "");
                csv.WriteField(Code("product", fact.Business.Class));
                csv.WriteField(Code("issue", fact.Cause.Class));
                csv.WriteField(isClosed ? Code("outcome", Outcome(fact)) : "");
                csv.WriteField(isClosed && fact.Compensation is { } money and > 0 ? money.ToString("0.00", CultureInfo.InvariantCulture) : "");
                csv.NextRecord();
                rows++;
            }
        }
        return new IdrResult(bytes.ToArray(), rows, missing);

        string Code(string element, string? value)
        {
            string asked = value ?? "not_stated";
            if (codes.Codes.TryGetValue((element, asked), out string? code))
            {
                return code;
            }
            missing[(element, asked)] = missing.GetValueOrDefault((element, asked)) + 1;
            return "";
        }
    }

    private static string Day(DateOnly day) => day.ToString("dd/MM/yyyy", CultureInfo.InvariantCulture);

    /// <summary>What came of a closed complaint, as far as the ledger tells.</summary>
    private static string Outcome(ComplaintFact fact) => fact switch
    {
        { Status: "withdrawn" } => "withdrawn",
        { Compensation: > 0 } => "monetary_remedy",
        { IsLiable: true } => "upheld_without_money",
        { IsLiable: false } => "no_remedy",
        _ => "explanation",
    };
}
