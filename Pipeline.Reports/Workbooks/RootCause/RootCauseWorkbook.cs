namespace Pipeline.Reports.Workbooks.RootCause;

/// <summary>Where the complaints come from: which causes weigh most, where, and which bring customers back.</summary>
internal static class RootCauseWorkbook
{
    public static void Compose(Composer c)
    {
        ParetoSheet.Add(c);
        HeatMapSheet.Add(c);
        NatureSheet.Add(c);
        TopCausesSheet.Add(c);
        CauseChainSheet.Add(c);
        AgreementSheet.Add(c);
        CorrectionSheet.Add(c);
    }
}
