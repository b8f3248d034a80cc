using System.Diagnostics;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Pipeline.Models.Text;
using Pipeline.Tests.Complainants;

namespace Pipeline.Tests.Text;

public sealed class MaskingTests
{
    [Theory]
    [InlineData("张三", "张*")]
    [InlineData("欧阳小明", "欧***")]
    [InlineData("𠮷田一", "𠮷**")]
    [InlineData("张", "*")]
    [InlineData("", "")]
    public void A_name_shows_its_first_character(string name, string shown) => Assert.Equal(shown, Masking.Name(name));

    [Theory]
    [InlineData("13800005678", "138****5678")]
    [InlineData("+86 138-0000-5678", "138****5678")]
    [InlineData("010-62345678", "****5678")]
    [InlineData("62345678", "****5678")]
    [InlineData("wang@example.com", "w****@example.com")]
    [InlineData("12345", "*****")]
    public void A_telephone_shows_its_tail(string phone, string shown) => Assert.Equal(shown, Masking.Phone(phone));

    [Theory]
    [InlineData("990000197707070047", "9****************7")]
    [InlineData("99000019770707016x", "9****************X")]
    [InlineData("990000********2600", "9****************0")]
    [InlineData("9.90E+17", "********")]
    public void An_identity_number_shows_two_characters_outward(string number, string shown) => Assert.Equal(shown, Masking.IdentityNumber(number));

    [Theory]
    [InlineData("6200000000000005", "****0005")]
    [InlineData("6200 0000 0000 0005", "****0005")]
    [InlineData("12345", "*****")]
    public void An_account_shows_its_last_four_digits(string account, string shown) => Assert.Equal(shown, Masking.Account(account));

    [Theory]
    [InlineData("南京市鼓楼区中山路1号", "南京市鼓楼区****")]
    [InlineData("江苏省南京市", "江苏省南京市")]
    [InlineData("中山路1号", "*****")]
    public void An_address_is_kept_to_its_district(string address, string shown) => Assert.Equal(shown, Masking.Address(address));

    [Theory]
    [InlineData("身份证990000197707070047。", "身份证9****************7。")]
    [InlineData("证号99000019770707016x，", "证号9****************X，")]
    [InlineData("号码９９００００１９７７０７０７００４７", "号码9****************7")]
    [InlineData("请回电13800005678谢谢", "请回电138****5678谢谢")]
    [InlineData("请回电138-0000-5678谢谢", "请回电138****5678谢谢")]
    [InlineData("+86 13800005678", "+138****5678")]
    [InlineData("8613800005678", "138****5678")]
    [InlineData("座机010-62345678", "座机****5678")]
    [InlineData("座机05718234567", "座机****4567")]
    [InlineData("卡号6200000000000005被扣", "卡号****0005被扣")]
    [InlineData("卡6200 0000 0000 0005被扣", "卡****0005被扣")]
    [InlineData("账号123456789012", "账号****9012")]
    [InlineData("写信到wang.wu@example.com或13800005678@example.com", "写信到w****@example.com或1****@example.com")]
    [InlineData("Write to wang@mail.example.com.", "Write to w****@mail.example.com.")]
    [InlineData("加我微信号wang_2020聊", "加我微信号****聊")]
    [InlineData("QQ：12345678", "QQ：****")]
    [InlineData("电话一三八零零零零五六七八", "电话****")]
    [InlineData("5000 13800005678", "5000 138****5678")]
    public void Numbers_of_a_person_are_masked_in_a_narrative(string text, string shown) => Assert.Equal(shown, Masking.FreeText(text));

    [Theory]
    [InlineData("张三先生来电", "张**来电")]
    [InlineData("坐席张主管说", "坐席张**说")]
    [InlineData("转送：刘女士", "转送：刘**")]
    [InlineData("欧阳小明女士称", "欧**称")]
    [InlineData("客户李伟反映", "客户李**反映")]
    [InlineData("姓名：王小明，", "姓名：王**，")]
    [InlineData("Mr. John Smith called, Mrs Lee did not", "Mr. J**** called, Mrs L**** did not")]
    public void Titled_names_are_masked_in_a_narrative(string text, string shown) => Assert.Equal(shown, Masking.FreeText(text));

    [Theory]
    [InlineData("2024-11-01至2024-11-05扣款1800元，利率3.65%")]
    [InlineData("工单TS20241101000004，12378转办，95588")]
    [InlineData("微信支付1000元未到账")]
    [InlineData("基金经理、大堂经理、客户经理、任何主任、高级经理、对方经理、由于经理不在")]
    [InlineData("客户高度不满，客户于昨日来电，客户马上要求")]
    [InlineData("客户曾多次来电")]
    [InlineData("每月14日还款3,200.50元，共36期，尾号8387")]
    public void Ordinary_words_and_figures_stay_as_they_are(string text) => Assert.Same(text, Masking.FreeText(text));

    [Fact]
    public void Values_that_are_known_are_masked_wherever_they_stand() =>
        Assert.Equal(
            "王** 的账户****9012 由王**代办， 电话138****5678",
            Masking.FreeText("王小明 的账户123456789012 由王小明代办， 电话13800005678", ["王小明", "123456789012", "13800005678"]));

    [Fact]
    public void No_run_of_eleven_digits_that_a_person_could_be_reached_by_survives() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            Random random = new(seed);
            string phone = "1" + random.Next(3, 10) + string.Concat(Enumerable.Range(0, 9).Select(_ => random.Next(10)));
            string[] around = ["电话", " ", "，", "a", "(", "：", "客户", "。", "\n", "）"];
            string shown = Masking.FreeText(around[random.Next(around.Length)] + phone + around[random.Next(around.Length)]);
            return !shown.Contains(phone, StringComparison.Ordinal);
        }).Check(IdentifiersTests.Fixed);

    [Fact]
    public void Masking_twice_changes_nothing_more() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string>().Filter(s => s is not null), text =>
        {
            string once = Masking.FreeText(text);
            return Masking.FreeText(once) == once;
        }).Check(IdentifiersTests.Fixed);

    [Theory]
    [InlineData("1")]
    [InlineData("1 ")]
    [InlineData("1-")]
    [InlineData("a@")]
    [InlineData("张")]
    [InlineData("微信")]
    [InlineData("一")]
    [InlineData("a.")]
    public void A_text_made_to_hang_a_scanner_costs_no_more_than_its_length(string unit)
    {
        string text = new StringBuilder().Insert(0, unit, 200_000 / unit.Length).ToString();
        long start = Stopwatch.GetTimestamp();
        _ = Masking.FreeText(text);
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(10)); // a quadratic scan takes minutes
    }
}
