using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using Pipeline.Models.Complaints;
using Pipeline.Models.Regulatory;

namespace Pipeline.Jobs.Regulatory;

/// <summary>What was written, and what a person must look at.</summary>
/// <param name="Missing">Element and value without code → lines.</param>
/// <param name="DayUnknown">See <see cref="IdrSelection"/>.</param>
/// <param name="LeftOut">See <see cref="IdrSelection"/>.</param>
public sealed record IdrResult(byte[] Csv, int Rows, IReadOnlyDictionary<(string Element, string Value), int> Missing, int DayUnknown, int LeftOut);

/// <summary>
/// The IDR data file of a period: one line for each complaint that was open or received in it, as it stood at the period's end; coded values,
/// dates as dd/MM/yyyy (DOMAIN D4 to D6). No free text and no personal data: what exports do not state of complainants is coded "not collected".
/// </summary>
public static class IdrFile
{
    /// <summary>Columns in the order of DOMAIN D5, each with the coded element that it holds, or null; the table of codes may rename each.</summary>
    private static readonly (string Name, string? Element)[] Layout =
    [
        ("unique_identifier", null), ("brand", "brand"), ("complainant_type", "complainant_type"), ("gender", "gender"), ("age", "age"), ("postcode", "postcode"), ("status", "status"),
        ("method_received", "channel"), ("date_received", null), ("date_closed", null), ("days_to_resolve", null), ("about_representative", "about_representative"),
        ("product", "product"), ("issue", "issue"), ("outcome", "outcome"), ("monetary_remedy", null),
    ];

    /// <summary>Columns of the file: an element that the table gives several (<c>columns,issue,3</c>) has <c>issue_1</c> to <c>issue_3</c>.</summary>
    public static IReadOnlyList<string> Columns(IdrCodes codes) => [.. Layout.SelectMany(c => Names(c.Name, Count(codes, c.Element)))];

    /// <param name="facts">Complaints with labels decided.</param>
    /// <param name="from">First day of the period.</param>
    /// <param name="to">Last day of the period.</param>
    public static IdrResult Write(IEnumerable<ComplaintFact> facts, IdrCodes codes, DateOnly from, DateOnly to)
    {
        IdrSelection selection = IdrReturn.Select(facts, from, to);
        using MemoryStream bytes = new();
        using (StreamWriter text = new(bytes, new UTF8Encoding(false), leaveOpen: true))
        using (CsvWriter csv = new(text, new CsvConfiguration(CultureInfo.InvariantCulture) { NewLine = "\r\n", InjectionOptions = InjectionOptions.Exception }))
        {
            foreach (string column in Columns(codes))
            {
                csv.WriteField(codes.Of("column", column) ?? column);
            }
            csv.NextRecord();
            foreach (IdrLine line in selection.Lines)
            {
                foreach ((string name, string? element) in Layout)
                {
                    csv.WriteField(element is null ? Plain(line, name) : IdrReturn.Value(line, element) is { } value ? codes.Of(element, value) ?? "" : "");
                    // The ledger decides on one product, issue and outcome of a complaint.
                    for (int further = 1; further < Count(codes, element); further++)
                    {
                        csv.WriteField("");
                    }
                }
                csv.NextRecord();
            }
        }
        return new IdrResult(bytes.ToArray(), selection.Lines.Count, IdrReturn.Unmapped(selection.Lines, codes), selection.DayUnknown.Count, selection.LeftOut.Count);
    }

    private static string Plain(IdrLine line, string column) => column switch
    {
        "unique_identifier" => line.Fact.CaseNumber,
        "date_received" => Day(line.Fact.Received),
        "date_closed" => line.Ended is { } ended ? Day(ended) : "",
        "days_to_resolve" => line.Ended is { } last ? (last.DayNumber - line.Fact.Received.DayNumber).ToString(CultureInfo.InvariantCulture) : "",
        "monetary_remedy" => line.IsEnded && line.Fact.Compensation is { } money and > 0 ? money.ToString("0.00", CultureInfo.InvariantCulture) : "",
        _ => throw new ArgumentOutOfRangeException(nameof(column), column, "not a column without codes"),
    };

    private static int Count(IdrCodes codes, string? element) =>
        element is not null && codes.Of("columns", element) is { } count ? int.Parse(count, CultureInfo.InvariantCulture) : 1;

    private static IEnumerable<string> Names(string column, int count) => count == 1 ? [column] : Enumerable.Range(1, count).Select(i => $"{column}_{i}");

    private static string Day(DateOnly day) => day.ToString("dd/MM/yyyy", CultureInfo.InvariantCulture);
}
