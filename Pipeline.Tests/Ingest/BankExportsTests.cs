using System.Globalization;
using System.Text.RegularExpressions;
using CsvHelper;
using Npgsql;
using Pipeline.Jobs.Ingest;
using Pipeline.Models.Complaints;
using Pipeline.Models.Taxonomy;

namespace Pipeline.Tests.Ingest;

/// <summary>The 24 exports of the invented bank, once, for the tests of what became of them.</summary>
public sealed class BankLedger : IAsyncLifetime, IDisposable
{
    public IngestFixture Fixture { get; } = new();

    public IngestResult Result { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await Fixture.InitializeAsync();
        Result = await Fixture.IngestAsync(Path.Combine(SampleData.Bank, "exports"));
    }

    public Task DisposeAsync() => Fixture.DisposeAsync();

    public void Dispose() => Fixture.Dispose();
}

public sealed partial class BankExportsTests(BankLedger ledger) : IClassFixture<BankLedger>
{
    private static readonly Dictionary<string, string> RejectingDefects = new()
    {
        ["bad date"] = QualityCodes.ReceivedDateImpossible,
        ["missing case number"] = QualityCodes.CaseNumberMissing,
        ["future date"] = QualityCodes.ReceivedAfterExport,
    };

    [GeneratedRegex("^(?<kind>bad date|missing case number|future date|scientific identity number|exact duplicate row of)(:)? case (?<case>TS[0-9]+)")]
    private static partial Regex Note();

    private static IEnumerable<Dictionary<string, string>> Csv(string name)
    {
        using StreamReader text = new(Path.Combine(SampleData.Bank, name));
        using CsvReader reader = new(text, CultureInfo.InvariantCulture);
        reader.Read();
        reader.ReadHeader();
        while (reader.Read())
        {
            yield return reader.HeaderRecord!.ToDictionary(h => h, h => reader.GetField(h)!);
        }
    }

    private static List<(string Month, string Kind, string Case)> Defects() =>
        [.. Csv("events.csv").Where(e => e["kind"] == "defect").Select(e => (e["month"], Note().Match(e["note"]))).Select(e => (e.Item1, e.Item2.Groups["kind"].Value, e.Item2.Groups["case"].Value))];

    private async Task<List<T>> QueryAsync<T>(string sql, Func<NpgsqlDataReader, T> read)
    {
        await using NpgsqlCommand command = ledger.Fixture.Source.CreateCommand(sql);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        List<T> rows = [];
        while (await reader.ReadAsync())
        {
            rows.Add(read(reader));
        }
        return rows;
    }

    [Fact]
    public void All_24_exports_are_recognised_and_their_counts_reconcile()
    {
        Assert.Equal(24, ledger.Result.Files.Count);
        Assert.All(ledger.Result.Files, f => Assert.Equal(("cn-bank", FileOutcome.Ingested), (f.Profile!, f.Outcome)));
        Assert.All(ledger.Result.Files, f => Assert.Equal(f.Counts.Read, f.Counts.New + f.Counts.Updated + f.Counts.Unchanged + f.Counts.Duplicate + f.Counts.Rejected));
        Assert.Equal(ledger.Result.Files.Select(f => f.AsOf).Order(), ledger.Result.Files.Select(f => f.AsOf));
        Assert.Equal(new DateOnly(2024, 12, 5), ledger.Result.Files[0].AsOf);
        Assert.Equal(0, ledger.Result.ExitCode);
    }

    [Fact]
    public async Task Quarantine_holds_exactly_the_rows_with_a_defect_that_makes_them_uncountable()
    {
        List<(string File, string Reason, string? Case)> found = await QueryAsync(
            "select left(name, 7), reason_code, case_number from quarantined_row join source_file using (file_id)",
            r => (r.GetString(0), r.GetString(1), r.IsDBNull(2) ? null : r.GetString(2)));
        List<(string, string, string?)> planted = [.. Defects()
            .Where(d => RejectingDefects.ContainsKey(d.Kind))
            .Select(d => (d.Month, RejectingDefects[d.Kind], d.Kind == "missing case number" ? null : d.Case))];
        Assert.Equal(planted.Order(), found.Order());
    }

    [Fact]
    public async Task Scientific_identity_numbers_are_warnings_and_nothing_else_is_set_aside()
    {
        List<(string, string)> warned = await QueryAsync(
            "select case_number, unnest(warnings) from complaint union select case_number, unnest(warnings) from complaint_revision", r => (r.GetString(0), r.GetString(1)));
        List<(string, string)> planted = [.. Defects().Where(d => d.Kind.StartsWith("scientific", StringComparison.Ordinal)).Select(d => (d.Case, QualityCodes.IdentityScientific))];
        Assert.Equal(planted.Order(), warned.Order());
        Assert.Equal(planted.Count, ledger.Result.Files.Sum(f => f.Counts.Warnings));
        Assert.Equal(
            await ledger.Fixture.ScalarAsync<long>("select sum(cardinality(warnings)) from complaint"),
            await ledger.Fixture.ScalarAsync<long>("select count(*) from complaint_warning"));
    }

