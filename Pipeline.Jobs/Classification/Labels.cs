using System.Globalization;
using Pipeline.Jobs.Rules;
using Pipeline.Jobs.Shell;
using Pipeline.Models.Classification;
using Pipeline.Models.Taxonomy;

namespace Pipeline.Jobs.Classification;

/// <summary>Labelled texts as read from files, with the day of each where that was asked for.</summary>
/// <param name="Dates">Null where no date column was asked for; an entry is null where a row has no readable date.</param>
/// <param name="StraySpaces">Labels with spaces around them, which were taken off.</param>
/// <param name="Files">Each file with the number of its data rows, in the order of reading.</param>
internal sealed record Labels(LabelledCorpus Corpus, IReadOnlyList<DateOnly?>? Dates, int StraySpaces, IReadOnlyList<(string Name, int Rows)> Files)
{
    /// <summary>Share of labels up to which strange ones are slips of the pen and not another taxonomy.</summary>
    private const double MostSlips = 0.2;

    private static readonly string[] DateForms = ["yyyy-MM-dd", "yyyy/M/d", "yyyyMMdd", "M/d/yyyy", "yyyy-MM-dd HH:mm:ss"];

    /// <param name="heads">Columns to take; null: those of nature, business and cause that the first file has.</param>
    /// <param name="dateColumn">Null for none.</param>
    public static Labels Read(IReadOnlyList<string> paths, string textColumn, IReadOnlyList<string>? heads, string? dateColumn)
    {
        List<string> texts = [];
        List<DateOnly?> dates = [];
        List<List<string?>> labels = [];
        List<(string, int)> files = [];
        int stray = 0;
        foreach (string path in paths)
        {
            using LabelFile file = LabelFile.Open(path);
            int text = file.Column(textColumn);
            heads ??= DefaultHeads(file, path);
            int[] columns = [.. heads.Select(file.Column)];
            int date = dateColumn is null ? -1 : file.Column(dateColumn);
            while (labels.Count < columns.Length)
            {
                labels.Add([]);
            }
            while (file.Read() is { } row)
            {
                texts.Add(row[text]);
                for (int head = 0; head < columns.Length; head++)
                {
                    string label = row[columns[head]].Trim();
                    labels[head].Add(label.Length == 0 ? null : label);
                    stray += label.Length > 0 && label.Length < row[columns[head]].Length ? 1 : 0;
                }
                dates.Add(date >= 0 && DateOnly.TryParseExact(
                    row[date].Trim(), DateForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day) ? day : null);
            }
            files.Add((Path.GetFileName(path), file.Rows));
        }
        if (texts.Count == 0)
        {
            throw PipelineFault.Failed("标注文件没有数据行。", "The label files have no data rows.");
        }
        return new Labels(
            new LabelledCorpus(texts, [.. heads!.Zip(labels, (head, own) => new LabelColumn(head, own))]),
            dateColumn is null ? null : dates,
            stray,
            files);
    }

    /// <summary>How a row is named to a person: its 1-based data row, after the file's name where there are several files.</summary>
    public string RowName(int row)
    {
        int before = 0;
        foreach ((string name, int rows) in Files)
        {
            if (row < before + rows)
            {
                string number = (row - before + 1).ToString(CultureInfo.InvariantCulture);
                return Files.Count == 1 ? number : $"{name}:{number}";
            }
            before += rows;
        }
        throw new ArgumentOutOfRangeException(nameof(row), row, "there is no such row");
    }

    /// <summary>Columns that are dates by their name, for <c>--until</c> without <c>--date-column</c>.</summary>
    public static string DateColumn(string path)
    {
        using LabelFile file = LabelFile.Open(path);
        return file.Columns.FirstOrDefault(c => c.ToUpperInvariant() is "RECEIVED" or "RECEIVED_DATE" or "DATE RECEIVED" or "DATE" or "投诉日期" or "受理日期")
            ?? throw PipelineFault.Usage(
                $"--until 需要日期列，{Path.GetFileName(path)} 中未找到；请用 --date-column 指定。现有列：{string.Join("、", file.Columns)}。",
                $"--until needs a column of dates and {Path.GetFileName(path)} has none of a known name; name it with --date-column. Its columns are: {string.Join(", ", file.Columns)}.");
    }

