using Pipeline.Jobs.Complainants;
using Pipeline.Models.Complainants.Matching;

namespace Pipeline.Tests.Complainants;

/// <summary>The levels of agreement, kind by kind.</summary>
public sealed class FieldComparisonTests
{
    private static readonly NameLexicon Lexicon = PersonTables.Lexicon("/nowhere").Value;

    [Theory]
    [InlineData("name", "张伟", "張偉", Agreement.Normalised)]
    [InlineData("name", "张 伟", "张伟", Agreement.Normalised)]
    [InlineData("name", "王小明", "王晓明", Agreement.Near)]
    [InlineData("name", "史秀", "石秀", Agreement.Near)]
    [InlineData("name", "王小明", "王大明", Agreement.Similar)]
    [InlineData("name", "小明王", "王小明", Agreement.Similar)]
    [InlineData("name", "王明", "王强", Agreement.Different)]
    [InlineData("name", "张*", "张伟", Agreement.Missing)]
    [InlineData("name", "Robert", "Bob", Agreement.Normalised)]
    [InlineData("name", "John Smith", "SMITH JOHN", Agreement.Normalised)]
    [InlineData("name", "O'Brien", "obrien", Agreement.Normalised)]
    [InlineData("name", "José", "jose", Agreement.Normalised)]
    [InlineData("name", "madeline", "madelne", Agreement.Near)]
    [InlineData("name", "ja ck", "jack", Agreement.Normalised)]
    [InlineData("name", "Jonathan", "J", Agreement.Similar)]
    [InlineData("name", "ivan", "lucy", Agreement.Different)]
    [InlineData("date", "1976-12-31", "19761231", Agreement.Exact)]
    [InlineData("date", "31/12/1976", "1976-12-31", Agreement.Exact)]
    [InlineData("date", "1976/1/2 0:00:00", "19760102", Agreement.Exact)]
    [InlineData("date", "19761231", "19761221", Agreement.Near)]
    [InlineData("date", "19760304", "19760403", Agreement.Near)]
    [InlineData("date", "19901111", "19101103", Agreement.Different)]
    [InlineData("date", "19761231", "19760131", Agreement.Similar)]
    [InlineData("number", "2106", "2160", Agreement.Near)]
    [InlineData("number", "6678130", "6678103", Agreement.Near)]
    [InlineData("number", "6678130", "2678113", Agreement.Different)]
    [InlineData("year", "1976", "1977", Agreement.Near)]
    [InlineData("year", "990000197707070047", "1977", Agreement.Exact)]
    [InlineData("year", "1976年", "1976", Agreement.Exact)]
    [InlineData("identity", "990000770707004", "990000197707070047", Agreement.Exact)]
    [InlineData("identity", "990000********0047", "990000197707070047", Agreement.Near)]
    [InlineData("identity", "990000********0047", "990000********0047", Agreement.Near)]
    [InlineData("identity", "990000********0048", "990000197707070047", Agreement.Different)]
    [InlineData("identity", "990000197707070047", "990000197707070074", Agreement.Near)]
    [InlineData("account", "6222********1234", "6222000000001234", Agreement.Near)]
    [InlineData("phones", "+86 138-0000-1234", "13900005678/13800001234", Agreement.Exact)]
    [InlineData("phones", "(0571) 8234567", "0571-8234567", Agreement.Exact)]
    [InlineData("phones", "13800001234", "13800001243", Agreement.Near)]
    [InlineData("phones", "13800001234", "13900005678", Agreement.Different)]
    [InlineData("email", "A.B@example.com", "a.b@example.com", Agreement.Exact)]
    [InlineData("email", "someone@example.com", "someone@example.org", Agreement.Similar)]
    [InlineData("address", "浙江省杭州市西湖区", "浙江省 杭州市 西湖区", Agreement.Normalised)]
    [InlineData("address", "浙江省杭州市西湖区文三路1号", "浙江省杭州市西湖区", Agreement.Near)]
    [InlineData("address", "浙江省杭州市西湖区", "浙江省杭州市滨江区", Agreement.Similar)]
    [InlineData("address", "浙江省杭州市", "江苏省南京市", Agreement.Different)]
    [InlineData("text", "mclachlan street", "mclachla nstreet", Agreement.Normalised)]
    [InlineData("text", "dixon drive", "dixonn drive", Agreement.Near)]
    [InlineData("text", "villa 5 rose lane", "5 rose lane", Agreement.Similar)]
    [InlineData("code", "nsw", "nrw", Agreement.Near)]
    [InlineData("code", "女", "男", Agreement.Different)]
    [InlineData("name", "", "Jack", Agreement.Missing)]
    [InlineData("name", "未知", "未知", Agreement.Missing)]
    public void Two_values_agree_at_the_level_that_a_clerk_would_say(string kind, string one, string other, Agreement expected)
    {
        MatchSchema schema = Schema($$"""{ "fields": [ { "name": "f", "kind": "{{kind}}" } ], "blocking": [ { "on": [ "f" ] } ] }""");
        Assert.Equal(expected, Level(schema, 0, [one], [other]));
        Assert.Equal(expected, Level(schema, 0, [other], [one]));
    }

    [Fact]
    public void Given_name_and_surname_that_stand_exchanged_are_seen_in_both_fields()
    {
        MatchSchema schema = Schema("""
            { "fields": [ { "name": "given", "kind": "name" }, { "name": "family", "kind": "name", "swap_with": "given" } ], "blocking": [ { "on": [ "given|family" ] } ] }
            """);
        Assert.Equal(Agreement.Swapped, Level(schema, 0, ["tiana", "luchetti"], ["luchetti", "tianna"]));
        Assert.Equal(Agreement.Swapped, Level(schema, 1, ["tiana", "luchetti"], ["luchetti", "tianna"]));
        Assert.Equal(Agreement.Exact, Level(schema, 0, ["tiana", "luchetti"], ["tiana", "mason"]));
        Assert.Equal(Agreement.Different, Level(schema, 0, ["tiana", "luchetti"], ["mason", "tiana"]));
    }

    internal static MatchSchema Schema(string json)
    {
        (MatchSchema? schema, IReadOnlyList<Models.Text.Bilingual> faults) = MatchSchemaReader.Read(json);
        return schema ?? throw new InvalidOperationException(string.Join("; ", faults.Select(f => f.En)));
    }

    private static Agreement Level(MatchSchema schema, int field, string[] one, string[] other)
    {
        MatchTableBuilder builder = new(schema, Lexicon, 1);
        builder.Add(0, one);
        builder.Add(0, other);
        return new PairComparer(builder.Build()).Compare(0, 1)[field];
    }
}
