using Pipeline.Jobs.Ingest.Profiles;
using Pipeline.Jobs.Ingest.Reading;
using Pipeline.Jobs.Rules;
using Pipeline.Jobs.Shell;

namespace Pipeline.Tests.Ingest.Profiles;

public sealed class ProfileTests : IDisposable
{
    private readonly string home = Directory.CreateTempSubdirectory("pipeline-profiles-").FullName;

    public void Dispose() => Directory.Delete(home, recursive: true);

    private static TableShape Shape(params string[][] header) =>
        new("f.csv", null, null, "utf-8", ",", '"', 0, header.Length, header, [.. header[^1].Select((h, i) => header[^1].Count(x => x == h) > 1 ? $"{h}_{i}" : h)]);

    [Fact]
    public void Equal_names_under_several_groups_are_told_apart_by_group_and_by_position()
    {
        PinnedRule<Profile> profile = new(Profile.Parse("""
            {"id":"x","version":"1","source":"x","taxonomy":"generic","columns":[
              {"field":"case_number","headers":["号"]},{"field":"received_date","headers":["日"]},
              {"field":"address","headers":["省"],"group":"投诉人信息","position":3},{"field":"region","headers":["省"],"group":"被投诉机构","position":4}]}
            """), "");
        TableShape grouped = Shape(["工单", "", "被投诉机构", "投诉人信息"], ["号", "日", "省", "省"]);
        ColumnMap map = ColumnMap.Of(profile, grouped.Header, grouped.Columns);
        Assert.Equal((3, 2), (map.ColumnsOf(CanonicalField.Address)[0], map.ColumnsOf(CanonicalField.Region)[0]));
        TableShape flat = Shape(["号", "日", "省", "省"]);
        map = ColumnMap.Of(profile, flat.Header, flat.Columns);
        Assert.Equal((2, 3), (map.ColumnsOf(CanonicalField.Address)[0], map.ColumnsOf(CanonicalField.Region)[0]));
    }

    [Fact]
    public void Several_columns_of_one_field_are_joined()
    {
        PinnedRule<Profile> profile = new(Profile.Parse("""
            {"id":"x","version":"1","source":"x","taxonomy":"generic","columns":[
              {"field":"case_number","headers":["机构号"],"joint":"/"},{"field":"case_number","headers":["序列"]},{"field":"received_date","headers":["日"]}]}
            """), "");
        TableShape shape = Shape(["序列", "机构号", "日"]);
        ColumnMap map = ColumnMap.Of(profile, shape.Header, shape.Columns);
        Assert.Equal([1, 0], map.ColumnsOf(CanonicalField.CaseNumber));
        Assert.Equal("/", map.JointOf(CanonicalField.CaseNumber));
    }