    /// <summary>
    /// Labels in the keys of the taxonomy that they belong to. Without a named one: the first of cn-jrt0169 and us-cfpb whose classes every
    /// business or cause label is one of; else generic, whose classes are taken as they come. A corpus that is of one of them but for some
    /// labels is refused: as generic it would make a model that nothing asks for.
    /// </summary>
    /// <exception cref="PipelineFault">A class is not of the taxonomy.</exception>
    public static (LabelledCorpus Corpus, string Taxonomy) Keyed(LabelledCorpus corpus, string? taxonomyId, string home)
    {
        if (taxonomyId is null)
        {
            foreach (string candidate in (string[])["cn-jrt0169", "us-cfpb"])
            {
                ComplaintTaxonomy known = RuleFiles.Taxonomy(home, candidate).Value;
                bool telling = corpus.Columns.Any(c => c.Head is Dimensions.Business or Dimensions.Cause && known.Dimension(c.Head) is { Open: false });
                if (telling && corpus.Columns.All(c => c.Labels.All(l => l is null || Key(known, c.Head, l) is not null)))
                {
                    return (InKeys(corpus, known), candidate);
                }
                if (telling)
                {
                    RequireNoSlip(corpus, known, candidate);
                }
            }
            taxonomyId = "generic";
        }
        ComplaintTaxonomy taxonomy = Taxonomy(taxonomyId, home);
        foreach (LabelColumn column in corpus.Columns)
        {
            if (column.Labels.FirstOrDefault(l => l is not null && Key(taxonomy, column.Head, l) is null) is { } strange)
            {
                throw PipelineFault.Failed(
                    $"列 {column.Head} 的类别“{strange}”不在分类标准 {taxonomyId} 中。请更正标注，或用 --taxonomy generic 照原样训练。",
                    $"The class '{strange}' in column {column.Head} is not in the taxonomy {taxonomyId}. Mend the label, or train with --taxonomy generic, which takes classes as they come.");
            }
        }
        return (InKeys(corpus, taxonomy), taxonomyId);
    }

    private static void RequireNoSlip(LabelledCorpus corpus, ComplaintTaxonomy known, string id)
    {
        (string Head, string? Label)[] cells = [.. corpus.Columns.Where(c => known.Dimension(c.Head) is { Open: false }).SelectMany(c => c.Labels.Where(l => l is not null).Select(l => (c.Head, l)))];
        (string Head, string? Label)[] strange = [.. cells.Where(c => Key(known, c.Head, c.Label!) is null)];
        if (strange.Length == 0 || strange.Length > MostSlips * cells.Length)
        {
            return;
        }
        string[] named = [.. strange.GroupBy(c => c).OrderByDescending(g => g.Count()).Take(5).Select(g => $"{g.Key.Head} '{g.Key.Label}' × {g.Count()}")];
        string[] heads = [.. strange.Select(c => c.Head).Distinct()];
        string classes = string.Join("; ", heads.Select(h => $"{h}: {string.Join(", ", known.Dimension(h)!.Classes.Select(c => c.Key))}"));
        throw PipelineFault.Failed(
            $"标签属于分类标准 {id}，但有 {strange.Length} 个不在其中：{string.Join("、", named)}。可用类别：{classes}。请更正，或用 --taxonomy generic 照原样训练。",
            $"The labels are those of the taxonomy {id}, but for {strange.Length}: {string.Join(", ", named)}. Its classes are {classes}. Mend them, or take classes as they come with --taxonomy generic.");
    }

    public static ComplaintTaxonomy Taxonomy(string id, string home)
    {
        try
        {
            return RuleFiles.Taxonomy(home, id).Value;
        }
        catch (FileNotFoundException fault)
        {
            throw PipelineFault.Failed(
                $"没有名为 {id} 的分类标准；可用 cn-jrt0169、us-cfpb、generic，或 {Path.Combine(home, "rules")} 中的 taxonomy.{id}.json。",
                $"There is no taxonomy named {id}; use cn-jrt0169, us-cfpb, generic, or put taxonomy.{id}.json into {Path.Combine(home, "rules")}.",
                fault);
        }
    }

    /// <summary>The corpus with each label as the key that the taxonomy knows it by; labels that it does not know stay as they are.</summary>
    public static LabelledCorpus InKeys(LabelledCorpus corpus, ComplaintTaxonomy taxonomy) => new(
        corpus.Texts,
        [.. corpus.Columns.Select(c => new LabelColumn(c.Head, [.. c.Labels.Select(l => l is null ? null : Key(taxonomy, c.Head, l) ?? l)]))]);

    /// <summary>A head that is no dimension of the taxonomy (product, issue) takes its classes as they come.</summary>
    private static string? Key(ComplaintTaxonomy taxonomy, string head, string label) =>
        taxonomy.Dimension(head) is null ? label : taxonomy.KeyOf(head, label);

    private static string[] DefaultHeads(LabelFile file, string path)
    {
        string[] heads = [.. Dimensions.Heads.Where(h => file.IndexOf(h) >= 0)];
        return heads.Length > 0 ? heads : throw PipelineFault.Usage(
            $"{Path.GetFileName(path)} 没有 nature、business、cause 任一列；请用 --heads 指定标签列。现有列：{string.Join("、", file.Columns)}。",
            $"{Path.GetFileName(path)} has none of the columns nature, business, cause; name the label columns with --heads. Its columns are: {string.Join(", ", file.Columns)}.");
    }
}
