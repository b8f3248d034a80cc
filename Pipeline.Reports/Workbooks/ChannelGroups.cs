using Pipeline.Models.Measures;
using Pipeline.Models.Taxonomy;

namespace Pipeline.Reports.Workbooks;

/// <summary>Channels gathered by who sent the complaint: the bank's own, platforms, regulators, petition office, court.</summary>
internal static class ChannelGroups
{
    /// <summary>In the order in which the taxonomy first names them; null for channels without a group.</summary>
    public static List<(string? Group, List<string> Members)> Of(Composer c, Breakdown channels) =>
    [
        .. channels.Members
            .GroupBy(m => m == FigurePlan.NoMember ? FigurePlan.NoMember : c.Report.Taxonomy.Class(Dimensions.Channel, m)?.Group)
            .Select(g => (g.Key, g.ToList())),
    ];

    public static string Label(Composer c, string? group) => group switch
    {
        "own" => c.T("自有渠道", "Own channels"),
        "platform" => c.T("外部平台与政务热线", "Outside platforms and hotlines"),
        "regulator" => c.T("监管转办", "Regulators' transfers"),
        "petition" => c.T("国家信访", "Petition office"),
        "court" => c.T("调解、仲裁、诉讼", "Mediation, arbitration, court"),
        FigurePlan.NoMember => c.T("未注明", "Not stated"),
        null => c.T("其他渠道", "Other channels"),
        _ => group,
    };
}
