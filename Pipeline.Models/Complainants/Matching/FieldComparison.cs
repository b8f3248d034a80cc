namespace Pipeline.Models.Complainants.Matching;

/// <summary>The graded comparison of two different values of one field. Symmetric; equal values never come here.</summary>
internal static class FieldComparison
{
    private const int FewestVisible = 6;

    /// <summary>Jaro–Winkler similarity from which on two Latin names are similar.</summary>
    private const double AlikeNames = 0.88;

    /// <summary>The level of two values with different numbers of one pool.</summary>
    internal static Agreement Compare(ValuePool pool, int a, int b) => pool.Kind switch
    {
        FieldKinds.Name => Names(pool, a, b),
        FieldKinds.Text => Texts(pool, a, b),
        FieldKinds.Address => Addresses(pool, a, b),
        FieldKinds.Date => Dates(pool, a, b),
        FieldKinds.Year => Years(pool.CompactText(a), pool.CompactText(b)),
        FieldKinds.Code => pool.CompactText(a).Length >= 3 && Similarity.EditDistance(pool.CompactText(a), pool.CompactText(b), 1) == 1
            ? Agreement.Near
            : Agreement.Different,
        FieldKinds.Email => Emails(pool, a, b),
        FieldKinds.Phones => Phones(pool, pool.Set(a), pool.Set(b)),
        FieldKinds.Identity or FieldKinds.Account => Identifier(pool, a, b),
        _ => Numbers(pool, a, b),
    };

    /// <summary>The distance of two values, at most <paramref name="most"/> + 1; most pairs are told apart by their signatures.</summary>
    private static int Distance(ValuePool pool, int a, int b, int most) => Similarity.MayBeWithin(pool.Signature(a), pool.Signature(b), most)
        ? Similarity.EditDistance(pool.CompactText(a), pool.CompactText(b), most)
        : most + 1;

    /// <summary>One slip, or two in six digits or more: exchanged or wrong digits.</summary>
    private static Agreement Numbers(ValuePool pool, int a, int b)
    {
        int most = Math.Max(pool.CompactText(a).Length, pool.CompactText(b).Length) >= 6 ? 2 : 1;
        int distance = Distance(pool, a, b, most);
        return distance == 1 ? Agreement.Near : distance <= most ? Agreement.Similar : Agreement.Different;
    }

    private static Agreement Names(ValuePool pool, int a, int b)
    {
        if (pool.CompactClass(a) == pool.CompactClass(b) || pool.WordsClass(a) == pool.WordsClass(b) || Meet(pool.FullNames(a), pool.FullNames(b)))
        {
            return Agreement.Normalised;
        }
        ReadOnlySpan<char> one = pool.CompactText(a);
        ReadOnlySpan<char> other = pool.CompactText(b);
        if (NameLexicon.IsChinese(one) || NameLexicon.IsChinese(other))
        {
            return pool.SoundClass(a) == pool.SoundClass(b) ? Agreement.Near : ChineseNames(one, other);
        }
        int longest = Math.Max(one.Length, other.Length);
        int distance = Distance(pool, a, b, 2);
        if (distance == 1 && longest >= 3)
        {
            return Agreement.Near;
        }
        if (distance == 2 && longest >= 5)
        {
            return Agreement.Similar;
        }
        if (Math.Min(one.Length, other.Length) == 1)
        {
            return one[0] == other[0] ? Agreement.Similar : Agreement.Different;
        }
        return Similarity.MayBeAsAlike(one, other, pool.Signature(a), pool.Signature(b), AlikeNames) && Similarity.JaroWinkler(one, other) >= AlikeNames
            ? Agreement.Similar
            : Agreement.Different;
    }

    /// <summary>One character of three or more differs; or the two parts of the name stand exchanged.</summary>
    private static Agreement ChineseNames(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        if (Math.Max(a.Length, b.Length) >= 3 && Similarity.EditDistance(a, b, 1) == 1)
        {
            return Agreement.Similar;
        }
        bool rotated = a.Length == b.Length && a.Length is 2 or 3
            && ((a[1..].SequenceEqual(b[..^1]) && a[0] == b[^1]) || (b[1..].SequenceEqual(a[..^1]) && b[0] == a[^1]));
        return rotated ? Agreement.Similar : Agreement.Different;
    }

    private static Agreement Texts(ValuePool pool, int a, int b)
    {
        if (pool.CompactClass(a) == pool.CompactClass(b) || pool.WordsClass(a) == pool.WordsClass(b))
        {
            return Agreement.Normalised;
        }
        ReadOnlySpan<char> one = pool.CompactText(a);
        ReadOnlySpan<char> other = pool.CompactText(b);
        int longest = Math.Max(one.Length, other.Length);
        int most = Math.Max(1, longest / 4);
        int distance = Distance(pool, a, b, most);
        if (distance == 1 && longest >= 4)
        {
            return Agreement.Near;
        }
        return distance <= most && longest >= 5 || ShareWords(pool.Text(a), pool.Text(b)) ? Agreement.Similar : Agreement.Different;
    }

