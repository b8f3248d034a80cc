namespace Pipeline.Models.Classification;

/// <summary>Kinds of features. Their numbers stand in this order, and each kind of a text is scaled to length 1 by itself.</summary>
internal enum FeatureGroup
{
    /// <summary>N-grams of ideographs, words, numbers and signs.</summary>
    Units,

    /// <summary>Runs of letters inside words.</summary>
    Letters,

    /// <summary>Phrases of the lexicon.</summary>
    Phrases,

    /// <summary>Notions that phrases stand for.</summary>
    Concepts,
}

/// <summary>Which groups of features a machine sees, and how much of each: the weight of a group that a text does not have goes to the others.</summary>
internal readonly record struct FeatureView(float Units, float Letters, float Phrases, float Concepts)
{
    public const int Groups = 4;

    /// <value>All groups, each as much as another.</value>
    public static FeatureView Everything => new(1, 1, 1, 1);

    public float this[int group] => group switch { 0 => Units, 1 => Letters, 2 => Phrases, _ => Concepts };
}
