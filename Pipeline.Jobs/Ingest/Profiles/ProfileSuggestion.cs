using Pipeline.Jobs.Ingest.Cleaning;
using Pipeline.Jobs.Ingest.Reading;
using Pipeline.Jobs.Rules;
using Pipeline.Jobs.Shell;
using Pipeline.Models.Complainants;
using Pipeline.Models.Taxonomy;

namespace Pipeline.Jobs.Ingest.Profiles;

/// <summary>A first profile for a table that none recognises: guessed from the names of its columns, then from the form of their values.</summary>
public static class ProfileSuggestion
{
    private const int SampleRows = 500;

    /// <summary>Writes the suggestion for the first given file to <c>NAME.profile.json</c> in the current folder.</summary>
    public static int Run(CommandSession session, IngestOptions options)
    {
        string path = InputPaths.Expand(options.Paths)[0];
        IReadOnlyList<PinnedRule<Profile>> profiles = ProfileFiles.Load(session.Home);
        using ITableSource table = TableReader.Open(path, new ReadOptions(options.Encoding)).FirstOrDefault()
            ?? throw PipelineFault.Failed($"'{path}' 中没有表格。", $"'{path}' holds no table.");
        string id = Name(path);
        Profile suggestion = For(id, table.Shape, table.Rows().Take(SampleRows).Select(r => r.Cells), profiles);
        string target = Path.GetFullPath($"{id}.profile.json");
        if (File.Exists(target))
        {
            throw PipelineFault.Usage($"{target} 已存在；请先移走或改名。", $"{target} exists already; move it away or rename it first.");
        }
        File.WriteAllText(target, suggestion.ToJson() + "\n");
        string[] lacking = [.. ((CanonicalField[])[CanonicalField.CaseNumber, CanonicalField.ReceivedDate, CanonicalField.Narrative])
            .Select(CanonicalFields.NameOf).Where(f => !suggestion.Columns.Any(c => c.Field == f))];
        session.Document(new { path = target, profile = id, columns = suggestion.Columns.Select(c => new { field = c.Field, header = Shown(c), position = c.Position }), lacking });
        session.Line($"已写出配置初稿 {target}", $"A first profile was written: {target}");
        foreach (ProfileColumn column in suggestion.Columns)
        {
            session.Line($"  {column.Field,-22} <- {Shown(column)}", $"  {column.Field,-22} <- {Shown(column)}");
        }
        if (lacking.Length > 0)
        {
            session.Line($"未能猜出：{string.Join("、", lacking)}；请补上。", $"Not guessed: {string.Join(", ", lacking)}; add them.");
        }
        session.Line(
            $"请检查后放入 {Path.Combine(session.Home, "profiles")}，再运行 ingest --profile {id}。",
            $"Check it, put it into {Path.Combine(session.Home, "profiles")}, and run ingest --profile {id}.");
        return ExitCodes.Done;
    }

    /// <param name="rows">A sample of the table's rows.</param>
    /// <param name="profiles">Their spellings are tried first.</param>
    public static Profile For(string id, TableShape shape, IEnumerable<string[]> rows, IReadOnlyList<PinnedRule<Profile>> profiles)
    {
        List<string[]> sample = [.. rows];
        Dictionary<string, string> spellings = new(StringComparer.Ordinal);
        foreach (ProfileColumn column in profiles.SelectMany(p => p.Value.Columns))
        {
            foreach (string header in column.Headers ?? [])
            {
                spellings.TryAdd(TaxonomyClass.Fold(header), column.Field);
            }
        }
        List<ProfileColumn> columns = [];
        HashSet<string> given = [];
        List<int> open = [];
        for (int i = 0; i < shape.Columns.Count; i++)
        {
            string header = shape.HeaderRows > 0 && i < shape.Header[^1].Length && shape.Header[^1][i].Length > 0 ? shape.Header[^1][i] : shape.Columns[i];
            if (shape.HeaderRows > 0
                && (spellings.TryGetValue(TaxonomyClass.Fold(header), out string? field) || spellings.TryGetValue(TaxonomyClass.Fold(shape.Columns[i]), out field))
                && given.Add(field))
            {
                columns.Add(Column(field, shape, i));
            }
            else
            {
                open.Add(i);
            }
        }
        foreach (int i in open)
        {
            string[] values = [.. sample.Where(r => i < r.Length).Select(r => r[i].Trim()).Where(v => v.Length > 0)];
            if (Guess(values, sample.Count) is CanonicalField guess && given.Add(CanonicalFields.NameOf(guess)))
            {
                columns.Add(Column(CanonicalFields.NameOf(guess), shape, i));
            }
        }
        PinnedRule<Profile> generic = ProfileFiles.Named(profiles, "generic");
        return new Profile(
            id, "1", id, "generic",
            [.. columns.OrderBy(c => c.Position)],
            MinMatchedShare: 0.6,
            DateFormats: Formats(shape, sample, columns),
            Values: generic.Value.Values,
            TotalRows: generic.Value.TotalRows);
    }

