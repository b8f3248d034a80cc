using System.Globalization;

namespace Pipeline.Models.Text;

/// <summary>What a character is for the reading of a text.</summary>
internal enum CharacterClass : byte
{
    /// <summary>Spaces, control characters and whatever else stands between words without meaning.</summary>
    Space,

    /// <summary>Punctuation that ends a clause.</summary>
    Break,

    /// <summary>A character that is a word or syllable of its own: Chinese, kana, hangul.</summary>
    Ideograph,

    /// <summary>A letter of an alphabet.</summary>
    Letter,

    Digit,

    /// <summary>Part of a word when letters stand on both sides (don't), else nothing.</summary>
    Apostrophe,

    /// <summary>A sign with meaning of its own: currency, per cent, exclamation and question marks.</summary>
    Symbol,

    /// <summary>A sign that hides something (尾号****1234).</summary>
    Mask,

    HighSurrogate,

    LowSurrogate,
}

/// <summary>
/// The class and the folded form of every UTF-16 code unit: full-width forms become half-width, capitals small, digits of any script 0–9,
/// currency signs one sign. Two tables, so that reading a text costs two loads a character.
/// </summary>
internal static class CharacterClasses
{
    private static readonly byte[] Classes = new byte[char.MaxValue + 1];
    private static readonly char[] FoldedForms = new char[char.MaxValue + 1];

    static CharacterClasses()
    {
        for (int code = 0; code <= char.MaxValue; code++)
        {
            char folded = Fold((char)code);
            FoldedForms[code] = folded;
            Classes[code] = (byte)Classify(folded);
        }
    }

    public static CharacterClass Of(char c) => (CharacterClass)Classes[c];

    public static char Folded(char c) => FoldedForms[c];

    private static char Fold(char raw)
    {
        char c = raw switch
        {
            >= '！' and <= '～' => (char)(raw - 0xFEE0),
            '　' or '\u00A0' => ' ',
            '’' or '‘' or 'ʼ' or '＇' => '\'',
            '。' or '；' or '：' or '、' or '，' or '…' => ',',
            _ => raw,
        };
        if (char.IsDigit(c))
        {
            return (char)('0' + CharUnicodeInfo.GetDecimalDigitValue(c));
        }
        if (char.GetUnicodeCategory(c) == UnicodeCategory.CurrencySymbol)
        {
            return '$';
        }
        return char.ToLowerInvariant(c);
    }

    private static CharacterClass Classify(char c)
    {
        if (char.IsHighSurrogate(c))
        {
            return CharacterClass.HighSurrogate;
        }
        if (char.IsLowSurrogate(c))
        {
            return CharacterClass.LowSurrogate;
        }
        return c switch
        {
            '\'' => CharacterClass.Apostrophe,
            '$' or '%' or '‰' or '!' or '?' => CharacterClass.Symbol,
            '*' or '●' or '■' => CharacterClass.Mask,
            >= '0' and <= '9' => CharacterClass.Digit,
            (>= '\u3005' and <= '\u3007') or (>= '\u3040' and <= '\u30FF') or (>= '\u3400' and <= '\u4DBF')
                or (>= '\u4E00' and <= '\u9FFF') or (>= '\uAC00' and <= '\uD7AF') or (>= '\uF900' and <= '\uFAFF') => CharacterClass.Ideograph,
            _ when char.IsLetter(c) || char.GetUnicodeCategory(c) == UnicodeCategory.NonSpacingMark => CharacterClass.Letter,
            _ when char.IsPunctuation(c) && c is not ('-' or '/' or '_' or '&' or '#' or '@' or '.' or '"' or '“' or '”' or '{' or '}') => CharacterClass.Break,
            '.' => CharacterClass.Break,
            _ => CharacterClass.Space,
        };
    }
}
