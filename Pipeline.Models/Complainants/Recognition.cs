namespace Pipeline.Models.Complainants;

/// <summary>
/// Recognises persons by exact keys. Stated rule, in this order:
/// <list type="number">
/// <item>What analysts said stands: complaints that their words join are one person's, unless that brought two identity numbers
/// together; complaints that their words hold apart are joined by nothing that follows.</item>
/// <item>The same valid identity number is the same person, whatever the name.</item>
/// <item>The same telephone, e-mail address or account together with the same name is the same person, unless a guard refuses.</item>
/// </list>
/// Guards: two different identity numbers never become one person; neither do two known birth years or genders that differ; a
/// contact that too many differently named persons use joins nobody; a contact and name that lead to several identity numbers join
/// no complaint that shows none.
/// </summary>
/// <remarks>
/// The outcome depends on the whole evidence and not on the order or the portions in which it came: complaints are put in the order
/// of receipt (ties by case number), keys are tried in a fixed order, and every call looks at all complaints again. What stands
/// already is brought in afterwards, by <see cref="PersonKeys"/>.
/// </remarks>
public static partial class Recognition
{
    /// <summary>The order in which keys are tried; the earlier one wins where two would join a complaint to different persons.</summary>
    private static readonly string[] Kinds = [PersonBases.Phone, PersonBases.Email, PersonBases.Account];

    /// <summary>Number of a kind of contact, see <see cref="SharedContact.Kind"/>.</summary>
    internal static int ContactKind(string kind) => Array.IndexOf(Kinds, kind);

