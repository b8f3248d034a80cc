using System.Buffers;
using System.Text;

namespace Pipeline.Jobs.Ingest.Reading;

/// <summary>
/// Finds the encoding of a text: byte order mark, UTF-16 by its zero bytes, UTF-8 by its structure, then GB18030 against Big5 by how common the
/// decoded characters are in Chinese prose, else windows-1252. Strict decoding alone cannot tell the last three apart.
/// </summary>
internal static class EncodingDetection
{
    /// <summary>Bytes that are looked at from the first byte that is not ASCII.</summary>
    public const int PrefixBytes = 256 * 1024;

    /// <summary>
    /// The most frequent characters of modern Chinese, simplified and traditional, and those of banking complaints. Any list of a few hundred does:
    /// text in the wrong encoding decodes to characters that hardly occur at all.
    /// </summary>
    private static readonly SearchValues<char> Common = SearchValues.Create(
        "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运笔户银行卡投诉编号受理渠道机构支贷款储蓄转账冻结费率利息客户姓证码话箱址处罚满意访办" +
        "這個們來為國說時會對過發後裡種經麼學現當沒動還進樣從實軍無與長機關點業將兩間問應戰頭體見產內話門題變電數報結務場計資區隊書聽則達強權據邊張該規萬覺術領確傳師觀讓識帶導爭運筆戶銀訴編號貸轉賬帳凍費滿訪辦名稱類別單據點選擇系統設備臺灣縣市鄉鎮" +
        "，。、；：？！（）《》“”‘’·…—　％０１２３４５６７８９省州港路街村楼层室年月日时分秒元万亿人民币");

    /// <summary>
    /// Detects on <paramref name="open"/>'s content. Where the file begins with plain ASCII, it is searched for the first other byte, up to
    /// <paramref name="searchBytes"/>; a file without one is UTF-8.
    /// </summary>
    public static TextEncoding Detect(Func<Stream> open, long searchBytes)
    {
        using Stream stream = open();
        byte[] buffer = new byte[PrefixBytes];
        int read = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        TextEncoding? marked = TextEncoding.Marked(buffer.AsSpan(0, read)) ?? Utf16WithoutMark(buffer.AsSpan(0, read));
        if (marked is not null)
        {
            return marked;
        }
        long searched = 0;
        while (read > 0)
        {
            int first = buffer.AsSpan(0, read).IndexOfAnyInRange((byte)0x80, (byte)0xFF);
            if (first >= 0)
            {
                int kept = read - first;
                buffer.AsSpan(first, kept).CopyTo(buffer);
                int more = stream.ReadAtLeast(buffer.AsSpan(kept), buffer.Length - kept, throwOnEndOfStream: false);
                return OfBytes(buffer.AsSpan(0, kept + more));
            }
            searched += read;
            if (searched >= searchBytes)
            {
                break;
            }
            read = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        }
        return TextEncoding.Utf8;
    }

    /// <summary>The encoding of bytes that hold some that are not ASCII.</summary>
    public static TextEncoding OfBytes(ReadOnlySpan<byte> bytes)
    {
        (int whole, int broken) = Utf8Sequences(bytes);
        // A few damaged bytes do not make a UTF-8 file something else; they make damaged rows.
        if (whole > 0 && broken * 20 <= whole)
        {
            return TextEncoding.Utf8;
        }
        TextEncoding gb18030 = new("gb18030", 54936, 0);
        TextEncoding big5 = new("big5", 950, 0);
        double simplified = ChineseShare(gb18030.Prefix(bytes));
        double traditional = ChineseShare(big5.Prefix(bytes));
        if (PairShare(bytes) > 0.9 && simplified >= 0.8 * traditional)
        {
            return gb18030;
        }
        const double enough = 0.25;
        if (Math.Max(simplified, traditional) < enough)
        {
            return new TextEncoding("windows-1252", 1252, 0);
        }
        return traditional > simplified ? big5 : gb18030;
    }

    /// <summary>Share of common Chinese characters among the characters that are not ASCII; broken bytes count against it.</summary>
    private static double ChineseShare(string text)
    {
        int other = 0;
        int common = 0;
        foreach (char character in text)
        {
            if (character >= 0x80)
            {
                other++;
                if (Common.Contains(character))
                {
                    common++;
                }
            }
        }
        return other == 0 ? 0 : (double)common / other;
    }

    /// <summary>
    /// Share of the bytes above ASCII that come in pairs of the original GB2312 (both from A1 on). Chinese of the mainland is nearly all such pairs, names
    /// and rare words too; in Big5 two fifths of the second bytes are ASCII, and in western text such bytes stand alone.
    /// </summary>
    private static double PairShare(ReadOnlySpan<byte> bytes)
    {
        int pairs = 0;
        int others = 0;
        for (int i = 0; i + 1 < bytes.Length; i++)
        {
            if (bytes[i] < 0x80)
            {
                continue;
            }
            if (bytes[i] is >= 0xA1 and <= 0xF7 && bytes[i + 1] is >= 0xA1 and <= 0xFE)
            {
                pairs++;
                i++;
            }
            else
            {
                others++;
            }
        }
        return pairs == 0 ? 0 : (double)pairs / (pairs + others);
    }

    private static (int Whole, int Broken) Utf8Sequences(ReadOnlySpan<byte> bytes)
    {
        int whole = 0;
        int broken = 0;
        while (true)
        {
            int first = bytes.IndexOfAnyInRange((byte)0x80, (byte)0xFF);
            if (first < 0)
            {
                return (whole, broken);
            }
            bytes = bytes[first..];
            OperationStatus status = Rune.DecodeFromUtf8(bytes, out _, out int length);
            if (status == OperationStatus.NeedMoreData)
            {
                return (whole == 0 && broken == 0 ? 0 : whole, broken + (bytes.Length > 3 ? 1 : 0));
            }
            if (status == OperationStatus.Done)
            {
                whole++;
            }
            else
            {
                broken++;
            }
            bytes = bytes[length..];
        }
    }

    /// <summary>UTF-16 without a mark: zero bytes stand mostly at odd places (little endian) or at even ones; not only there, for 退 is U+9000.</summary>
    private static TextEncoding? Utf16WithoutMark(ReadOnlySpan<byte> bytes)
    {
        int even = 0;
        int odd = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] == 0)
            {
                if ((i & 1) == 0)
                {
                    even++;
                }
                else
                {
                    odd++;
                }
            }
        }
        int many = Math.Max(even, odd);
        int few = Math.Min(even, odd);
        // Chinese text has zero bytes only in its digits, separators and line ends: a twentieth of the characters.
        if (bytes.Length < 4 || many < 2 || many * 40L < bytes.Length || few * 6L > many)
        {
            return null;
        }
        TextEncoding found = odd > even ? new TextEncoding("utf-16le", 1200, 0) : new TextEncoding("utf-16be", 1201, 0);
        return many * 5L > bytes.Length || ChineseShare(found.Prefix(bytes)) > 0.1 ? found : null;
    }
}