    [Fact]
    public void All_mistakes_of_a_profile_are_named_at_once()
    {
        InvalidDataException fault = Assert.Throws<InvalidDataException>(() => Profile.Parse(
            """{"id":"x","version":"1","source":"x","taxonomy":"generic","columns":[{"field":"nonsense","headers":["a"]},{"field":"case_number"}]}"""));
        Assert.Contains("'nonsense' is not a canonical field", fault.Message, StringComparison.Ordinal);
        Assert.Contains("neither headers nor a position", fault.Message, StringComparison.Ordinal);
        Assert.Contains("no column gives received_date", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_profile_in_the_home_folder_replaces_the_built_in_one_of_its_name()
    {
        Assert.Equal(["cfpb", "cn-bank", "generic"], ProfileFiles.Load(home).Select(p => p.Value.Id));
        Directory.CreateDirectory(Path.Combine(home, "profiles"));
        string own = Path.Combine(home, "profiles", "mine.json");
        File.WriteAllText(own, """{"id":"generic","version":"mine","source":"x","taxonomy":"generic","columns":[{"field":"case_number","headers":["a"]},{"field":"received_date","headers":["b"]}]}""");
        Assert.Equal("mine", ProfileFiles.Named(ProfileFiles.Load(home), "generic").Value.Version);
        File.WriteAllText(own, "{");
        Assert.Equal(ExitCodes.WrongUsage, Assert.Throws<PipelineFault>(() => ProfileFiles.Load(home)).ExitCode);
    }

    [Fact]
    public void A_suggestion_finds_number_date_and_text_by_the_form_of_their_values_and_can_be_read_back()
    {
        TableShape shape = Shape(["f1", "f2", "f3", "f4", "amount"]);
        string[][] rows = [.. Enumerable.Range(1, 40).Select(i => (string[])[$"X{i:00000}", $"{i % 12 + 1}/{i % 28 + 1}/2026", $"the customer says for the {i}th time that the fee was never explained", $"139{i:00000000}", "5"])];
        Profile suggestion = Profile.Parse(ProfileSuggestion.For("mine", shape, rows, ProfileFiles.Load(home), home).Profile.ToJson());
        Assert.Equal(
            ["case_number:f1", "received_date:f2", "narrative:f3", "phone_contact:f4", "amount_yuan:amount"],
            suggestion.Columns.Select(c => $"{c.Field}:{c.Headers[0]}"));
        Assert.Contains("M/d/yyyy", suggestion.DateFormats!);
        Assert.True(ProfileRecognition.Recognise(shape, [new PinnedRule<Profile>(suggestion, "")]).Map is not null);
    }

    [Fact]
    public void A_suggestion_joins_what_headers_and_values_say_and_values_overrule_a_header()
    {
        TableShape shape = Shape(["行号", "收单号", "来电时间", "最晚办结日", "进线途径", "业务品种", "客户反映情况", "证件信息", "回访日", "责任判定", "标的(万元)", "办结日期"]);
        string[] texts = ["客户反映年费未经告知即被扣收，要求退还并说明原因，已多次来电未果", "柜面排队两小时无人引导，工作人员态度冷淡，客户要求道歉并改进服务"];
        string[][] rows = [.. Enumerable.Range(0, 60).Select(i => (string[])
        [
            $"{i + 1}", $"SD2026{i:0000}", $"2026/10/{i % 28 + 1} 09:30", $"2026/11/{i % 28 + 1}", i % 2 == 0 ? "客户服务中心" : "营业现场", i % 3 == 0 ? "信用卡" : "个人贷款",
            $"{texts[i % 2]}（{i}）", IdentityNumber(i), i % 2 == 0 ? $"2026/10/{i % 28 + 1}" : "", i % 2 == 0 ? "有责" : "无责", $"{i % 7}.5", "已办结",
        ])];
        Suggestion suggestion = ProfileSuggestion.For("mine", shape, rows, ProfileFiles.Load(home), home);
        Dictionary<string, string> fields = suggestion.Profile.Columns.GroupBy(c => c.Headers[0]).ToDictionary(g => g.Key, g => g.First().Field);
        Assert.Equal("case_number", fields["收单号"]);
        Assert.Equal("received_date", fields["来电时间"]);
        Assert.Equal("due_date", fields["最晚办结日"]);
        Assert.Equal("business", fields["业务品种"]);
        Assert.Equal("narrative", fields["客户反映情况"]);
        Assert.Equal("identity_number", fields["证件信息"]);
        Assert.Equal("follow_up_date", fields["回访日"]);
        Assert.Equal("is_liable", fields["责任判定"]);
        Assert.Equal("amount_yuan", fields["标的(万元)"]);
        Assert.Equal(10_000m, suggestion.Profile.Columns.Single(c => c.Field == "amount_yuan").Unit);
        Assert.DoesNotContain("行号", fields.Keys);
        Assert.NotEqual("closed_date", fields.GetValueOrDefault("办结日期"));
        Assert.Equal("cn-jrt0169", suggestion.Profile.Taxonomy);
        Assert.All(suggestion.Proposals, p => Assert.DoesNotContain("SD2026", p.Why.En + p.Why.Zh, StringComparison.Ordinal));
        Profile.Parse(suggestion.Profile.ToJson());
    }

    [Fact]
    public void Every_canonical_field_has_a_name_and_a_meaning_in_both_languages()
    {
        Assert.Equal(CanonicalFields.All, FieldMeanings.All.Select(m => m.Field));
        Assert.All(FieldMeanings.All, m => Assert.DoesNotContain("", (string[])[m.Name.Zh, m.Name.En, m.Holds.Zh, m.Holds.En]));
    }

    [Fact]
    public void The_missing_columns_of_an_unknown_table_are_named_in_the_language_in_use()
    {
        TableShape shape = Shape(["quantity", "price"]);
        Recognition refused = ProfileRecognition.Recognise(shape, [ProfileFiles.Named(ProfileFiles.Load(home), "generic")]);
        Assert.Contains("complaint id, date received", refused.Explain(shape).En, StringComparison.Ordinal);
        Assert.DoesNotContain("工单号", refused.Explain(shape).En, StringComparison.Ordinal);
        Assert.Contains("工单号、投诉受理日期", refused.Explain(shape).Zh, StringComparison.Ordinal);
    }

    private static string IdentityNumber(int i)
    {
        string number = $"99000019{70 + (i % 30)}0101{i:000}";
        return number + Pipeline.Models.Complainants.Identifiers.CheckCharacter(number);
    }

    [Fact]
    public void A_header_that_looks_like_a_value_is_not_shown()
    {
        Recognition refused = ProfileRecognition.Recognise(Shape(["张测试", "13912345678", "数量"]), ProfileFiles.Load(home));
        Assert.DoesNotContain("13912345678", refused.Explain(Shape(["张测试", "13912345678", "数量"])).En, StringComparison.Ordinal);
    }
}
