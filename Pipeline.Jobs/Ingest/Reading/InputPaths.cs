using Pipeline.Jobs.Shell;

namespace Pipeline.Jobs.Ingest.Reading;

/// <summary>From what the user typed (files, folders, patterns) to the files that are meant, in one stated order.</summary>
public static class InputPaths
{
    private static readonly string[] TableEndings = [".csv", ".tsv", ".tab", ".txt", ".psv", ".xlsx", ".xlsm", ".xls", ".zip", ".gz"];

    /// <summary>
    /// Files as named; folders give the files with a table's ending directly inside them; patterns (<c>*</c>, <c>?</c>) in the last part of a path
    /// are expanded here, because not every shell does. Ordered by name, numbers in names by value (2024-9 before 2024-10); each file once.
    /// </summary>
    /// <exception cref="PipelineFault">A path that does not exist, a pattern that matches nothing, a folder that cannot be listed.</exception>
    public static IReadOnlyList<string> Expand(IEnumerable<string> paths)
    {
        SortedSet<string> files = new(NaturalOrder);
        foreach (string path in paths)
        {
            foreach (string file in ExpandOne(path))
            {
                files.Add(file);
            }
        }
        return [.. files];
    }

    /// <summary>Compares names as a person does: runs of digits by their value, all else by code point.</summary>
    public static readonly IComparer<string> NaturalOrder = Comparer<string>.Create(Compare);

    private static IEnumerable<string> ExpandOne(string path)
    {
        if (File.Exists(path))
        {
            return [path];
        }
        if (Directory.Exists(path))
        {
            string[] found = [.. List(path, "*").Where(IsTableName)];
            return found.Length > 0
                ? found
                : throw PipelineFault.Failed(
                    $"文件夹 '{path}' 中没有可读的表格文件。需要以下后缀之一：{string.Join(" ", TableEndings)}。",
                    $"The folder '{path}' holds no file with a table's ending. Expected one of: {string.Join(" ", TableEndings)}.");
        }
        string name = Path.GetFileName(path);
        if (name.AsSpan().ContainsAny('*', '?'))
        {
            string folder = Path.GetDirectoryName(path) is { Length: > 0 } given ? given : ".";
            string[] found = Directory.Exists(folder) ? [.. List(folder, name)] : [];
            return found.Length > 0
                ? folder == "." && !path.StartsWith('.') ? found.Select(file => Path.GetFileName(file)) : found
                : throw PipelineFault.Failed(
                    $"没有与 '{path}' 匹配的文件。请检查路径；在命令行中给模式加引号。",
                    $"No file matches '{path}'. Check the path; quote the pattern on the command line.",
                    place: new FaultPlace(path));
        }
        // A file in a folder that may not be entered looks as if it were not there: listing tells the two apart.
        if (Path.GetDirectoryName(path) is { Length: > 0 } parent && Directory.Exists(parent))
        {
            List(parent, "*");
        }
        throw PipelineFault.Failed(
            $"找不到 '{path}'。请给出存在的文件、文件夹或如 'exports/*.csv' 的模式。",
            $"'{path}' does not exist. Give a file, a folder, or a pattern such as 'exports/*.csv'.",
            place: new FaultPlace(path));
    }

    private static string[] List(string folder, string pattern)
    {
        try
        {
            return Directory.GetFiles(folder, pattern, SearchOption.TopDirectoryOnly);
        }
        catch (UnauthorizedAccessException fault)
        {
            throw PipelineFault.Environment(
                $"没有权限列出文件夹 '{folder}'。请向管理员申请读取权限。",
                $"No right to list the folder '{folder}'. Ask for read access to it.",
                fault);
        }
    }

    private static bool IsTableName(string file)
    {
        string name = Path.GetFileName(file);
        // '~$' marks the lock file that Excel leaves beside an open workbook.
        return !name.StartsWith('.') && !name.StartsWith("~$", StringComparison.Ordinal)
            && TableEndings.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase);
    }

    private static int Compare(string? left, string? right)
    {
        ReadOnlySpan<char> a = left;
        ReadOnlySpan<char> b = right;
        int i = 0;
        int j = 0;
        while (i < a.Length && j < b.Length)
        {
            if (char.IsAsciiDigit(a[i]) && char.IsAsciiDigit(b[j]))
            {
                ReadOnlySpan<char> m = Digits(a[i..]);
                ReadOnlySpan<char> n = Digits(b[j..]);
                i += m.Length;
                j += n.Length;
                m = m.TrimStart('0');
                n = n.TrimStart('0');
                int order = m.Length != n.Length ? m.Length.CompareTo(n.Length) : m.SequenceCompareTo(n);
                if (order != 0)
                {
                    return order;
                }
                continue;
            }
            if (a[i] != b[j])
            {
                return a[i].CompareTo(b[j]);
            }
            i++;
            j++;
        }
        int rest = (a.Length - i).CompareTo(b.Length - j);
        return rest != 0 ? rest : string.CompareOrdinal(left, right);
    }

    private static ReadOnlySpan<char> Digits(ReadOnlySpan<char> text)
    {
        int end = text.IndexOfAnyExceptInRange('0', '9');
        return end < 0 ? text : text[..end];
    }
}
