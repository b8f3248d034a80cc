using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Steps;
using Pipeline.Reports;

namespace Pipeline.Tests.Steps;

public sealed class PublicationTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("publication-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task An_unchanged_workbook_is_left_alone_and_a_changed_one_is_replaced()
    {
        await Publication.WriteAsync([Workbook("a", 1), Workbook("b", 1)], folder, default);
        DateTime before = new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(Path.Combine(folder, "a.xlsx"), before);
        File.SetLastWriteTimeUtc(Path.Combine(folder, "b.xlsx"), before);
        IReadOnlyList<string> paths = await Publication.WriteAsync([Workbook("a", 1), Workbook("b", 2)], folder, default);
        Assert.Equal(["a.xlsx", "b.xlsx"], paths.Select(Path.GetFileName));
        Assert.Equal(before, File.GetLastWriteTimeUtc(paths[0]));
        Assert.Equal([2], await File.ReadAllBytesAsync(paths[1]));
    }

    [Fact]
    public async Task Where_one_workbook_cannot_be_written_those_that_stood_stay_and_nothing_is_left_beside_them()
    {
        await Publication.WriteAsync([Workbook("a", 1)], folder, default);
        PipelineFault fault = await Assert.ThrowsAsync<PipelineFault>(
            () => Publication.WriteAsync([Workbook("a", 2), Workbook("no such folder/b", 2)], folder, default));
        Assert.Equal(ExitCodes.EnvironmentFailed, fault.ExitCode);
        Assert.Equal([1], await File.ReadAllBytesAsync(Path.Combine(folder, "a.xlsx")));
        Assert.Equal(["a.xlsx"], Directory.EnumerateFiles(folder).Select(Path.GetFileName));
    }

    private static WorkbookFile Workbook(string name, byte content) => new(name, $"{name}.xlsx", [content], "");
}
