namespace Pipeline.Models.Complainants;

/// <summary>
/// What stands of the analysts' words. Stated rule: the latest word is taken first; of an earlier one stands what contradicts nothing that
/// was taken before it, followed through (if a and b are one person's and b and c are held apart, a and c are held apart). Where a later word holds some
/// complaints of an earlier <em>together</em> apart, its complaints are taken in the order in which it names them, and each joins the first part
/// from which nothing holds it apart.
/// </summary>
/// <remarks>Invariant: no two complaints of one component are held apart. Constrained clustering knows the two bonds as must-link and
/// cannot-link (Wagstaff, Cardie, Rogers and Schrödl 2001).</remarks>
public sealed class IdentityConstraints
{
    private readonly Dictionary<string, int> place = new(StringComparer.Ordinal);
    private readonly List<int> parent = [];
    private readonly List<int> size = [];
    private readonly Dictionary<int, HashSet<int>> apart = [];
    private readonly Dictionary<long, int> overruled = [];

    private IdentityConstraints()
    {
    }

    /// <summary>No word was said.</summary>
    public static IdentityConstraints None { get; } = new();

    /// <param name="words">In any order; what counts is their number.</param>
    public static IdentityConstraints Of(IEnumerable<IdentityWord> words)
    {
        IdentityConstraints constraints = new();
        foreach (IdentityWord word in words.OrderByDescending(w => w.WordId))
        {
            int lost = word.IsTogether ? constraints.TakeTogether(word.Cases) : constraints.TakeApart(word.Cases, word.Others);
            if (lost > 0)
            {
                constraints.overruled.Add(word.WordId, lost);
            }
        }
        return constraints;
    }

    public bool IsEmpty => parent.Count == 0;

    /// <value>By word: pairs of complaints of which it says something that does not stand.</value>
    public IReadOnlyDictionary<long, int> Overruled => overruled;

    /// <value>Every case that a word names.</value>
    public IEnumerable<string> Cases => place.Keys;

    /// <summary>The words make the two complaints one person's.</summary>
    public bool AreTogether(string one, string other) => Component(one) is >= 0 and int a && a == Component(other);

    /// <summary>The words hold the persons of the two complaints apart.</summary>
    public bool AreApart(string one, string other) => AreApart(Component(one), Component(other));

    /// <summary>Every case that the words make one person's with one of these; those that no word names are left out.</summary>
    public IReadOnlyList<string> BoundTo(IEnumerable<string> cases)
    {
        HashSet<int> components = [.. cases.Select(Component).Where(c => c >= 0)];
        return components.Count == 0 ? [] : [.. place.Keys.Where(c => components.Contains(Component(c)))];
    }

    /// <summary>Number of the component that a case belongs to, or -1 where no word names it.</summary>
    internal int Component(string caseNumber) => place.TryGetValue(caseNumber, out int at) ? Root(at) : -1;

    internal bool AreApart(int one, int other) =>
        one >= 0 && other >= 0 && apart.TryGetValue(one, out HashSet<int>? against) && against.Contains(other);

    private int TakeTogether(IReadOnlyList<string> cases)
    {
        List<(int At, int Count)> parts = [];
        foreach (string name in cases.Distinct(StringComparer.Ordinal))
        {
            int at = Place(name);
            int part = parts.FindIndex(p => !AreApart(Root(p.At), Root(at)));
            if (part < 0)
            {
                parts.Add((at, 1));
                continue;
            }
            Join(Root(parts[part].At), Root(at));
            parts[part] = parts[part] with { Count = parts[part].Count + 1 };
        }
        int named = parts.Sum(p => p.Count);
        return ((named * (named - 1)) - parts.Sum(p => p.Count * (p.Count - 1))) / 2;
    }

    private int TakeApart(IReadOnlyList<string> cases, IReadOnlyList<string> others)
    {
        int lost = 0;
        foreach (string one in cases)
        {
            foreach (string other in others)
            {
                (int a, int b) = (Root(Place(one)), Root(Place(other)));
                if (a == b)
                {
                    lost++;
                    continue;
                }
                Against(a).Add(b);
                Against(b).Add(a);
            }
        }
        return lost;
    }

    private void Join(int a, int b)
    {
        if (a == b)
        {
            return;
        }
        (int root, int child) = size[a] >= size[b] ? (a, b) : (b, a);
        parent[child] = root;
        size[root] += size[child];
        if (apart.Remove(child, out HashSet<int>? against))
        {
            foreach (int other in against)
            {
                Against(other).Remove(child);
                Against(other).Add(root);
                Against(root).Add(other);
            }
        }
    }

    private HashSet<int> Against(int root)
    {
        if (!apart.TryGetValue(root, out HashSet<int>? against))
        {
            apart.Add(root, against = []);
        }
        return against;
    }

    private int Place(string name)
    {
        if (!place.TryGetValue(name, out int at))
        {
            at = parent.Count;
            place.Add(name, at);
            parent.Add(at);
            size.Add(1);
        }
        return at;
    }

    private int Root(int at)
    {
        while (parent[at] != at)
        {
            at = parent[at];
        }
        return at;
    }
}

/// <summary>Which groups of complaints the analysts' words hold apart, while groups are joined.</summary>
internal sealed class ApartGuard(IdentityConstraints words)
{
    private readonly Dictionary<int, List<int>> components = [];

    /// <summary>The group with this root holds a complaint of the component; nothing where it is -1.</summary>
    internal void Place(int root, int component)
    {
        if (component < 0)
        {
            return;
        }
        if (!components.TryGetValue(root, out List<int>? own))
        {
            components.Add(root, own = []);
        }
        if (!own.Contains(component))
        {
            own.Add(component);
        }
    }

    internal bool Forbids(int a, int b)
    {
        if (!components.TryGetValue(a, out List<int>? one) || !components.TryGetValue(b, out List<int>? other))
        {
            return false;
        }
        foreach (int x in one)
        {
            foreach (int y in other)
            {
                if (words.AreApart(x, y))
                {
                    return true;
                }
            }
        }
        return false;
    }

    internal void Merge(int root, int child)
    {
        if (components.Remove(child, out List<int>? joined))
        {
            foreach (int component in joined)
            {
                Place(root, component);
            }
        }
    }
}
