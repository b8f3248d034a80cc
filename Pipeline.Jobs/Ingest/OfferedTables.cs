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
/// A file (or an archive's member) with the tables that its profile takes. The first one is known once it is recognised; the others are
/// found while reading, because a text can hold several tables one below the other.
/// </summary>
public sealed class OfferedTables : IDisposable
{
    private readonly TableContent content;
    private readonly ReadOptions options;
    private readonly IReadOnlyList<PinnedRule<Profile>> profiles;
    private readonly PinnedRule<Profile>? named;
    private readonly List<Bilingual> passedOver = [];
    private IEnumerator<ITableSource>? tables;
    private ITableSource? first;

    private OfferedTables(TableContent content, ReadOptions options, IReadOnlyList<PinnedRule<Profile>> profiles, PinnedRule<Profile>? named)
    {
        this.content = content;
        this.options = options;
        this.profiles = profiles;
        this.named = named;
    }

    public string Path => content.Bytes.Path;

    /// <value>Name inside the archive; null for a file that stands alone, compressed or not.</value>
    public string? Member => content.Bytes.IsArchived ? content.Bytes.Member : null;

    public string DisplayPath => Member is null ? Path : $"{Path}!{Member}";

    /// <value>File name without its folder; <c>archive.zip!member.csv</c> for a member.</value>
    public string Name => Member is null ? System.IO.Path.GetFileName(Path) : $"{System.IO.Path.GetFileName(Path)}!{Member}";

    /// <value>Name of the export itself, without folder, archive and <c>.gz</c>.</value>
    public string OwnName => content.Bytes.OwnName;

    /// <value>What is offered is the file itself, in no archive and not compressed.</value>
    public bool IsPlain => content.Bytes.Member is null;

    /// <value>Tables that were not taken, each with the reason; complete when all tables have been read.</value>
    public IReadOnlyList<Bilingual> PassedOver => passedOver;

    /// <value>How the first taken table is read; null where no table was recognised.</value>
    public ColumnMap? Map { get; private set; }

    /// <value>The shape of the first taken table, or of the first table where none was recognised.</value>
    public TableShape? Shape { get; private set; }

    /// <value>Where no table was recognised: why.</value>
    public Bilingual? Refusal { get; private set; }

    /// <summary>The files that a path offers: one, or one for each member of an archive. <see cref="Recognise"/> them next.</summary>
    public static IReadOnlyList<OfferedTables> Open(
        string path, ReadOptions options, IReadOnlyList<PinnedRule<Profile>> profiles, PinnedRule<Profile>? named) =>
        [.. TableReader.Contents(path, options).Select(content => new OfferedTables(content, options, profiles, named))];

    /// <summary>SHA-256 of the bytes of a file as it is offered.</summary>
    public static async Task<string> OfferedHashAsync(string path, CancellationToken cancellation)
    {
        await using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20, FileOptions.SequentialScan);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellation));
    }

    /// <summary>SHA-256 of what the file holds, inflated where it is compressed: its identity.</summary>
    public async Task<string> HashAsync(CancellationToken cancellation)
    {
        await using Stream stream = content.Bytes.Open();
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellation));
    }

    /// <summary>Finds the first table of a known profile, and keeps it open.</summary>
    public void Recognise()
    {
        tables ??= TableReader.Tables(content, options).GetEnumerator();
        FindFirst();
    }

    /// <summary>Closes the file until its tables are wanted: a file waiting for its turn need not hold a descriptor.</summary>
    public void Close()
    {
        first?.Dispose();
        tables?.Dispose();
        (first, tables) = (null, null);
    }

    /// <summary>The tables to be loaded, in the order of the file; dispose each source after use.</summary>
    public IEnumerable<OfferedTable> Tables()
    {
        if (Map is null)
        {
            yield break;
        }
        if (tables is null)
        {
            // It was closed: the same file is understood the same way again, and what was passed over has been told.
            tables = TableReader.Tables(content, options with { Notice = null }).GetEnumerator();
            passedOver.Clear();
            FindFirst();
        }
        int ordinal = 0;
        yield return new OfferedTable(first!, Map, ordinal++);
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

    public void Dispose() => Close();

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

    private ITableSource? Next() => tables is not null && tables.MoveNext() ? tables.Current : null;

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
