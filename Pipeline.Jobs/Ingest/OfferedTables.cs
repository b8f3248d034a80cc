using System.Security.Cryptography;
using Pipeline.Jobs.Ingest.Profiles;
using Pipeline.Jobs.Ingest.Reading;
using Pipeline.Jobs.Rules;
using Pipeline.Models.Text;

namespace Pipeline.Jobs.Ingest;

/// <summary>A table of an offered file with the profile that it was recognised by.</summary>
/// <param name="Ordinal">0-based among the taken tables of the file.</param>
public sealed record OfferedTable(ITableSource Source, ColumnMap Map, int Ordinal);

/// <summary>
/// A file (or an archive's member) with the tables that its profile takes. The first one is known from the start; the others are
/// found while reading, because a text can hold several tables one below the other.
/// </summary>
public sealed class OfferedTables : IDisposable
{
    private readonly IReadOnlyList<PinnedRule<Profile>> profiles;
    private readonly PinnedRule<Profile>? named;
    private readonly Queue<ITableSource> found;
    private readonly IEnumerator<ITableSource>? rest;
    private readonly List<Bilingual> passedOver = [];
    private ITableSource? first;

    private OfferedTables(
        string path, string? member, Queue<ITableSource> found, IEnumerator<ITableSource>? rest, IReadOnlyList<PinnedRule<Profile>> profiles, PinnedRule<Profile>? named)
    {
        Path = path;
        Member = member;
        this.found = found;
        this.rest = rest;
        this.profiles = profiles;
        this.named = named;
    }

    public string Path { get; }

    /// <value>Name inside the archive; null for a file that stands alone, compressed or not.</value>
    public string? Member { get; }

    public string DisplayPath => Member is null ? Path : $"{Path}!{Member}";

    /// <value>File name without its folder; <c>archive.zip!member.csv</c> for a member.</value>
    public string Name => Member is null ? System.IO.Path.GetFileName(Path) : $"{System.IO.Path.GetFileName(Path)}!{Member}";

    /// <value>Tables that were not taken, each with the reason; complete when all tables have been read.</value>
    public IReadOnlyList<Bilingual> PassedOver => passedOver;

    /// <value>How the first taken table is read; null where no table was recognised.</value>
    public ColumnMap? Map { get; private set; }

    /// <value>The shape of the first taken table, or of the first table where none was recognised.</value>
    public TableShape? Shape { get; private set; }

    /// <value>Where no table was recognised: why.</value>
    public Bilingual? Refusal { get; private set; }

    /// <summary>The files that a path offers: one, or one for each member of an archive.</summary>
    public static IReadOnlyList<OfferedTables> Open(
        string path, ReadOptions options, IReadOnlyList<PinnedRule<Profile>> profiles, PinnedRule<Profile>? named)
    {
        List<OfferedTables> offered = [];
        if (IsArchive(path))
        {
            foreach (IGrouping<string?, ITableSource> member in TableReader.Open(path, options).GroupBy(t => t.Shape.Member))
            {
                offered.Add(new OfferedTables(path, member.Key, new Queue<ITableSource>(member), null, profiles, named));
            }
        }
        else
        {
            offered.Add(new OfferedTables(path, null, new Queue<ITableSource>(), TableReader.Open(path, options).GetEnumerator(), profiles, named));
        }
        foreach (OfferedTables tables in offered)
        {
            tables.FindFirst();
        }
        return offered;
    }

    /// <summary>SHA-256 of the bytes; for a member the archive's, <c>!</c> and the member's name.</summary>
    public string Identity(string fileSha256) => Member is null ? fileSha256 : $"{fileSha256}!{Member}";

    public static async Task<string> HashAsync(string path, CancellationToken cancellation)
    {
        await using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20, FileOptions.SequentialScan);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellation));
    }

    /// <summary>The tables to be loaded, in the order of the file; dispose each source after use.</summary>
    public IEnumerable<OfferedTable> Tables()
    {
        if (first is null || Map is null)
        {
            yield break;
        }
        int ordinal = 0;
        yield return new OfferedTable(first, Map, ordinal++);
        while (Next() is ITableSource table)
        {
            Recognition recognition = ProfileRecognition.Recognise(table.Shape, profiles, named);
            if (recognition.Map is ColumnMap map && map.Profile.Value.Id == Map.Profile.Value.Id)
            {
                yield return new OfferedTable(table, map, ordinal++);
            }
            else
            {
                PassOver(table, recognition.Map);
            }
        }
    }

    public void Dispose()
    {
        first?.Dispose();
        foreach (ITableSource table in found)
        {
            table.Dispose();
        }
        rest?.Dispose();
    }

    private static bool IsArchive(string path)
    {
        if (System.IO.Path.GetExtension(path).ToLowerInvariant() is ".xlsx" or ".xlsm" or ".xls" or ".gz" or ".csv" or ".tsv" or ".txt")
        {
            return false;
        }
        Span<byte> head = stackalloc byte[4];
        using FileStream stream = File.OpenRead(path);
        return stream.ReadAtLeast(head, 4, throwOnEndOfStream: false) == 4 && head is [(byte)'P', (byte)'K', 3, 4];
    }

    private void FindFirst()
    {
        Recognition? refused = null;
        while (Next() is ITableSource table)
        {
            Recognition recognition = ProfileRecognition.Recognise(table.Shape, profiles, named);
            if (recognition.Map is ColumnMap map)
            {
                (first, Map, Shape) = (table, map, table.Shape);
                return;
            }
            Shape ??= table.Shape;
            refused ??= recognition;
            PassOver(table, null);
        }
        Refusal = refused?.Explain(Shape!) ?? new Bilingual("文件中没有表格。", "the file holds no table.");
    }

    private ITableSource? Next()
    {
        if (found.TryDequeue(out ITableSource? table))
        {
            return table;
        }
        return rest is not null && rest.MoveNext() ? rest.Current : null;
    }

    private void PassOver(ITableSource table, ColumnMap? other)
    {
        string where = table.Shape.Sheet ?? $"{table.Shape.SkippedRows + 1}";
        passedOver.Add(other is null
            ? new Bilingual($"表 '{where}'（{table.Shape.Columns.Count} 列）没有配置能识别，未导入。", $"table '{where}' ({table.Shape.Columns.Count} columns) is of no known profile and was not taken.")
            : new Bilingual(
                $"表 '{where}' 属于配置 {other.Profile.Value.Id}，与本文件不同，未导入；请单独作为一个文件导入。",
                $"table '{where}' is of the profile {other.Profile.Value.Id}, another than this file's, and was not taken; ingest it as a file of its own."));
        table.Dispose();
    }
}
