using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using Pipeline.Jobs.Ingest;
using Pipeline.Jobs.Ingest.Ledger;
using Pipeline.Jobs.Ingest.Quarantine;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complaints;

namespace Pipeline.Tests.Ingest.Ledger;

/// <summary>What a ledger says follows from the exports that stand in it, whenever and however they came.</summary>
public sealed class OrderOfStatesTests
{
    private const int Rounds = 6;

    private static readonly string[] Header = ["工单号", "受理日期", "状态", "投诉内容"];
    private static readonly string[] Words = ["处理中", "已办结", "已撤诉"];
    private static readonly string[] Statuses = ["open", "closed", "withdrawn"];

    /// <summary>A row of an export: a case, one of three contents, and whether its date is so bad that it goes to quarantine.</summary>
    private sealed record Row(string Case, int Content, bool IsBad);

    /// <param name="Name">The export's own name; states its day.</param>
    private sealed record Export(string Name, string Day, byte[] Bytes, IReadOnlyList<(string? Sheet, IReadOnlyList<Row> Rows)> Tables)
    {
        public string Sha256 => Convert.ToHexStringLower(SHA256.HashData(Bytes));
    }

    /// <summary>Something that an export or a correction says of a case, with everything that decides its turn.</summary>
    private sealed record Observation(
        string Case, string Status, string Day, bool IsCorrection, string Name, string Sha256, int Table, long Line, string File, string? Sheet, bool IsRepeated);

