using System.Text;
using Pipeline.Jobs.Ingest.Reading;

namespace Pipeline.Tests.Ingest.Reading;

/// <summary>A folder of its own for one test, removed after it.</summary>
public sealed class ScratchFolder : IDisposable
{
    public ScratchFolder() => Path = Directory.CreateTempSubdirectory("pipeline-read-").FullName;

    public string Path { get; }

    public string File(string name, byte[] content)
    {
        string path = System.IO.Path.Combine(Path, name);
        System.IO.File.WriteAllBytes(path, content);
        return path;
    }

    public string File(string name, string content) => File(name, Encoding.UTF8.GetBytes(content));

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

/// <summary>A table read whole, for comparing.</summary>
public sealed record WholeTable(TableShape Shape, IReadOnlyList<TableRow> Rows)
{
    public static List<WholeTable> Read(string path, ReadOptions? options = null)
    {
        List<WholeTable> tables = [];
        foreach (ITableSource source in TableReader.Open(path, options ?? new ReadOptions()))
        {
            using (source)
            {
                tables.Add(new WholeTable(source.Shape, [.. source.Rows()]));
            }
        }
        return tables;
    }

    /// <summary>The only table of a text.</summary>
    public static WholeTable OfText(string text, ReadOptions? options = null)
    {
        using ScratchFolder folder = new();
        return Assert.Single(Read(folder.File("table.csv", text), options));
    }

    public string[][] Cells => [.. Rows.Select(row => row.Cells)];
}

/// <summary>Finds the shared data set beside the repository; tests that need it say that they were skipped where it is absent.</summary>
public static class SharedData
{
    /// <summary>The folder <c>shared/data</c> beside some folder above the tests, or null.</summary>
    public static string? Folder { get; } = Find();

    public static string? Path(params string[] parts)
    {
        string? path = Folder is null ? null : System.IO.Path.Combine([Folder, .. parts]);
        return path is not null && (File.Exists(path) || Directory.Exists(path)) ? path : null;
    }

    private static string? Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = System.IO.Path.Combine(folder.FullName, "shared", "data");
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }
        return null;
    }
}
