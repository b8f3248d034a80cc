using Pipeline.Jobs.Ingest.Ledger;
using Pipeline.Jobs.Shell;
using Pipeline.Models.Text;

namespace Pipeline.Jobs.Ingest;

/// <summary>What became of an offered file.</summary>
public enum FileOutcome
{
    Ingested,

    /// <summary>Judged and given up again, as asked.</summary>
    DryRun,

    /// <summary>The ledger has a file of this content: nothing was done.</summary>
    AlreadyIngested,

    /// <summary>Not a readable table of a known profile: nothing was done.</summary>
    Failed,
}

/// <summary>The record of one file.</summary>
/// <param name="Path">As the user named it; <c>archive!member</c> for a member.</param>
/// <param name="Sha256">Of what the file holds, outside of .gz and .zip.</param>
/// <param name="Notices">What a person should know: tables that were not taken, why rows were rejected, columns that changed.</param>
/// <param name="Repairs">Cells cleaned, by kind.</param>
/// <param name="Bytes">Length of the file (of the archive, for a member).</param>
/// <param name="Error">Only where it failed.</param>
public sealed record FileResult(
    string Path,
    FileOutcome Outcome,
    string? Sha256,
    string? Profile,
    string? Encoding,
    DateOnly? AsOf,
    long? FileId,
    LoadCounts Counts,
    IReadOnlyDictionary<string, long> Repairs,
    IReadOnlyList<Bilingual> Notices,
    double Seconds,
    long Bytes,
    Bilingual? Error = null)
{
    /// <value>SHA-256 of the bytes that were offered; differs from <see cref="Sha256"/> where they are compressed or an archive.</value>
    public string? OfferedSha256 { get; init; }

    /// <value>Share of the rows read that were rejected, 0 to 1.</value>
    public double RejectedShare => Counts.Read == 0 ? 0 : (double)Counts.Rejected / Counts.Read;
}

/// <summary>The record of one ingest.</summary>
public sealed record IngestResult(IReadOnlyList<FileResult> Files, double MaxRejectedShare)
{
    /// <value>1 where a file failed; 3 where one has too many rejected rows; 4 where nothing was to do; else 0.</value>
    public int ExitCode =>
        Files.Any(f => f.Outcome == FileOutcome.Failed) ? ExitCodes.Failed
        : Files.Any(f => f.Outcome != FileOutcome.AlreadyIngested && f.RejectedShare > MaxRejectedShare) ? ExitCodes.LookNeeded
        : Files.All(f => f.Outcome == FileOutcome.AlreadyIngested) ? ExitCodes.NothingToDo
        : ExitCodes.Done;
}