    [Fact]
    public void Exact_duplicates_are_duplicates_in_the_files_where_they_were_planted()
    {
        List<string> planted = [.. Defects().Where(d => d.Kind.StartsWith("exact", StringComparison.Ordinal)).Select(d => d.Month)];
        Assert.Equal(planted, ledger.Result.Files.Where(f => f.Counts.Duplicate == 1).Select(f => Path.GetFileNameWithoutExtension(f.Path)));
        Assert.Equal(planted.Count, ledger.Result.Files.Sum(f => f.Counts.Duplicate));
    }

    [Fact]
    public async Task Every_case_of_the_truth_is_in_the_ledger_or_was_refused_for_a_planted_defect()
    {
        HashSet<string> cases = [.. await QueryAsync("select case_number from complaint", r => r.GetString(0))];
        HashSet<string> defective = [.. Defects().Where(d => RejectingDefects.ContainsKey(d.Kind)).Select(d => d.Case)];
        List<Dictionary<string, string>> truth = [.. Csv("truth.csv")];
        Assert.Empty(cases.Except(truth.Select(t => t["case"])));
        Assert.Empty(truth.Select(t => t["case"]).Where(c => !cases.Contains(c)).Except(defective));
    }

    [Fact]
    public async Task Closing_dates_channels_and_satisfaction_agree_with_the_truth()
    {
        ComplaintTaxonomy taxonomy = Jobs.Rules.RuleFiles.Taxonomy(ledger.Fixture.Database.Home, "cn-jrt0169").Value;
        Dictionary<string, Dictionary<string, string>> truth = Csv("truth.csv").ToDictionary(t => t["case"]);
        var rows = await QueryAsync(
            "select case_number, received_date, closed_date, channel, satisfaction, status from complaint",
            r => (Case: r.GetString(0), Received: r.GetFieldValue<DateOnly>(1), Closed: r.IsDBNull(2) ? (DateOnly?)null : r.GetFieldValue<DateOnly>(2),
                Channel: r.GetString(3), Satisfaction: r.IsDBNull(4) ? null : r.GetString(4), Status: r.GetString(5)));
        Dictionary<string, string> satisfaction = new() { ["satisfied"] = "满意", ["fairly_satisfied"] = "基本满意", ["dissatisfied"] = "不满意", ["not_reached"] = "联系不上" };
        foreach (var row in rows)
        {
            Dictionary<string, string> t = truth[row.Case];
            Assert.Equal(t["date"], row.Received.ToString("yyyy-MM-dd"));
            Assert.Equal(taxonomy.KeyOf(Dimensions.Channel, t["source"]), row.Channel);
            Assert.Equal(row.Closed is not null, row.Status == "closed");
            if (row.Closed is DateOnly closed)
            {
                Assert.Equal(t["closed"], closed.ToString("yyyy-MM-dd"));
                Assert.Equal(t["satisfaction"], satisfaction[row.Satisfaction!]);
            }
        }
    }

    [Fact]
    public async Task No_personal_value_is_readable_in_the_database()
    {
        long readable = await ledger.Fixture.ScalarAsync<long>("""
            select count(*)
            from complaint
            where to_jsonb(complaint) - 'sealed' - 'case_number' - 'original_number' - 'regulator_number' - 'content_hash'
                - 'name_token' - 'identity_token' - 'phone_tokens' - 'email_token' - 'account_token' ->> 0 is not null
                or (to_jsonb(complaint) - 'sealed' - 'case_number' - 'original_number' - 'regulator_number' - 'content_hash' - 'name_token'
                    - 'identity_token' - 'phone_tokens' - 'email_token' - 'account_token')::text ~ '990000[0-9]{8}|[^0-9]1[3-9][0-9]{9}[^0-9]|@'
            """);
        Assert.Equal(0, readable);
    }

    [Fact]
    public async Task The_same_files_again_do_nothing()
    {
        IReadOnlyList<string> before = await ledger.Fixture.SnapshotAsync();
        IngestResult again = await ledger.Fixture.IngestAsync(Path.Combine(SampleData.Bank, "exports"));
        Assert.All(again.Files, f => Assert.Equal(FileOutcome.AlreadyIngested, f.Outcome));
        Assert.Equal(4, again.ExitCode);
        Assert.Equal(ledger.Result.Files.Sum(f => f.Counts.Read), again.Files.Sum(f => f.Counts.Read));
        Assert.Equal(0, again.Files.Sum(f => f.Counts.New + f.Counts.Updated));
        LedgerSnapshot.AssertSame(before, await ledger.Fixture.SnapshotAsync());
    }

    [Fact]
    public async Task Any_order_of_arrival_gives_the_same_ledger()
    {
        IReadOnlyList<string> expected = await ledger.Fixture.SnapshotAsync();
        string[] files = Directory.GetFiles(Path.Combine(SampleData.Bank, "exports"));
        foreach (int seed in (int[])[1])
        {
            Array.Sort(files, StringComparer.Ordinal);
            new Random(seed).Shuffle(files);
            using IngestFixture other = await IngestFixture.CreateAsync();
            foreach (string file in files)
            {
                await other.IngestAsync(file);
            }
            LedgerSnapshot.AssertSame(expected, await other.SnapshotAsync());
            await other.DisposeAsync();
        }
    }
}
