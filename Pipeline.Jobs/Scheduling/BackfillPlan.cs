using Npgsql;
using Pipeline.Jobs.Publishing;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Steps;
using Pipeline.Models.Complaints;
using Pipeline.Models.Editions;
using Pipeline.Models.Text;

namespace Pipeline.Jobs.Scheduling;

public enum BackfillState
{
    /// <summary>An edition was run from exactly what stands now.</summary>
    Current,

    /// <summary>Run before, from something else only.</summary>
    Stale,

    /// <summary>Never run.</summary>
    Missing,
}

/// <summary>A month of a source with why it would be run, or why not.</summary>
public sealed record BackfillMonth(ReportingMonth Month, string Source, long Complaints, BackfillState State, Bilingual Why);

/// <summary>Which months of the ledger are missing or stale, and what changed since each was run.</summary>
public static class BackfillPlan
{
    /// <returns>The newest month first, then from the oldest on: the order in which they run.</returns>
    public static async Task<IReadOnlyList<BackfillMonth>> MakeAsync(
        NpgsqlConnection connection, ReportingMonth from, ReportingMonth to, string? source, CommandSession session)
    {
        List<LedgerMonth> held = [.. (await LedgerMonths.ListAsync(connection, source, session.Cancellation)).Where(m => m.Month.CompareTo(from) >= 0 && m.Month.CompareTo(to) <= 0)];
        ILookup<(string, ReportingMonth), ListedEdition> editions =
            (await EditionList.LoadAsync(connection, source, null, session.Cancellation)).ToLookup(e => (e.Source, e.Month));
        List<BackfillMonth> plan = [];
        foreach (IGrouping<string, LedgerMonth> of in held.GroupBy(m => m.Source))
        {
            StandingInputs standing = await StandingInputs.OpenAsync(connection, of.Key, session);
            foreach (LedgerMonth month in of)
            {
                (BackfillState state, Bilingual why) = await StateAsync(standing, month.Month, [.. editions[(of.Key, month.Month)]]);
                plan.Add(new BackfillMonth(month.Month, of.Key, month.Complaints, state, why));
            }
        }
        ReportingMonth newest = plan.Count == 0 ? default : plan.Max(m => m.Month);
        return [.. plan.OrderBy(m => m.Month != newest).ThenBy(m => m.Month).ThenBy(m => m.Source, StringComparer.Ordinal)];
    }

    /// <param name="editions">Of the month.</param>
    private static async Task<(BackfillState State, Bilingual Why)> StateAsync(StandingInputs standing, ReportingMonth month, ListedEdition[] editions)
    {
        if (editions.Length == 0)
        {
            return (BackfillState.Missing, new("尚未运行", "never run"));
        }
        InputDifference? difference = (await standing.CompareAsync(month, editions)).Difference;
        return difference is null
            ? (BackfillState.Current, new("与现有数据一致", "nothing changed"))
            : (BackfillState.Stale, InputWords.Of(difference.All));
    }
}
