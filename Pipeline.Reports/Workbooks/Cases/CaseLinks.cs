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
    private readonly Dictionary<long, ComplaintFact> facts = [];
    private readonly Composer composer;

    public CaseLinks(Composer c)
    {
        composer = c;
        if (c.Report.Findings is not { } findings)
        {
            return;
        }
        int timeline = FirstRow;
        foreach (ComplainantProfile profile in findings.Profiles)
        {
            profiles.Add(profile.PersonKey, FirstRow + profiles.Count);
            timelines.Add(profile.PersonKey, timeline);
            timeline += profile.Timeline.Count;
        }
        foreach (string key in findings.Groups.Select(g => g.Key))
        {
            groups.Add(key, FirstRow + groups.Count);
        }
        foreach (string key in findings.Patterns.Select(p => p.Key))
        {
            patterns.Add(key, FirstRow + patterns.Count);
        }
        facts = findings.Related.ToDictionary(f => f.ComplaintId);
    }

    public ComplaintFact Fact(long complaintId) => facts[complaintId];

    public string ProfilesName => composer.T("投诉人画像", "Profiles");

    public string TimelinesName => composer.T("投诉人时间线", "Timelines");

    public string GroupsName => composer.T("群体投诉", "Groups");

    public string PatternsName => composer.T("疑似有组织", "Organised patterns");

    /// <summary>A person's token, leading to the profile where there is one.</summary>
    public Cell Person(long? person, string? shown = null)
    {
        if (person is not { } key)
        {
            return Cell.Of(shown);
        }
        Cell cell = Cell.Of(shown ?? Token(key));
        return profiles.TryGetValue(key, out int row) ? Lead(cell, ProfilesName, row, composer.T("看此投诉人的画像", "To the complainant's profile")) : cell;
    }

    public Cell Timeline(long person) => Lead(Cell.Of(composer.T("时间线", "timeline")), TimelinesName, timelines[person], composer.T("看逐件经过", "To the cases one by one"));

    public Cell Profile(long person) => Lead(Cell.Of(Token(person)), ProfilesName, profiles[person], composer.T("返回画像", "Back to the profile"));

    /// <summary>The key of a group or pattern, leading to its row.</summary>
    public Cell Cluster(string? key) => key is null
        ? Cell.Of("")
        : groups.TryGetValue(key, out int group) ? Lead(Cell.Of(key), GroupsName, group, null)
        : patterns.TryGetValue(key, out int pattern) ? Lead(Cell.Of(key), PatternsName, pattern, null)
        : Cell.Of(key);

    public static string Token(long person) => $"P-{person:000000}";

    private static Cell Lead(Cell cell, string sheet, int row, string? tip) =>
        (cell with { Style = Styles.Link }).To(CellRef.Place(sheet, row, 1), tip);
}
