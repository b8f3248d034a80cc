using Npgsql;
using NpgsqlTypes;
using Pipeline.Jobs.Ingest;
using Pipeline.Jobs.Privacy;
using Pipeline.Jobs.Store;

namespace Pipeline.Jobs.Flags;

/// <summary>Narratives, opened for a few complaints at a time; whoever asks lets go of them when they are judged.</summary>
internal static class SealedTexts
{
    /// <summary>Complaints whose texts are in memory at a time.</summary>
    public const int BatchCases = 2_000;

    /// <summary>A narrative in clear, null where there is none, and the content hash of its complaint.</summary>
    public readonly record struct OpenText(long ComplaintId, string? Text, byte[] ContentHash);

    public static async Task<List<OpenText>> OpenAsync(
        NpgsqlConnection connection, KeyRing keys, string source, long[] complaints, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(Sql.Get("Flags/sealed_texts"), connection)
        {
            Parameters = { new() { Value = complaints, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint } },
        };
        List<OpenText> texts = new(complaints.Length);
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            byte[] plain = keys.Open(row.GetFieldValue<byte[]>(3), row.GetInt32(2), SealedRow.Place(source, row.GetString(1)));
            texts.Add(new OpenText(row.GetInt64(0), SealedRow.Read(plain)[SealedRow.Narrative], row.GetFieldValue<byte[]>(4)));
        }
        return texts;
    }
}
