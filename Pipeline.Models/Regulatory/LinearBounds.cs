namespace Pipeline.Models.Regulatory;

/// <summary>How large or small an unknown of a linear system can be: the two-phase simplex method with Bland's rule, for small systems.</summary>
internal static class LinearBounds
{
    private const double Tiny = 1e-9;

    /// <summary>A solution x ≥ 0 of the rows in which one unknown is as large (or as small) as it can be.</summary>
    /// <param name="rows">Each: coefficients of the unknowns, and the right side. They must have a solution.</param>
    /// <param name="unknowns">How many unknowns there are.</param>
    /// <param name="of">Position of the unknown.</param>
    /// <param name="direction">1 for the largest, -1 for the smallest.</param>
    /// <returns>The solution, or null where the unknown has no bound.</returns>
    /// <exception cref="InvalidOperationException">The rows have no solution: the table does not add up.</exception>
    public static double[]? Extreme(IReadOnlyList<(double[] Row, double Right)> rows, int unknowns, int of, int direction)
    {
        int m = rows.Count;
        int width = unknowns + m;
        double[][] tableau = new double[m][];
        int[] basis = new int[m];
        for (int r = 0; r < m; r++)
        {
            double sign = rows[r].Right < 0 ? -1 : 1;
            tableau[r] = new double[width + 1];
            for (int j = 0; j < unknowns; j++)
            {
                tableau[r][j] = sign * rows[r].Row[j];
            }
            tableau[r][unknowns + r] = 1;
            tableau[r][width] = sign * rows[r].Right;
            basis[r] = unknowns + r;
        }
        double[] first = new double[width];
        Array.Fill(first, -1, unknowns, m);
        Optimise(tableau, basis, first, width);
        if (Enumerable.Range(0, m).Where(r => basis[r] >= unknowns).Sum(r => tableau[r][width]) > 1e-6)
        {
            throw new InvalidOperationException("the sums of the table have no solution: its totals and parts do not add up");
        }
        // An artificial unknown that is left in the basis at nought is driven out where anything else can take its row.
        for (int r = 0; r < m; r++)
        {
            if (basis[r] >= unknowns && Enumerable.Range(0, unknowns).FirstOrDefault(j => Math.Abs(tableau[r][j]) > Tiny, -1) is var enter && enter >= 0)
            {
                Pivot(tableau, basis, r, enter);
            }
        }
        double[] gain = new double[width];
        gain[of] = direction;
        if (!Optimise(tableau, basis, gain, unknowns))
        {
            return null;
        }
        double[] solution = new double[unknowns];
        for (int r = 0; r < m; r++)
        {
            if (basis[r] < unknowns)
            {
                solution[basis[r]] = tableau[r][width];
            }
        }
        return solution;
    }

    /// <param name="allowed">Columns before this one may enter the basis.</param>
    /// <returns>False where the gain has no bound.</returns>
    private static bool Optimise(double[][] tableau, int[] basis, double[] gain, int allowed)
    {
        while (true)
        {
            int enter = -1;
            for (int j = 0; j < allowed && enter < 0; j++)
            {
                double reduced = gain[j];
                for (int r = 0; r < tableau.Length; r++)
                {
                    reduced -= gain[basis[r]] * tableau[r][j];
                }
                if (reduced > Tiny)
                {
                    enter = j;
                }
            }
            if (enter < 0)
            {
                return true;
            }
            int leave = -1;
            double least = double.PositiveInfinity;
            for (int r = 0; r < tableau.Length; r++)
            {
                if (tableau[r][enter] > Tiny)
                {
                    double ratio = tableau[r][^1] / tableau[r][enter];
                    if (ratio < least - Tiny || (ratio < least + Tiny && basis[r] < basis[leave]))
                    {
                        (least, leave) = (ratio, r);
                    }
                }
            }
            if (leave < 0)
            {
                return false;
            }
            Pivot(tableau, basis, leave, enter);
        }
    }

    private static void Pivot(double[][] tableau, int[] basis, int row, int column)
    {
        double[] pivot = tableau[row];
        double by = pivot[column];
        for (int j = 0; j < pivot.Length; j++)
        {
            pivot[j] /= by;
        }
        for (int r = 0; r < tableau.Length; r++)
        {
            double factor = tableau[r][column];
            if (r != row && factor != 0)
            {
                for (int j = 0; j < pivot.Length; j++)
                {
                    tableau[r][j] -= factor * pivot[j];
                }
            }
        }
        basis[row] = column;
    }
}
