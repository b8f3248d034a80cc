namespace Pipeline.Models.Complainants.Matching;

/// <summary>What kind of value a field holds; decides how it is read and compared. The names stand in the schema.</summary>
public static class FieldKinds
{
    /// <summary>A person's or company's name, or a part of one; Latin (edit distance, Jaro–Winkler, nicknames) or Chinese (variants, homophones).</summary>
    public const string Name = "name";

    /// <summary>Free text such as a line of an address: edit distance, words in any order.</summary>
    public const string Text = "text";

    /// <summary>A postal address; a Chinese one is compared by province, city, district and the rest.</summary>
    public const string Address = "address";

    public const string Date = "date";

    /// <summary>A year of birth, or the one that an identity number tells: the first column that shows either.</summary>
    public const string Year = "year";

    /// <summary>A number that is no quantity: house number, postcode, insurance number.</summary>
    public const string Number = "number";

    /// <summary>One of few values: state, gender.</summary>
    public const string Code = "code";

    public const string Email = "email";

    /// <summary>Telephone numbers; each of the columns may hold several.</summary>
    public const string Phones = "phones";

    /// <summary>A mainland resident identity number of 18 or 15 characters, or a masked one.</summary>
    public const string Identity = "identity";

    /// <summary>A bank account or card number, or a masked one.</summary>
    public const string Account = "account";

    public static IReadOnlyList<string> All { get; } = [Name, Text, Address, Date, Year, Number, Code, Email, Phones, Identity, Account];
}

/// <summary>One field that persons are compared by.</summary>
/// <param name="Name">How evidence names it.</param>
/// <param name="Kind">See <see cref="FieldKinds"/>.</param>
/// <param name="Columns">Columns of the table that fill it, in order. One, except for <c>phones</c> (a set), <c>address</c> (its levels) and <c>year</c> (the first that shows one). <c>a|b</c> is column a, or b where there is no a.</param>
/// <param name="SwapWith">0-based index of the field that it may have been exchanged with, or -1.</param>
/// <param name="Contradicts">Two different valid values never become one person, unless an earlier such field agrees.</param>
/// <param name="SharedMinPersons">A value that so many differently named persons use is no evidence; 0: never.</param>
public sealed record MatchField(string Name, string Kind, IReadOnlyList<string> Columns, int SwapWith, bool Contradicts, int SharedMinPersons);

/// <summary>How a value becomes part of a blocking key.</summary>
public static class KeyForms
{
    /// <summary>The value without spaces and punctuation, variants folded.</summary>
    public const string Value = "value";

    /// <summary>How it sounds: toneless pinyin for Chinese, Soundex for Latin letters.</summary>
    public const string Sound = "sound";

    /// <summary>The first four characters.</summary>
    public const string Start = "start";

    /// <summary>Its characters in order: the same for two exchanged neighbours.</summary>
    public const string Letters = "letters";

    public static IReadOnlyList<string> All { get; } = [Value, Sound, Start, Letters];
}

/// <summary>One part of a blocking key.</summary>
/// <param name="Fields">0-based indices; two fields are taken as a set, in either order, and both must show something.</param>
/// <param name="Form">See <see cref="KeyForms"/>.</param>
public sealed record KeyPart(IReadOnlyList<int> Fields, string Form);

/// <summary>Records that agree in all parts of a rule are compared.</summary>
public sealed record BlockingRule(string Name, IReadOnlyList<KeyPart> Parts);

/// <summary>What a table of persons holds and how its records are matched. Made by <see cref="MatchSchemaReader"/>.</summary>
/// <param name="LargestBlock">A key that more records than this share is passed over, and reported.</param>
/// <param name="Probability">Two records from this probability on are one person, in (0, 1).</param>
/// <param name="InputsFreeOfDuplicates">With two inputs or more: no input holds a person twice.</param>
public sealed record MatchSchema(
    string Name, IReadOnlyList<MatchField> Fields, IReadOnlyList<BlockingRule> Rules, int LargestBlock, double Probability, bool InputsFreeOfDuplicates)
{
    /// <value>In the ledger: weights are learned again when there are so many times as many complaints as when they were due last; above 1.</value>
    public double LearnAgainAt { get; init; } = 2;

    /// <summary>The columns that a table must have, each once.</summary>
    public IReadOnlyList<string> Columns { get; } = [.. Fields.SelectMany(f => f.Columns).Distinct(StringComparer.Ordinal)];

    /// <summary>The schema with another number of persons from which on a contact is shared, where it states one at all.</summary>
    public MatchSchema WithSharedMinPersons(int persons) =>
        this with { Fields = [.. Fields.Select(f => f.SharedMinPersons > 0 ? f with { SharedMinPersons = persons } : f)] };

    /// <summary>Index of the field that names a person, to tell how differently named the users of a contact are; -1 where there is none.</summary>
    public int NameField { get; } = Fields.Select((f, i) => f.Kind == FieldKinds.Name ? i : -1).Where(i => i >= 0).LastOrDefault(-1);
}
