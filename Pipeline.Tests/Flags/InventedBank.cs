using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using ExcelDataReader;
using Pipeline.Jobs.Complainants;
using Pipeline.Jobs.Rules;
using Pipeline.Models.Complainants;
using Pipeline.Models.Complainants.Matching;
using Pipeline.Models.Flags;
using Pipeline.Models.Taxonomy;

namespace Pipeline.Tests.Flags;

/// <summary>One row of truth.csv.</summary>
public sealed record TruthRow(
    string Case, string Person, string Matter, DateOnly Date, int Level, bool IsEscalated, string Business, string Cause, string Stage, string? RepeatOf);

/// <summary>
/// The exports of the invented bank, read as plainly as can be (three header rows, columns by position), so that the tests of persons
/// and flags stand on their own; beside each case its truth.
/// </summary>
public sealed partial class InventedBank
{
    private const int CaseColumn = 3;
    private readonly Lazy<RecognisedPersons> all;
    private readonly ComplaintTaxonomy taxonomy = RuleFiles.Taxonomy("/nowhere", "cn-jrt0169").Value;

    private InventedBank(string folder)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        Truth = Csv(Path.Combine(folder, "truth.csv"), ",", Encoding.UTF8).Skip(1).Select(ReadTruth).ToDictionary(t => t.Case, StringComparer.Ordinal);
        Dictionary<string, string[]> last = new(StringComparer.Ordinal);
        Dictionary<string, int> firstFile = new(StringComparer.Ordinal);
        string[] files = [.. Directory.GetFiles(Path.Combine(folder, "exports")).Order(StringComparer.Ordinal)];
        for (int file = 0; file < files.Length; file++)
        {
            foreach (string[] row in Rows(files[file]).Skip(3))
            {
                if (row.Length > CaseColumn && Truth.ContainsKey(row[CaseColumn].Trim()))
                {
                    last[row[CaseColumn].Trim()] = row;
                    firstFile.TryAdd(row[CaseColumn].Trim(), file);
                }
            }
        }
        Cases = [.. firstFile.OrderBy(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal).Select(c => c.Key)];
        FileOf = firstFile;
        Row = last;
        Evidence = [.. Cases.Select((number, i) => ReadEvidence(number, i + 1))];
        all = new Lazy<RecognisedPersons>(() => RecogniseFirst(Evidence.Count));
    }

    public IReadOnlyDictionary<string, TruthRow> Truth { get; }

    /// <value>Case numbers in the order in which the files bring them; the complaint id is the place, 1-based.</value>
    public IReadOnlyList<string> Cases { get; }

    /// <value>0-based index of the file that first shows a case.</value>
    public IReadOnlyDictionary<string, int> FileOf { get; }

    public IReadOnlyList<ComplainantEvidence> Evidence { get; }

    private Dictionary<string, string[]> Row { get; }

    /// <summary>The data set, or null where neither data-samples nor the shared data is there.</summary>
    public static InventedBank? Open() => Shared.Value;

    private static readonly Lazy<InventedBank?> Shared = new(() => Folder() is string folder ? new InventedBank(folder) : null);

    /// <summary>Persons of the first complaints, as the link step recognises them.</summary>
    /// <param name="upTo">Complaints to take, in the order of <see cref="Cases"/>.</param>
    public RecognisedPersons Recognise(int upTo = int.MaxValue) => upTo >= Evidence.Count ? all.Value : RecogniseFirst(upTo);

    private RecognisedPersons RecogniseFirst(int upTo)
    {
        LinkRules rules = LinkRules.Load("/nowhere");
        return PersonRecognition.Recognise(
            [.. Evidence.Take(upTo)], complaint => Cells(complaint, rules.Schema.Value), rules.Schema.Value, rules.Names.Value,
            RuleFiles.Rules("/nowhere").Value.SharedPhoneMinPersons, 2, CancellationToken.None);
    }

    internal string[] Cells(ComplainantEvidence complaint, MatchSchema schema)
    {
        string[] row = Row[complaint.CaseNumber];
        return [.. schema.Columns.Select(column => column switch
        {
            "name" => row[11],
            "identity_number" => row[17],
            "phone_contact" => row[19],
            "phone_reserved" => row[20],
            "phone_reply" => row[21],
            "birth_year" => complaint.BirthYear?.ToString(CultureInfo.InvariantCulture) ?? "",
            "gender" => row[12].Trim(),
            "address" => row[14] + row[15] + row[16],
            "email" or "account" => "",
            _ => throw new InvalidOperationException($"the schema has a column that the bank's reader does not know: {column}"),
        })];
    }

    /// <summary>Complaints for the flags, with the given persons.</summary>
    /// <param name="labels">Business line and cause of a case.</param>
    public IReadOnlyList<FlagInput> Inputs(PersonClusters persons, Func<string, (string? Business, string? Cause)> labels)
    {
        Dictionary<long, PersonLink> links = persons.Links.ToDictionary(l => l.ComplaintId);
        return [.. Cases.Select((number, i) =>
        {
            PersonLink? link = links.GetValueOrDefault(i + 1);
            (string? business, string? cause) = labels(number);
            return new FlagInput
            {
                ComplaintId = i + 1,
                CaseNumber = number,
                Received = Truth[number].Date,
                PersonKey = link?.Person,
                PersonBasis = link?.Basis,
                Channel = taxonomy.KeyOf(Dimensions.Channel, Row[number][7]),
                Level = taxonomy.KeyOf(Dimensions.Channel, Row[number][7]) is string key ? taxonomy.Class(Dimensions.Channel, key)?.Level ?? 0 : 0,
                Business = business,
                Cause = cause,
                Text = Row[number][22],
            };
        })];
    }

    public (string? Business, string? Cause) Reported(string number) =>
        (taxonomy.KeyOf(Dimensions.Business, Row[number][31]), taxonomy.KeyOf(Dimensions.Cause, Row[number][32]));

    public bool ShowsIdentity(string number) => Identifiers.IdentityNumber(Row[number][17]).State == IdentityStates.Valid;

    private static TruthRow ReadTruth(string[] row) => new(
        row[0], row[1], row[2], DateOnly.ParseExact(row[3], "yyyy-MM-dd", CultureInfo.InvariantCulture), int.Parse(row[6]), row[7] == "1",
        row[10], row[11], row[12], row[13].Length == 0 ? null : row[13]);

    private ComplainantEvidence ReadEvidence(string number, long id)
    {
        string[] row = Row[number];
        IdentityNumberReading identity = Identifiers.IdentityNumber(row[17]);
        return new ComplainantEvidence
        {
            ComplaintId = id,
            CaseNumber = number,
            Received = Truth[number].Date,
            Name = Token("name", Identifiers.Name(row[11])),
            Identity = Token("identity", identity.Normalised),
            Phones = [.. new[] { row[19], row[21], row[20] }.Select(Identifiers.Phone).Where(p => p is not null).Distinct().Select(p => Token("phone", p))],
            Email = Token("email", Identifiers.Email(row[19])),
            BirthYear = int.TryParse(row[18], out int year) ? year : identity.BirthYear,
            Gender = row[12].Trim() is { Length: > 0 } gender ? gender : null,
        };
    }

    internal static EvidenceToken Token(string kind, string? normal) =>
        normal is null ? default : EvidenceToken.Of(SHA256.HashData(Encoding.UTF8.GetBytes(kind + "|" + normal)).AsSpan(0, 16));

    private static string? Folder()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            foreach (string place in (string[])["data-samples/cn-bank", "../shared/data/cn-bank"])
            {
                string folder = Path.Combine(at.FullName, place);
                if (File.Exists(Path.Combine(folder, "truth.csv")) && Directory.Exists(Path.Combine(folder, "exports")))
                {
                    return folder;
                }
            }
        }
        return null;
    }

    private static List<string[]> Rows(string path)
    {
        if (path.EndsWith(".xlsx", StringComparison.Ordinal))
        {
            return Workbook(path);
        }
        byte[] start = new byte[3];
        using (FileStream stream = File.OpenRead(path))
        {
            stream.ReadExactly(start);
        }
        if (start is [0xFF, 0xFE, _])
        {
            return Csv(path, "\t", Encoding.Unicode);
        }
        return Csv(path, ",", IsUtf8(path) ? Encoding.UTF8 : Encoding.GetEncoding("GB18030"));
    }

    private static bool IsUtf8(string path)
    {
        try
        {
            _ = new UTF8Encoding(false, throwOnInvalidBytes: true).GetCharCount(File.ReadAllBytes(path));
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    private static List<string[]> Csv(string path, string delimiter, Encoding encoding)
    {
        using StreamReader reader = new(path, encoding);
        using CsvParser parser = new(reader, new CsvConfiguration(CultureInfo.InvariantCulture) { Delimiter = delimiter, BadDataFound = null });
        List<string[]> rows = [];
        while (parser.Read())
        {
            rows.Add(parser.Record!);
        }
        return rows;
    }

    private static List<string[]> Workbook(string path)
    {
        using FileStream stream = File.OpenRead(path);
        using IExcelDataReader reader = ExcelReaderFactory.CreateReader(stream);
        List<string[]> rows = [];
        while (reader.Read())
        {
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture) ?? "")]);
        }
        return rows;
    }
}
