using System.Text.RegularExpressions;
using Pipeline.Models.Text;

namespace Pipeline.Jobs.Shell;

/// <summary>What the operating system refused, in either language: the framework's own sentences are English, and name half-written files that nobody asked for.</summary>
internal static partial class SystemWords
{
    /// <returns>A clause without full stop, with the path where the framework names one.</returns>
    public static Bilingual Of(Exception fault)
    {
        string path = Quoted().Match(fault.Message) is { Success: true } quoted ? Partial().Replace(quoted.Groups[1].Value, "") : "";
        Bilingual? known = fault switch
        {
            UnauthorizedAccessException => new("没有权限", "access is denied"),
            DirectoryNotFoundException => new("文件夹不存在", "the folder does not exist"),
            FileNotFoundException => new("文件不存在", "the file does not exist"),
            IOException when Says(fault, "No space left") => new("磁盘已满", "the disk is full"),
            IOException when Says(fault, "Read-only file system") => new("文件系统只读", "the file system is read-only"),
            IOException when Says(fault, "being used by another process") => new("文件正被其他程序打开", "the file is open in another program"),
            IOException when Says(fault, "address already in use") => new("端口已被其他程序占用", "the port is in use already"),
            IOException when Says(fault, "already exists") => new("那里已有同名的文件", "a file of that name is there already"),
            _ => null,
        };
        string rest = Partial().Replace(fault.Message, "").TrimEnd('.', ' ');
        return known is not { } words ? new(rest, rest) : path.Length == 0 ? words : new($"{words.Zh}（{path}）", $"{words.En} ({path})");
    }

    private static bool Says(Exception fault, string words) => fault.Message.Contains(words, StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex("'([^']+)'")]
    private static partial Regex Quoted();

    /// <summary>The ending of a file that is being written (<see cref="AtomicFile.PartialName"/>).</summary>
    [GeneratedRegex(@"\.[0-9a-f]{8}\.tmp\b")]
    private static partial Regex Partial();
}
