namespace Pipeline.Jobs.Ingest.Ledger;

/// <summary>The state that stands for a case number while a file is loaded.</summary>
/// <param name="complaintId">Key of the complaint; given out before the row is written.</param>
/// <param name="isToldLater">Another file of the same export day that stands behind the one being loaded has reported the case.</param>
public sealed class KnownCase(long complaintId, int revision, UInt128 contentHash, DateOnly asOf, UInt128? lastInFile, bool isToldLater = false)
{
    public long ComplaintId { get; } = complaintId;

    public int Revision { get; set; } = revision;

    public UInt128 ContentHash { get; set; } = contentHash;

    /// <value>The last export date at which this content was seen.</value>
    public DateOnly AsOf { get; set; } = asOf;

    /// <value>The content that the file being loaded reported last for this case, or null where this is the first row of it.</value>
    public UInt128? LastInFile { get; set; } = lastInFile;

    public bool IsToldLater { get; } = isToldLater;

    /// <value>The state is decided but not yet written to the database.</value>
    public bool IsPending { get; set; }
}
