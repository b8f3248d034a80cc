namespace Pipeline.Models.Classification;

/// <summary>Which n-grams a text is read as. Part of the model file: a text is always read as the model's training texts were.</summary>
public sealed record GramOptions
{
    /// <value>Longest n-gram that holds an ideograph, in units; 1 to 6, default 2 (on 1,578 labelled Chinese complaints 2 beat 3 and 4 in every head).</value>
    public int IdeographOrder { get; init; } = 2;

    /// <value>Longest n-gram of words, numbers and signs alone, in units; 1 to 6, default 2.</value>
    public int WordOrder { get; init; } = 2;

    /// <value>Shortest run of letters inside a word (with the space on either side), 1 to 8; default 3.</value>
    public int LettersFrom { get; init; } = 3;

    /// <value>Longest run of letters inside a word; below <see cref="LettersFrom"/> for none; default 5.</value>
    public int LettersTo { get; init; } = 5;

    /// <value>N-grams are hashed to 2 to the power of this many buckets, 10 to 26; default 22.</value>
    /// <remarks>
    /// Collision policy: n-grams that fall into one bucket are one feature. Runs of letters have the upper half of the buckets to
    /// themselves, everything else the lower half.
    /// </remarks>
    public int BucketBits { get; init; } = 22;

    /// <value>N-grams run across the end of a clause; default false.</value>
    public bool AcrossBreaks { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public void Validate()
    {
        Check(IdeographOrder, 1, 6, nameof(IdeographOrder));
        Check(WordOrder, 1, 6, nameof(WordOrder));
        Check(LettersFrom, 1, 8, nameof(LettersFrom));
        Check(LettersTo, 0, 8, nameof(LettersTo));
        Check(BucketBits, 10, 26, nameof(BucketBits));
    }

    private static void Check(int value, int from, int to, string name)
    {
        if (value < from || value > to)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must lie between {from} and {to}");
        }
    }
}
