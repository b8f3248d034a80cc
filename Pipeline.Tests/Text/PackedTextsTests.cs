using System.Text;
using Pipeline.Models.Text;

namespace Pipeline.Tests.Text;

public sealed class PackedTextsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1_999)]
    [InlineData(2_000)]
    [InlineData(7_000)]
    public void Every_text_comes_back_as_it_was(int count)
    {
        Random random = new(count);
        string[] texts = [.. Enumerable.Range(0, count).Select(_ => Text(random))];
        PackedTexts packed = new();
        for (int i = 0; i < count; i++)
        {
            Assert.Equal(i, packed.Add(texts[i]));
        }
        packed.Seal();
        Assert.Equal(texts, packed);
        Parallel.For(0, count, i => Assert.Equal(texts[i], packed[i]));
    }

    [Fact]
    public void A_text_larger_than_a_block_and_characters_that_the_first_texts_lack_come_back_too()
    {
        PackedTexts packed = new();
        for (int i = 0; i < 3_000; i++)
        {
            packed.Add("客户反映信用卡年费问题");
        }
        string long1 = string.Concat(Enumerable.Range(0, 1_500_000).Select(i => (char)(0x4E00 + (i % 20_000))));
        int at = packed.Add(long1);
        int after = packed.Add("罕见字𠮷与\ud800孤立的代理");
        packed.Seal();
        Assert.Equal(long1, packed[at]);
        Assert.Equal("罕见字𠮷与\ud800孤立的代理", packed[after]);
        Assert.Equal("客户反映信用卡年费问题", packed[2_999]);
    }

    [Fact]
    public void Chinese_text_takes_less_than_two_thirds_of_its_room_as_strings()
    {
        Random random = new(5);
        PackedTexts packed = new();
        long plain = 0;
        for (int i = 0; i < 5_000; i++)
        {
            // Characters by Zipf's law, as texts have them.
            string text = string.Concat(Enumerable.Range(0, 120).Select(_ => (char)(0x4E00 + (int)Math.Exp(random.NextDouble() * Math.Log(3_500)))));
            packed.Add(text);
            plain += 22 + (2 * text.Length);
        }
        packed.Seal();
        Assert.InRange(packed.Bytes, plain / 4, plain * 2 / 3);
    }

    [Fact]
    public void Nothing_is_read_before_all_were_added_and_nothing_added_after()
    {
        PackedTexts packed = new();
        packed.Add("a");
        Assert.Throws<InvalidOperationException>(() => packed[0]);
        packed.Seal();
        Assert.Throws<InvalidOperationException>(() => packed.Add("b"));
        Assert.Equal("a", KeptText.Of(packed, 0).Value);
        Assert.Equal("b", ((KeptText)"b").Value);
        Assert.Equal("", default(KeptText).Value);
    }

    private static string Text(Random random)
    {
        StringBuilder text = new();
        for (int i = random.Next(0, 200); i > 0; i--)
        {
            text.Append(random.Next(10) switch { 0 => (char)random.Next(char.MaxValue + 1), 1 => (char)random.Next(32, 127), _ => (char)(0x4E00 + random.Next(3_000)) });
        }
        return text.ToString();
    }
}
