using System.Globalization;
using System.Text;
using Pipeline.Jobs.Flags;
using Pipeline.Models.Complaints;
using Pipeline.Models.Flags;
using Pipeline.Models.Flags.Priority;
using Pipeline.Models.Taxonomy;

namespace Pipeline.Tests.Flags;

/// <content>The complaints as the priority list sees them, by their true persons, matters and labels.</content>
public sealed partial class InventedBank
{
    public PriorityHistory TrueHistory()
    {
        Dictionary<string, long> id = Cases.Select((number, i) => (number, i)).ToDictionary(c => c.number, c => c.i + 1L, StringComparer.Ordinal);
        Dictionary<string, string[]> truth = Csv(Path.Combine(Folder()!, "truth.csv"), ",", Encoding.UTF8).Skip(1).ToDictionary(r => r[0], StringComparer.Ordinal);
        ThreatLexicon lexicon = FlagStep.Lexicon("/nowhere").Value;
        Dictionary<string, int> chains = new(StringComparer.Ordinal);
        List<PriorityCase> cases = [];
        foreach (string number in Cases.OrderBy(c => Truth[c].Date).ThenBy(c => c, StringComparer.Ordinal))
        {
            TruthRow row = Truth[number];
            string? earlier = row.RepeatOf is { } repeat && id.ContainsKey(repeat) ? repeat : null;
            chains[number] = earlier is null ? 0 : chains.GetValueOrDefault(earlier) + 1;
            TextReading reading = TextReading.Of(Row[number][22], lexicon);
            DateOnly? closed = DateOnly.TryParseExact(truth[number][4], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day) ? day : null;
            string? satisfaction = SatisfactionKeys.GetValueOrDefault(truth[number][8]);
            DateOnly first = ExportOf(FileOf[number]);
            List<CaseState> states = [];
            if (closed is null || closed > first)
            {
                states.Add(new CaseState(first, "open", null, null, null, null, null));
            }
            if (closed is { } done)
            {
                DateOnly known = states.Count == 0 ? first : Exports.FirstOrDefault(e => e >= done);
                if (known != default)
                {
                    states.Add(new CaseState(known, "closed", done, done.AddDays(2), satisfaction, null, null));
                }
            }
            cases.Add(new PriorityCase(
                new ComplaintFact
                {
                    ComplaintId = id[number],
                    CaseNumber = number,
                    Received = row.Date,
                    Status = states[^1].Status,
                    PersonKey = long.Parse(row.Person.AsSpan(1), CultureInfo.InvariantCulture),
                    Channel = taxonomy.KeyOf(Dimensions.Channel, Row[number][7]),
                    Level = row.Level,
                    Business = Label(row.Business),
                    Cause = Label(row.Cause),
                    Stage = reading.Stage,
                    HasThreat = reading.Cues.Count > 0,
                    RepeatOf = earlier is null ? null : id[earlier],
                    RepeatGapDays = earlier is null ? null : row.Date.DayNumber - Truth[earlier].Date.DayNumber,
                    ChainNumber = chains[number],
                    IsEscalation = row.IsEscalated,
                },
                reading.Cues, states));
        }
        return new PriorityHistory(cases, Exports);

        static HeadLabel Label(string member) => new(member, LabelBasis.Reported, member, null, null, false);
    }

    private static readonly Dictionary<string, string> SatisfactionKeys = new(StringComparer.Ordinal)
    {
        ["满意"] = "satisfied",
        ["基本满意"] = "fairly_satisfied",
        ["不满意"] = "dissatisfied",
    };

    private static DateOnly[] Exports => [.. Enumerable.Range(0, 24).Select(ExportOf)];

    /// <summary>The day on which a file was exported: the fifth of the month after it.</summary>
    private static DateOnly ExportOf(int file) => new DateOnly(2024, 12, 5).AddMonths(file);
}
