using Pipeline.Models.Text;

namespace Pipeline.Tests.Text;

public sealed class BilingualTests
{
    [Theory]
    [InlineData("民法典第200–204条 / Civil Code arts. 200–204", "民法典第200–204条", "Civil Code arts. 200–204")]
    [InlineData("working rules / 工作口径", "工作口径", "working rules")]
    [InlineData("gov.uk/bank-holidays", "gov.uk/bank-holidays", "gov.uk/bank-holidays")]
    [InlineData("DISP 1 / PS25/19", "DISP 1 / PS25/19", "DISP 1 / PS25/19")]
    [InlineData("令2020年第3号 / 民法典", "令2020年第3号 / 民法典", "令2020年第3号 / 民法典")]
    public void A_line_in_two_languages_is_read_as_each_and_any_other_as_both(string line, string zh, string en) => Assert.Equal(new Bilingual(zh, en), Bilingual.OfLine(line));
}
