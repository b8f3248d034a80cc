using Npgsql;
using Pipeline.Reports;

namespace Pipeline.Jobs.Steps;

/// <summary>
/// Whoever has a month run and must know how far it is, and whose own records must stand or fall with the run's: the steps call it and know
/// nothing else of it. What it throws ends the run.
/// </summary>
public interface IRunWitness
{
    /// <summary>The session of <paramref name="connection"/> holds the month, and writes its outcome.</summary>
    Task HeldAsync(NpgsqlConnection connection);

    Task StepBegunAsync(string name);

    Task StepDoneAsync(StepRecord step);

    /// <summary>Inside the transaction that keeps the run, before its commit.</summary>
    Task KeepingAsync(NpgsqlConnection connection);

    /// <summary>Inside the transaction that notes the workbooks, before its commit; the files stand already.</summary>
    Task PublishingAsync(NpgsqlConnection connection, MonthReport report, IReadOnlyList<WorkbookFile> files);
}