    /// <param name="complaints">Each complaint once. A complaint that shows nobody gets no link, unless a word ties it to another one.</param>
    /// <param name="sharedContactMinPersons">A contact used by at least this many differently named persons identifies nobody; 2 or more.</param>
    /// <param name="words">What stands of the analysts' words; null: none were said.</param>
    /// <param name="isCommon">
    /// Says of a contact's key whether too many persons use it, where the complaints are only some of those that there are; null: found among them.
    /// </param>
    public static PersonClusters Cluster(
        IReadOnlyList<ComplainantEvidence> complaints, int sharedContactMinPersons, IdentityConstraints? words = null, Func<LinkKey, bool>? isCommon = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sharedContactMinPersons, 2);
        IdentityConstraints said = words ?? IdentityConstraints.None;
        ILookup<int, ComplainantEvidence> bound = complaints.Where(c => said.Component(c.CaseNumber) >= 0).ToLookup(c => said.Component(c.CaseNumber));
        ComplainantEvidence[] ordered = [.. complaints
            .Where(c => c.ShowsSomebody || bound[said.Component(c.CaseNumber)].Skip(1).Any())
            .OrderBy(c => c.Received).ThenBy(c => c.CaseNumber, StringComparer.Ordinal)];
        PersonGroups groups = new(ordered, said);
        List<SharedContact> shared = [];
        List<RefusedJoin> refused = [];
        JoinByWord(ordered, said, groups, refused);
        JoinByIdentity(ordered, groups, refused);
        Contact[] contacts = Contacts(ordered);
        foreach (KeyRange key in NamedKeys(contacts, ordered, sharedContactMinPersons, shared, isCommon))
        {
            JoinByContact(contacts.AsSpan(key.Start, key.End - key.Start), ordered, groups, refused);
        }
        return Result(ordered, groups, shared, refused);
    }

    private static void JoinByWord(ComplainantEvidence[] ordered, IdentityConstraints words, PersonGroups groups, List<RefusedJoin> refused)
    {
        Dictionary<int, List<int>> first = [];
        for (int i = 0; i < ordered.Length && !words.IsEmpty; i++)
        {
            int component = words.Component(ordered[i].CaseNumber);
            if (component < 0)
            {
                continue;
            }
            if (!first.TryGetValue(component, out List<int>? tried))
            {
                first.Add(component, [i]);
            }
            else if (tried.FindIndex(t => !groups.ShowsOtherIdentity(t, i)) is >= 0 and int at)
            {
                groups.Bind(tried[at], i);
            }
            else
            {
                refused.Add(new RefusedJoin(ordered[i].ComplaintId, ordered[tried[0]].ComplaintId, PersonBases.Analyst, HeldReasons.Identity));
                tried.Add(i);
            }
        }
    }

    private static void JoinByIdentity(ComplainantEvidence[] ordered, PersonGroups groups, List<RefusedJoin> refused)
    {
        Dictionary<EvidenceToken, List<int>> first = [];
        for (int i = 0; i < ordered.Length; i++)
        {
            EvidenceToken identity = ordered[i].Identity;
            if (!identity.IsShown)
            {
                continue;
            }
            if (!first.TryGetValue(identity, out List<int>? tried))
            {
                first.Add(identity, [i]);
            }
            else if (tried.FindIndex(t => !groups.IsHeldApart(t, i)) is >= 0 and int at)
            {
                groups.Join(tried[at], i, PersonBases.Identity, identity);
            }
            else
            {
                refused.Add(new RefusedJoin(ordered[i].ComplaintId, ordered[tried[0]].ComplaintId, PersonBases.Identity, HeldReasons.Word));
                tried.Add(i);
            }
        }
    }

    private static void JoinByContact(ReadOnlySpan<Contact> key, ComplainantEvidence[] ordered, PersonGroups groups, List<RefusedJoin> refused)
    {
        string kind = Kinds[key[0].Kind];
        bool ambiguous = LeadsToSeveralIdentities(key, ordered);
        List<int> tried = [];
        foreach (bool withIdentity in (ReadOnlySpan<bool>)[true, false])
        {
            foreach (Contact contact in key)
            {
                int complaint = contact.Complaint;
                if (ordered[complaint].Identity.IsShown != withIdentity)
                {
                    continue;
                }
                if (ambiguous && !withIdentity)
                {
                    refused.Add(new RefusedJoin(ordered[complaint].ComplaintId, ordered[tried[0]].ComplaintId, kind, HeldReasons.Ambiguous));
                    continue;
                }
                JoinToFirstThatAgrees(complaint, contact.Token, kind, tried, ordered, groups, refused);
            }
        }
    }

    private static bool LeadsToSeveralIdentities(ReadOnlySpan<Contact> key, ComplainantEvidence[] ordered)
    {
        EvidenceToken seen = default;
        foreach (Contact contact in key)
        {
            EvidenceToken identity = ordered[contact.Complaint].Identity;
            if (identity.IsShown && seen.IsShown && identity != seen)
            {
                return true;
            }
            seen = identity.IsShown ? identity : seen;
        }
        return false;
    }

    private static void JoinToFirstThatAgrees(
        int complaint, EvidenceToken token, string kind, List<int> tried, ComplainantEvidence[] ordered, PersonGroups groups, List<RefusedJoin> refused)
    {
        string? reason = null;
        int against = -1;
        foreach (int other in tried)
        {
            string? now = groups.Contradiction(other, complaint);
            if (now is null)
            {
                groups.Join(other, complaint, kind, token);
                return;
            }
            (reason, against) = reason is null ? (now, other) : (reason, against);
        }
        if (reason is not null)
        {
            refused.Add(new RefusedJoin(ordered[complaint].ComplaintId, ordered[against].ComplaintId, kind, reason));
        }
        tried.Add(complaint);
    }

    private static PersonClusters Result(
        ComplainantEvidence[] ordered, PersonGroups groups, List<SharedContact> shared, List<RefusedJoin> refused)
    {
        Dictionary<int, int> personOfRoot = [];
        List<List<long>> members = [];
        List<DateOnly> firstSeen = [];
        PersonLink[] links = new PersonLink[ordered.Length];
        for (int i = 0; i < ordered.Length; i++)
        {
            int root = groups.Root(i);
            if (!personOfRoot.TryGetValue(root, out int person))
            {
                person = members.Count;
                personOfRoot.Add(root, person);
                members.Add([]);
                firstSeen.Add(ordered[i].Received);
            }
            members[person].Add(ordered[i].ComplaintId);
            links[i] = groups.Link(i, person);
        }
        PersonCluster[] persons = new PersonCluster[members.Count];
        for (int i = 0; i < persons.Length; i++)
        {
            persons[i] = new PersonCluster(firstSeen[i], members[i]);
        }
        return new PersonClusters(persons, links, shared, refused);
    }
}
