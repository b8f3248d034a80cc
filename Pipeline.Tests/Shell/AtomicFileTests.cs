using System.Text;
using Pipeline.Jobs.Shell;

namespace Pipeline.Tests.Shell;

public sealed class AtomicFileTests
{
    [Fact]
    public async Task What_killed_processes_left_half_written_goes_with_the_next_whole_file_and_what_is_being_written_stays()
    {
        string folder = Directory.CreateTempSubdirectory("pipeline-atomic-").FullName;
        string path = Path.Combine(folder, "2026-10-trend.xlsx");
        string left = path + ".0123abcd.tmp";
        string held = path + ".89abcdef.tmp";
        string another = Path.Combine(folder, "2026-10-cases.xlsx.0123abcd.tmp");
        foreach (string file in (string[])[left, held, another])
        {
            File.WriteAllText(file, "half");
        }
        using (FileStream writing = new(held, FileMode.Open, FileAccess.Write, FileShare.None))
        {
            await AtomicFile.WriteAsync(path, Encoding.UTF8.GetBytes("whole"), default);
            Assert.Equal([another, path, held], Directory.GetFiles(folder).Order(StringComparer.Ordinal));
        }
        Assert.Equal("whole", File.ReadAllText(path));
        Directory.Delete(folder, recursive: true);
    }
}
