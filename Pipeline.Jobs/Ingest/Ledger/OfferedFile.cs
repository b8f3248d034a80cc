namespace Pipeline.Jobs.Ingest.Ledger;

/// <summary>A file that is offered to the ledger; an archive's member is a file of its own.</summary>
/// <param name="Name">File name without its folder; <c>archive.zip!member.csv</c> for a member.</param>
/// <param name="OwnName">Name of the export itself, without folder, archive and <c>.gz</c>: the order of files of one export day.</param>
/// <param name="Sha256">Of what the export holds, outside of .gz and .zip: the same content is the same file whatever it comes in.</param>
/// <param name="AsOf">The day on which the export was made.</param>
/// <param name="CorrectsFileId">The file whose quarantined rows this one corrects, or null.</param>
public sealed record OfferedFile(
    string Name,
    string OwnName,
    string Sha256,
    long Bytes,
    string Source,
    string Profile,
    string ProfileSha256,
    string? Encoding,
    DateOnly AsOf,
    long? CorrectsFileId = null)
{
    /// <value>Of the bytes that were offered, the archive's for a member; null for a correction.</value>
    public string? OfferedSha256 { get; init; }

    /// <value>How ledgers knew this file while an archive's bytes were its identity: that hash, for a member with <c>!</c> and its name.</value>
    public string EarlierIdentity { get; init; } = Sha256;
}

/// <summary>What became of the rows of a file. Read = new + updated + unchanged + duplicate + rejected.</summary>
/// <param name="Warnings">Values set aside on new and updated complaints.</param>
/// <param name="Late">Of the unchanged: rows that an older export reported after a newer one was known; kept as earlier revisions.</param>
/// <param name="Skipped">Titles and totals; not read as rows.</param>
public readonly record struct LoadCounts(
    long Read, long New, long Updated, long Unchanged, long Duplicate, long Rejected, long Warnings, long Late, long Skipped)
{
    public static LoadCounts operator +(LoadCounts a, LoadCounts b) => new(
        a.Read + b.Read, a.New + b.New, a.Updated + b.Updated, a.Unchanged + b.Unchanged, a.Duplicate + b.Duplicate,
        a.Rejected + b.Rejected, a.Warnings + b.Warnings, a.Late + b.Late, a.Skipped + b.Skipped);
}
