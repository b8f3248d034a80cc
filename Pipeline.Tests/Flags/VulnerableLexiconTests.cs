using Pipeline.Jobs.Rules;
using Pipeline.Models.Flags.Profiles;

namespace Pipeline.Tests.Flags;

public sealed class VulnerableLexiconTests
{
    private static readonly VulnerableLexicon Lexicon = RuleFiles.Load("/nowhere", "lexicon.vulnerable.json", VulnerableLexicon.Parse).Value;

    [Theory]
    [InlineData("本人肢体残疾，支行门口没有坡道。", "disability")]
    [InlineData("我今年查出肿瘤，两次手术后失去劳动能力。", "illness")]
    [InlineData("客户称母亲陪同，本人住院期间无法办理。", "illness")]
    [InlineData("代母亲反映：母亲行动不便，无法到网点。", "disability")]
    [InlineData("我已失业半年，申请延期。", "hardship")]
    [InlineData("六位老人签了五位。", "age")]
    [InlineData("I fell behind after back surgery.", "illness")]
    [InlineData("My wife called for me because I am legally blind.", "disability")]
    [InlineData("I'm 90% disabled and exempt from property tax.", "disability")]
    [InlineData("I write on behalf of my father, who is in a wheelchair.", "disability")]
    [InlineData("I lost my job in March.", "hardship")]
    public void A_need_of_the_writer_or_of_whom_the_text_speaks_for_is_found(string text, string kind) => Assert.Equal([kind], Lexicon.Kinds(text));

    [Theory]
    [InlineData("My cousin's surgery was put off because of this.")]
    [InlineData("The surgery of my cousin was put off.")]
    [InlineData("The teller was on leave after surgery and nobody else could help.")]
    [InlineData("My neighbor is disabled and got the same letter.")]
    [InlineData("I am not disabled, I only asked for large print.")]
    [InlineData("家里人做手术急用钱。")]
    [InlineData("称因家人住院提前取了定期。")]
    [InlineData("柜员刚做完手术回来上班，态度恶劣。")]
    [InlineData("前面的残疾客人等了一小时。")]
    [InlineData("本人没有残疾，只是要求放大字体。")]
    [InlineData("我买的重疾险被拒。")]
    public void What_is_denied_or_told_of_somebody_else_is_no_need_of_the_writer(string text) => Assert.Empty(Lexicon.Kinds(text));

    [Fact]
    public void One_need_of_the_writer_counts_though_another_word_is_of_somebody_else() =>
        Assert.Equal(["illness"], Lexicon.Kinds("My son had surgery in May. I was hospitalized in June."));
}
