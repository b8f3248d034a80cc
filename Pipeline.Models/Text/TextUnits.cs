using System.Numerics;

namespace Pipeline.Models.Text;

/// <summary>What a unit of a text is.</summary>
public enum UnitKind : byte
{
    /// <summary>The end of a clause; part of no n-gram.</summary>
    Break,

    /// <summary>One Chinese character, kana or hangul syllable.</summary>
    Ideograph,

    /// <summary>A word of an alphabet.</summary>
    Word,

    /// <summary>A number, known by the number of digits before its decimal point.</summary>
    Number,

    /// <summary>A currency, per cent, exclamation or question sign, or something masked (***, XXXX).</summary>
    Symbol,
}

/// <summary>A unit of a text and where it stands.</summary>
/// <param name="Hash">Of the folded form; the same form has the same hash everywhere and always.</param>
/// <param name="Start">First UTF-16 index in the text.</param>
/// <param name="End">Index after the last.</param>
/// <param name="LettersStart">Words only: where its folded letters begin in <see cref="TextUnits.Letters"/>.</param>
/// <param name="LettersEnd">Words only: where they end.</param>
public readonly record struct TextUnit(ulong Hash, int Start, int End, int LettersStart, int LettersEnd, UnitKind Kind);

/// <summary>
/// Cuts a text into units in one pass: every ideograph, word, number and sign is one. Full-width and half-width, capital and small
/// letters are one; a number keeps only its magnitude, and a masked value only that it was masked, because the digits of an account
/// or an amount say who complains and not what about. A lone surrogate is a space. One instance serves one thread for many texts and
/// keeps its buffers.
/// </summary>
public sealed class TextUnits
{
    private const ulong WordSeed = 0x9E3779B97F4A7C15;
    private const ulong NumberSeed = 0xC2B2AE3D27D4EB4F;
    private const ulong SymbolSeed = 0x165667B19E3779F9;
    private const ulong IdeographSeed = 0x27D4EB2F165667C5;
    private const int LargestMagnitude = 8;

    private TextUnit[] units = new TextUnit[256];
    private char[] letters = new char[1024];
    private int lettersCount;

    /// <value>Units of the last text that was read, in its order.</value>
    public ReadOnlySpan<TextUnit> Units => units.AsSpan(0, Count);

    public int Count { get; private set; }

    /// <value>The folded letters of all words of the last text; each word stands between two spaces that its range includes.</value>
    public ReadOnlySpan<char> Letters => letters.AsSpan(0, lettersCount);

    /// <summary>Reads <paramref name="text"/>; what was read before is forgotten.</summary>
    public void Read(ReadOnlySpan<char> text)
    {
        Count = 0;
        lettersCount = 0;
        int position = 0;
        while (position < text.Length)
        {
            char c = text[position];
            switch (CharacterClasses.Of(c))
            {
                case CharacterClass.Ideograph:
                    Add(Hash(IdeographSeed, CharacterClasses.Folded(c)), position, position + 1, UnitKind.Ideograph);
                    position++;
                    break;
                case CharacterClass.Letter:
                    position = ReadWord(text, position);
                    break;
                case CharacterClass.Digit:
                    position = ReadNumber(text, position);
                    break;
                case CharacterClass.Symbol:
                    Add(Hash(SymbolSeed, CharacterClasses.Folded(c)), position, position + 1, UnitKind.Symbol);
                    position++;
                    break;
                case CharacterClass.Mask:
                    position = ReadMask(text, position);
                    break;
                case CharacterClass.Break:
                    if (Count > 0 && units[Count - 1].Kind != UnitKind.Break)
                    {
                        Add(0, position, position + 1, UnitKind.Break);
                    }
                    position++;
                    break;
                case CharacterClass.HighSurrogate when position + 1 < text.Length && char.IsLowSurrogate(text[position + 1]):
                    Add(Hash(Hash(IdeographSeed, c), text[position + 1]), position, position + 2, UnitKind.Ideograph);
                    position += 2;
                    break;
                default:
                    position++;
                    break;
            }
        }
    }

    /// <summary>One step of the hash that units and n-grams are made with: xor, multiply by an odd constant, rotate.</summary>
    internal static ulong Hash(ulong state, ulong next) => unchecked(BitOperations.RotateLeft((state ^ next) * 0xFF51AFD7ED558CCD, 31));

    private int ReadWord(ReadOnlySpan<char> text, int start)
    {
        EnsureLetters(2);
        int lettersStart = lettersCount;
        letters[lettersCount++] = ' ';
        ulong hash = WordSeed;
        bool masked = true;
        int position = start;
        while (position < text.Length)
        {
            char c = text[position];
            CharacterClass kind = CharacterClasses.Of(c);
            if (kind is CharacterClass.Letter or CharacterClass.Digit)
            {
                char folded = CharacterClasses.Folded(c);
                masked &= folded == 'x';
                hash = Hash(hash, folded);
                EnsureLetters(2);
                letters[lettersCount++] = folded;
            }
            else if (kind != CharacterClass.Apostrophe || position + 1 >= text.Length
                || CharacterClasses.Of(text[position + 1]) != CharacterClass.Letter)
            {
                break;
            }
            position++;
        }
        if (masked && lettersCount - lettersStart > 2)
        {
            lettersCount = lettersStart;
            Add(Hash(SymbolSeed, '*'), start, position, UnitKind.Symbol);
            return position;
        }
        letters[lettersCount++] = ' ';
        EnsureUnits();
        units[Count++] = new TextUnit(hash, start, position, lettersStart, lettersCount, UnitKind.Word);
        return position;
    }

    /// <summary>Digits with points and commas between digits; digits after the last point are not counted.</summary>
    private int ReadNumber(ReadOnlySpan<char> text, int start)
    {
        int magnitude = 0;
        bool whole = true;
        int position = start;
        while (position < text.Length)
        {
            char c = CharacterClasses.Folded(text[position]);
            if (c is >= '0' and <= '9')
            {
                magnitude += whole ? 1 : 0;
            }
            else if (c is '.' or ',' && position + 1 < text.Length && CharacterClasses.Of(text[position + 1]) == CharacterClass.Digit)
            {
                whole &= c != '.';
            }
            else
            {
                break;
            }
            position++;
        }
        Add(Hash(NumberSeed, (ulong)Math.Min(magnitude, LargestMagnitude)), start, position, UnitKind.Number);
        return position;
    }

    private int ReadMask(ReadOnlySpan<char> text, int start)
    {
        int position = start + 1;
        while (position < text.Length && CharacterClasses.Of(text[position]) == CharacterClass.Mask)
        {
            position++;
        }
        Add(Hash(SymbolSeed, '*'), start, position, UnitKind.Symbol);
        return position;
    }

    private void Add(ulong hash, int start, int end, UnitKind kind)
    {
        EnsureUnits();
        units[Count++] = new TextUnit(hash, start, end, 0, 0, kind);
    }

    private void EnsureUnits()
    {
        if (Count == units.Length)
        {
            Array.Resize(ref units, units.Length * 2);
        }
    }

    private void EnsureLetters(int more)
    {
        if (lettersCount + more > letters.Length)
        {
            Array.Resize(ref letters, letters.Length * 2);
        }
    }
}
