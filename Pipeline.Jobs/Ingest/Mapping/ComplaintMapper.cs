using Pipeline.Jobs.Ingest.Cleaning;
using Pipeline.Jobs.Ingest.Profiles;
using Pipeline.Jobs.Ingest.Reading;
using Pipeline.Jobs.Privacy;
using Pipeline.Models.Complaints;
using Pipeline.Models.Taxonomy;

namespace Pipeline.Jobs.Ingest.Mapping;

/// <summary>What the mapping needs to know about the file that rows come from.</summary>
/// <param name="AsOf">The day on which the export was made.</param>
/// <param name="FileId">Key of the file in the ledger.</param>
/// <param name="SlashFormat">Day first or month first, where the profile leaves that to the first rows; null where they prove nothing.</param>
public sealed record MappingFrame(string Source, DateOnly AsOf, long FileId, string? SlashFormat = null);

/// <summary>
/// Rows of one table → complaints written for COPY, or rejected rows. Cleans, translates, sets aside what cannot be trusted, seals
/// what is personal. Not for several threads.
/// </summary>
public sealed partial class ComplaintMapper
{
    private const int LongestCaseNumber = 200;

    private readonly ColumnMap map;
    private readonly MappingFrame frame;
    private readonly KeyRing keys;
    private readonly ValueTranslator translator;
    private readonly DateReader dates;
    private readonly CellCleaner cleaner;
    private readonly CanonicalContent content = new();
    private readonly DateOnly earliest;
    private readonly HashSet<string> totals;
    private readonly UnmappedColumn[] unmapped;
    private readonly string? sheet;
    private readonly int[] single = new int[CanonicalFields.Count];
    private readonly List<string> warnings = [];

    public ComplaintMapper(ColumnMap map, MappingFrame frame, string? sheet, ComplaintTaxonomy taxonomy, KeyRing keys, CellCleaner cleaner)
    {
        this.map = map;
        this.frame = frame;
        this.sheet = sheet;
        this.keys = keys;
        this.cleaner = cleaner;
        Profile profile = map.Profile.Value;
        translator = new ValueTranslator(profile, taxonomy);
        dates = new DateReader(profile.DateFormats ?? [], frame.SlashFormat);
        earliest = profile.EarliestReceived ?? new DateOnly(1990, 1, 1);
        totals = [.. (profile.TotalRows ?? []).Select(TaxonomyClass.Fold)];
        unmapped = [.. map.Unmapped.OrderBy(u => u.Header, StringComparer.Ordinal)];
        foreach (CanonicalField field in CanonicalFields.All)
        {
            IReadOnlyList<int> columns = map.ColumnsOf(field);
            single[(int)field] = columns.Count switch { 0 => -1, 1 => columns[0], _ => -2 };
        }
    }

    /// <summary>Adds the row to <paramref name="batch"/> as a complaint, as a rejected row, or as skipped (a total or a title).</summary>
    public void Map(TableRow row, MappedBatch batch)
    {
        if (IsTotal(row.Cells))
        {
            batch.Skipped++;
            return;
        }
        if (FaultReason(row) is string fault)
        {
            batch.Rejected.Add(Rejection(row, PlausibleCaseNumber(row.Cells), row.FaultColumn - 1, "", fault, null));
            return;
        }
        string caseNumber = Code(row.Cells, CanonicalField.CaseNumber);
        if (CaseNumberReason(caseNumber) is string reason)
        {
            batch.Rejected.Add(Rejection(row, null, CanonicalField.CaseNumber, reason, caseNumber));
            return;
        }
        string receivedText = Code(row.Cells, CanonicalField.ReceivedDate);
        DateReading received = dates.Read(receivedText);
        if (ReceivedReason(received) is string bad)
        {
            batch.Rejected.Add(Rejection(row, caseNumber, CanonicalField.ReceivedDate, bad, receivedText));
            return;
        }
        Write(row, caseNumber, received.Date, batch);
    }

