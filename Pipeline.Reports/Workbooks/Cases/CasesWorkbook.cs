namespace Pipeline.Reports.Workbooks.Cases;

/// <summary>The cases to work on: those near their limits, those that came back, those that went higher, those that threaten to, those that belong together; and who is behind them.</summary>
internal static class CasesWorkbook
{
    public static void Compose(Composer c)
    {
        CaseLinks links = new(c);
        WorklistSheet.Add(c, links);
        WorklistBranchesSheet.Add(c);
        PrioritySheet.Add(c, links);
        RepeatsSheet.Add(c, links);
        EscalatingSheet.Add(c, links);
        ThreatsSheet.Add(c, links);
        GroupsSheet.Add(c, links);
        RisesSheet.Add(c, links);
        PatternsSheet.Add(c, links);
        ProfilesSheet.Add(c, links);
        TimelinesSheet.Add(c, links);
        AllCasesSheet.Add(c, links);
    }
}
