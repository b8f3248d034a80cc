using Pipeline.Models.RootCauses;

namespace Pipeline.Reports.Workbooks.RootCause;

/// <summary>Where the complaints come from: which causes weigh most, where, and which bring customers back.</summary>
internal static class RootCauseWorkbook
{
    public static void Compose(Composer c)
    {
        ParetoSheet.Add(c);
        HeatMapSheet.Add(c);
        ChangePartsSheet.Add(c);
        NatureSheet.Add(c);
        TopCausesSheet.Add(c);
        TopicsSheet.Add(c);
        CauseChainSheet.Add(c);
        ImpactSheet.Add(c);
        TagsSheet.Add(c);
        TaggedCasesSheet.Add(c);
        AgreementSheet.Add(c);
        CorrectionSheet.Add(c);
        if (c.Report.RootCauses is { } report)
        {
            RemediationSheet.Add(c);
            RegisterSheet.Add(c, new RemediationRegister(report.Remediation.Version, "", [.. report.Remediation.Outcomes.Select(o => o.Entry)]));
        }
    }
}
