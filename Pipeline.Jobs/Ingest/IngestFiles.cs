using Npgsql;
using Pipeline.Jobs.Ingest.Ledger;
using Pipeline.Jobs.Ingest.Profiles;
using Pipeline.Jobs.Ingest.Reading;
using Pipeline.Jobs.Rules;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Store;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;

namespace Pipeline.Jobs.Ingest;

/// <summary>
/// Takes export files into the ledger: recognises each, orders them by the day of their export, and loads each in one transaction. A
/// file that cannot be read stops no other; a failure of the environment stops everything and leaves no file half done.
/// </summary>
public sealed class IngestFiles
{
    /// <summary>Files that stay open between their recognition and their turn; all others are opened once more.</summary>
    private const int MostOpen = 16;

    private readonly CommandSession session;
    private readonly Database database;
    private readonly IngestOptions options;
    private readonly IReadOnlyList<PinnedRule<Profile>> profiles;
    private readonly PinnedRule<Profile>? named;
    private readonly Dictionary<string, ComplaintTaxonomy> taxonomies = new(StringComparer.Ordinal);
    private readonly Action<IngestProgress>? progress;

    private IngestFiles(CommandSession session, Database database, IngestOptions options, Action<IngestProgress>? progress)
    {
        this.session = session;
        this.database = database;
        this.options = options;
        this.progress = progress;
        profiles = ProfileFiles.Load(session.Home);
        named = options.Profile is null ? null : ProfileFiles.Named(profiles, options.Profile);
    }

    /// <param name="progress">Told from time to time how far the work is.</param>
    /// <exception cref="PipelineFault">A path that does not exist; wrong options.</exception>
    public static async Task<IngestResult> RunAsync(
        CommandSession session, Database database, IngestOptions options, Action<IngestProgress>? progress = null)
    {
        IngestFiles work = new(session, database, options, progress);
        double allowed = options.MaxRejectedShare ?? RuleFiles.Rules(session.Home).Value.AllowedRejectedShare;
        return new IngestResult(await work.RunAsync(), allowed);
    }

    private async Task<IReadOnlyList<FileResult>> RunAsync()
    {
        List<FileResult> results = [];
        List<Offer> offers = [];
        try
        {
            foreach (string path in InputPaths.Expand(options.Paths))
            {
                session.Cancellation.ThrowIfCancellationRequested();
                await OfferAsync(path, offers, results);
            }
            offers.Sort(Offer.InOrder);
            await LoadAllAsync(offers, results);
        }
        finally
        {
            foreach (Offer offer in offers)
            {
                offer.Tables.Dispose();
            }
        }
        return results;
    }

    private async Task OfferAsync(string path, List<Offer> offers, List<FileResult> results)
    {
        List<Offer> own = [];
        try
        {
            List<Bilingual> notices = [];
            ReadOptions reading = new(options.Encoding) { Notice = notices.Add };
            long bytes = new FileInfo(path).Length;
            string offered = await OfferedTables.OfferedHashAsync(path, session.Cancellation);
            foreach (OfferedTables tables in OfferedTables.Open(path, reading, profiles, named))
            {
                // The content is hashed beside its recognition: both read it, and an archive is inflated for each.
                Task<string> hashing = tables.IsPlain ? Task.FromResult(offered) : Task.Run(() => tables.HashAsync(session.Cancellation));
                try
                {
                    await Task.WhenAll(Task.Run(tables.Recognise), hashing);
                }
                catch
                {
                    tables.Close();
                    throw;
                }
                if (tables.Refusal is Bilingual refusal)
                {
                    results.Add(Failed(tables.DisplayPath, refusal, await hashing, bytes));
                    tables.Close();
                    continue;
                }
                if (offers.Count + own.Count >= MostOpen)
                {
                    tables.Close();
                }
                own.Add(new Offer(tables, await hashing, offered, bytes, AsOf(tables), own.Count > 0 ? [] : notices));
            }
            offers.AddRange(own);
        }
        catch (PipelineFault fault) when (fault.ExitCode == ExitCodes.Failed)
        {
            own.ForEach(o => o.Tables.Close());
            results.Add(Failed(path, fault.Text, null, 0));
        }
    }

    private DateOnly AsOf(OfferedTables tables)
    {
        int grace = tables.Map!.Profile.Value.ExportGraceDays;
        DateOnly today = DateOnly.FromDateTime(session.Time.GetLocalNow().DateTime);
        DateOnly named = (tables.Member is null ? null : ExportDate.FromName(tables.Member, grace))
            ?? ExportDate.FromName(Path.GetFileName(tables.Path), grace)
            ?? today;
        // A month's file taken before the month's export day was made no later than today: nothing is overdue ahead of time.
        return options.AsOf ?? (named > today ? today : named);
    }

    private async Task LoadAllAsync(List<Offer> offers, List<FileResult> results)
    {
        if (offers.Count == 0)
        {
            return;
        }
        await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync(session.Cancellation);
        if (options.IsDryRun)
        {
            // One transaction over all files, so that each is judged against what those before it would have left.
            await using NpgsqlTransaction trial = await connection.BeginTransactionAsync(session.Cancellation);
            for (int i = 0; i < offers.Count; i++)
            {
                await trial.SaveAsync("file", session.Cancellation);
                FileResult result = await LoadAsync(connection, offers[i], i, offers.Count);
                offers[i].Tables.Close();
                if (result.Outcome == FileOutcome.Failed)
                {
                    await trial.RollbackAsync("file", session.Cancellation);
                }
                results.Add(result);
            }
            await trial.RollbackAsync(session.Cancellation);
            return;
        }
        long written = 0;
        for (int i = 0; i < offers.Count; i++)
        {
            await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(session.Cancellation);
            FileResult result = await LoadAsync(connection, offers[i], i, offers.Count);
            offers[i].Tables.Close();
            if (result.Outcome == FileOutcome.Ingested)
            {
                await transaction.CommitAsync(session.Cancellation);
                written += result.Counts.New + result.Counts.Updated;
            }
            results.Add(result);
        }
        await TableStatistics.RefreshAsync(
            connection, written, "complaint, complaint_revision, complaint_sighting, complaint_warning", session.Cancellation);
    }

