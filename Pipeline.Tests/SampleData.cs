namespace Pipeline.Tests;

/// <summary>Where test data stands: in the repository's data-samples, else in the shared folder beside it.</summary>
public static class SampleData
{
    /// <summary>The invented bank: exports, truth, events. It is committed, so it is always there.</summary>
    public static string Bank { get; } = Find("data-samples/cn-bank", "../shared/data/cn-bank")
        ?? throw new DirectoryNotFoundException("data-samples/cn-bank is missing from the repository");

    /// <summary>The invented complaints in the US layout.</summary>
    public static string English { get; } = Find("data-samples/en-sample", "../shared/data/en-sample")
        ?? throw new DirectoryNotFoundException("data-samples/en-sample is missing from the repository");

    /// <summary>A file or folder of third parties' data, which is never committed; null where it is absent.</summary>
    public static string? Shared(string name) => Find($"../shared/data/{name}");

    /// <summary>A file or folder of the repository.</summary>
    public static string OfProject(string name) => Find(name) ?? throw new DirectoryNotFoundException($"{name} is missing from the repository");

    private static string? Find(params string[] candidates)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            foreach (string candidate in candidates)
            {
                string path = Path.GetFullPath(Path.Combine(folder.FullName, candidate));
                if (File.Exists(path) || Directory.Exists(path))
                {
                    return path;
                }
            }
        }
        return null;
    }
}
