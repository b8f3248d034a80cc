namespace Pipeline.Models.Text;

/// <summary>
/// Reads a text as character shingles: at each character the three characters that begin there where it is an ideograph, else six.
/// Spaces and punctuation are left out; width and case are folded; a run of digits is one character and so is a run of masking signs,
/// because amounts, dates and numbers change when a letter is sent again. One instance serves one thread.
/// </summary>
internal sealed class ShingleReader
{
    private const int IdeographLength = 3;
    private const int LetterLength = 6;
    private const ulong Seed = 0x8EBC6AF09C88C6E3;

    private char[] letters = new char[1024];
    private ulong[] shingles = new ulong[1024];

    /// <summary>The shingles in the order of the text, repeats included. Valid until the next call.</summary>
    public Span<ulong> Read(ReadOnlySpan<char> text)
    {
        int length = Normalise(text);
        if (length == 0)
        {
            return [];
        }
        if (shingles.Length < length)
        {
            shingles = new ulong[Math.Max(length, shingles.Length * 2)];
        }
        int count = 0;
        for (int start = 0; start < length; start++)
        {
            int size = Widths.IsHan(letters[start]) ? IdeographLength : LetterLength;
            if (start + size > length && count > 0)
            {
                continue; // the end of the text is part of the shingles before
            }
            ulong hash = Seed;
            int end = Math.Min(length, start + size);
            for (int i = start; i < end; i += 3)
            {
                ulong packed = letters[i];
                packed = (packed << 16) | (i + 1 < end ? letters[i + 1] : 0u);
                packed = (packed << 16) | (i + 2 < end ? letters[i + 2] : 0u);
                hash = TextUnits.Hash(hash, packed);
            }
            shingles[count++] = TextUnits.Hash(hash, hash >> 29);
        }
        return shingles.AsSpan(0, count);
    }

    /// <summary>The distinct shingles, ascending.</summary>
    public ulong[] ReadSet(ReadOnlySpan<char> text)
    {
        Span<ulong> all = Read(text);
        all.Sort();
        int distinct = 0;
        for (int i = 0; i < all.Length; i++)
        {
            if (i == 0 || all[i] != all[i - 1])
            {
                all[distinct++] = all[i];
            }
        }
        return all[..distinct].ToArray();
    }

    /// <summary>A hash of the whole text as it is read here; null where it holds nothing.</summary>
    public ulong? Fingerprint(ReadOnlySpan<char> text)
    {
        int length = Normalise(text);
        if (length == 0)
        {
            return null;
        }
        ulong hash = TextUnits.Hash(Seed, (ulong)length);
        for (int i = 0; i < length; i++)
        {
            hash = TextUnits.Hash(hash, letters[i]);
        }
        return TextUnits.Hash(hash, hash >> 29);
    }

    private int Normalise(ReadOnlySpan<char> text)
    {
        if (letters.Length < text.Length)
        {
            letters = new char[Math.Max(text.Length, letters.Length * 2)];
        }
        int length = 0;
        CharacterClass before = CharacterClass.Break;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            CharacterClass kind = CharacterClasses.Of(c);
            switch (kind)
            {
                case CharacterClass.Ideograph or CharacterClass.Letter:
                    letters[length++] = CharacterClasses.Folded(c);
                    break;
                case CharacterClass.Digit or CharacterClass.Mask when kind != before:
                    letters[length++] = kind == CharacterClass.Digit ? '0' : '*';
                    break;
                case CharacterClass.HighSurrogate when i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]):
                    letters[length++] = c;
                    letters[length++] = text[++i];
                    break;
                default:
                    break;
            }
            before = kind;
        }
        return length;
    }
}
