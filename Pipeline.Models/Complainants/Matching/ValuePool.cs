using System.Runtime.InteropServices;

namespace Pipeline.Models.Complainants.Matching;

/// <summary>
/// The distinct values of a field (or of two that may be exchanged), numbered from 0 in the order in which they come. What comparing
/// them needs is prepared once for each.
/// </summary>
internal sealed class ValuePool(string kind, NameLexicon lexicon)
{
    private readonly Dictionary<string, int> known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> compacts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> words = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> sounds = new(StringComparer.Ordinal);
    private readonly List<string> texts = [];
    private readonly List<string> compactTexts = [];
    private readonly List<int> compactOf = [];
    private readonly List<int> wordsOf = [];
    private readonly List<int> soundOf = [];
    private readonly List<ulong> soundHashes = [];
    private readonly List<int[]> fullNames = [];
    private readonly List<bool> valid = [];
    private readonly List<ulong> signatures = [];
    private readonly List<int[]> sets = [];
    private readonly List<ChinesePlace?> places = [];

    internal string Kind => kind;

    internal NameLexicon Lexicon => lexicon;

    /// <value>Values that there are; of telephones the sets of them.</value>
    internal int Count => kind == FieldKinds.Phones ? sets.Count : texts.Count;

    /// <value>The numbers that sets are made of; itself where a value is one number.</value>
    internal ValuePool Elements { get; private set; } = null!;

    /// <summary>Names, texts and addresses have a compact form, words and a sound; the others are compared as they are.</summary>
    private bool IsWorded => kind is FieldKinds.Name or FieldKinds.Text or FieldKinds.Address;

    internal static ValuePool Of(string kind, NameLexicon lexicon)
    {
        ValuePool pool = new(kind, lexicon);
        pool.Elements = kind == FieldKinds.Phones ? Of(FieldKinds.Number, lexicon) : pool;
        return pool;
    }

    internal string Text(int value) => kind == FieldKinds.Phones ? string.Join(';', sets[value].Select(Elements.Text).Order(StringComparer.Ordinal)) : texts[value];

    internal ReadOnlySpan<char> CompactText(int value) => IsWorded ? compactTexts[compactOf[value]] : texts[value];

    /// <summary>The characters of <see cref="CompactText"/>, see <see cref="Similarity.Signature"/>.</summary>
    internal ulong Signature(int value) => signatures[value];

    internal int CompactClass(int value) => IsWorded ? compactOf[value] : value;

    internal int WordsClass(int value) => wordsOf[value];

    /// <summary>-1 where the value has no sound.</summary>
    internal int SoundClass(int value) => soundOf[value];

    /// <summary>A hash of the sound, the same in every table; 0 where the value has none.</summary>
    internal ulong SoundHash(int value) => soundOf[value] < 0 ? 0 : soundHashes[soundOf[value]];

    internal int[] FullNames(int value) => fullNames[value];

    internal ChinesePlace? ChinesePlace(int value) => places[value];

    /// <summary>Numbers of a set, ascending.</summary>
    internal int[] Set(int value) => sets[value];

    /// <summary>A valid identity number, or a whole account number: two that differ are two persons'.</summary>
    internal bool IsValid(int value) => kind is not (FieldKinds.Identity or FieldKinds.Account) || valid[value];

    /// <summary>The number of the value that one or more cells show, or -1 where they show none.</summary>
    internal int Intern(ReadOnlySpan<string> cells)
    {
        switch (kind)
        {
            case FieldKinds.Phones:
                return InternSet(cells);
            case FieldKinds.Identity:
                return Single(Identity(cells[0], out bool isIdentity), isIdentity);
            case FieldKinds.Account:
                string? whole = Identifiers.Account(cells[0]);
                return Single(whole ?? Masked(cells[0], 9), whole is not null);
            case FieldKinds.Address:
                return Single(ValueFolding.Fold(cells.Length == 1 ? cells[0] : string.Join(' ', cells.ToArray())), true);
            case FieldKinds.Name:
                string name = ValueFolding.Fold(cells[0]);
                return Single(name.Length > 0 && Identifiers.Name(name) is null ? "" : name, true);
            case FieldKinds.Date:
                return Single(ValueFolding.Date(ValueFolding.Fold(cells[0])), true);
            case FieldKinds.Year:
                return Single(Year(cells), true);
            case FieldKinds.Number:
                return Single(ValueFolding.Compact(ValueFolding.Fold(cells[0]), NameLexicon.Empty), true);
            default:
                return Single(ValueFolding.Fold(cells[0]), true);
        }
    }

