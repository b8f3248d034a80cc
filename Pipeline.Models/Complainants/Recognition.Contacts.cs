namespace Pipeline.Models.Complainants;

/// <content>Which contacts may join, and which are shared by too many.</content>
public static partial class Recognition
{
    private static Contact[] Contacts(ComplainantEvidence[] ordered)
    {
        List<Contact> contacts = new(ordered.Length * 2);
        for (int i = 0; i < ordered.Length; i++)
        {
            ComplainantEvidence complaint = ordered[i];
            for (int p = 0; p < complaint.Phones.Count; p++)
            {
                if (complaint.Phones[p].IsShown && !SeenBefore(complaint.Phones, p))
                {
                    contacts.Add(new Contact(0, complaint.Phones[p], complaint.Name, i, p));
                }
            }
            if (complaint.Email.IsShown)
            {
                contacts.Add(new Contact(1, complaint.Email, complaint.Name, i, 0));
            }
            if (complaint.Account.IsShown)
            {
                contacts.Add(new Contact(2, complaint.Account, complaint.Name, i, 0));
            }
        }
        contacts.Sort();
        return [.. contacts];
    }

    /// <summary>The contacts that a complaint shows, by number of their kind: telephones, e-mail address, account.</summary>
    internal static IEnumerable<(int Kind, EvidenceToken Token)> ContactsOf(ComplainantEvidence complaint)
    {
        foreach (EvidenceToken phone in complaint.Phones.Where(p => p.IsShown).Distinct())
        {
            yield return (0, phone);
        }
        if (complaint.Email.IsShown)
        {
            yield return (1, complaint.Email);
        }
        if (complaint.Account.IsShown)
        {
            yield return (2, complaint.Account);
        }
    }

    private static bool SeenBefore(IReadOnlyList<EvidenceToken> phones, int index)
    {
        for (int i = 0; i < index; i++)
        {
            if (phones[i] == phones[index])
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>The contacts with a name that may join, those of the earliest complaint first; shared contacts are taken out.</summary>
    private static List<KeyRange> NamedKeys(
        Contact[] contacts, ComplainantEvidence[] ordered, int sharedContactMinPersons, List<SharedContact> shared, Func<LinkKey, bool>? isCommon)
    {
        List<KeyRange> keys = [];
        for (int start = 0; start < contacts.Length;)
        {
            int end = start;
            int names = 0;
            while (end < contacts.Length && contacts[end].Kind == contacts[start].Kind && contacts[end].Token == contacts[start].Token)
            {
                names += end == start || contacts[end].Name != contacts[end - 1].Name ? 1 : 0;
                end++;
            }
            int persons = names >= sharedContactMinPersons
                ? DifferentlyNamed(contacts[start..end].Select(c => (c.Name, ordered[c.Complaint].Identity)))
                : names;
            if (isCommon is null ? persons >= sharedContactMinPersons : isCommon(LinkKey.Contact(contacts[start].Kind, contacts[start].Token)))
            {
                shared.Add(Shared(contacts.AsSpan(start, end - start), ordered, persons));
            }
            else
            {
                AddKeys(contacts, start, end, keys);
            }
            start = end;
        }
        keys.Sort();
        shared.Sort((a, b) => b.Persons != a.Persons ? b.Persons.CompareTo(a.Persons) : a.ComplaintIds[0].CompareTo(b.ComplaintIds[0]));
        return keys;
    }

    private static void AddKeys(Contact[] contacts, int start, int end, List<KeyRange> keys)
    {
        for (int from = start; from < end;)
        {
            int to = from + 1;
            while (to < end && contacts[to].Name == contacts[from].Name)
            {
                to++;
            }
            if (contacts[from].Name.IsShown && to - from > 1)
            {
                keys.Add(new KeyRange(contacts[from].Kind, contacts[from].Complaint, contacts[from].Place, from, to));
            }
            from = to;
        }
    }

    /// <summary>Different names, those that bear one identity number counted once: a misspelt name is no second person.</summary>
    /// <param name="users">Name and identity number of each complaint that shows the contact.</param>
    public static int DifferentlyNamed(IEnumerable<(EvidenceToken Name, EvidenceToken Identity)> users)
    {
        Dictionary<EvidenceToken, int> place = [];
        List<int> parent = [];
        foreach ((EvidenceToken shown, EvidenceToken identity) in users)
        {
            if (shown.IsShown)
            {
                int name = Place(shown);
                if (identity.IsShown)
                {
                    parent[Root(name)] = Root(Place(identity));
                }
            }
        }
        int roots = 0;
        for (int i = 0; i < parent.Count; i++)
        {
            roots += parent[i] == i ? 1 : 0;
        }
        return roots;

        int Place(EvidenceToken token)
        {
            if (!place.TryGetValue(token, out int at))
            {
                at = parent.Count;
                parent.Add(at);
                place.Add(token, at);
            }
            return at;
        }

        int Root(int at)
        {
            while (parent[at] != at)
            {
                at = parent[at];
            }
            return at;
        }
    }

    private static SharedContact Shared(ReadOnlySpan<Contact> contacts, ComplainantEvidence[] ordered, int persons)
    {
        List<int> complaints = [];
        foreach (Contact contact in contacts)
        {
            complaints.Add(contact.Complaint);
        }
        complaints.Sort();
        return new SharedContact(Kinds[contacts[0].Kind], contacts[0].Token, persons, [.. complaints.Select(c => ordered[c].ComplaintId)]);
    }

    /// <summary>One contact of one complaint; sorted by kind, contact, name, order of receipt.</summary>
    /// <param name="Place">Of a telephone among those of its complaint, from 0.</param>
    private readonly record struct Contact(int Kind, EvidenceToken Token, EvidenceToken Name, int Complaint, int Place) : IComparable<Contact>
    {
        public int CompareTo(Contact other)
        {
            int order = Kind.CompareTo(other.Kind);
            order = order != 0 ? order : Token.Value.CompareTo(other.Token.Value);
            order = order != 0 ? order : Name.Value.CompareTo(other.Name.Value);
            return order != 0 ? order : Complaint.CompareTo(other.Complaint);
        }
    }

    /// <summary>
    /// The contacts <c>[Start, End)</c> that share contact and name; sorted by kind, then by the earliest complaint, then by the place of
    /// the telephone in it. Never by the token: its order differs between two installations, and with guards the order decides.
    /// </summary>
    private readonly record struct KeyRange(int Kind, int FirstComplaint, int Place, int Start, int End) : IComparable<KeyRange>
    {
        public int CompareTo(KeyRange other)
        {
            int order = Kind.CompareTo(other.Kind);
            order = order != 0 ? order : FirstComplaint.CompareTo(other.FirstComplaint);
            return order != 0 ? order : Place.CompareTo(other.Place);
        }
    }
}
