using System.Text;
using Pipeline.Models.Complainants;
using Pipeline.Models.Complaints;
using Pipeline.Models.Flags.Organised;
using Pipeline.Models.Taxonomy;

namespace Pipeline.Tests.Flags;

/// <content>The complaints as the searches for groups and patterns see them, beside the groups and campaigns that were planted.</content>
public sealed partial class InventedBank
{
    private const int BranchColumn = 23;
    private Dictionary<string, (string Group, string Campaign)>? planted;

    /// <value>Case number → planted group and campaign; empty where there is none.</value>
    public IReadOnlyDictionary<string, (string Group, string Campaign)> Planted => planted ??=
        Csv(Path.Combine(Folder()!, "truth.csv"), ",", Encoding.UTF8).Skip(1).ToDictionary(r => r[0], r => (r[14], r[15]), StringComparer.Ordinal);

    public IReadOnlyList<OrganisedLetter> Letters(PersonClusters persons)
    {
        Dictionary<long, PersonLink> links = persons.Links.ToDictionary(l => l.ComplaintId);
        return [.. Cases.Select((number, i) =>
        {
            string? channel = taxonomy.KeyOf(Dimensions.Channel, Row[number][7]);
            (string? business, string? cause) = Reported(number);
            return new OrganisedLetter(
                new ComplaintFact
                {
                    ComplaintId = i + 1,
                    CaseNumber = number,
                    Received = Truth[number].Date,
                    Status = "closed",
                    PersonKey = links.GetValueOrDefault(i + 1)?.Person,
                    Channel = channel,
                    Level = channel is null ? 0 : taxonomy.Class(Dimensions.Channel, channel)?.Level ?? 0,
                    BranchName = Row[number][BranchColumn].Trim(),
                    Business = Label(business ?? taxonomy.KeyOf(Dimensions.Business, Truth[number].Business) ?? Truth[number].Business),
                    Cause = Label(cause ?? taxonomy.KeyOf(Dimensions.Cause, Truth[number].Cause) ?? Truth[number].Cause),
                },
                Row[number][22],
                [.. Evidence[i].Phones.Select(p => p.ToString()!)]);
        })];

        static HeadLabel Label(string member) => new(member, LabelBasis.Reported, member, null, null, false);
    }
}
