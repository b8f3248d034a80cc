using Pipeline.Models.Complaints;
using Pipeline.Models.Flags.Profiles;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.Cases;

/// <summary>
/// Where the rows of the sheets stand that others lead to, known before the sheets are written: each of these lists begins in the same
/// row and keeps the order of the report.
/// </summary>
internal sealed class CaseLinks
{
    /// <summary>The first row of a list: title, subtitle, way back, a free row, the count, the heads.</summary>
    public const int FirstRow = 7;

    private readonly Dictionary<long, int> profiles = [];
    private readonly Dictionary<long, int> timelines = [];
    private readonly Dictionary<string, int> groups = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> patterns = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> rises = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> cases = new(StringComparer.Ordinal);
    private readonly Dictionary<long, string> clusters = [];
    private readonly Dictionary<long, ComplaintFact> facts = [];
    private readonly Composer composer;

    public CaseLinks(Composer c)
    {
        composer = c;
        if (c.Report.Findings is not { } findings)
        {
            return;
        }
        facts = findings.Related.ToDictionary(f => f.ComplaintId);
        int timeline = FirstRow;
        foreach (ComplainantProfile profile in findings.Profiles)
        {
            profiles.Add(profile.PersonKey, FirstRow + profiles.Count);
            timelines.Add(profile.PersonKey, timeline);
            foreach (long complaint in profile.Timeline)
            {
                cases.Add(facts[complaint].CaseNumber, timeline++);
            }
        }
        foreach (string key in findings.Groups.Select(g => g.Key))
        {
            groups.Add(key, FirstRow + groups.Count);
        }
        foreach (string key in findings.Patterns.Select(p => p.Key))
        {
            patterns.Add(key, FirstRow + patterns.Count);
        }
        foreach (string key in findings.Rises.Select(r => r.Key))
        {
            rises.Add(key, FirstRow + rises.Count);
        }
        foreach ((string key, long complaint) in findings.Groups.SelectMany(g => g.Complaints.Select(id => (g.Key, id)))
            .Concat(findings.Patterns.SelectMany(p => p.Letters.Select(l => (p.Key, l.ComplaintId)))))
        {
            clusters.TryAdd(complaint, key);
        }
    }

    public ComplaintFact Fact(long complaintId) => facts[complaintId];

    public string ProfilesName => composer.T("投诉人画像", "Profiles");

    public string TimelinesName => composer.T("投诉人时间线", "Timelines");

    public string GroupsName => composer.T("群体投诉", "Groups");

    public string RisesName => composer.T("多机构突增", "Wide rises");

    public string PatternsName => composer.T("疑似有组织", "Organised patterns");

    /// <summary>A person's token, leading to the profile where there is one.</summary>
    public Cell Person(long? person, string? shown = null)
    {
        if (person is not { } key)
        {
            return CaseCells.Stated(shown);
        }
        Cell cell = Cell.Of(shown ?? Token(key));
        return profiles.TryGetValue(key, out int row) ? Lead(cell, ProfilesName, row, composer.T("看此投诉人的画像", "To the complainant's profile")) : cell;
    }

    public Cell Timeline(long person) => Lead(Cell.Of(composer.T("时间线", "timeline")), TimelinesName, timelines[person], composer.T("看逐件经过", "To the cases one by one"));

    public Cell Profile(long person) => Lead(Cell.Of(Token(person)), ProfilesName, profiles[person], composer.T("返回画像", "Back to the profile"));

    /// <summary>The key of a group, pattern or wide rise, leading to its row.</summary>
    public Cell Cluster(string? key) => key is null
        ? Cell.Of("")
        : groups.TryGetValue(key, out int group) ? Lead(Cell.Of(key), GroupsName, group, null)
        : patterns.TryGetValue(key, out int pattern) ? Lead(Cell.Of(key), PatternsName, pattern, null)
        : rises.TryGetValue(key, out int rise) ? Lead(Cell.Of(key), RisesName, rise, null)
        : Cell.Of(key);

    /// <summary>The group or pattern of a complaint, leading to its row; empty where there is none.</summary>
    public Cell ClusterOf(long complaintId) => Cluster(clusters.GetValueOrDefault(complaintId));

    /// <summary>A case number, leading to its row among the timelines where it has one.</summary>
    public Cell Case(string? caseNumber) => caseNumber is null
        ? Cell.Of("")
        : cases.TryGetValue(caseNumber, out int row)
            ? (Cell.Of(caseNumber) with { Style = Styles.Link }).To(CellRef.Place(TimelinesName, row, 4), composer.T("看此件在时间线中的位置", "To this case in the timeline"))
            : Cell.Of(caseNumber);

    public static string Token(long person) => $"P-{person:000000}";

    private static Cell Lead(Cell cell, string sheet, int row, string? tip) =>
        (cell with { Style = Styles.Link }).To(CellRef.Place(sheet, row, 1), tip);
}
