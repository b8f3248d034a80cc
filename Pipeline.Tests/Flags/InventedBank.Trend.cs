using System.Globalization;
using System.Text;
using Pipeline.Models.Complaints;
using Pipeline.Models.Taxonomy;

namespace Pipeline.Tests.Flags;

/// <content>The complaints as the series of the trends count them, by their coded labels and true persons.</content>
public sealed partial class InventedBank
{
    /// <summary>What a run for the n-th month knew: the complaints of the files up to it.</summary>
    /// <param name="file">0-based index of the last file.</param>
    public IReadOnlyList<ComplaintFact> TrendFacts(int file)
    {
        Dictionary<string, string[]> truth = truthRows ??= Csv(Path.Combine(Folder()!, "truth.csv"), ",", Encoding.UTF8).Skip(1).ToDictionary(r => r[0], StringComparer.Ordinal);
        Dictionary<string, long> id = Cases.Select((number, i) => (number, i)).ToDictionary(c => c.number, c => c.i + 1L, StringComparer.Ordinal);
        return [.. Cases.Where(number => FileOf[number] <= file).Select(number =>
        {
            TruthRow row = Truth[number];
            (string? business, string? cause) = Reported(number);
            DateOnly? closed = DateOnly.TryParseExact(truth[number][4], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day) && day <= ExportOf(file) ? day : null;
            string? channel = taxonomy.KeyOf(Dimensions.Channel, Row[number][7]);
            return new ComplaintFact
            {
                ComplaintId = id[number],
                CaseNumber = number,
                Received = row.Date,
                Closed = closed,
                Status = closed is null ? "open" : "closed",
                PersonKey = long.Parse(row.Person.AsSpan(1), CultureInfo.InvariantCulture),
                Channel = channel,
                Level = row.Level,
                BranchName = Row[number][BranchColumn].Trim(),
                Nature = Coded(truth[number][9]),
                Business = Coded(business ?? row.Business),
                Cause = Coded(cause ?? row.Cause),
                RepeatOf = row.RepeatOf is { } repeat && id.TryGetValue(repeat, out long of) ? of : null,
                RepeatGapDays = row.RepeatOf is { } earlier && Truth.TryGetValue(earlier, out TruthRow? before) ? row.Date.DayNumber - before.Date.DayNumber : null,
                IsEscalation = row.IsEscalated,
            };
        })];

        static HeadLabel Coded(string member) => new(member, LabelBasis.Reported, member, null, null, false);
    }

    private Dictionary<string, string[]>? truthRows;
}