    private string? FaultReason(TableRow row) => row.Fault switch
    {
        RowFault.None => null,
        RowFault.TooManyCells => QualityCodes.TooManyCells,
        RowFault.TooFewCells => map.Profile.Value.AcceptsShortRows ? null : QualityCodes.TooFewCells,
        RowFault.BrokenQuote => QualityCodes.BrokenQuote,
        RowFault.BrokenEncoding => QualityCodes.BrokenEncoding,
        RowFault.ErrorCell => QualityCodes.ErrorCell,
        _ => throw new InvalidOperationException($"a row fault that the mapping does not know: {row.Fault}"),
    };

    private static string? CaseNumberReason(string caseNumber)
    {
        if (caseNumber.Length == 0)
        {
            return QualityCodes.CaseNumberMissing;
        }
        return caseNumber.Length > LongestCaseNumber || Scientific.IsMatch(caseNumber) ? QualityCodes.CaseNumberUnreadable : null;
    }

    private string? ReceivedReason(DateReading received) => received.State switch
    {
        DateState.Absent => QualityCodes.ReceivedDateMissing,
        DateState.Impossible => QualityCodes.ReceivedDateImpossible,
        DateState.Unreadable => QualityCodes.ReceivedDateUnreadable,
        _ when received.Date > frame.AsOf => QualityCodes.ReceivedAfterExport,
        _ when received.Date < earliest => QualityCodes.ReceivedTooOld,
        _ => null,
    };

    /// <summary>A total or title says so in its first cell; a header that recurs in the middle of the data repeats its own names.</summary>
    private bool IsTotal(string[] cells)
    {
        string first = "";
        foreach (string cell in cells)
        {
            if (cell.Length > 0)
            {
                first = cell;
                break;
            }
        }
        if (totals.Count > 0 && first.Length is > 0 and <= 16 && totals.Contains(TaxonomyClass.Fold(first)))
        {
            return true;
        }
        int caseColumn = single[(int)CanonicalField.CaseNumber];
        int dateColumn = single[(int)CanonicalField.ReceivedDate];
        return caseColumn >= 0 && dateColumn >= 0 && IsOwnHeader(cells, caseColumn) && IsOwnHeader(cells, dateColumn);
    }

    private bool IsOwnHeader(string[] cells, int column) =>
        cells[column].Length > 0 && map.Headers[column].EndsWith(cells[column].Trim(), StringComparison.Ordinal) && !char.IsAsciiDigit(cells[column][0]);

    private RejectedRow Rejection(TableRow row, string? caseNumber, CanonicalField field, string reason, string value)
    {
        IReadOnlyList<int> columns = map.ColumnsOf(field);
        return Rejection(row, caseNumber, columns.Count > 0 ? columns[0] : -1, CanonicalFields.NameOf(field), reason, value);
    }

    private RejectedRow Rejection(TableRow row, string? caseNumber, int column, string field, string reason, string? value) =>
        new(row.Line, sheet ?? "", caseNumber, column, field, reason, ShownValue.Of(value), row.Cells);

    /// <summary>The case number of a row whose columns may be shifted: only what looks like a number of a system, never words or a person's number.</summary>
    private string? PlausibleCaseNumber(string[] cells)
    {
        string candidate = Code(cells, CanonicalField.CaseNumber);
        return ShownValue.IsSystemNumber(candidate) ? candidate : null;
    }

    private string Raw(string[] cells, CanonicalField field)
    {
        int column = single[(int)field];
        return column switch
        {
            -1 => "",
            -2 => string.Join(map.JointOf(field), map.ColumnsOf(field).Select(c => cells[c].Trim()).Where(c => c.Length > 0)),
            _ => cells[column],
        };
    }

    private string Code(string[] cells, CanonicalField field) => cleaner.Code(Raw(cells, field));

    private string Text(string[] cells, CanonicalField field) => cleaner.Text(Raw(cells, field));
}
