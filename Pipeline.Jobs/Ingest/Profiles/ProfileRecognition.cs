using Pipeline.Jobs.Ingest.Reading;
using Pipeline.Jobs.Rules;
using Pipeline.Jobs.Shell;
using Pipeline.Models.Text;

namespace Pipeline.Jobs.Ingest.Profiles;

/// <summary>Which profile a table is of.</summary>
/// <param name="Map">The profile's map, or null where no profile fits.</param>
/// <param name="Nearest">Where none fits: the profile that comes nearest.</param>
public sealed record Recognition(ColumnMap? Map, ColumnMap? Nearest)
{
    /// <summary>Names the columns found, the nearest profile and what is missing, for the person who must decide.</summary>
    public Bilingual Explain(TableShape shape)
    {
        if (shape.HeaderRows == 0)
        {
            return new Bilingual(
                $"没有找到表头，只有 {shape.Columns.Count} 列数据。请补上表头；或写一个按列位置（position）取值的配置，用 --profile 指定。",
                $"no header was found, only {shape.Columns.Count} columns of data. Add a header row, or write a profile that takes its columns by position and name it with --profile.");
        }
        string found = string.Join(" | ", shape.Columns.Select(Shown));
        string nearest = Nearest?.Profile.Value.Id ?? "-";
        string some = Nearest is null ? "-" : $"{Nearest.Matched}/{Nearest.Profile.Value.Columns.Count}";
        bool lacks = Nearest is { Missing.Count: > 0 };
        return new Bilingual(
            $"没有配置能识别这张表。找到 {shape.Columns.Count} 列：{found}。最接近的配置是 {nearest}，"
            + (lacks ? $"缺少：{string.Join("、", Nearest!.Missing.Select(m => m.Zh))}" : $"但只对上 {some} 列")
            + "。用 --profile 指定配置，或运行 ingest --suggest-profile 生成一个初稿，改好后放入数据目录的 profiles 文件夹。",
            $"no profile recognises this table. {shape.Columns.Count} columns were found: {found}. The nearest profile is {nearest}, "
            + (lacks ? $"which also needs: {string.Join(", ", Nearest!.Missing.Select(m => m.En))}" : $"of which only {some} columns are there")
            + ". Name one with --profile, or run 'ingest --suggest-profile' to write a first profile, edit it and put it into the profiles folder of the home folder.");
    }

    /// <summary>A header that looks like a value (a table without header was misread) is not shown, because it may be personal data.</summary>
    public static string Shown(string header) =>
        header.Length > 40 || header.Count(char.IsDigit) > 5 || header.Contains('@', StringComparison.Ordinal) ? "(…)" : header;
}

/// <summary>Recognises the profile of a table from its header alone.</summary>
public static class ProfileRecognition
{
    /// <summary>Id of the profile that a table is of, or null: for commands that only look at a file.</summary>
    public static string? NameOf(TableShape shape) =>
        Recognise(shape, ProfileFiles.Load(CommandLine.HomeFolder(null))).Map?.Profile.Value.Id;

    /// <param name="named">The profile that the user named, or null.</param>
    public static Recognition Recognise(TableShape shape, IReadOnlyList<PinnedRule<Profile>> profiles, PinnedRule<Profile>? named = null)
    {
        if (named is not null)
        {
            ColumnMap only = ColumnMap.Of(named, shape.Header, shape.Columns);
            return only.IsUsable ? new Recognition(only, null) : new Recognition(null, only);
        }
        if (shape.HeaderRows == 0)
        {
            // Positions alone are too weak to tell one table from another: the user must name the profile.
            return new Recognition(null, null);
        }
        List<ColumnMap> maps = [.. profiles.Select(p => ColumnMap.Of(p, shape.Header, shape.Columns))];
        ColumnMap? best = maps.Where(m => m.IsRecognised).MaxBy(m => m.Matched);
        ColumnMap? nearest = maps.OrderByDescending(m => m.MatchedShare).ThenBy(m => m.Missing.Count).FirstOrDefault();
        return new Recognition(best, best is null ? nearest : null);
    }
}
