using Pipeline.Jobs.Ingest.Reading;
using Pipeline.Jobs.Rules;
using Pipeline.Jobs.Shell;
using Pipeline.Models.Complainants.Matching;
using Pipeline.Models.Text;

namespace Pipeline.Jobs.Complainants;

/// <summary>Reads tables of persons by a schema.</summary>
public static class PersonTables
{
    /// <summary>The lexicon of names that came with the program, or the one in the home folder's rules.</summary>
    public static PinnedRule<NameLexicon> Lexicon(string home) => RuleFiles.Load(home, "lexicon.names.json", NameLexicon.Parse);

    /// <exception cref="PipelineFault">There is no such file, or it is no schema: everything that is wrong is listed.</exception>
    public static MatchSchema Schema(string path)
    {
        if (!File.Exists(path))
        {
            throw PipelineFault.Usage($"找不到匹配方案文件 '{path}'。", $"The schema file '{path}' does not exist.");
        }
        (MatchSchema? schema, IReadOnlyList<Bilingual> faults) = MatchSchemaReader.Read(File.ReadAllText(path));
        return schema ?? throw PipelineFault.Usage(
            $"匹配方案 '{path}' 有 {faults.Count} 处问题：{string.Join("；", faults.Select(f => f.Zh))}。",
            $"The schema '{path}' has {faults.Count} faults: {string.Join("; ", faults.Select(f => f.En))}.");
    }

    /// <summary>Reads all inputs, each its largest table.</summary>
    /// <exception cref="PipelineFault">A file cannot be read, or lacks columns of the schema.</exception>
    public static MatchTable Read(IReadOnlyList<string> inputs, MatchSchema schema, NameLexicon lexicon, Action<Bilingual> notice, CancellationToken cancellation)
    {
        MatchTableBuilder builder = new(schema, lexicon, inputs.Count);
        for (int input = 0; input < inputs.Count; input++)
        {
            Read(inputs[input], input, schema, builder, notice, cancellation);
        }
        return builder.Build();
    }

    private static void Read(string path, int input, MatchSchema schema, MatchTableBuilder builder, Action<Bilingual> notice, CancellationToken cancellation)
    {
        ITableSource? table = null;
        int[] places = [];
        List<string> seen = [];
        try
        {
            foreach (ITableSource candidate in TableReader.Open(path, new ReadOptions { Notice = notice }))
            {
                int[] found = [.. schema.Columns.Select(c => IndexOf(candidate.Shape.Columns, c))];
                if (found.All(p => p >= 0))
                {
                    (table, places) = (candidate, found);
                    break;
                }
                seen.AddRange(candidate.Shape.Columns);
                candidate.Dispose();
            }
            if (table is null)
            {
                string[] missing = [.. schema.Columns.Where(c => IndexOf(seen, c) < 0)];
                throw PipelineFault.Usage(
                    $"'{path}' 没有方案需要的列：{string.Join("、", missing)}。现有列：{string.Join("、", seen)}。请更正方案中的 columns，或文件的表头。",
                    $"'{path}' lacks columns that the schema needs: {string.Join(", ", missing)}. Its columns: {string.Join(", ", seen)}. Correct 'columns' in the schema, or the header of the file.");
            }
            string[] cells = new string[places.Length];
            foreach (TableRow row in table.Rows())
            {
                cancellation.ThrowIfCancellationRequested();
                for (int i = 0; i < places.Length; i++)
                {
                    cells[i] = places[i] < row.Cells.Length ? row.Cells[places[i]] : "";
                }
                builder.Add(input, cells);
            }
        }
        finally
        {
            table?.Dispose();
        }
    }

    /// <summary>Where a column stands, or -1; <c>a|b</c> is a, else b.</summary>
    internal static int IndexOf(IReadOnlyList<string> columns, string names)
    {
        foreach (string name in names.Split('|'))
        {
            for (int i = 0; i < columns.Count; i++)
            {
                if (columns[i].Trim().Equals(name, StringComparison.OrdinalIgnoreCase))
                {
                    return i;
                }
            }
        }
        return -1;
    }
}
