using Pipeline.Jobs.Ingest.Cleaning;
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
    private const double NearlyAll = 0.5;
    private const int MostShown = 40;

    /// <summary>Names the columns found, the nearest profile and what is missing, for the person who must decide.</summary>
    public Bilingual Explain(TableShape shape)
    {
        if (shape.HeaderRows == 0)
        {
            return new Bilingual(
                $"没有找到表头，只有 {shape.Columns.Count} 列数据。请补上表头；或写一个按列位置（position）取值的配置，用 --profile 指定。",
                $"no header was found, only {shape.Columns.Count} columns of data. Add a header row, or write a profile that takes its columns by position and name it with --profile.");
        }
        if (IsGarbled(shape.Columns))
        {
            return new Bilingual(
                "列名是乱码：文件曾以错误的编码打开并保存，原文已无法还原。请从来源系统重新导出，不要用其他程序打开后再保存（若用了 --encoding，先去掉它再试）。",
                "the column names are garbled: the file was opened in a wrong encoding and saved again, and what they were cannot be known. Export it from its source again, and do not save it with another program in between (if --encoding was given, try without it first).");
        }
        string found = string.Join(" | ", shape.Columns.Select(Shown));
        string nearest = Nearest?.Profile.Value.Id ?? "-";
        string some = Nearest is null ? "-" : $"{Nearest.Matched}/{Nearest.Profile.Value.Columns.Count}";
        if (Nearest is { Missing.Count: > 0 } almost && almost.MatchedShare >= Math.Max(almost.Profile.Value.MinMatchedShare, NearlyAll))
        {
            // Which column was renamed is seen from those that the profile does not take; the others would hide it.
            string strange = string.Join(" | ", almost.Unmapped.Select(u => Shown(u.Header)).Take(MostShown)) + (almost.Unmapped.Count > MostShown ? " …" : "");
            string[] instead =
            [
                .. almost.Profile.Value.Columns.Where(c => c.Required && !almost.Has(CanonicalFields.Find(c.Field)!.Value))
                    .SelectMany(c => almost.Unmapped.Where(u => u.Index + 1 == c.Position)).Select(u => $"{u.Index + 1}: '{Shown(u.Header)}'"),
            ];
            return new Bilingual(
                $"这张表与配置 {nearest} 相符（{some} 列），但缺少必需的列：{string.Join("、", almost.Missing.Select(m => m.Zh))}。{(instead.Length == 0 ? "" : $"其位置上现为（第几列：列名）{string.Join("、", instead)}。")}该配置不用的列：{strange}。若只是改了名，请在文件中改回，或在数据目录 profiles 文件夹的配置中加上新名称。",
                $"this table is one of the profile {nearest} ({some} columns) but lacks what it needs: {string.Join(", ", almost.Missing.Select(m => m.En))}.{(instead.Length == 0 ? "" : $" In its place stands (column: name) {string.Join(", ", instead)}.")} Columns that the profile does not take: {strange}. If one was renamed, give it its name back in the file, or add the new name to the profile in the profiles folder of the home folder.");
        }
        bool lacks = Nearest is { Missing.Count: > 0 };
        return new Bilingual(
            $"没有配置能识别这张表。最接近的配置是 {nearest}，"
            + (lacks ? $"缺少：{string.Join("、", Nearest!.Missing.Select(m => m.Zh))}" : $"但只对上 {some} 列")
            + $"。找到 {shape.Columns.Count} 列：{found}。用 --profile 指定配置，或运行 ingest --suggest-profile 生成一个初稿，改好后放入数据目录的 profiles 文件夹。",
            $"no profile recognises this table. The nearest profile is {nearest}, "
            + (lacks ? $"which also needs: {string.Join(", ", Nearest!.Missing.Select(m => m.En))}" : $"of which only {some} columns are there")
            + $". {English.Count(shape.Columns.Count, "column")} found: {found}. Name a profile with --profile, or run 'ingest --suggest-profile' to write a first one, edit it and put it into the profiles folder of the home folder.");
    }

    /// <summary>Signs of a fault, or Chinese read as Western letters: most signs are then of the upper half of Latin-1, which no language's names are.</summary>
    private static bool IsGarbled(IReadOnlyList<string> columns)
    {
        int signs = columns.Sum(c => c.Length);
        return columns.Any(GarbledText.Is) || columns.Sum(c => c.Count(s => s is >= '\u00A0' and <= '\u00FF')) > signs / 2;
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
