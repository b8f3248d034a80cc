using Pipeline.Jobs.Ingest.Mapping;
using Pipeline.Jobs.Ingest.Profiles;
using Pipeline.Models.Complaints;
using Pipeline.Models.Text;

namespace Pipeline.Jobs.Ingest.Quarantine;

/// <summary>
/// How the cells of a quarantined row are shown in a correction sheet. Masked unless asked otherwise: personal columns and columns
/// without a canonical field by their masks; in a row whose columns may be shifted, everything but dates and system numbers.
/// </summary>
public static class CellDisplay
{
    private static readonly HashSet<string> Shifting =
        [QualityCodes.TooManyCells, QualityCodes.TooFewCells, QualityCodes.BrokenQuote, QualityCodes.BrokenEncoding];

    /// <param name="map">How the row's table is read.</param>
    public static string[] Masked(string[] cells, ColumnMap map, string reason)
    {
        if (Shifting.Contains(reason))
        {
            return [.. cells.Select(c => ShownValue.Of(c) ?? "")];
        }
        string[] known = [.. map.ColumnsOf(CanonicalField.Name).Select(c => cells[c]).Where(c => c.Length > 0)];
        string[] shown = new string[cells.Length];
        for (int i = 0; i < cells.Length; i++)
        {
            shown[i] = cells[i].Length == 0 ? "" : Mask(cells[i], i < map.Headers.Count ? map.FieldOf(i) : null, known);
        }
        return shown;
    }

    private static string Mask(string cell, CanonicalField? field, string[] known) => field switch
    {
        null => Masking.FreeText(cell, known),
        CanonicalField.Name => Masking.Name(cell),
        CanonicalField.IdentityNumber => Masking.IdentityNumber(cell),
        CanonicalField.PhoneContact or CanonicalField.PhoneReply or CanonicalField.PhoneReserved => Masking.Phone(cell),
        CanonicalField.Email => Masking.Email(cell),
        CanonicalField.Account => Masking.Account(cell),
        CanonicalField.Address => Masking.Address(cell),
        CanonicalField.Narrative => Masking.FreeText(cell, known),
        CanonicalField.CaseNumber or CanonicalField.ReceivedDate => ShownValue.Of(cell) ?? "",
        _ => cell,
    };
}
