namespace Pipeline.Models.Complainants;

/// <summary>
/// Union-find over complaints whose groups know the identity number, birth year and gender that their members show. Invariant: no
/// group shows two identity numbers, and none holds what the analysts' words hold apart; birth year and gender differ inside a group only
/// where one identity number, or an analyst's word, covers both.
/// </summary>
internal sealed class PersonGroups
{
    private readonly ComplainantEvidence[] complaints;
    private readonly int[] parent;
    private readonly EvidenceToken[] identity;
    private readonly int?[] birthYear;
    private readonly string?[] gender;
    private readonly (string Basis, int With, EvidenceToken Token)[] joins;
    private readonly ApartGuard? guard;

    internal PersonGroups(ComplainantEvidence[] complaints, IdentityConstraints words)
    {
        this.complaints = complaints;
        guard = words.IsEmpty ? null : new ApartGuard(words);
        parent = new int[complaints.Length];
        identity = new EvidenceToken[complaints.Length];
        birthYear = new int?[complaints.Length];
        gender = new string?[complaints.Length];
        joins = new (string, int, EvidenceToken)[complaints.Length];
        for (int i = 0; i < complaints.Length; i++)
        {
            parent[i] = i;
            identity[i] = complaints[i].Identity;
            birthYear[i] = complaints[i].BirthYear;
            gender[i] = complaints[i].Gender;
            joins[i] = (PersonBases.Alone, -1, default);
            guard?.Place(i, words.Component(complaints[i].CaseNumber));
        }
    }

    internal int Root(int at)
    {
        while (parent[at] != at)
        {
            parent[at] = parent[parent[at]];
            at = parent[at];
        }
        return at;
    }

    /// <summary>Why the groups of two complaints cannot be one person, or null.</summary>
    internal string? Contradiction(int left, int right)
    {
        (int a, int b) = (Root(left), Root(right));
        if (a == b)
        {
            return null;
        }
        if (IsHeldApart(a, b))
        {
            return HeldReasons.Word;
        }
        if (ShowsOtherIdentity(a, b))
        {
            return HeldReasons.Identity;
        }
        if (birthYear[a] is int one && birthYear[b] is int other && one != other)
        {
            return HeldReasons.BirthYear;
        }
        return gender[a] is string his && gender[b] is string hers && his != hers ? HeldReasons.Gender : null;
    }

    /// <summary>An analyst's word holds the groups of two complaints apart.</summary>
    internal bool IsHeldApart(int left, int right) => guard is not null && guard.Forbids(Root(left), Root(right));

    /// <summary>The groups of two complaints show two identity numbers.</summary>
    internal bool ShowsOtherIdentity(int left, int right) =>
        identity[Root(left)] is { IsShown: true } one && identity[Root(right)] is { IsShown: true } other && one != other;

    /// <summary>Makes one group of two by an analyst's word; the evidence of keys says the rest.</summary>
    internal void Bind(int first, int later) => Unite(Root(first), Root(later));

    /// <summary>Makes one group of two; the earlier complaint stays its root. <paramref name="later"/> remembers why, unless it was joined before.</summary>
    internal void Join(int first, int later, string basis, EvidenceToken token)
    {
        Remember(later, first, basis, token);
        Remember(first, later, basis, token);
        Unite(Root(first), Root(later));
    }

    private void Unite(int a, int b)
    {
        if (a == b)
        {
            return;
        }
        (int root, int child) = a < b ? (a, b) : (b, a);
        parent[child] = root;
        identity[root] = identity[root].IsShown ? identity[root] : identity[child];
        birthYear[root] ??= birthYear[child];
        gender[root] ??= gender[child];
        guard?.Merge(root, child);
    }

    internal PersonLink Link(int at, int person)
    {
        (string basis, int with, EvidenceToken token) = joins[at];
        if (complaints[at].Identity.IsShown)
        {
            (basis, token) = (PersonBases.Identity, complaints[at].Identity);
        }
        return new PersonLink(complaints[at].ComplaintId, person, basis, with < 0 ? null : complaints[with].ComplaintId, token);
    }

    private void Remember(int at, int with, string basis, EvidenceToken token)
    {
        if (joins[at].With < 0)
        {
            joins[at] = (basis, with, token);
        }
    }
}
