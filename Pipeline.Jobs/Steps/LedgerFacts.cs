using Npgsql;
using NpgsqlTypes;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complaints;
using Pipeline.Models.Taxonomy;

namespace Pipeline.Jobs.Steps;

/// <summary>A complaint of the ledger with its labels decided, before flags are judged.</summary>
/// <param name="File">Export file that the current state came from.</param>
/// <param name="Line">1-based line or row in that file.</param>
/// <param name="FileSha256">Content of that file.</param>
/// <param name="Profile">The profile by which it was read: the layout of its table.</param>
public sealed record LedgerFact(ComplaintFact Fact, string File, long Line, string FileSha256, string Profile);

/// <summary>Reads the ledger as facts that figures count.</summary>
public static class LedgerFacts
{
    /// <summary>The complaints of <paramref name="source"/> that are named, in order of receipt.</summary>
    /// <param name="modelId">The model whose predictions stand beside the coded values, or null for none.</param>
    /// <param name="complaints">Complaint ids, each once.</param>
    public static async Task<IReadOnlyList<LedgerFact>> OfAsync(
        NpgsqlConnection connection, string source, string? modelId, IEnumerable<long> complaints,
        ComplaintTaxonomy taxonomy, RuleBook rules, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(Sql.Get("Steps/facts"), connection)
        {
            Parameters = { new() { Value = source }, new() { Value = modelId ?? "" }, new() { Value = complaints.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint } },
        };
        List<LedgerFact> facts = [];
        Dictionary<string, string> texts = new(StringComparer.Ordinal);
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            string? channel = Text(6);
            TaxonomyClass? channelClass = channel is null ? null : taxonomy.Class(Dimensions.Channel, channel);
            string? branchName = Text(10);
            ComplaintFact fact = new()
            {
                ComplaintId = row.GetInt64(0),
                CaseNumber = row.GetString(1),
                Received = row.GetFieldValue<DateOnly>(2),
                Closed = Date(3),
                Status = Text(4)!,
                Due = Date(5),
                Channel = channel,
                Level = channelClass?.Level ?? 0,
                ChannelGroup = channelClass?.Group,
                BusinessChannel = Text(7),
                BranchName = branchName,
                Branch = Text(11) ?? branchName,
                Region = Text(12),
                Severity = Text(13),
                Amount = Number(14),
                Persons = row.GetInt32(15),
                Satisfaction = Text(16),
                IsLiable = Flag(17),
                IsCompensated = Flag(18),
                Compensation = Number(19),
                IsTimelyReported = Flag(20),
                Response = Text(21),
                Warnings = row.GetFieldValue<string[]>(22),
                PersonKey = row.IsDBNull(23) ? null : row.GetInt64(23),
                PersonBasis = Text(24),
                Nature = Decide(rules, null, 25),
                Business = Decide(rules, Text(8), 29),
                Cause = Decide(rules, Text(9), 33),
                MatterType = Text(39),
                ExclusionReason = Text(40),
                HasOverdueReason = row.GetBoolean(41),
                HasRegulatorNumber = row.GetBoolean(42),
                SourceTags = Text(43),
            };
            facts.Add(new LedgerFact(fact, Text(37)!, row.GetInt64(38), Text(44)!, Text(45)!));
        }
        return facts;

        // The same few labels and branches recur: one string each.
        string? Text(int column)
        {
            if (row.IsDBNull(column))
            {
                return null;
            }
            string value = row.GetString(column);
            return texts.TryGetValue(value, out string? known) ? known : texts[value] = value;
        }

        DateOnly? Date(int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateOnly>(column);

        decimal? Number(int column) => row.IsDBNull(column) ? null : row.GetDecimal(column);

        bool? Flag(int column) => row.IsDBNull(column) ? null : row.GetBoolean(column);

        HeadLabel Decide(RuleBook rules, string? reported, int column) =>
            LedgerFacts.Decide(
                rules, Text(column), reported, Text(column + 1),
                row.IsDBNull(column + 2) ? null : Math.Round((double)row.GetFloat(column + 2), 6), Flag(column + 3) ?? false);
    }

    /// <summary>Whose label counts, by the precedence of the rules.</summary>
    public static HeadLabel Decide(RuleBook rules, string? analyst, string? reported, string? predicted, double? probability, bool needsReview)
    {
        foreach (string basis in rules.LabelPrecedence)
        {
            (string? label, LabelBasis from) = basis switch
            {
                "analyst" => (analyst, LabelBasis.Analyst),
                "reported" => (reported, LabelBasis.Reported),
                "predicted" => (predicted, LabelBasis.Predicted),
                _ => throw new InvalidDataException($"rules.json: label_precedence names '{basis}'; expected analyst, reported or predicted"),
            };
            if (label is not null)
            {
                return new HeadLabel(label, from, reported, predicted, probability, needsReview);
            }
        }
        return new HeadLabel(null, LabelBasis.None, reported, predicted, probability, needsReview);
    }
}
