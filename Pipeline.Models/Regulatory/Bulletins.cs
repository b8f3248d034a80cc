using System.Text.Json;
using Pipeline.Models.Taxonomy;

namespace Pipeline.Models.Regulatory;

/// <summary>A class of institutions in a bulletin. Numbers that it does not print are null; shares are percentages as printed.</summary>
public sealed record BulletinClass(
    string Key, string Zh, string En, long? Complaints = null, decimal? Share = null, decimal? Median = null,
    decimal? MedianPer1000Outlets = null, decimal? MedianPer10mCustomers = null);

/// <param name="Class">Key of the class.</param>
/// <param name="Share">Of the complaints of the class, percent as printed.</param>
public sealed record IssueOfClass(string Class, long Complaints, decimal? Share = null, decimal? Median = null);

/// <summary>A subject that the bulletin counts: credit cards, personal loans, wealth management.</summary>
/// <param name="Business">Business lines (taxonomy keys) of the bank's own count that it is set beside.</param>
/// <param name="Share">Of all complaints, percent as printed.</param>
public sealed record BulletinIssue(
    string Key, string Zh, string En, IReadOnlyList<string> Business, long Complaints, decimal? Share, IReadOnlyList<IssueOfClass> Classes);

/// <summary>One bank of a bulletin.</summary>
/// <param name="Share">Of its class, percent as printed.</param>
/// <param name="CreditCardShare">Of its own complaints, percent as printed.</param>
public sealed record BulletinBank(
    string Zh, string Class, long? Complaints = null, decimal? Share = null, long? CreditCard = null, decimal? CreditCardShare = null,
    decimal? Per1000Outlets = null, decimal? Per10mCustomers = null);

/// <summary>What the regulator published for a quarter: complaints that it received and transferred (not the banks' own totals).</summary>
/// <param name="Quarter"><c>2022Q4</c>.</param>
/// <param name="Document">Number or title of the document, as <see cref="Text.Bilingual.OfLine"/> reads it.</param>
/// <param name="YearChange">Percent as printed, or null.</param>
public sealed record Bulletin(
    string Quarter, string Document, string Source, long Total, decimal? QuarterChange = null, decimal? YearChange = null,
    IReadOnlyList<BulletinClass>? Classes = null, IReadOnlyList<BulletinIssue>? Issues = null, IReadOnlyList<BulletinBank>? Banks = null)
{
    public Text.Bilingual Title => Text.Bilingual.OfLine(Document);

    /// <value>The first month of the quarter.</value>
    public Complaints.ReportingMonth FirstMonth =>
        new(int.Parse(Quarter.AsSpan(0, 4), System.Globalization.CultureInfo.InvariantCulture), ((Quarter[^1] - '1') * 3) + 1);
}

/// <summary>The published bulletins, oldest first: dated reference data with their sources.</summary>
public sealed record BulletinBook(string Id, string Version, string Source, IReadOnlyList<Bulletin> Bulletins)
{
    public static BulletinBook Parse(string json)
    {
        BulletinBook book = JsonSerializer.Deserialize<BulletinBook>(json, RuleJson.Whole)
            ?? throw new InvalidDataException("the file of bulletins is empty; expected an object with id, version, source and bulletins");
        foreach (Bulletin bulletin in book.Bulletins)
        {
            if (bulletin.Quarter is not [_, _, _, _, 'Q', >= '1' and <= '4'] || !bulletin.Quarter[..4].All(char.IsAsciiDigit))
            {
                throw new InvalidDataException($"bulletins {book.Id}: '{bulletin.Quarter}' is no quarter; expected for example 2022Q4");
            }
        }
        return book;
    }

    /// <summary>The newest bulletin with classes that is no later than the month; null where there is none.</summary>
    public Bulletin? NewestWithClasses(Complaints.ReportingMonth month) =>
        Bulletins.Where(b => b.Classes is { Count: > 0 } && b.FirstMonth <= month).MaxBy(b => b.FirstMonth);
}