    private async Task<FileResult> LoadAsync(NpgsqlConnection connection, Offer offer, int index, int count)
    {
        long started = session.Time.GetTimestamp();
        OfferedTables tables = offer.Tables;
        Profile profile = tables.Map!.Profile.Value;
        OfferedFile file = new(
            tables.Name, tables.OwnName, offer.Sha256, offer.Bytes, profile.Source, profile.Id, tables.Map.Profile.Sha256, tables.Shape!.Encoding, offer.AsOf)
        {
            OfferedSha256 = offer.OfferedSha256,
            EarlierIdentity = tables.Member is null ? offer.OfferedSha256 : $"{offer.OfferedSha256}!{tables.Member}",
        };
        FileResult Result(FileOutcome outcome, long? fileId, LoadCounts counts, IReadOnlyDictionary<string, long> repairs, IReadOnlyList<Bilingual> notices) => new(
            tables.DisplayPath, outcome, offer.Sha256, profile.Id, tables.Shape!.Encoding, offer.AsOf, fileId, counts, repairs,
            [.. offer.Notices, .. tables.PassedOver, .. notices], session.Time.GetElapsedTime(started).TotalSeconds, offer.Bytes)
        {
            OfferedSha256 = offer.OfferedSha256,
        };

        LedgerLoad? ledger = await LedgerLoad.BeginAsync(connection, file, database.Keys, session.Time.GetUtcNow(), session.Cancellation);
        if (ledger is null)
        {
            (long fileId, LoadCounts recorded) = await LedgerFiles.RecordedAsync(connection, file, session.Cancellation);
            return Result(FileOutcome.AlreadyIngested, fileId, recorded, new Dictionary<string, long>(), []);
        }
        FileLoader loader = new(
            database.Keys,
            Taxonomy(profile),
            offer.AsOf,
            progress is null ? null : rows => progress(new IngestProgress(index, count, tables.DisplayPath, rows)),
            session.Cancellation,
            options.RowsPerBatch);
        try
        {
            await loader.LoadAsync(tables, profile.Source, ledger);
        }
        catch (PipelineFault fault) when (fault.ExitCode == ExitCodes.Failed)
        {
            // The file breaks off in the middle (a truncated archive): the caller's transaction is given up, other files go on.
            return Failed(tables.DisplayPath, fault.Text, offer.Sha256, offer.Bytes);
        }
        LoadCounts counts = await ledger.FinishAsync(session.Time.GetUtcNow(), Environment.UserName, loader.Repairs);
        IReadOnlyList<Bilingual> notices = await FileNotices.OfAsync(connection, ledger.FileId, counts, session.Cancellation);
        return Result(options.IsDryRun ? FileOutcome.DryRun : FileOutcome.Ingested, ledger.FileId, counts, loader.Repairs, notices);
    }

    private ComplaintTaxonomy Taxonomy(Profile profile)
    {
        if (!taxonomies.TryGetValue(profile.Taxonomy, out ComplaintTaxonomy? taxonomy))
        {
            try
            {
                taxonomy = RuleFiles.Taxonomy(session.Home, profile.Taxonomy).Value;
            }
            catch (FileNotFoundException fault)
            {
                throw PipelineFault.Usage(
                    $"配置 {profile.Id} 指定的分类表 '{profile.Taxonomy}' 不存在：需要数据目录 rules 文件夹中的 taxonomy.{profile.Taxonomy}.json。",
                    $"the profile {profile.Id} names the taxonomy '{profile.Taxonomy}', which does not exist: expected taxonomy.{profile.Taxonomy}.json in the rules folder of the home folder ({fault.Message}).");
            }
            taxonomies.Add(profile.Taxonomy, taxonomy);
        }
        return taxonomy;
    }

    private static FileResult Failed(string path, Bilingual error, string? sha256, long bytes) => new(
        path, FileOutcome.Failed, sha256, null, null, null, null, default, new Dictionary<string, long>(), [], 0, bytes, error);

    /// <summary>A file with a profile, waiting for its turn.</summary>
    private sealed record Offer(OfferedTables Tables, string Sha256, string OfferedSha256, long Bytes, DateOnly AsOf, List<Bilingual> Notices)
    {
        /// <summary>By the day of the export, then by own name, then by content: the order in which states follow each other, whatever the folder's order.</summary>
        public static int InOrder(Offer left, Offer right)
        {
            int order = left.AsOf.CompareTo(right.AsOf);
            order = order != 0 ? order : string.CompareOrdinal(left.Tables.OwnName, right.Tables.OwnName);
            return order != 0 ? order : string.CompareOrdinal(left.Sha256, right.Sha256);
        }
    }
}

/// <summary>How far an ingest is.</summary>
/// <param name="Index">0-based number of the file.</param>
/// <param name="Rows">Rows of it that are done.</param>
public readonly record struct IngestProgress(int Index, int Files, string Path, long Rows);
