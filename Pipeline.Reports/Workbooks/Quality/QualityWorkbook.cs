namespace Pipeline.Reports.Workbooks.Quality;

/// <summary>What was wrong with the data, how much of it counts, and how sure the labels are.</summary>
internal static class QualityWorkbook
{
    public static void Compose(Composer c)
    {
        CoverageSheet.Add(c);
        ReconciliationSheet.Add(c);
        QuarantineSheet.Add(c);
        WarningsSheet.Add(c);
        WarningLinesSheet.Add(c);
        ReviewSheet.Add(c);
    }
}
