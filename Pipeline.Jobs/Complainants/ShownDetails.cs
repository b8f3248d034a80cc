using System.Globalization;
using Pipeline.Jobs.Ingest;
using Pipeline.Jobs.Privacy;
using Pipeline.Models.Complainants.Matching;

namespace Pipeline.Jobs.Complainants;

/// <summary>Opens what a complaint shows of its person, as cells of the matching schema. The values leave memory with the step.</summary>
internal static class ShownDetails
{
    private const string BirthYear = "birth_year";
    private const string Gender = "gender";

    /// <param name="sealedRow">The column <c>sealed</c> of the complaint.</param>
    /// <returns>One cell for each of the schema's columns; a column that the ledger does not know is empty.</returns>
    internal static string[] Open(KeyRing keys, MatchSchema schema, byte[] sealedRow, int keyId, string place, int? birthYear, string? gender)
    {
        SealedRow row = SealedRow.Read(keys.Open(sealedRow, keyId, place));
        string[] cells = new string[schema.Columns.Count];
        for (int i = 0; i < cells.Length; i++)
        {
            cells[i] = schema.Columns[i] switch
            {
                BirthYear => birthYear?.ToString(CultureInfo.InvariantCulture) ?? "",
                Gender => gender ?? "",
                string column => row[column] ?? row[SealedRow.SetAsidePrefix + column] ?? "",
            };
        }
        return cells;
    }
}
