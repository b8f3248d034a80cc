using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Npgsql;
using Pipeline.Jobs.Ingest;
using Pipeline.Jobs.Privacy;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complainants;
using Pipeline.Models.Complainants.Matching;

namespace Pipeline.Jobs.Complainants;

/// <summary>A complaint of the ledger with what it shows of its person and the link that stands.</summary>
/// <param name="Revision">The complaint's; <paramref name="LinkedRevision"/> is the one that was judged.</param>
/// <param name="Person">The key that it is linked to, or null.</param>
/// <param name="WhyJson">Evidence of the link that stands, as the ledger has it; null where there is none.</param>
/// <param name="Shown">Cells of the matching schema; personal data. Empty where the complaint shows nobody.</param>
/// <param name="ContentHash">Of the complaint as it is now.</param>
internal sealed record StandingLink(
    ComplainantEvidence Evidence, int Revision, long? Person, int? LinkedRevision, string? WhyJson, string[] Shown, byte[] ContentHash)
{
    /// <summary>Why it is linked; read when it is asked for, because most rows are only compared.</summary>
    internal LinkEvidence Why => WhyJson is null ? new LinkEvidence(PersonBases.Alone, null, null) : LinkEvidence.Parse(WhyJson);
}

/// <summary>What complaints showed by what exports up to a day told, by complaint: where none told otherwise since, they show it still.</summary>
internal sealed record ToldDetails(DateOnly AsOf, IReadOnlyDictionary<long, string[]> Shown);

/// <summary>Reads what linking judges.</summary>
internal static class LinkRows
{
    private const int BatchRows = 4096;

    /// <summary>Every complaint of the source in the order of receipt. Names and numbers are opened and leave memory with the rows.</summary>
    /// <param name="told">What is open already; null: nothing.</param>
    internal static async Task<List<StandingLink>> ReadAsync(
        NpgsqlConnection connection, KeyRing keys, string source, MatchSchema schema, ToldDetails? told, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(Sql.Get("Complainants/evidence"), connection)
        {
            Parameters = { new() { Value = source }, new() { Value = told?.AsOf ?? DateOnly.MinValue } },
        };
        List<StandingLink> rows = await ReadAsync(command, keys, source, schema, cancellation);
        return told is null ? rows : [.. rows.Select(r => r.Evidence.ShowsSomebody && r.Shown.Length == 0 ? r with { Shown = told.Shown[r.Evidence.ComplaintId] } : r)];
    }

    /// <summary>The complaints of the source that are named, in the order of receipt.</summary>
    internal static async Task<List<StandingLink>> OfAsync(
        NpgsqlConnection connection, KeyRing keys, string source, MatchSchema schema, IEnumerable<long> complaints, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(Sql.Get("Complainants/evidence_of"), connection)
        {
            Parameters = { new() { Value = source }, new() { Value = complaints.ToArray() } },
        };
        return await ReadAsync(command, keys, source, schema, cancellation);
    }

    /// <summary>The complaints that exports up to a day told of, as they told them, in the order of receipt.</summary>
    internal static async Task<List<StandingLink>> ToldByAsync(
        NpgsqlConnection connection, KeyRing keys, string source, MatchSchema schema, DateOnly asOf, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(Sql.Get("Complainants/evidence_learned"), connection)
        {
            Parameters = { new() { Value = source }, new() { Value = asOf } },
        };
        return await ReadAsync(command, keys, source, schema, cancellation);
    }

    /// <summary>The rows of a query with the columns of evidence, some at a time. They are opened by all cores: that is most of the work.</summary>
    internal static async IAsyncEnumerable<List<StandingLink>> BatchesAsync(
        NpgsqlCommand command, KeyRing keys, string source, MatchSchema schema, int rows, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellation);
        List<SealedLink> read = new(rows);
        while (await reader.ReadAsync(cancellation))
        {
            read.Add(Read(reader));
            if (read.Count == rows)
            {
                yield return Open(read, keys, source, schema, cancellation);
                read.Clear();
            }
        }
        if (read.Count > 0)
        {
            yield return Open(read, keys, source, schema, cancellation);
        }
    }

    private static async Task<List<StandingLink>> ReadAsync(
        NpgsqlCommand command, KeyRing keys, string source, MatchSchema schema, CancellationToken cancellation)
    {
        List<StandingLink> rows = [];
        await foreach (List<StandingLink> batch in BatchesAsync(command, keys, source, schema, BatchRows, cancellation))
        {
            rows.AddRange(batch);
        }
        return rows;
    }

    /// <summary>A row before what it shows is opened.</summary>
    private readonly record struct SealedLink(StandingLink Row, byte[] Sealed, int KeyId);

    private static SealedLink Read(NpgsqlDataReader reader)
    {
        ComplainantEvidence evidence = new()
        {
            ComplaintId = reader.GetInt64(0),
            CaseNumber = reader.GetString(1),
            Received = reader.GetFieldValue<DateOnly>(2),
            Name = Token(reader, 4),
            Identity = Token(reader, 5),
            Phones = [.. reader.GetFieldValue<byte[][]>(6).Select(t => EvidenceToken.Of(t))],
            Email = Token(reader, 7),
            Account = Token(reader, 8),
            BirthYear = reader.IsDBNull(9) ? null : reader.GetInt32(9),
            Gender = Text(reader, 10),
        };
        return new SealedLink(
            new StandingLink(
                evidence, reader.GetInt32(3), reader.IsDBNull(11) ? null : reader.GetInt64(11), reader.IsDBNull(12) ? null : reader.GetInt32(12),
                Text(reader, 13), [], reader.GetFieldValue<byte[]>(16)),
            evidence.ShowsSomebody && !reader.IsDBNull(15) ? reader.GetFieldValue<byte[]>(15) : [], reader.GetInt32(14));
    }

    private static List<StandingLink> Open(List<SealedLink> read, KeyRing keys, string source, MatchSchema schema, CancellationToken cancellation)
    {
        StandingLink[] opened = new StandingLink[read.Count];
        try
        {
            Parallel.For(0, opened.Length, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellation }, i =>
            {
                (StandingLink row, byte[] content, int keyId) = read[i];
                ComplainantEvidence shown = row.Evidence;
                opened[i] = content.Length > 0
                    ? row with { Shown = ShownDetails.Open(keys, schema, content, keyId, SealedRow.Place(source, shown.CaseNumber), shown.BirthYear, shown.Gender) }
                    : row;
            });
        }
        catch (AggregateException faults) when (faults.InnerException is { } first && !cancellation.IsCancellationRequested)
        {
            ExceptionDispatchInfo.Throw(first); // the fault itself, not the bundle that the threads make of it
        }
        return [.. opened];
    }

    internal static EvidenceToken Token(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? default : EvidenceToken.Of(reader.GetFieldValue<byte[]>(column));

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}
