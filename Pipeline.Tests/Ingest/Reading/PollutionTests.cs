using Pipeline.Jobs.Ingest.Reading;
using Xunit.Abstractions;

namespace Pipeline.Tests.Ingest.Reading;

/// <summary>Every polluted file gives, cell by cell, the table that a person sees in it.</summary>
public sealed class PollutionTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(1)]
    [InlineData(20261005)]
    public void Polluted_files_give_the_table_that_was_polluted(int seed)
    {
        List<string> wrong = [];
        int files = 0;
        using ScratchFolder folder = new();
        foreach (PollutedFile file in PollutedTables.All(seed))
        {
            files++;
            if (Difference(folder.File("polluted.csv", file.Content), file) is string difference)
            {
                wrong.Add($"{file.Name}: {difference}");
            }
        }
        output.WriteLine($"{files - wrong.Count} of {files} files read without a difference");
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    private static string? Difference(string path, PollutedFile file)
    {
        WholeTable table = WholeTable.Read(path)[0];
        TableShape shape = table.Shape;
        if (shape.HeaderRows != file.HeaderRows || shape.SkippedRows != file.SkippedRows)
        {
            return $"header rows {shape.HeaderRows}, skipped {shape.SkippedRows} (delimiter '{shape.Delimiter}', quote {shape.Quote}, {shape.Encoding}, {shape.Columns.Count} columns)";
        }
        if (file.Header is not null && !shape.Columns.SequenceEqual(file.Header))
        {
            return $"columns {string.Join('|', shape.Columns)}";
        }
        if (table.Rows.Count != file.Rows.Length)
        {
            return $"{table.Rows.Count} rows instead of {file.Rows.Length} (delimiter '{shape.Delimiter}', quote {shape.Quote})";
        }
        for (int i = 0; i < file.Rows.Length; i++)
        {
            if (!table.Rows[i].Cells.SequenceEqual(file.Rows[i]))
            {
                return $"row {i}: {string.Join('|', table.Rows[i].Cells)} instead of {string.Join('|', file.Rows[i])} (delimiter '{shape.Delimiter}', quote {shape.Quote})";
            }
            if ((table.Rows[i].Fault != RowFault.None) != file.FaultyRows.Contains(i))
            {
                return $"row {i}: fault {table.Rows[i].Fault}";
            }
        }
        return null;
    }
}
