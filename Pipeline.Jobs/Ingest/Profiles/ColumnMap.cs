using Pipeline.Jobs.Ingest.Reading;
using Pipeline.Jobs.Rules;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;

namespace Pipeline.Jobs.Ingest.Profiles;

/// <summary>A column that no canonical field takes; its values are kept in the sealed row.</summary>
/// <param name="Index">0-based.</param>
/// <param name="SealedName">The name under which its value is kept.</param>
public readonly record struct UnmappedColumn(int Index, string Header, string SealedName);

/// <summary>Which columns of one table give which canonical fields, and what the table lacks.</summary>
public sealed class ColumnMap
{
    private readonly int[][] columns = new int[CanonicalFields.Count][];
    private readonly decimal[] units = new decimal[CanonicalFields.Count];
    private readonly string[] joints = new string[CanonicalFields.Count];

    private ColumnMap(PinnedRule<Profile> profile, IReadOnlyList<string> headers)
    {
        Profile = profile;
        Headers = headers;
        Array.Fill(columns, []);
        Array.Fill(units, 1m);
    }

    public PinnedRule<Profile> Profile { get; }

    /// <value>One name per column, unique in the table.</value>
    public IReadOnlyList<string> Headers { get; }

    public IReadOnlyList<UnmappedColumn> Unmapped { get; private set; } = [];

    /// <value>Required columns that the table lacks, each in the words of either language.</value>
    public IReadOnlyList<Bilingual> Missing { get; private set; } = [];

    /// <value>Columns of the profile that the table has.</value>
    public int Matched { get; private set; }

    public double MatchedShare => (double)Matched / Profile.Value.Columns.Count;

    /// <value>The table can be read with this profile.</value>
    public bool IsUsable => Missing.Count == 0;

    /// <value>The table is one of this profile beyond doubt.</value>
    public bool IsRecognised => IsUsable && MatchedShare >= Profile.Value.MinMatchedShare;

    /// <summary>0-based columns that give <paramref name="field"/>; none where the table lacks it.</summary>
    public IReadOnlyList<int> ColumnsOf(CanonicalField field) => columns[(int)field];

    public bool Has(CanonicalField field) => columns[(int)field].Length > 0;

    public decimal UnitOf(CanonicalField field) => units[(int)field];

    public string JointOf(CanonicalField field) => joints[(int)field];

    /// <summary>The field that a column gives first, or null.</summary>
    public CanonicalField? FieldOf(int column)
    {
        foreach (CanonicalField field in CanonicalFields.All)
        {
            if (Array.IndexOf(columns[(int)field], column) >= 0)
            {
                return field;
            }
        }
        return null;
    }

    /// <summary>Finds the profile's columns in a header. Groups decide between equal names; where the export has none, the position does.</summary>
    public static ColumnMap Of(PinnedRule<Profile> profile, IReadOnlyList<string[]> header, IReadOnlyList<string> headers)
    {
        ColumnMap map = new(profile, headers);
        HeaderNames names = new(header, headers);
        List<Bilingual> missing = [];
        bool[] taken = new bool[headers.Count];
        foreach (ProfileColumn column in profile.Value.Columns)
        {
            int index = names.Find(column);
            int field = (int)CanonicalFields.Find(column.Field)!.Value;
            if (index < 0)
            {
                if (column.Required)
                {
                    missing.Add(Words(column));
                }
                continue;
            }
            map.Matched++;
            map.columns[field] = [.. map.columns[field], index];
            map.units[field] = column.Unit ?? 1m;
            map.joints[field] ??= column.Joint ?? (field == (int)CanonicalField.CaseNumber ? "-" : " ");
            taken[index] = true;
        }
        HashSet<string> ignored = [.. (profile.Value.Ignore ?? []).Select(TaxonomyClass.Fold)];
        map.Unmapped = [.. Enumerable.Range(0, headers.Count)
            .Where(i => !taken[i] && !ignored.Contains(names.Folded(i)))
            .Select(i => new UnmappedColumn(i, headers[i], SealedRow.ColumnName(i + 1, headers[i])))];
        map.Missing = missing;
        return map;
    }

    /// <summary>The column's own first spelling in each language, else the name of its field.</summary>
    private static Bilingual Words(ProfileColumn column)
    {
        Bilingual name = FieldMeanings.For(CanonicalFields.Find(column.Field)!.Value).Name;
        if (column.Headers is not { Count: > 0 })
        {
            return new($"{name.Zh}（第 {column.Position} 列）", $"{name.En} (column {column.Position})");
        }
        return new(
            column.Headers.FirstOrDefault(h => !h.All(char.IsAscii)) ?? $"{name.Zh}（{column.Headers[0]}）",
            column.Headers.FirstOrDefault(h => h.All(char.IsAscii)) ?? $"{name.En} ({column.Headers[0]})");
    }

    /// <summary>The names of a header, folded, with the group titles above them carried to the right over merged cells.</summary>
    private sealed class HeaderNames
    {
        private readonly string[] folded;
        private readonly string[] foldedUnique;
        private readonly List<string[]> groups = [];

        public HeaderNames(IReadOnlyList<string[]> header, IReadOnlyList<string> headers)
        {
            foldedUnique = [.. headers.Select(TaxonomyClass.Fold)];
            folded = header.Count == 0 ? foldedUnique : [.. Enumerable.Range(0, headers.Count).Select(i => TaxonomyClass.Fold(Cell(header[^1], i)))];
            for (int row = 0; row < header.Count - 1; row++)
            {
                string[] titles = new string[headers.Count];
                string current = "";
                for (int i = 0; i < titles.Length; i++)
                {
                    string title = TaxonomyClass.Fold(Cell(header[row], i));
                    current = title.Length > 0 ? title : current;
                    titles[i] = current;
                }
                groups.Add(titles);
            }
            HasHeader = header.Count > 0;
        }

        private bool HasHeader { get; }

        public string Folded(int index) => folded[index];

        public int Find(ProfileColumn column)
        {
            if (!HasHeader)
            {
                return column.Position is int alone && alone >= 1 && alone <= folded.Length ? alone - 1 : -1;
            }
            foreach (string spelling in column.Headers ?? [])
            {
                string wanted = TaxonomyClass.Fold(spelling);
                int[] found = [.. Enumerable.Range(0, folded.Length).Where(i => folded[i] == wanted || foldedUnique[i] == wanted)];
                int index = Choose(column, found);
                if (index >= 0)
                {
                    return index;
                }
            }
            return -1;
        }

        private int Choose(ProfileColumn column, int[] found)
        {
            if (found.Length == 0)
            {
                return -1;
            }
            if (column.Group is not null)
            {
                string group = TaxonomyClass.Fold(column.Group);
                foreach (int index in found)
                {
                    if (groups.Any(g => g[index] == group))
                    {
                        return index;
                    }
                }
            }
            if (column.Position is int position && found.Contains(position - 1))
            {
                return position - 1;
            }
            return found.Length == 1 || (column.Group is null && column.Position is null) ? found[0] : -1;
        }

        private static string Cell(string[] row, int index) => index < row.Length ? row[index] : "";
    }
}
