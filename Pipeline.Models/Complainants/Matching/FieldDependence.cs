namespace Pipeline.Models.Complainants.Matching;

/// <summary>
/// Fields that follow one another: two strangers of one suburb have its postcode in common, which tells nothing new. Among random
/// pairs that are no match, a field whose exact agreement is much likelier where a more telling field agrees has that field as its
/// parent, and counts what it adds to it (a dependence tree, Chow and Liu 1968, over exact agreement). Without this a table in which
/// places repeat themselves in several columns teaches the model neighbours instead of persons.
/// </summary>
internal static class FieldDependence
{
    private const double LeastRatio = 3;
    private const double FewestPairs = 12;

    /// <param name="both">Weight of the pairs that agree exactly in two fields, at <c>field * fields + other</c>; the diagonal is the field's own.</param>
    /// <param name="shown">Weight of the pairs that show both fields, at the same places.</param>
    internal static void Estimate(MatchModel model, double[] both, double[] shown)
    {
        int fields = model.Parent.Length;
        for (int field = 0; field < fields; field++)
        {
            model.Parent[field] = -1;
            double own = both[(field * fields) + field] / Math.Max(1, shown[(field * fields) + field]);
            double best = LeastRatio;
            for (int parent = 0; parent < fields; parent++)
            {
                double ofParent = both[(parent * fields) + parent] / Math.Max(1, shown[(parent * fields) + parent]);
                bool moreTelling = ofParent < own || (ofParent == own && parent < field);
                double together = both[(field * fields) + parent];
                if (parent == field || !moreTelling || together < FewestPairs)
                {
                    continue;
                }
                // How likely the field agrees where the parent does, with a pseudo-count for each outcome.
                double given = (together + 0.5) / (Together(both, shown, parent, field, fields) + 1);
                if (given / own > best)
                {
                    best = given / own;
                    model.Parent[field] = parent;
                    model.GivenParent[field] = (float)-Math.Log2(Math.Min(0.999, given));
                }
            }
        }
    }

    /// <summary>Weight of the pairs that agree in the parent and show the field.</summary>
    private static double Together(double[] both, double[] shown, int parent, int field, int fields)
    {
        double share = shown[(field * fields) + parent] / Math.Max(1, shown[(parent * fields) + parent]);
        return Math.Max(both[(field * fields) + parent], both[(parent * fields) + parent] * share);
    }
}
