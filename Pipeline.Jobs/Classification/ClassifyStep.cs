using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using NpgsqlTypes;
using Pipeline.Jobs.Ingest;
using Pipeline.Jobs.Privacy;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Store;
using Pipeline.Models.Classification;
using Pipeline.Models.Complaints;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;

namespace Pipeline.Jobs.Classification;

/// <summary>What the classify step did.</summary>
/// <param name="Judged">Complaints whose text was judged now.</param>
/// <param name="WithoutText">Complaints looked at now that have no text: they get no label.</param>
/// <param name="NeedsReview">Labels written now whose probability is below the review threshold.</param>
/// <param name="ModelId">The champion that judged; null where the source has no complaint with a text that says which model to use.</param>
public sealed record ClassifyResult(long Judged, long WithoutText, long NeedsReview, string? ModelId);

/// <summary>What is to be judged: complaints of a source that its champion has not seen as they stand, and the taxonomy that it counts by.</summary>
public sealed record UnjudgedTexts(long Texts, string Taxonomy);

/// <summary>
/// Judges every complaint of a source that the champion has not judged as it now stands. Work is done in batches, each one transaction:
/// a step that was killed goes on where it stopped, and one that is repeated finds nothing to do.
/// </summary>
public static class ClassifyStep
{
    private const int BatchRows = 4096;
    private const int LanguageSample = 200;

    /// <param name="month">Does not narrow the step: chains and trends of a month look back over all months, so all that is there is judged.</param>
    /// <param name="part">Null: all of them.</param>
    /// <exception cref="PipelineFault">A sealed text does not open: it was altered, or the key is another.</exception>
    public static async Task<ClassifyResult> RunAsync(
        Database database, KeyRing keys, RuleBook rules, ComplaintTaxonomy taxonomy, string source, ReportingMonth? month, CommandSession session,
        SourcePart? part = null)
    {
        string? language = ModelRegistry.LanguageOf(taxonomy.Id) ?? await LanguageAsync(database, keys, source, session);
        if (language is null)
        {
            return new ClassifyResult(0, 0, 0, null);
        }
        IdentifiedModel champion = await ModelRegistry.ChampionAsync(database, taxonomy.Id, session, language);
        await using NpgsqlConnection reading = await database.Source.OpenConnectionAsync(session.Cancellation);
        await using NpgsqlConnection writing = await database.Source.OpenConnectionAsync(session.Cancellation);
        if (part is null)
        {
            await MarkReviewAsync(writing, source, champion.DecidedBy, rules.ReviewBelowProbability, session.Cancellation);
        }

        ClassifyResult total = new(0, 0, 0, champion.Id);
        await using NpgsqlCommand command = new(Sql.Get("Classification/candidates"), reading)
        {
            Parameters = { new() { Value = source }, new() { Value = champion.DecidedBy }, new() { Value = part?.Parts ?? 1 }, new() { Value = part?.Part ?? 0 } },
            CommandTimeout = 0,
        };
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(session.Cancellation);
        List<SealedText> batch = new(BatchRows);
        bool more = true;
        while (more)
        {
            more = await row.ReadAsync(session.Cancellation);
            if (more)
            {
                batch.Add(ReadSealed(row));
            }
            if (batch.Count == BatchRows || (!more && batch.Count > 0))
            {
                total = await JudgeAsync(writing, champion, keys, source, batch, rules.ReviewBelowProbability, total, session);
                batch.Clear();
            }
        }
        return total;
    }

    /// <summary>How much is to be judged; null where no text says which model to use. Makes the first champion where there is none.</summary>
    public static async Task<UnjudgedTexts?> UnjudgedAsync(Database database, ComplaintTaxonomy taxonomy, string source, CommandSession session)
    {
        string? language = ModelRegistry.LanguageOf(taxonomy.Id) ?? await LanguageAsync(database, database.Keys, source, session);
        if (language is null)
        {
            return null;
        }
        IdentifiedModel champion = await ModelRegistry.ChampionAsync(database, taxonomy.Id, session, language);
        await using NpgsqlCommand command = database.Source.CreateCommand(Sql.Get("Classification/count_candidates"));
        command.Parameters.Add(new() { Value = source });
        command.Parameters.Add(new() { Value = champion.DecidedBy });
        return new UnjudgedTexts((long)(await command.ExecuteScalarAsync(session.Cancellation))!, taxonomy.Id);
    }