    private int Single(string text, bool isValid)
    {
        if (text.Length == 0)
        {
            return -1;
        }
        ref int place = ref CollectionsMarshal.GetValueRefOrAddDefault(known, text, out bool exists);
        if (exists)
        {
            return place;
        }
        place = texts.Count;
        texts.Add(text);
        if (kind is FieldKinds.Identity or FieldKinds.Account)
        {
            valid.Add(isValid);
        }
        if (IsWorded)
        {
            string compact = ValueFolding.Compact(text, lexicon);
            if (compact.Length == 0)
            {
                compact = text;
            }
            int compactClass = Class(compacts, compact);
            if (compactClass == compactTexts.Count)
            {
                compactTexts.Add(compact);
            }
            compactOf.Add(compactClass);
            wordsOf.Add(Class(words, ValueFolding.Words(text)));
            string sound = ValueFolding.Sound(compact, lexicon);
            soundOf.Add(sound.Length == 0 ? -1 : Class(sounds, sound));
            if (sounds.Count > soundHashes.Count)
            {
                soundHashes.Add(MatchHash.OfText(sound));
            }
            fullNames.Add(kind == FieldKinds.Name ? lexicon.FullNames(compact) : []);
            places.Add(kind == FieldKinds.Address ? Matching.ChinesePlace.Of(compact) : null);
        }
        signatures.Add(Similarity.Signature(CompactText(place)));
        return place;
    }

    private static int Class(Dictionary<string, int> classes, string text)
    {
        ref int place = ref CollectionsMarshal.GetValueRefOrAddDefault(classes, text, out bool exists);
        if (!exists)
        {
            place = classes.Count - 1;
        }
        return place;
    }

    private int InternSet(ReadOnlySpan<string> cells)
    {
        SortedSet<int> numbers = [];
        foreach (string cell in cells)
        {
            foreach (string phone in Identifiers.Phones(cell))
            {
                numbers.Add(Elements.Single(phone, true));
            }
        }
        return Place(numbers);
    }

    /// <summary>The set without some of its numbers; -1 where none is left.</summary>
    internal int Without(int value, HashSet<int> removed) =>
        sets[value].Any(removed.Contains) ? Place([.. sets[value].Where(n => !removed.Contains(n))]) : value;

    private int Place(SortedSet<int> numbers)
    {
        if (numbers.Count == 0)
        {
            return -1;
        }
        ref int place = ref CollectionsMarshal.GetValueRefOrAddDefault(known, string.Join(';', numbers), out bool exists);
        if (!exists)
        {
            place = sets.Count;
            sets.Add([.. numbers]);
        }
        return place;
    }

    /// <summary>The first year that a cell shows; of an identity number its bearer's year of birth.</summary>
    private static string Year(ReadOnlySpan<string> cells)
    {
        foreach (string cell in cells)
        {
            string text = ValueFolding.Compact(ValueFolding.Fold(cell), NameLexicon.Empty);
            if (text.Length == 5 && text[4] == '年')
            {
                text = text[..4];
            }
            if (text.Length == 4 && text.All(char.IsAsciiDigit))
            {
                return text;
            }
            if (Identifiers.IdentityNumber(cell).BirthYear is int year)
            {
                return year.ToString(System.Globalization.CultureInfo.InvariantCulture);
            }
        }
        return "";
    }

    private static string Identity(string cell, out bool isValid)
    {
        IdentityNumberReading reading = Identifiers.IdentityNumber(cell);
        isValid = reading.State == IdentityStates.Valid;
        return reading.State switch
        {
            IdentityStates.Valid => reading.Normalised!,
            IdentityStates.Masked => Masked(cell, 15),
            // A number with a wrong digit is evidence, though never a key: it may be one slip from the right one.
            IdentityStates.Invalid when ValueFolding.Compact(ValueFolding.Fold(cell), NameLexicon.Empty) is { Length: 15 or 18 } damaged => damaged,
            _ => "",
        };
    }

    /// <summary>A number of at least <paramref name="shortest"/> characters of which some are stars; empty for anything else.</summary>
    private static string Masked(string cell, int shortest)
    {
        char[] text = [.. ValueFolding.Fold(cell).Where(c => !char.IsWhiteSpace(c) && c != '-').Select(c => c is '#' or '×' or '●' or '•' or '█' ? '*' : c)];
        int digits = text.Count(char.IsAsciiDigit);
        return text.Length >= shortest && digits >= 3 && text.Contains('*') && text.All(c => char.IsAsciiDigit(c) || c is '*' or 'X') ? new string(text) : "";
    }
}
