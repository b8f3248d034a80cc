using Pipeline.Jobs.Ingest.Reading;

namespace Pipeline.Jobs.Ingest.Mapping;

/// <summary>A row that can be counted, written for COPY in the buffer of its batch.</summary>
/// <param name="ContentHash">Keyed hash of the canonical row: equal content, equal hash.</param>
/// <param name="Offset">Where the written row begins in the buffer.</param>
/// <param name="WarningsOffset">Where its last column begins.</param>
/// <param name="End">Where it ends.</param>
/// <param name="Warnings">Codes of values that were set aside.</param>
public sealed record MappedRow(
    string CaseNumber, UInt128 ContentHash, long Line, string? Sheet, int Offset, int WarningsOffset, int End, IReadOnlyList<string> Warnings);

/// <summary>A row that cannot be counted: where, what and why. A value, never an exception.</summary>
/// <param name="CaseNumber">Where it could be read.</param>
/// <param name="Column">0-based column of the offending value, or -1 where the whole row is meant.</param>
/// <param name="Field">Canonical field, or empty.</param>
/// <param name="ValueMasked">The offending value with personal data masked, or null.</param>
/// <param name="Cells">The cells as read.</param>
public sealed record RejectedRow(
    long Line, string Sheet, string? CaseNumber, int Column, string Field, string Reason, string? ValueMasked, string[] Cells);

/// <summary>Rows on their way from the mapping to the database.</summary>
public sealed class MappedBatch
{
    public CopyRowBuffer Buffer { get; } = new();

    public List<MappedRow> Rows { get; } = [];

    public List<RejectedRow> Rejected { get; } = [];

    /// <value>Rows that are titles or totals and no complaints.</value>
    public int Skipped { get; set; }

    /// <value>Line of the first row; 0 where there is none.</value>
    public long FirstLine { get; set; }

    public void Clear()
    {
        Buffer.Clear();
        Rows.Clear();
        Rejected.Clear();
        Skipped = 0;
    }
}
