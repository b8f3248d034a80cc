namespace Pipeline.Tests;

/// <summary>
/// Files that stand beside tests and hold what was looked at and approved, so that nothing moves unnoticed. A wanted change is written with
/// PIPELINE_WRITE_GOLDEN=1, looked at, and committed with its reason.
/// </summary>
internal static class GoldenFile
{
    /// <param name="name">Path from the root of the checkout.</param>
    public static void Check(string name, IReadOnlyList<string> lines)
    {
        string path = Path.Combine(Root(), name);
        if (Environment.GetEnvironmentVariable("PIPELINE_WRITE_GOLDEN") == "1")
        {
            File.WriteAllLines(path, lines);
        }
        string[] approved = File.Exists(path) ? File.ReadAllLines(path) : [];
        for (int i = 0; i < Math.Min(approved.Length, lines.Count); i++)
        {
            Assert.True(approved[i] == lines[i], $"{name}, line {i + 1}:\napproved {approved[i]}\nnow      {lines[i]}\nRenew it with PIPELINE_WRITE_GOLDEN=1 if the change is wanted.");
        }
        Assert.Equal(approved.Length, lines.Count);
    }

    private static string Root()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Pipeline.sln")))
            {
                return folder.FullName;
            }
        }
        throw new DirectoryNotFoundException($"Pipeline.sln was not found above {AppContext.BaseDirectory}");
    }
}