    /// <summary>At least two words, and two thirds of the words of both, are common.</summary>
    private static bool ShareWords(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        (int ofA, int common) = (0, 0);
        foreach (Range word in a.Split(' '))
        {
            ofA++;
            common += Holds(b, a[word]) ? 1 : 0;
        }
        int ofB = b.Count(' ') + 1;
        return common >= 2 && common * 3 >= ofA + ofB;
    }

    private static bool Holds(ReadOnlySpan<char> text, ReadOnlySpan<char> word)
    {
        foreach (Range other in text.Split(' '))
        {
            if (text[other].SequenceEqual(word))
            {
                return true;
            }
        }
        return false;
    }

    private static Agreement Addresses(ValuePool pool, int a, int b)
    {
        if (pool.CompactClass(a) == pool.CompactClass(b))
        {
            return Agreement.Normalised;
        }
        return pool.ChinesePlace(a) is { } one && pool.ChinesePlace(b) is { } other ? ChinesePlace.Compare(one, other) : Texts(pool, a, b);
    }

    /// <summary>One digit wrong, two neighbours exchanged, day and month exchanged: near. Two of year, month and day equal, or two slips: similar.</summary>
    private static Agreement Dates(ValuePool pool, int first, int second)
    {
        ReadOnlySpan<char> a = pool.CompactText(first);
        ReadOnlySpan<char> b = pool.CompactText(second);
        int distance = Distance(pool, first, second, 2);
        if (distance == 1)
        {
            return Agreement.Near;
        }
        if (a.Length != 8 || b.Length != 8)
        {
            return distance <= 2 ? Agreement.Similar : Agreement.Different;
        }
        bool year = a[..4].SequenceEqual(b[..4]);
        if (year && a[4..6].SequenceEqual(b[6..]) && a[6..].SequenceEqual(b[4..6]))
        {
            return Agreement.Near;
        }
        int parts = (year ? 1 : 0) + (a[4..6].SequenceEqual(b[4..6]) ? 1 : 0) + (a[6..].SequenceEqual(b[6..]) ? 1 : 0);
        return parts == 2 || distance == 2 ? Agreement.Similar : Agreement.Different;
    }

    private static Agreement Years(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        bool neighbours = int.TryParse(a, out int one) && int.TryParse(b, out int other) && Math.Abs(one - other) == 1;
        return neighbours || Similarity.EditDistance(a, b, 1) == 1 ? Agreement.Near : Agreement.Different;
    }

    private static Agreement Emails(ValuePool pool, int first, int second)
    {
        ReadOnlySpan<char> a = pool.CompactText(first);
        ReadOnlySpan<char> b = pool.CompactText(second);
        int distance = Distance(pool, first, second, 3);
        if (distance <= 1)
        {
            return Agreement.Near;
        }
        (int atA, int atB) = (a.IndexOf('@'), b.IndexOf('@'));
        bool sameBox = atA >= 3 && atA == atB && a[..atA].SequenceEqual(b[..atB]);
        return sameBox || distance <= 3 ? Agreement.Similar : Agreement.Different;
    }

    private static Agreement Phones(ValuePool pool, int[] a, int[] b)
    {
        Agreement best = Agreement.Different;
        foreach (int one in a)
        {
            foreach (int other in b)
            {
                if (one == other)
                {
                    return Agreement.Exact;
                }
                if (best == Agreement.Different && Distance(pool.Elements, one, other, 1) == 1)
                {
                    best = Agreement.Near;
                }
            }
        }
        return best;
    }

    /// <summary>
    /// A masked number is near one whose digits it shows, at least six of them, and different from one that contradicts a digit; with
    /// fewer visible digits it tells nothing. Unmasked ones as <see cref="Numbers"/>.
    /// </summary>
    private static Agreement Identifier(ValuePool pool, int first, int second)
    {
        ReadOnlySpan<char> a = pool.CompactText(first);
        ReadOnlySpan<char> b = pool.CompactText(second);
        if (!a.Contains('*') && !b.Contains('*'))
        {
            return Numbers(pool, first, second);
        }
        if (a.Length != b.Length)
        {
            return Agreement.Missing;
        }
        int visible = 0;
        for (int i = 0; i < a.Length; i++)
        {
            if (a[i] == '*' || b[i] == '*')
            {
                continue;
            }
            if (a[i] != b[i])
            {
                return Agreement.Different;
            }
            visible++;
        }
        return visible >= FewestVisible ? Agreement.Near : Agreement.Missing;
    }

    private static bool Meet(int[] a, int[] b)
    {
        foreach (int one in a)
        {
            if (b.AsSpan().Contains(one))
            {
                return true;
            }
        }
        return false;
    }
}
