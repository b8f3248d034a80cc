using Pipeline.Jobs.Shell;

namespace Pipeline.Jobs.Ingest.Reading;

/// <summary>
/// The files that <c>read --output</c> writes: every table to a file of its own beside the output, which get their names only when all are whole.
/// </summary>
internal sealed class TableFiles : IDisposable
{
    private readonly string output;
    private readonly List<(string Path, CleanCsv Csv)> parts = [];

    private TableFiles(string output) => this.output = output;

    /// <summary>A file that was written.</summary>
    public readonly record struct Written(string Path, long Rows);

    /// <exception cref="PipelineFault">The output is the input, or its folder does not exist.</exception>
    public static TableFiles Begin(string input, string output)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(output)) ?? ".";
        if (Path.GetFullPath(input) == Path.GetFullPath(output))
        {
            throw PipelineFault.Usage("--output 不能与输入是同一个文件。", "--output must not be the input file.");
        }
        if (!Directory.Exists(folder))
        {
            throw PipelineFault.Usage($"输出文件夹 '{folder}' 不存在。请先创建。", $"The output folder '{folder}' does not exist. Create it first.");
        }
        return new TableFiles(output);
    }

    public CleanCsv Next()
    {
        string path = AtomicFile.PartialName($"{output}.{parts.Count + 1}");
        CleanCsv csv = new(new FileStream(path, FileMode.Create, FileAccess.Write));
        parts.Add((path, csv));
        return csv;
    }

    /// <summary>Gives the files their names: the main table the output's, the others -2, -3 … in their order.</summary>
    public IReadOnlyList<Written> Finish(int main)
    {
        List<Written> written = [];
        int number = 2;
        for (int i = 0; i < parts.Count; i++)
        {
            (string temporary, CleanCsv csv) = parts[i];
            csv.Dispose();
            string target = i == main
                ? output
                : Path.Combine(Path.GetDirectoryName(output) ?? "", $"{Path.GetFileNameWithoutExtension(output)}-{number++}{Path.GetExtension(output)}");
            File.Move(temporary, target, overwrite: true);
            written.Add(new Written(target, csv.Rows - 1));
        }
        parts.Clear();
        return [.. written.OrderBy(file => file.Path != output)];
    }

    /// <summary>Whatever was not finished is removed.</summary>
    public void Dispose()
    {
        foreach ((string path, CleanCsv csv) in parts)
        {
            csv.Dispose();
            File.Delete(path);
        }
    }
}
