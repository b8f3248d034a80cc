using Pipeline.Jobs.Ingest.Cleaning;
using Pipeline.Jobs.Ingest.Mapping;
using Pipeline.Jobs.Ingest.Reading;
using Pipeline.Jobs.Rules;
using Pipeline.Jobs.Shell;

namespace Pipeline.Jobs.Ingest.Profiles;

/// <summary>A suggested profile with the reasons for each of its columns.</summary>
/// <param name="Proposals">By column.</param>
public sealed record Suggestion(Profile Profile, IReadOnlyList<FieldProposal> Proposals);

/// <summary>A first profile for a table that none recognises: guessed from the names of its columns and the form of their values.</summary>
public static class ProfileSuggestion
{
    private const int SampleRows = 1000;

    /// <summary>Taxonomies whose classes are tried on the values, the likelier first.</summary>
    private static readonly string[] Taxonomies = ["cn-jrt0169", "us-cfpb"];

    /// <summary>What a table cannot be counted or classified without.</summary>
    private static readonly CanonicalField[] Needed = [CanonicalField.CaseNumber, CanonicalField.ReceivedDate, CanonicalField.Narrative];

    /// <summary>Writes the suggestion for the first given file to <c>NAME.profile.json</c> in the current folder.</summary>
    public static int Run(CommandSession session, IngestOptions options)
    {
        string path = InputPaths.Expand(options.Paths)[0];
        using ITableSource table = TableReader.Open(path, new ReadOptions(options.Encoding)).FirstOrDefault()
            ?? throw PipelineFault.Failed($"'{path}' 中没有表格。", $"'{path}' holds no table.", place: new FaultPlace(path));
        string id = Name(path);
        string target = Path.GetFullPath($"{id}.profile.json");
        if (File.Exists(target))
        {
            throw PipelineFault.Usage($"{target} 已存在；请先移走或改名。", $"{target} exists already; move it away or rename it first.", new FaultPlace(target));
        }
        Suggestion suggestion = For(id, table.Shape, table.Rows().Take(SampleRows).Select(r => r.Cells), ProfileFiles.Load(session.Home), session.Home);
        File.WriteAllText(target, suggestion.Profile.ToJson() + "\n");
        Tell(session, suggestion, table.Shape, target);
        return ExitCodes.Done;
    }

    /// <param name="rows">A sample of the table's rows.</param>
    /// <param name="profiles">Their spellings are tried first.</param>
    /// <param name="home">Whose taxonomies are tried on the values.</param>
    public static Suggestion For(string id, TableShape shape, IEnumerable<string[]> rows, IReadOnlyList<PinnedRule<Profile>> profiles, string home)
    {
        List<string[]> sample = [.. rows];
        Profile generic = ProfileFiles.Named(profiles, "generic").Value;
        Dictionary<string, IReadOnlyDictionary<string, string>> values = Values([generic, .. profiles.Select(p => p.Value)]);
        Profile known = generic with { Values = values };
        FieldGuess guess = new(new HeaderGuess(profiles), [.. Taxonomies.Select(t => new ValueTranslator(known, RuleFiles.Taxonomy(home, t).Value))]);
        IReadOnlyList<FieldProposal> proposals = guess.Propose(Headers(shape), sample);
        List<ProfileColumn> columns = [.. proposals.Select(p => Column(p.Field, shape, p.Column))];
        // What is counted by its class is also shown in the words of the export.
        foreach ((CanonicalField coded, CanonicalField label) in ((CanonicalField, CanonicalField)[])
            [(CanonicalField.Business, CanonicalField.ProductLabel), (CanonicalField.Cause, CanonicalField.IssueLabel)])
        {
            if (proposals.FirstOrDefault(p => p.Field == coded) is { } found && !proposals.Any(p => p.Field == label))
            {
                columns.Add(Column(label, shape, found.Column));
            }
        }
        Profile profile = new(
            id, "1", id, Taxonomy(proposals, sample, known, home),
            columns,
            MinMatchedShare: 0.6,
            Ignore: generic.Ignore,
            DateFormats: Formats(shape, sample, columns),
            Values: values,
            TotalRows: generic.TotalRows,
            EarliestReceived: generic.EarliestReceived);
        return new Suggestion(profile, proposals);
    }

