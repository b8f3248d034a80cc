using Pipeline.Jobs.Shell;
using Pipeline.Models.Text;

namespace Pipeline.Tests.Shell;

/// <summary>What the operating system refuses is told in the language in use, by the name that the user gave.</summary>
public sealed class SystemWordsTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("pipeline-words-");

    [Fact]
    public async Task A_file_where_a_folder_should_be_is_told_in_either_language()
    {
        string file = Path.Combine(folder.FullName, "report");
        await File.WriteAllTextAsync(file, "");
        Exception fault = await Assert.ThrowsAnyAsync<IOException>(() => AtomicFile.WriteAsync(Path.Combine(file, "a.xlsx"), [1], default));
        Assert.Equal(new Bilingual($"那里已有同名的文件（{file}）", $"a file of that name is there already ({file})"), SystemWords.Of(fault));
    }

    [Fact]
    public async Task A_missing_folder_is_told_without_the_name_of_a_half_written_file()
    {
        string path = Path.Combine(folder.FullName, "missing", "a.csv");
        Exception fault = await Assert.ThrowsAnyAsync<IOException>(() => File.WriteAllTextAsync(AtomicFile.PartialName(path), ""));
        Assert.Equal(new Bilingual($"文件夹不存在（{path}）", $"the folder does not exist ({path})"), SystemWords.Of(fault));
        PipelineFault told = FaultReport.Explain(fault, folder.FullName, isCancelled: false)!;
        Assert.Equal(ExitCodes.EnvironmentFailed, told.ExitCode);
        Assert.StartsWith("文件夹不存在", told.Text.Zh, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Delete(recursive: true);
}
