namespace Pipeline.Models.Complainants.Matching;

/// <summary>What is assumed of matching pairs before anything is learned: most values agree, a few slip.</summary>
internal static class FirstGuess
{
    private static readonly Agreement[] Graded = [Agreement.Exact, Agreement.Normalised, Agreement.Near, Agreement.Similar, Agreement.Different];
    private static readonly Agreement[] GradedSwapped = [.. Graded, Agreement.Swapped];
    private static readonly Agreement[] Slips = [Agreement.Exact, Agreement.Near, Agreement.Similar, Agreement.Different];
    private static readonly Agreement[] SlipsSwapped = [.. Slips, Agreement.Swapped];
    private static readonly Agreement[] Few = [Agreement.Exact, Agreement.Near, Agreement.Different];

    /// <summary>The levels that a kind of field can have.</summary>
    internal static IReadOnlyList<Agreement> Levels(MatchField field) => field.Kind switch
    {
        FieldKinds.Name or FieldKinds.Text or FieldKinds.Address => field.SwapWith >= 0 ? GradedSwapped : Graded,
        FieldKinds.Code or FieldKinds.Year or FieldKinds.Phones => Few,
        _ => field.SwapWith >= 0 ? SlipsSwapped : Slips,
    };

    internal static double M(MatchField field, Agreement level)
    {
        double sum = 0;
        foreach (Agreement other in Levels(field))
        {
            sum += Weight(other);
        }
        return Weight(level) / sum;
    }

    private static double Weight(Agreement level) => level switch
    {
        Agreement.Exact => 0.75,
        Agreement.Normalised => 0.03,
        Agreement.Near => 0.08,
        Agreement.Similar => 0.04,
        Agreement.Swapped => 0.02,
        _ => 0.08,
    };
}
