using Npgsql;
using Pipeline.Jobs.Ingest;
using Pipeline.Jobs.Privacy;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complaints;
using Pipeline.Models.Flags.Organised;
using Pipeline.Models.Text;

namespace Pipeline.Jobs.Flags;

/// <summary>Opens the letters that the search for patterns compares. Their texts are kept packed and leave memory with the step.</summary>
public static class LetterLedger
{
    /// <param name="facts">By complaint id; a complaint that is not among them is left out.</param>
    public static async Task<IReadOnlyList<OrganisedLetter>> LoadAsync(
        NpgsqlConnection connection, KeyRing keys, string source, DateOnly from, DateOnly to,
        IReadOnlyDictionary<long, ComplaintFact> facts, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(Sql.Get("Flags/letters"), connection)
        {
            Parameters = { new() { Value = source }, new() { Value = from }, new() { Value = to } },
        };
        List<OrganisedLetter> letters = [];
        PackedTexts texts = new();
        Dictionary<string, string> known = new(StringComparer.Ordinal);
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            if (!facts.TryGetValue(row.GetInt64(0), out ComplaintFact? fact))
            {
                continue;
            }
            byte[] plain = keys.Open(row.GetFieldValue<byte[]>(3), row.GetInt32(2), SealedRow.Place(source, row.GetString(1)));
            IEnumerable<byte[]> tokens = row.GetFieldValue<byte[][]>(4);
            letters.Add(new OrganisedLetter(
                fact, KeptText.Of(texts, texts.Add(SealedRow.Read(plain)[SealedRow.Narrative] ?? "")),
                [.. (row.IsDBNull(5) ? tokens : tokens.Append(row.GetFieldValue<byte[]>(5))).Select(Convert.ToBase64String).Select(Once)]));
        }
        texts.Seal();
        return letters;

        // Who complains again does so from the same telephone.
        string Once(string contact) => known.TryGetValue(contact, out string? before) ? before : known[contact] = contact;
    }
}
