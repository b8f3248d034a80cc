using Npgsql;
using Pipeline.Jobs.Complainants;
using Pipeline.Jobs.Steps;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complaints;
using Pipeline.Models.Editions;
using Pipeline.Reports;

namespace Pipeline.Jobs.Publishing;

/// <summary>An edition that another one of the month stands against.</summary>
/// <param name="Place">Null: made before counted states were kept.</param>
public sealed record BaseEdition(string RunId, int Edition, long? Place, long? IdentityEvent, bool IsPublished, RunInputs Inputs, MonthReport Report);

/// <summary>Finds what moved between an edition and the one published last (or the one before), with every cause.</summary>
public static class EditionChangeFinder
{
    /// <summary>The edition that one of the month stands against; null for a month's first.</summary>
    public static async Task<BaseEdition?> BaseAsync(
        NpgsqlConnection connection, ReportingMonth month, string source, string runId, int edition, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(Sql.Get("Publishing/base_edition"), connection)
        {
            Parameters = { new() { Value = month.FirstDay }, new() { Value = source }, new() { Value = runId }, new() { Value = edition } },
        };
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation)
            ? new BaseEdition(
                row.GetString(0), row.GetInt32(1), row.IsDBNull(2) ? null : row.GetInt64(2), row.IsDBNull(3) ? null : row.GetInt64(3), row.GetBoolean(4),
                RunInputs.Read(row.GetString(5)), ReportDocument.Read(row.GetFieldValue<byte[]>(6)))
            : null;
    }

    /// <summary>What moved against <paramref name="before"/>.</summary>
    /// <param name="place">Of the later edition among the runs of its source; null where it was made before states were kept.</param>
    /// <param name="identityEvent">The newest event of identities when the later edition was made; null: the newest of all.</param>
    public static async Task<EditionChanges> FindAsync(
        NpgsqlConnection connection, BaseEdition before, MonthReport report, RunInputs inputs, long? place, long? identityEvent, CancellationToken cancellation)
    {
        Dictionary<string, string> names = new(StringComparer.Ordinal);
        foreach (LineageFile file in before.Report.Lineage.Files.Concat(report.Lineage.Files))
        {
            names[file.Sha256] = file.Name;
        }
        InputDifference difference = InputDifferences.Between(before.Inputs, inputs, sha => names.GetValueOrDefault(sha, sha));
        if (before.Place is not { } from || place is not { } to)
        {
            return EditionComparison.Untraced(before.Report.Figures, report.Figures, difference, before.Edition, before.RunId, before.IsPublished);
        }
        (Dictionary<string, CountedState> old, Dictionary<string, CountedState> now) = await CountedStates.DifferingAsync(connection, report.Source, from, to, cancellation);
        CauseFinder find = new(
            new Dictionary<string, CountedState>(old, StringComparer.Ordinal), new Dictionary<string, CountedState>(now, StringComparer.Ordinal), difference,
            await LabelsAsync(connection, report.Source, [.. old.Keys.Union(now.Keys)], cancellation),
            (await IdentityEvents.BetweenAsync(connection, report.Source, before.IdentityEvent, identityEvent, cancellation))
                .Select(e => new PersonEvent(e.Kind, e.PersonKey, e.OtherKey, [.. e.Moves.Select(m => m.CaseNumber)], e.DecidedBy)));
        if (difference.DataDate is not null || difference.Rules.Count > 0 || difference.Program is not null)
        {
            // The context differs, so a complaint that stands as it did may count otherwise.
            foreach (CountedState state in await CountedStates.CommonAsync(connection, report.Source, from, to, report.Month, cancellation))
            {
                old.Add(state.Fact.CaseNumber, state);
                now.Add(state.Fact.CaseNumber, state);
            }
        }
        return EditionComparison.Compare(
            new ComparedEdition(before.Report.Figures, old, before.Report.Engine), new ComparedEdition(report.Figures, now, report.Engine),
            find, difference, before.Edition, before.RunId, before.IsPublished);
    }

    private static async Task<IReadOnlyList<LabelDecision>> LabelsAsync(
        NpgsqlConnection connection, string source, string[] cases, CancellationToken cancellation)
    {
        List<LabelDecision> labels = [];
        await using NpgsqlCommand command = new(Sql.Get("Publishing/label_decisions"), connection) { Parameters = { new() { Value = source }, new() { Value = cases } } };
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            labels.Add(new LabelDecision(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3)));
        }
        return labels;
    }
}
