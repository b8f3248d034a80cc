using Pipeline.Jobs.Ingest.Reading;
using Pipeline.Jobs.Shell;

namespace Pipeline.Tests.Ingest.Reading;

public sealed class InputPathsTests
{
    [Fact]
    public void Folders_and_patterns_expand_in_natural_order_without_repeats()
    {
        using ScratchFolder folder = new();
        foreach (string name in (string[])["2024-10.csv", "2024-9.csv", "2024-09b.xlsx", ".hidden.csv", "~$2024-9.xlsx", "notes.md", "a.csv.gz"])
        {
            folder.File(name, "a,b\n1,2\n");
        }
        Assert.Equal(["2024-9.csv", "2024-09b.xlsx", "2024-10.csv", "a.csv.gz"], Names(folder.Path));
        Assert.Equal(["2024-9.csv", "2024-10.csv"], Names(Path.Combine(folder.Path, "2024-*.csv")));
        Assert.Equal(["2024-9.csv", "2024-10.csv"], Names(Path.Combine(folder.Path, "2024-10.csv"), Path.Combine(folder.Path, "2024-*.csv")));
    }

    [Theory]
    [InlineData("/nowhere/at/all")]
    [InlineData("/nowhere/*.csv")]
    public void What_does_not_exist_is_a_fault_that_names_it(string path)
    {
        PipelineFault fault = Assert.Throws<PipelineFault>(() => InputPaths.Expand([path]));
        Assert.Contains(path, fault.Text.En, StringComparison.Ordinal);
        Assert.Contains(path, fault.Text.Zh, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_tables_is_a_fault()
    {
        using ScratchFolder folder = new();
        Assert.Throws<PipelineFault>(() => InputPaths.Expand([folder.Path]));
    }

    [Theory]
    [InlineData("a2", "a10", -1)]
    [InlineData("a02", "a2", -1)]
    [InlineData("2024-9", "2024-10", -1)]
    [InlineData("b", "a99", 1)]
    [InlineData("same", "same", 0)]
    public void Natural_order_takes_numbers_by_value(string left, string right, int expected) =>
        Assert.Equal(expected, Math.Sign(InputPaths.NaturalOrder.Compare(left, right)));

    private static IEnumerable<string?> Names(params string[] paths) => InputPaths.Expand(paths).Select(Path.GetFileName);
}
