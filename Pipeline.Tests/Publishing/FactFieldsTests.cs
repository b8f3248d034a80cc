using System.Reflection;
using Pipeline.Models.Complaints;
using Pipeline.Models.Editions;

namespace Pipeline.Tests.Publishing;

public sealed class FactFieldsTests
{
    /// <summary>Numbers of rows of one ledger: two installations with the same files have others.</summary>
    private static readonly string[] OfTheLedger = ["ComplaintId", "RepeatOf", "HandlingDays", "CaseNumber"];

    [Fact]
    public void Every_property_of_a_counted_complaint_is_compared()
    {
        ComplaintFact plain = Plain();
        foreach (PropertyInfo property in typeof(ComplaintFact).GetProperties().Where(p => !OfTheLedger.Contains(p.Name)))
        {
            ComplaintFact other = Plain();
            property.SetValue(other, Other(property));
            Assert.True(FactFields.Differences(plain, other).Count > 0, $"a change of {property.Name} goes unseen between editions: add it to FactFields");
        }
    }

    [Fact]
    public void A_complaint_compared_with_itself_differs_in_nothing() => Assert.Empty(FactFields.Differences(Plain(), Plain()));

    [Fact]
    public void A_label_of_an_analyst_is_told_field_by_field()
    {
        ComplaintFact before = Plain() with { Cause = new HeadLabel("PRICE", LabelBasis.Reported, "PRICE", "SERV", 0.7, false) };
        ComplaintFact after = before with { Cause = before.Cause with { Class = "SERV", Basis = LabelBasis.Analyst } };
        Assert.Equal(
            [new FieldChange("cause", "PRICE", "SERV"), new FieldChange("cause_basis", "reported", "analyst")], FactFields.Differences(before, after));
    }

    private static ComplaintFact Plain() => new() { ComplaintId = 1, CaseNumber = "A", Received = new DateOnly(2026, 10, 1), Status = "open" };

    private static object Other(PropertyInfo property) => property.PropertyType switch
    {
        Type t when t == typeof(string) => "other",
        Type t when t == typeof(bool) || t == typeof(bool?) => true,
        Type t when t == typeof(int) || t == typeof(int?) => 7,
        Type t when t == typeof(long) || t == typeof(long?) => 7L,
        Type t when t == typeof(decimal?) => 7m,
        Type t when t == typeof(DateOnly) || t == typeof(DateOnly?) => new DateOnly(2026, 9, 9),
        Type t when t == typeof(HeadLabel) => new HeadLabel("X", LabelBasis.Predicted, null, "X", 0.5, true),
        Type t when t == typeof(IReadOnlyList<string>) => (string[])["w"],
        Type t => throw new InvalidOperationException($"{property.Name} is of type {t}: say here what another value of it is"),
    };
}
