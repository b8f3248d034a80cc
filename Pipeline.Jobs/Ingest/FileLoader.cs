using System.Threading.Channels;
using Npgsql;
using Pipeline.Jobs.Ingest.Cleaning;
using Pipeline.Jobs.Ingest.Ledger;
using Pipeline.Jobs.Ingest.Mapping;
using Pipeline.Jobs.Ingest.Profiles;
using Pipeline.Jobs.Ingest.Reading;
using Pipeline.Jobs.Privacy;
using Pipeline.Models.Taxonomy;

namespace Pipeline.Jobs.Ingest;

/// <summary>
/// Reads, maps and writes one file in three stages that overlap: one parses, one cleans, hashes and seals, one talks to the database.
/// Bounded queues between them, so that memory does not grow with the file.
/// </summary>
public sealed class FileLoader(
    KeyRing keys, ComplaintTaxonomy taxonomy, DateOnly asOf, Action<long>? progress, CancellationToken cancellation, int rowsPerBatch = FileLoader.UsualRowsPerBatch)
{
    /// <summary>Arrays of this many rows stay below the size (85,000 bytes) from which memory is only given back by a full collection.</summary>
    internal const int UsualRowsPerBatch = 3_000;
    private const int CharactersPerBatch = 6_000_000;
    private const int BatchesInFlight = 3;

    private readonly CellCleaner cleaner = new();

    /// <value>Cells cleaned, by kind in snake_case; kinds that did not occur are left out.</value>
    public IReadOnlyDictionary<string, long> Repairs => cleaner.Counts
        .Where(c => c.Value > 0)
        .ToDictionary(c => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(c.Key.ToString()), c => c.Value);

    /// <summary>Loads all tables of a file inside the caller's transaction.</summary>
    public async Task LoadAsync(OfferedTables tables, string source, LedgerLoad ledger)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Channel<RowChunk> parsed = Channel.CreateBounded<RowChunk>(new BoundedChannelOptions(2) { SingleReader = true, SingleWriter = true });
        Channel<LoadStep> mapped = Channel.CreateBounded<LoadStep>(new BoundedChannelOptions(BatchesInFlight) { SingleReader = true, SingleWriter = true });
        Channel<MappedBatch> free = Channel.CreateBounded<MappedBatch>(BatchesInFlight);
        for (int i = 0; i < BatchesInFlight; i++)
        {
            free.Writer.TryWrite(new MappedBatch());
        }
        // The first two have threads of their own: on two cores the pool has two, and the database's answers need them.
        Task parsing = OnOwnThread(() => Parse(tables, parsed.Writer, stop.Token), parsed.Writer, stop);
        Task mapping = OnOwnThread(() => Map(parsed.Reader, mapped.Writer, free.Reader, source, ledger.FileId, stop.Token), mapped.Writer, stop);
        Task writing = StageAsync(() => WriteAsync(mapped.Reader, free.Writer, ledger, stop.Token), free.Writer, stop);
        await FirstFaultAsync(parsing, mapping, writing);
    }

    private void Parse(OfferedTables tables, ChannelWriter<RowChunk> output, CancellationToken stop)
    {
        foreach (OfferedTable table in tables.Tables())
        {
            using ITableSource source = table.Source;
            List<TableRow> rows = new(rowsPerBatch);
            int characters = 0;
            foreach (TableRow row in source.Rows())
            {
                rows.Add(row);
                foreach (string cell in row.Cells)
                {
                    characters += cell.Length;
                }
                if (rows.Count == rowsPerBatch || characters > CharactersPerBatch)
                {
                    Put(output, new RowChunk(table, rows), stop);
                    rows = new List<TableRow>(rowsPerBatch);
                    characters = 0;
                }
            }
            // Also without rows: the header of the table is recorded.
            Put(output, new RowChunk(table, rows), stop);
        }
    }

    private void Map(
        ChannelReader<RowChunk> input, ChannelWriter<LoadStep> output, ChannelReader<MappedBatch> free, string source, long fileId, CancellationToken stop)
    {
        ComplaintMapper? mapper = null;
        OfferedTable? current = null;
        string? slashFormat = null;
        foreach (RowChunk chunk in input.ReadAllAsync(stop).ToBlockingEnumerable(stop))
        {
            if (current != chunk.Table)
            {
                current = chunk.Table;
                slashFormat = SlashFormat(current.Map, chunk.Rows);
                MappingFrame frame = new(source, asOf, fileId, slashFormat);
                mapper = new ComplaintMapper(current.Map, frame, current.Source.Shape.Sheet, taxonomy, keys, cleaner);
            }
            MappedBatch batch = free.ReadAsync(stop).AsTask().GetAwaiter().GetResult();
            batch.FirstLine = chunk.Rows.Count > 0 ? chunk.Rows[0].Line : 0;
            foreach (TableRow row in chunk.Rows)
            {
                mapper!.Map(row, batch);
            }
            Put(output, new LoadStep(current, slashFormat, batch), stop);
        }
    }

    private async Task WriteAsync(ChannelReader<LoadStep> input, ChannelWriter<MappedBatch> free, LedgerLoad ledger, CancellationToken stop)
    {
        OfferedTable? current = null;
        try
        {
            await foreach (LoadStep step in input.ReadAllAsync(stop))
            {
                if (current != step.Table)
                {
                    current = step.Table;
                    await ledger.AddTableAsync(current.Ordinal, current.Source.Shape, step.Batch.FirstLine, step.SlashFormat);
                }
                await ledger.ApplyAsync(step.Batch);
                progress?.Invoke(ledger.Counts.Read);
                step.Batch.Clear();
                await free.WriteAsync(step.Batch, stop);
            }
        }
        finally
        {
            // Also when another stage failed: the connection must be at rest before the transaction is given up.
            await ledger.SettleAsync();
        }
    }

    /// <summary>Day first or month first, where the profile leaves it to the data: asked of the first rows' dates of receipt.</summary>
    private static string? SlashFormat(ColumnMap map, List<TableRow> rows)
    {
        if (map.Profile.Value.DateFormats?.Contains(DateReader.SlashBySample) != true || map.ColumnsOf(CanonicalField.ReceivedDate) is not [int column, ..])
        {
            return null;
        }
        return DateReader.SlashFormat(rows.Where(r => r.Cells.Length > column).Select(r => r.Cells[column]));
    }

    /// <summary>Waits, on this thread, for room in the queue.</summary>
    private static void Put<T>(ChannelWriter<T> output, T item, CancellationToken stop)
    {
        if (!output.TryWrite(item))
        {
            output.WriteAsync(item, stop).AsTask().GetAwaiter().GetResult();
        }
    }

    private static Task OnOwnThread<T>(Action work, ChannelWriter<T> output, CancellationTokenSource stop) => Task.Factory.StartNew(
        () => StageAsync(
            () =>
            {
                work();
                return Task.CompletedTask;
            },
            output,
            stop),
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default).Unwrap();

    /// <summary>Runs a stage; when it ends, the next one ends after it, and when it fails, all stop.</summary>
    private static async Task StageAsync<T>(Func<Task> work, ChannelWriter<T> output, CancellationTokenSource stop)
    {
        try
        {
            await work();
            output.TryComplete();
        }
        catch (Exception fault)
        {
            output.TryComplete(fault);
            await stop.CancelAsync();
            throw;
        }
    }

    /// <summary>Waits for all stages and throws what went wrong first, not the cancellations that followed from it.</summary>
    private async Task FirstFaultAsync(params Task[] stages)
    {
        Task all = Task.WhenAll(stages);
        await all.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        cancellation.ThrowIfCancellationRequested();
        Exception? cause = all.Exception?.Flatten().InnerExceptions.Select(Cause).FirstOrDefault(f => f is not OperationCanceledException);
        if (cause is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(cause);
        }
        await all;
    }

    private static Exception Cause(Exception fault) => fault is ChannelClosedException { InnerException: Exception inner } ? inner : fault;

    private sealed record RowChunk(OfferedTable Table, List<TableRow> Rows);

    private sealed record LoadStep(OfferedTable Table, string? SlashFormat, MappedBatch Batch);
}
