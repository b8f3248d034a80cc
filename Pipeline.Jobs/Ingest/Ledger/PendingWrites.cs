using System.Buffers.Binary;
using Pipeline.Jobs.Ingest.Mapping;
using Pipeline.Models.Complaints;

namespace Pipeline.Jobs.Ingest.Ledger;

/// <summary>A warning to be written for a complaint.</summary>
public readonly record struct PendingWarning(long ComplaintId, long Line, string Code);

/// <summary>An observation that makes no new state.</summary>
public readonly record struct PendingSighting(long ComplaintId, string Sheet, long Line, UInt128 ContentHash);

/// <summary>What the verdicts of a batch ask to be written, with the identifiers and revisions filled into the written rows.</summary>
public sealed class PendingWrites
{
    private CopyRowBuffer spare = new();

    public CopyRowBuffer New { get; private set; } = new();

    public CopyRowBuffer Updated { get; } = new();

    public CopyRowBuffer Late { get; } = new();

    public List<PendingWarning> Warnings { get; } = [];

    public List<PendingSighting> Sightings { get; } = [];

    /// <value>Complaints whose standing content a newer export has confirmed.</value>
    public List<long> SeenAgain { get; } = [];

    /// <value>Nothing but rows of new complaints is to be written (and their warnings).</value>
    public bool HasOnlyNew => Updated.Length == 0 && Late.Length == 0 && Sightings.Count == 0 && SeenAgain.Count == 0;

    /// <summary>Hands out the rows of new complaints and goes on with the other of two buffers; the caller is done with one before it takes the next.</summary>
    public CopyRowBuffer TakeNew()
    {
        (New, spare) = (spare, New);
        New.Clear();
        return spare;
    }

    public void AddNew(CopyRowBuffer source, MappedRow row, long complaintId)
    {
        Put(New, source, row, complaintId, 1, isRepeated: false);
        AddWarnings(row, complaintId, isRepeated: false);
    }

    public void AddUpdate(CopyRowBuffer source, MappedRow row, long complaintId, int revision, bool isRepeated)
    {
        Put(Updated, source, row, complaintId, revision, isRepeated);
        AddWarnings(row, complaintId, isRepeated);
    }

    /// <param name="revision">Provisional and negative, until the history of the case is rebuilt.</param>
    public void AddLate(CopyRowBuffer source, MappedRow row, long complaintId, int revision, bool isRepeated) =>
        Put(Late, source, row, complaintId, revision, isRepeated);

    public void AddSighting(long complaintId, MappedRow row) =>
        Sightings.Add(new PendingSighting(complaintId, row.Sheet ?? "", row.Line, row.ContentHash));

    public void Clear()
    {
        New.Clear();
        Updated.Clear();
        Late.Clear();
        Warnings.Clear();
        Sightings.Clear();
        SeenAgain.Clear();
    }

    private static void Put(CopyRowBuffer target, CopyRowBuffer source, MappedRow row, long complaintId, int revision, bool isRepeated)
    {
        int start = target.Length;
        target.Append(source.Span(row.Offset, (isRepeated ? row.WarningsOffset : row.End) - row.Offset));
        if (isRepeated)
        {
            target.TextArray([.. row.Warnings, QualityCodes.RepeatedInFile]);
        }
        BinaryPrimitives.WriteInt64BigEndian(target.Span(start + LedgerColumns.IdentifierOffset, 8), complaintId);
        BinaryPrimitives.WriteInt32BigEndian(target.Span(start + LedgerColumns.RevisionOffset, 4), revision);
    }

    private void AddWarnings(MappedRow row, long complaintId, bool isRepeated)
    {
        foreach (string code in row.Warnings)
        {
            Warnings.Add(new PendingWarning(complaintId, row.Line, code));
        }
        if (isRepeated)
        {
            Warnings.Add(new PendingWarning(complaintId, row.Line, QualityCodes.RepeatedInFile));
        }
    }
}
