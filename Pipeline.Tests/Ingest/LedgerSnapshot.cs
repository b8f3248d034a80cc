using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using Pipeline.Jobs.Ingest;
using Pipeline.Jobs.Privacy;

namespace Pipeline.Tests.Ingest;

/// <summary>
/// What a ledger says, comparable between databases with different keys and identifiers: every state and revision of every case with
/// its sealed content opened, one line each, in order.
/// </summary>
internal static class LedgerSnapshot
{
    private const string States = """
        select complaint.*, source_file.name as file_name, true as stands
        from complaint join source_file using (file_id)
        union all
        select {columns}, source_file.name as file_name, false as stands
        from complaint_revision join source_file using (file_id)
        """;

    private static readonly HashSet<string> NotComparable =
        ["complaint_id", "content_hash", "file_id", "name_token", "identity_token", "phone_tokens", "email_token", "account_token", "key_id", "sealed"];

    private static readonly HashSet<string> Lineage = ["line_number", "sheet_name", "file_name", "as_of_date"];

    /// <param name="withLineage">With file, line and export date; without it only what is said about the cases.</param>
    public static async Task<IReadOnlyList<string>> TakeAsync(NpgsqlDataSource source, KeyRing keys, bool withLineage = true)
    {
        List<string> lines = [];
        List<string> columns = [];
        await using (NpgsqlCommand names = source.CreateCommand(
            "select column_name from information_schema.columns where table_name = 'complaint' and table_schema = current_schema() order by ordinal_position"))
        await using (NpgsqlDataReader reader = await names.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                columns.Add($"complaint_revision.{reader.GetString(0)}");
            }
        }
        await using NpgsqlCommand command = source.CreateCommand(States.Replace("{columns}", string.Join(", ", columns), StringComparison.Ordinal));
        await using NpgsqlDataReader states = await command.ExecuteReaderAsync();
        while (await states.ReadAsync())
        {
            StringBuilder line = new();
            line.Append(states["case_number"]).Append(" r").Append(((int)states["revision"]).ToString("000", CultureInfo.InvariantCulture));
            for (int i = 0; i < states.FieldCount; i++)
            {
                string name = states.GetName(i);
                if (!NotComparable.Contains(name) && (withLineage || !Lineage.Contains(name)))
                {
                    object value = states.GetValue(i);
                    line.Append('|').Append(name).Append('=').Append(value is string[] many ? string.Join(',', many) : Convert.ToString(value, CultureInfo.InvariantCulture));
                }
            }
            string place = SealedRow.Place((string)states["source"], (string)states["case_number"]);
            SealedRow opened = SealedRow.Read(keys.Open((byte[])states["sealed"], (int)states["key_id"], place));
            string personal = string.Join('|', opened.Select(e => $"{e.Key}={e.Value}").Order(StringComparer.Ordinal));
            line.Append("|sealed=").Append(Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(personal)))[..16]);
            lines.Add(line.ToString());
        }
        lines.Sort(StringComparer.Ordinal);
        return lines;
    }

    /// <summary>Fails with the first lines that differ: a comparison of thousands of lines tells nobody anything.</summary>
    public static void AssertSame(IReadOnlyList<string> expected, IReadOnlyList<string> actual)
    {
        List<string> differences = [.. expected.Except(actual).Take(3).Select(l => "- " + l), .. actual.Except(expected).Take(3).Select(l => "+ " + l)];
        Assert.True(differences.Count == 0 && expected.Count == actual.Count, $"{expected.Count} and {actual.Count} states\n{string.Join('\n', differences)}");
    }
}