    private static ProfileColumn Column(string field, TableShape shape, int index) => new(
        field,
        shape.HeaderRows > 0 ? [shape.Columns[index]] : [],
        Position: index + 1,
        Required: field is "case_number" or "received_date" or "narrative",
        Unit: shape.Columns[index].Contains('万', StringComparison.Ordinal) && field is "amount_yuan" or "compensation_yuan" ? 10_000m : null);

    /// <summary>What the values look like, where the name says nothing. Only what is needed to count, and what must not be overlooked because it is personal.</summary>
    private static CanonicalField? Guess(string[] values, int rows)
    {
        if (values.Length == 0)
        {
            return null;
        }
        DateReader dates = new(["yyyy/M/d", "yyyyMMdd", "yyyy年M月d日", "d.M.yyyy", "M/d/yyyy", "d/M/yyyy"]);
        if (Share(values, v => dates.Read(v).State == DateState.Valid) > 0.9)
        {
            return CanonicalField.ReceivedDate;
        }
        if (Share(values, v => v.Length is >= 15 and <= 20 && Identifiers.IdentityNumber(v).State is IdentityStates.Valid or IdentityStates.Masked) > 0.5)
        {
            return CanonicalField.IdentityNumber;
        }
        if (Share(values, v => Identifiers.Phone(v) is not null) > 0.7)
        {
            return CanonicalField.PhoneContact;
        }
        if (Share(values, v => Identifiers.Email(v) is not null) > 0.7)
        {
            return CanonicalField.Email;
        }
        if (values.Average(v => v.Length) > 25)
        {
            return CanonicalField.Narrative;
        }
        bool distinct = values.Length == rows && values.Distinct(StringComparer.Ordinal).Count() == rows;
        return distinct && Share(values, v => v.Any(char.IsAsciiDigit) && !v.Contains(' ', StringComparison.Ordinal)) > 0.95 ? CanonicalField.CaseNumber : null;
    }

    private static List<string> Formats(TableShape shape, List<string[]> sample, List<ProfileColumn> columns)
    {
        List<string> formats = ["yyyy-M-d", "yyyy/M/d", "yyyy.M.d", "yyyyMMdd", "yyyy年M月d日", "d.M.yyyy"];
        if (columns.FirstOrDefault(c => c.Field == "received_date")?.Position is int position && position <= shape.Columns.Count
            && DateReader.SlashFormat(sample.Where(r => r.Length >= position).Select(r => r[position - 1])) is string slash)
        {
            formats.Add(slash);
        }
        formats.Add(DateReader.ExcelSerial);
        return formats;
    }

    private static string Shown(ProfileColumn column) => column.Headers is [string header, ..] ? header : $"#{column.Position}";

    private static double Share(string[] values, Func<string, bool> test) => (double)values.Count(test) / values.Length;

    private static string Name(string path)
    {
        string stem = Path.GetFileName(path);
        stem = stem[..(stem.IndexOf('.', StringComparison.Ordinal) is > 0 and int dot ? dot : stem.Length)];
        return new string([.. stem.ToLowerInvariant().Select(c => char.IsLetterOrDigit(c) ? c : '-')]).Trim('-') is { Length: > 0 } name ? name : "suggested";
    }
}
