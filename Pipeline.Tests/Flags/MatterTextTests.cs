using FsCheck;
using FsCheck.Fluent;
using Pipeline.Models.Flags;
using Pipeline.Tests.Complainants;

namespace Pipeline.Tests.Flags;

public sealed class MatterTextTests
{
    [Fact]
    public void Amounts_dates_width_case_and_punctuation_do_not_count() =>
        Assert.Equal(1, Likeness("12月3日扣了1800元，ABC卡年费要求退回来！", "1月25日扣了２６元 abc卡年费、要求退回来"));

    [Fact]
    public void Texts_without_anything_in_common_are_not_alike() =>
        Assert.Equal(0, Likeness("账单出现年费要求退回", "排队两个小时只开窗口"));

    [Fact]
    public void A_short_text_is_not_alike_because_a_long_one_contains_it() =>
        Assert.True(Likeness("态度不好", "客户来电反映柜员态度不好，办理业务时大声呵斥，要求道歉并给出处理结果") < 0.2);

    [Fact]
    public void English_texts_are_compared_by_words()
    {
        const string First = "I was charged an annual fee on my credit card although the agent told me that the first year would be free";
        Assert.True(Likeness(First, "As I already wrote, I was charged an annual fee on my credit card although the agent told me that the first") > 0.8);
        Assert.True(Likeness(First, "My mortgage payment was not credited to the account and the servicer reports me as late to the bureaus") < 0.2);
    }

    [Fact]
    public void Likeness_is_symmetric_within_bounds_and_whole_for_equal_texts() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string>().Filter(s => s is not null), ArbMap.Default.ArbFor<string>().Filter(s => s is not null), (one, other) =>
        {
            double likeness = Likeness(one, other);
            return likeness is >= 0 and <= 1 && likeness == Likeness(other, one) && Likeness(one, one) == (MatterText.Of(one).Count == 0 ? 0 : 1);
        }).Check(IdentifiersTests.Fixed);

    private static double Likeness(string one, string other) => MatterText.Similarity(MatterText.Of(one), MatterText.Of(other));
}