    private static async Task<ClassifyResult> JudgeAsync(
        NpgsqlConnection connection, IdentifiedModel champion, KeyRing keys, string source, List<SealedText> batch, double reviewBelow,
        ClassifyResult total, CommandSession session)
    {
        int threads = Environment.ProcessorCount;
        string[] texts = new string[batch.Count];
        byte[]?[] hashes = new byte[batch.Count][];
        OpenAll(keys, source, batch, texts, hashes, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = session.Cancellation });
        HeadPrediction[] answers = champion.Model.Predict(texts, threads, session.Cancellation);
        int heads = champion.Model.Heads.Count;
        int judged = 0;
        for (int i = 0; i < batch.Count; i++)
        {
            if (answers[i * heads].Class == HeadPrediction.None)
            {
                hashes[i] = null; // a text that says nothing is no text
            }
            judged += hashes[i] is null ? 0 : 1;
        }
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(session.Cancellation);
        await ExecuteAsync(connection, Sql.Get("Classification/batch_tables"), session.Cancellation);
        await CopyJudgedAsync(connection, batch, hashes, session.Cancellation);
        int review = await CopyLabelsAsync(connection, champion.Model, batch, hashes, answers, reviewBelow, session.Cancellation);
        DateTimeOffset now = session.Time.GetUtcNow();
        await ExecuteAsync(connection, Sql.Get("Classification/remove_stale_labels"), session.Cancellation, champion.DecidedBy);
        await ExecuteAsync(connection, Sql.Get("Classification/apply_labels"), session.Cancellation, champion.DecidedBy, now);
        await ExecuteAsync(connection, Sql.Get("Classification/apply_judged"), session.Cancellation, champion.DecidedBy, now);
        await transaction.CommitAsync(session.Cancellation);
        return total with
        {
            Judged = total.Judged + judged,
            WithoutText = total.WithoutText + batch.Count - judged,
            NeedsReview = total.NeedsReview + review,
        };
    }

    /// <summary>Opens the texts of a batch and hashes them.</summary>
    /// <exception cref="PipelineFault">One does not open: the first fault itself, not the bundle that the threads make of it.</exception>
    private static void OpenAll(KeyRing keys, string source, List<SealedText> batch, string[] texts, byte[]?[] hashes, ParallelOptions parallel)
    {
        try
        {
            Parallel.For(0, batch.Count, parallel, i =>
            {
                texts[i] = batch[i].Open(keys, source);
                hashes[i] = texts[i].Length == 0 ? null : keys.Token("content", Encoding.UTF8.GetBytes(texts[i]));
            });
        }
        catch (AggregateException faults) when (faults.InnerExceptions.OfType<PipelineFault>().FirstOrDefault() is { } fault)
        {
            ExceptionDispatchInfo.Throw(fault);
        }
    }

    private static async Task CopyJudgedAsync(
        NpgsqlConnection connection, List<SealedText> batch, byte[]?[] hashes, CancellationToken cancellation)
    {
        await using NpgsqlBinaryImporter copy = await connection.BeginBinaryImportAsync(
            "copy batch_judged (complaint_id, content_hash, text_hash) from stdin (format binary)", cancellation);
        for (int i = 0; i < batch.Count; i++)
        {
            await copy.StartRowAsync(cancellation);
            await copy.WriteAsync(batch[i].ComplaintId, NpgsqlDbType.Bigint, cancellation);
            await copy.WriteAsync(batch[i].ContentHash, NpgsqlDbType.Bytea, cancellation);
            if (hashes[i] is { } hash)
            {
                await copy.WriteAsync(hash, NpgsqlDbType.Bytea, cancellation);
            }
            else
            {
                await copy.WriteNullAsync(cancellation);
            }
        }
        await copy.CompleteAsync(cancellation);
    }

    private static async Task<int> CopyLabelsAsync(
        NpgsqlConnection connection, LinearTextModel model, List<SealedText> batch, byte[]?[] hashes, HeadPrediction[] answers, double reviewBelow,
        CancellationToken cancellation)
    {
        int review = 0;
        await using NpgsqlBinaryImporter copy = await connection.BeginBinaryImportAsync(
            "copy batch_label (complaint_id, head, class, probability, needs_review, text_hash) from stdin (format binary)", cancellation);
        for (int i = 0; i < batch.Count; i++)
        {
            if (hashes[i] is not { } hash)
            {
                continue;
            }
            for (int head = 0; head < model.Heads.Count; head++)
            {
                HeadPrediction answer = answers[(i * model.Heads.Count) + head];
                bool needsReview = answer.Probability < (float)reviewBelow;
                review += needsReview ? 1 : 0;
                await copy.StartRowAsync(cancellation);
                await copy.WriteAsync(batch[i].ComplaintId, NpgsqlDbType.Bigint, cancellation);
                await copy.WriteAsync(model.Heads[head].Name, NpgsqlDbType.Text, cancellation);
                await copy.WriteAsync(model.Heads[head].Classes[answer.Class], NpgsqlDbType.Text, cancellation);
                await copy.WriteAsync(answer.Probability, NpgsqlDbType.Real, cancellation);
                await copy.WriteAsync(needsReview, NpgsqlDbType.Boolean, cancellation);
                await copy.WriteAsync(hash, NpgsqlDbType.Bytea, cancellation);
            }
        }
        await copy.CompleteAsync(cancellation);
        return review;
    }

    private static async Task MarkReviewAsync(
        NpgsqlConnection connection, string source, string decidedBy, double reviewBelow, CancellationToken cancellation) =>
        await ExecuteAsync(connection, Sql.Get("Classification/review_threshold"), cancellation, source, decidedBy, reviewBelow);

    /// <summary>The language that most of the first texts of a source are in; null where none has a text.</summary>
    private static async Task<string?> LanguageAsync(Database database, KeyRing keys, string source, CommandSession session)
    {
        List<string> texts = [];
        long? last = 0;
        while (texts.Count < LanguageSample && last is { } after)
        {
            // By the page: a reader that is left early would still fetch the rest of the source.
            await using NpgsqlCommand command = database.Source.CreateCommand(Sql.Get("Classification/page_of_texts"));
            command.Parameters.Add(new() { Value = source });
            command.Parameters.Add(new() { Value = after });
            await using NpgsqlDataReader row = await command.ExecuteReaderAsync(session.Cancellation);
            last = null;
            while (await row.ReadAsync(session.Cancellation))
            {
                SealedText one = ReadSealed(row);
                last = one.ComplaintId;
                if (one.Open(keys, source) is { Length: > 0 } text)
                {
                    texts.Add(text);
                }
            }
        }
        return texts.Count == 0 ? null : TextLanguage.Of(texts);
    }

    private static SealedText ReadSealed(NpgsqlDataReader row) =>
        new(row.GetInt64(0), row.GetString(1), row.GetFieldValue<byte[]>(2), row.GetInt32(3), row.GetFieldValue<byte[]>(4));

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation, params object[] values)
    {
        await using NpgsqlCommand command = new(sql, connection) { CommandTimeout = 0 };
        foreach (object value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private sealed record SealedText(long ComplaintId, string CaseNumber, byte[] ContentHash, int KeyId, byte[] Content)
    {
        /// <summary>The narrative; empty where there is none.</summary>
        public string Open(KeyRing keys, string source)
        {
            try
            {
                byte[] plain = keys.Open(Content, KeyId, SealedRow.Place(source, CaseNumber));
                return SealedRow.Read(plain)[SealedRow.Narrative]?.Trim() ?? "";
            }
            catch (AuthenticationTagMismatchException fault)
            {
                throw PipelineFault.Failed(
                    $"投诉 {ComplaintId} 的密文打不开：数据被改动，或密钥不是写入时的密钥。运行 pipeline doctor 查看。",
                    $"The sealed content of complaint {ComplaintId} does not open: it was altered, or the key is not the one that it was sealed with. Run 'pipeline doctor'.",
                    fault);
            }
        }
    }
}
