namespace Pipeline.Reports.Workbooks.Cases;

/// <summary>The cases to work on: those near their limits, those that came back, those that went higher, those that threaten to.</summary>
internal static class CasesWorkbook
{
    public static void Compose(Composer c)
    {
        WorklistSheet.Add(c);
        RepeatsSheet.Add(c);
        EscalatingSheet.Add(c);
        ThreatsSheet.Add(c);
        AllCasesSheet.Add(c);
    }
}