    [Fact]
    public async Task The_same_exports_give_the_same_states_whatever_their_order_grouping_wrapping_and_what_was_taken_back_between()
    {
        for (int round = 0; round < Rounds; round++)
        {
            Random random = new(20261122 + round);
            using IngestFixture ledger = await IngestFixture.CreateAsync();
            Export[] exports = Exports(random, ledger.Folder);
            await PlayAsync(ledger, exports, random);
            List<string> expected = Expected(exports);
            List<string> found = await FoundAsync(ledger);
            Assert.True(
                expected.SequenceEqual(found),
                $"round {round}\nexpected\n{string.Join('\n', expected.Except(found))}\nfound\n{string.Join('\n', found.Except(expected))}");
            await ledger.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_case_reported_one_way_another_and_the_first_again_in_one_file_has_three_states_in_one_batch_and_in_three()
    {
        foreach (int rowsPerBatch in (int[])[1, 2, 100])
        {
            using IngestFixture ledger = await IngestFixture.CreateAsync();
            await ledger.IngestAsync(ledger.Write("2026-08-31.csv", Text([new Row("A1", 0, false), new Row("B1", 0, false)])));
            string path = ledger.Write("2026-09-30.csv", Text([new Row("A1", 0, false), new Row("A1", 1, false), new Row("A1", 0, false), new Row("A1", 0, false)]));
            FileResult file = Assert.Single((await ledger.IngestAsync(new IngestOptions([path]) { RowsPerBatch = rowsPerBatch })).Files);
            Assert.Equal((2L, 1L, 1L), (file.Counts.Updated, file.Counts.Unchanged, file.Counts.Duplicate));
            // What a file first confirms and then replaces was last seen in it.
            Assert.Equal("2026-09-30 2026-09-30", await ledger.ScalarAsync<string>("select string_agg(as_of_date::text, ' ') from complaint_revision where case_number = 'A1'"));
            Assert.Equal("3 open 4", await ledger.ScalarAsync<string>("select concat_ws(' ', revision, status, line_number) from complaint where case_number = 'A1'"));
            await ledger.DisposeAsync();
        }
    }

    [Fact]
    public async Task Sheets_go_by_their_place_in_the_workbook_and_not_by_their_names()
    {
        using IngestFixture ledger = await IngestFixture.CreateAsync();
        string path = Path.Combine(ledger.Folder, "2026-09-30.xlsx");
        Write(path, [("Z", [new Row("A1", 0, false), new Row("F1", 0, false)]), ("A", [new Row("A1", 1, false), new Row("F2", 0, false)])]);
        await ledger.IngestAsync(path);
        Assert.Equal("2 closed A", await ledger.ScalarAsync<string>("select concat_ws(' ', revision, status, sheet_name) from complaint where case_number = 'A1'"));
        // A late older export has the history told again from all observations.
        await ledger.IngestAsync(ledger.Write("2026-08-31.csv", Text([new Row("A1", 2, false), new Row("F3", 0, false)])));
        Assert.Equal("3 closed A", await ledger.ScalarAsync<string>("select concat_ws(' ', revision, status, sheet_name) from complaint where case_number = 'A1'"));
        await ledger.DisposeAsync();
    }

    /// <summary>Ingests in random groups and wrappers, releases, takes back; at the end everything stands.</summary>
    private static async Task PlayAsync(IngestFixture ledger, Export[] exports, Random random)
    {
        CommandSession session = ledger.Session();
        await using Database database = await Database.OpenAsync(session);
        for (int step = 0; step < 14; step++)
        {
            List<long> standing = await IdsAsync(ledger, "select file_id from source_file where state = 'ingested'");
            switch (random.Next(4))
            {
                case 0 when standing.Count > 0:
                    try
                    {
                        await FileRollback.RunAsync(session, database, standing[random.Next(standing.Count)]);
                    }
                    catch (PipelineFault fault) when (fault.Text.En.Contains("cannot be taken back", StringComparison.Ordinal))
                    {
                        // Later files built upon it: then nothing happened.
                    }
                    break;
                case 1:
                    await ReleaseAsync(ledger, session, database, 1);
                    break;
                default:
                    await IngestAsync(ledger, session, random.GetItems(exports, random.Next(1, 4)).Distinct(), random);
                    break;
            }
        }
        await IngestAsync(ledger, session, exports.OrderBy(_ => random.Next()), random);
        await ReleaseAsync(ledger, session, database, int.MaxValue);
    }

    private static async Task IngestAsync(IngestFixture ledger, CommandSession session, IEnumerable<Export> exports, Random random)
    {
        string[] paths = [.. exports.Select(export => Wrapped(ledger, export, random.Next(3)))];
        IngestResult result = await ledger.IngestAsync(new IngestOptions(paths) { RowsPerBatch = random.Next(1, 4) }, session);
        Assert.DoesNotContain(result.Files, f => f.Outcome == FileOutcome.Failed);
    }

    private static string Wrapped(IngestFixture ledger, Export export, int wrapper)
    {
        switch (wrapper)
        {
            case 0:
                return ledger.WriteBytes(export.Name, export.Bytes);
            case 1:
                using (MemoryStream packed = new())
                {
                    using (GZipStream gzip = new(packed, CompressionLevel.Fastest, leaveOpen: true))
                    {
                        gzip.Write(export.Bytes);
                    }
                    return ledger.WriteBytes($"{export.Name}.gz", packed.ToArray());
                }
            default:
                string path = Path.Combine(ledger.Folder, $"pack of {export.Name}.zip");
                File.Delete(path);
                using (ZipArchive zip = ZipFile.Open(path, ZipArchiveMode.Create))
                {
                    using Stream member = zip.CreateEntry($"folder/{export.Name}").Open();
                    member.Write(export.Bytes);
                }
                return path;
        }
    }

    private static async Task ReleaseAsync(IngestFixture ledger, CommandSession session, Database database, int most)
    {
        foreach (long id in (await IdsAsync(ledger, "select quarantine_id from quarantined_row where state = 'open' order by quarantine_id")).Take(most))
        {
            string sheet = ledger.Write("correction.csv", $"quarantine_id,受理日期\n{id},2026-01-01\n");
            Assert.Single((await QuarantineRelease.FromSheetAsync(session, database, sheet)).Released);
        }
    }

    private static Export[] Exports(Random random, string folder)
    {
        string[] names = ["b", "a", "B", "10", "9", "甲", "é"];
        random.Shuffle(names);
        Export[] exports = new Export[names.Length];
        for (int i = 0; i < exports.Length; i++)
        {
            string day = $"2026-0{random.Next(7, 9)}-28";
            int filler = i;
            IReadOnlyList<Row> Rows(int part) =>
            [
                new Row($"F{filler}{part}", 0, false),
                .. Enumerable.Range(0, random.Next(0, 5)).Select(_ => new Row($"A{random.Next(3)}", random.Next(3), false)),
                new Row($"G{filler}{part}", 0, false),
            ];
            if (random.Next(3) == 0)
            {
                List<(string? Sheet, IReadOnlyList<Row> Rows)> sheets = [("Z", Rows(0)), ("A", Rows(1))];
                string path = Path.Combine(folder, "made.xlsx");
                Write(path, sheets);
                exports[i] = new Export($"{day} {names[i]}.xlsx", day, File.ReadAllBytes(path), sheets);
            }
            else
            {
                List<Row> rows = [.. Rows(0)];
                if (random.Next(2) == 0)
                {
                    rows.Insert(1, new Row($"A{random.Next(3)}", random.Next(3), true));
                }
                exports[i] = new Export($"{day} {names[i]}.csv", day, Encoding.UTF8.GetBytes(Text(rows)), [(null, rows)]);
            }
        }
        return exports;
    }

    private static string Text(IEnumerable<Row> rows) => string.Concat(rows.Select(Cells).Prepend(Header).Select(cells => string.Join(',', cells) + "\n"));

    private static void Write(string path, IEnumerable<(string? Sheet, IReadOnlyList<Row> Rows)> sheets)
    {
        File.Delete(path);
        CorrectionWorkbook.Write(path, [.. sheets.Select(s => new CorrectionSheet(s.Sheet!, Header, [.. s.Rows.Select(Cells)]))]);
    }

    private static string[] Cells(Row row) => [row.Case, row.IsBad ? "2026-02-30" : "2026-01-01", Words[row.Content], $"{row.Case} 反映费用问题"];

    /// <summary>The oracle: everything that was said of a case in its order, equal neighbours as one state.</summary>
    private static List<string> Expected(IEnumerable<Export> exports)
    {
        List<string> lines = [];
        foreach (IGrouping<string, Observation> said in exports.SelectMany(Observations).GroupBy(o => o.Case))
        {
            Observation[] inOrder =
            [
                .. said.OrderBy(o => o.Day, StringComparer.Ordinal).ThenBy(o => o.IsCorrection).ThenBy(o => o.Name, StringComparer.Ordinal)
                    .ThenBy(o => o.Sha256, StringComparer.Ordinal).ThenBy(o => o.Table).ThenBy(o => o.Line),
            ];
            List<List<Observation>> states = [];
            foreach (Observation observation in inOrder)
            {
                if (states.Count == 0 || states[^1][^1].Status != observation.Status)
                {
                    states.Add([]);
                }
                states[^1].Add(observation);
            }
            for (int i = 0; i < states.Count; i++)
            {
                Observation first = states[i][0];
                lines.Add(Line(
                    said.Key, i + 1, first.Status, first.File, first.Sheet, first.Line, states[i][^1].Day,
                    first.IsRepeated ? QualityCodes.RepeatedInFile : "", i + 1 < states.Count ? states[i + 1][0].File : ""));
            }
        }
        lines.Sort(StringComparer.Ordinal);
        return lines;
    }

    private static IEnumerable<Observation> Observations(Export export)
    {
        Dictionary<string, string> before = [];
        for (int table = 0; table < export.Tables.Count; table++)
        {
            (string? sheet, IReadOnlyList<Row> rows) = export.Tables[table];
            for (int i = 0; i < rows.Count; i++)
            {
                Row row = rows[i];
                string status = Statuses[row.Content];
                if (row.IsBad)
                {
                    yield return new Observation(row.Case, status, export.Day, true, export.Name, export.Sha256, 0, 2, $"correction of {export.Name}", null, false);
                }
                else if (before.GetValueOrDefault(row.Case) != status)
                {
                    yield return new Observation(
                        row.Case, status, export.Day, false, export.Name, export.Sha256, table, i + 2, export.Name, sheet, before.ContainsKey(row.Case));
                    before[row.Case] = status;
                }
            }
        }
    }

    private static async Task<List<string>> FoundAsync(IngestFixture ledger)
    {
        await using NpgsqlCommand command = ledger.Source.CreateCommand("""
            select case_number, revision, status, told.name, told.corrects_file_id is not null, sheet_name, line_number, state.as_of_date, warnings, later.name, later.corrects_file_id is not null
            from (
                select case_number, revision, status, file_id, sheet_name, line_number, as_of_date, warnings, null::bigint as later_id from complaint
                union all
                select case_number, revision, status, file_id, sheet_name, line_number, as_of_date, warnings, superseded_by_file_id from complaint_revision
            ) as state
            join source_file as told using (file_id)
            left join source_file as later on later.file_id = later_id
            """);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        List<string> lines = [];
        while (await reader.ReadAsync())
        {
            lines.Add(Line(
                reader.GetString(0), reader.GetInt32(1), reader.GetString(2), OwnName(reader.GetString(3), reader.GetBoolean(4)),
                reader.IsDBNull(5) ? null : reader.GetString(5), reader.GetInt64(6),
                reader.GetFieldValue<DateOnly>(7).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                string.Join(',', reader.GetFieldValue<string[]>(8)),
                reader.IsDBNull(9) ? "" : OwnName(reader.GetString(9), reader.GetBoolean(10))));
        }
        lines.Sort(StringComparer.Ordinal);
        return lines;
    }

    private static string OwnName(string name, bool isCorrection)
    {
        string own = name[(name.LastIndexOfAny(['/', '→']) + 1)..].Trim();
        return (isCorrection ? "correction of " : "") + (own.EndsWith(".gz", StringComparison.Ordinal) ? own[..^3] : own);
    }

    private static string Line(string number, int revision, string status, string file, string? sheet, long line, string seen, string warnings, string later) =>
        $"{number} r{revision} {status} told by [{file}] sheet [{sheet}] line {line}, last seen {seen}, warnings [{warnings}], then [{later}]";

    private static async Task<List<long>> IdsAsync(IngestFixture ledger, string sql)
    {
        await using NpgsqlCommand command = ledger.Source.CreateCommand(sql);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        List<long> ids = [];
        while (await reader.ReadAsync())
        {
            ids.Add(reader.GetInt64(0));
        }
        return ids;
    }
}
