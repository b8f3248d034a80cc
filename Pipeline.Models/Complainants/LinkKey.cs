using Pipeline.Models.Complainants.Matching;

namespace Pipeline.Models.Complainants;

/// <summary>
/// Something by which two complaints may come to be one person's: an identity number, a contact, a value that many may share, a blocking key.
/// Complaints that have no key in common have nothing to do with each other.
/// </summary>
/// <param name="Space">What it is; keys of different spaces never meet.</param>
/// <param name="Hash">Of the token, value or blocking key. A hash of a value is not secret: nothing keeps it as it is.</param>
public readonly record struct LinkKey(int Space, ulong Hash)
{
    private const int FirstContact = 1;
    private const int FirstValue = 16;
    private const int FirstRule = 64;

    /// <summary>A contact of the exact keys, or a value that too many persons may use.</summary>
    public bool IsShareable => Space is >= FirstContact and < FirstRule;

    /// <summary>A contact of the exact keys.</summary>
    public bool IsContact => Space is >= FirstContact and < FirstValue;

    /// <value>Of a value: its field; of a blocking key: its rule; of a contact: its kind.</value>
    public int Index => Space >= FirstRule ? Space - FirstRule : Space >= FirstValue ? Space - FirstValue : Space - FirstContact;

    /// <summary>A value of a field whose values too many persons may use.</summary>
    public bool IsValue => Space is >= FirstValue and < FirstRule;

    /// <summary>A blocking key.</summary>
    public bool IsRule => Space >= FirstRule;

    public static LinkKey Identity(EvidenceToken token) => new(0, Fold(token));

    /// <param name="kind">Number of the kind of contact.</param>
    public static LinkKey Contact(int kind, EvidenceToken token) => new(FirstContact + kind, Fold(token));

    /// <summary>A value of a field whose values too many persons may use.</summary>
    public static LinkKey Value(int field, ulong hash) => new(FirstValue + field, hash);

    public static LinkKey Rule(int rule, ulong key) => new(FirstRule + rule, key);

    private static ulong Fold(EvidenceToken token) => MatchHash.Combine((ulong)(token.Value >> 64), (ulong)(token.Value & ulong.MaxValue));
}

/// <summary>The keys of one complaint.</summary>
/// <param name="Own">Identity number, contacts, values that may be shared: they follow from the complaint alone.</param>
/// <param name="Rules">Blocking keys, made of values that are not shared by too many.</param>
/// <param name="NameSound">Hash of how the name sounds, by which users of a value are counted; 0: no name.</param>
public sealed record ComplaintKeys(long ComplaintId, IReadOnlyList<LinkKey> Own, IReadOnlyList<LinkKey> Rules, ulong NameSound)
{
    public IEnumerable<LinkKey> All => Own.Concat(Rules);

    /// <summary>The keys of complaints that show somebody. The keys of a complaint follow from it alone and from what is common.</summary>
    /// <param name="cells">See <see cref="PersonRecognition"/>.</param>
    /// <param name="schema">Null: exact keys only.</param>
    /// <param name="isCommon">Whether too many persons use a value; null: none of them.</param>
    public static IReadOnlyList<ComplaintKeys> Of(
        IReadOnlyList<ComplainantEvidence> complaints, Func<ComplainantEvidence, string[]> cells, MatchSchema? schema, NameLexicon lexicon,
        Func<LinkKey, bool>? isCommon, int threads)
    {
        if (schema is null)
        {
            return [.. complaints.Select(c => new ComplaintKeys(c.ComplaintId, [.. Exact(c)], [], 0))];
        }
        MatchTableBuilder builder = new(schema, lexicon, 1);
        foreach (ComplainantEvidence complaint in complaints)
        {
            builder.Add(0, cells(complaint));
        }
        MatchTable open = builder.Build((_, _) => false);
        MatchTable table = isCommon is null ? open : builder.Build((field, hash) => isCommon(LinkKey.Value(field, hash)));
        KeyClasses classes = new(table);
        classes.Prepare(schema.Rules, threads);
        ComplaintKeys[] keys = new ComplaintKeys[complaints.Count];
        for (int record = 0; record < table.Records; record++)
        {
            ComplainantEvidence complaint = complaints[table.Place(record).Row - 1];
            keys[table.Place(record).Row - 1] = new ComplaintKeys(complaint.ComplaintId, [], Blocking(table, classes, record), 0);
        }
        for (int record = 0; record < open.Records; record++)
        {
            int at = open.Place(record).Row - 1;
            keys[at] = keys[at] with { Own = [.. Exact(complaints[at]), .. Values(open, record)], NameSound = Sound(open, record) };
        }
        return keys;
    }

    private static IEnumerable<LinkKey> Exact(ComplainantEvidence complaint)
    {
        if (complaint.Identity.IsShown)
        {
            yield return LinkKey.Identity(complaint.Identity);
        }
        foreach ((int kind, EvidenceToken token) in Recognition.ContactsOf(complaint))
        {
            yield return LinkKey.Contact(kind, token);
        }
    }

    private static IEnumerable<LinkKey> Values(MatchTable table, int record)
    {
        for (int field = 0; field < table.Fields; field++)
        {
            int value = table.Value(record, field);
            if (table.Schema.Fields[field].SharedMinPersons == 0 || value < 0)
            {
                continue;
            }
            foreach (int element in table.Elements(field, in value).ToArray())
            {
                yield return LinkKey.Value(field, MatchHash.OfText(table.Pools[field].Elements.Text(element)));
            }
        }
    }

    private static ulong Sound(MatchTable table, int record)
    {
        int field = table.Schema.NameField;
        int name = field < 0 ? -1 : table.Value(record, field);
        if (name < 0)
        {
            return 0;
        }
        ValuePool pool = table.Pools[field];
        return pool.SoundHash(name) is not 0 and ulong sound ? sound : MatchHash.Combine(1, MatchHash.OfText(pool.CompactText(name)));
    }

    private static List<LinkKey> Blocking(MatchTable table, KeyClasses classes, int record)
    {
        Span<ulong> keys = stackalloc ulong[CandidateRules.MostKeys];
        List<LinkKey> found = [];
        for (int rule = 0; rule < table.Schema.Rules.Count; rule++)
        {
            int count = classes.Keys(table.Schema.Rules[rule], record, keys);
            for (int i = 0; i < count; i++)
            {
                found.Add(LinkKey.Rule(rule, keys[i]));
            }
        }
        return found;
    }
}
