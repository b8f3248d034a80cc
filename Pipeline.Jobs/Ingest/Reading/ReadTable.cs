using System.Text.Json;

namespace Pipeline.Jobs.Ingest.Reading;

/// <summary>Rows with one kind of fault, and the first line (1-based) that has it.</summary>
internal sealed record FaultCount(long Rows, long FirstLine);

/// <summary>A table that was read to its end. <see cref="Faults"/> is by name of the fault, in snake case.</summary>
internal sealed record ReadTable(TableShape Shape, long Rows, IReadOnlyDictionary<string, FaultCount> Faults)
{
    public long Cells => checked((Rows + 1) * Shape.Columns.Count);

    /// <summary>Reads the table, writing it to <paramref name="csv"/> where there is one.</summary>
    public static ReadTable Count(ITableSource source, CleanCsv? csv, CancellationToken cancellation)
    {
        SortedDictionary<string, FaultCount> faults = new(StringComparer.Ordinal);
        long rows = 0;
        csv?.Write(source.Shape.Columns);
        foreach (TableRow row in source.Rows())
        {
            cancellation.ThrowIfCancellationRequested();
            rows++;
            csv?.Write(row.Cells);
            if (row.Fault != RowFault.None)
            {
                string name = JsonNamingPolicy.SnakeCaseLower.ConvertName(row.Fault.ToString());
                faults[name] = faults.TryGetValue(name, out FaultCount? known) ? known with { Rows = known.Rows + 1 } : new FaultCount(1, row.Line);
            }
        }
        return new ReadTable(source.Shape, rows, faults);
    }
}