    private static void Tell(CommandSession session, Suggestion suggestion, TableShape shape, string target)
    {
        IReadOnlyList<string> headers = Headers(shape);
        string Header(int column) => shape.HeaderRows > 0 ? Recognition.Shown(headers[column]) : $"#{column + 1}";
        CanonicalField[] lacking = [.. Needed.Where(f => !suggestion.Proposals.Any(p => p.Field == f))];
        int[] unmapped = [.. Enumerable.Range(0, headers.Count).Where(i => !suggestion.Proposals.Any(p => p.Column == i))];
        session.Document(new
        {
            path = target,
            profile = suggestion.Profile.Id,
            taxonomy = suggestion.Profile.Taxonomy,
            columns = suggestion.Proposals.Select(p => new
            {
                field = CanonicalFields.NameOf(p.Field),
                header = Header(p.Column),
                position = p.Column + 1,
                confidence = p.Confidence,
                why = p.Why.In(session.Language),
            }),
            unmapped = unmapped.Select(i => new { header = Header(i), position = i + 1 }),
            lacking = lacking.Select(CanonicalFields.NameOf),
            fields = FieldMeanings.All.Select(m => new
            {
                field = CanonicalFields.NameOf(m.Field),
                name = m.Name.In(session.Language),
                holds = m.Holds.In(session.Language),
            }),
        });
        session.Line(
            $"已写出配置初稿 {target}（分类标准 {suggestion.Profile.Taxonomy}）", $"A first profile was written: {target} (taxonomy {suggestion.Profile.Taxonomy})");
        foreach (FieldProposal p in suggestion.Proposals)
        {
            string line = $"  {CanonicalFields.NameOf(p.Field),-22} {p.Confidence,4:P0}  {Header(p.Column)}";
            session.Line($"{line}：{p.Why.Zh}", $"{line}: {p.Why.En}");
        }
        if (unmapped.Length > 0)
        {
            string list = string.Join(" | ", unmapped.Select(Header));
            session.Line($"未用的列（原值加密保存）：{list}", $"Columns not used (their values are kept sealed): {list}");
        }
        session.Line("其余字段（写入 columns 即可使用）：", "The other fields, to be added to 'columns' as needed:");
        foreach (FieldMeaning m in FieldMeanings.All.Where(m => !suggestion.Profile.Columns.Any(c => c.Field == CanonicalFields.NameOf(m.Field))))
        {
            session.Line($"  {CanonicalFields.NameOf(m.Field),-22} {m.Name.Zh}：{m.Holds.Zh}", $"  {CanonicalFields.NameOf(m.Field),-22} {m.Holds.En}");
        }
        if (lacking.Length > 0)
        {
            session.Line(
                $"未能猜出：{string.Join("、", lacking.Select(f => $"{CanonicalFields.NameOf(f)}（{FieldMeanings.For(f).Name.Zh}）"))}；请补上。",
                $"Not guessed: {string.Join(", ", lacking.Select(f => $"{CanonicalFields.NameOf(f)} ({FieldMeanings.For(f).Name.En})"))}; add them.");
        }
        session.Line(
            $"请检查后放入 {Path.Combine(session.Home, "profiles")}，再运行 pipeline ingest 文件 --profile {suggestion.Profile.Id} --dry-run。",
            $"Check it, put it into {Path.Combine(session.Home, "profiles")}, and try: pipeline ingest FILE --profile {suggestion.Profile.Id} --dry-run");
    }

    /// <summary>One name per column: the last header row's where it is not repeated.</summary>
    private static IReadOnlyList<string> Headers(TableShape shape) => shape.HeaderRows > 0 ? shape.Columns : [.. shape.Columns.Select(_ => "")];

    /// <summary>The value maps of all profiles in one; the first that knows a spelling decides.</summary>
    private static Dictionary<string, IReadOnlyDictionary<string, string>> Values(IEnumerable<Profile> profiles)
    {
        Dictionary<string, SortedDictionary<string, string>> all = new(StringComparer.Ordinal);
        foreach ((string field, IReadOnlyDictionary<string, string> map) in profiles.SelectMany(p => p.Values ?? new Dictionary<string, IReadOnlyDictionary<string, string>>()))
        {
            SortedDictionary<string, string> values = all.TryGetValue(field, out SortedDictionary<string, string>? there) ? there : all[field] = new(StringComparer.Ordinal);
            foreach ((string spelling, string value) in map)
            {
                values.TryAdd(spelling, value);
            }
        }
        return all.ToDictionary(p => p.Key, p => (IReadOnlyDictionary<string, string>)p.Value, StringComparer.Ordinal);
    }

    /// <summary>The taxonomy that knows most of the coded classes, or the generic one where none knows half of a column.</summary>
    private static string Taxonomy(IReadOnlyList<FieldProposal> proposals, List<string[]> sample, Profile known, string home)
    {
        (string Id, double Share) best = ("generic", 0.5);
        foreach (string id in Taxonomies)
        {
            FieldGuess one = new(new HeaderGuess([]), [new ValueTranslator(known, RuleFiles.Taxonomy(home, id).Value)]);
            double share = proposals.Where(p => p.Field is CanonicalField.Business or CanonicalField.Cause)
                .Select(p => one.KnownShare(p.Field, sample.Where(r => p.Column < r.Length).Select(r => r[p.Column]))).DefaultIfEmpty(0).Max();
            best = share > best.Share ? (id, share) : best;
        }
        return best.Id;
    }

    private static ProfileColumn Column(CanonicalField field, TableShape shape, int index) => new(
        CanonicalFields.NameOf(field),
        shape.HeaderRows > 0 ? [shape.Columns[index]] : [],
        Position: index + 1,
        Required: Needed.Contains(field),
        Unit: shape.Columns[index].Contains('万', StringComparison.Ordinal) && CanonicalFields.Kind(field) == FieldKind.Amount ? 10_000m : null);

    private static List<string> Formats(TableShape shape, List<string[]> sample, List<ProfileColumn> columns)
    {
        List<string> formats = ["yyyy-M-d", "yyyy/M/d", "yyyy.M.d", "yyyyMMdd", "yyyy年M月d日", "d.M.yyyy", "d-MMM-yyyy", "d MMM yyyy", "MMM d, yyyy"];
        if (columns.FirstOrDefault(c => c.Field == "received_date")?.Position is int position && position <= shape.Columns.Count
            && DateReader.SlashFormat(sample.Where(r => r.Length >= position).Select(r => r[position - 1])) is string slash)
        {
            formats.Add(slash);
        }
        else
        {
            formats.Add(DateReader.SlashBySample);
        }
        formats.Add(DateReader.ExcelSerial);
        return formats;
    }

    private static string Name(string path)
    {
        string stem = Path.GetFileName(path);
        stem = stem[..(stem.IndexOf('.', StringComparison.Ordinal) is > 0 and int dot ? dot : stem.Length)];
        return new string([.. stem.ToLowerInvariant().Select(c => char.IsLetterOrDigit(c) ? c : '-')]).Trim('-') is { Length: > 0 } name ? name : "suggested";
    }
}
