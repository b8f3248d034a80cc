using System.Text;
using System.Text.Json;
using Npgsql;
using Pipeline.Jobs.Ingest.Ledger;
using Pipeline.Jobs.RootCauses;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Steps;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complaints;
using Pipeline.Models.Editions;
using Pipeline.Models.Flags.Groups;
using Pipeline.Models.RootCauses;
using Pipeline.Models.Taxonomy;
using Pipeline.Reports;
using Pipeline.Tests.Ingest;

namespace Pipeline.Tests.Steps;

/// <summary>
/// A run looks at the months within its reach and at what belongs with them, and finds what one that looks at the whole ledger finds. The ledger: two
/// exports of the invented bank as they are, two others as if they were made four years before, with persons in common.
/// </summary>
public sealed class LedgerReachTests : IAsyncLifetime, IDisposable
{
    private const string Source = "cn-bank";
    private static readonly ReportingMonth Month = new(2025, 2);
    private readonly IngestFixture ledger = new();
    private long oldFile;

    private RunRules Rules => RunRules.Load(ledger.Session().Home, "cn-jrt0169", Source);

    public async Task InitializeAsync()
    {
        await ledger.InitializeAsync();
        await ledger.IngestAsync(FourYearsBefore("2024-11.csv", "2020-11.csv"), FourYearsBefore("2025-01.csv", "2021-01.csv"));
        oldFile = await ledger.ScalarAsync<long>("select file_id from source_file where name = '2021-01.csv'");
        await ledger.IngestAsync(Export("2024-12.csv"), Export("2025-02.csv"));
    }

    public Task DisposeAsync() => ledger.DisposeAsync();

    public void Dispose() => ledger.Dispose();

    [Fact]
    public async Task What_is_reached_is_what_following_persons_and_links_one_by_one_reaches()
    {
        await RunAsync(Month);
        await using NpgsqlConnection connection = await ledger.Source.OpenConnectionAsync();
        int all = (int)await ledger.ScalarAsync<long>("select count(*) from complaint");
        List<int> sizes = [];
        foreach (DateOnly from in (DateOnly[])[new(2020, 10, 1), new(2020, 12, 1), new(2021, 1, 20), LedgerReach.From(Month, Rules), new(2025, 2, 10)])
        {
            long[] reached = await LedgerReach.LoadAsync(connection, Source, from, default);
            Assert.Equal((await FollowedAsync(connection, from)).Order(), reached.Order());
            sizes.Add(reached.Length);
        }
        Assert.Equal(all, sizes[0]);
        Assert.True(sizes[^1] < sizes[^2] && sizes[^2] < sizes[1], string.Join(' ', sizes));
        Assert.Equal(all, (await LedgerReach.LoadAsync(connection, Source, DateOnly.MinValue, default)).Length);
    }

    [Fact]
    public async Task Links_of_the_source_are_followed_in_both_directions_and_on_to_the_other_cases_of_the_persons()
    {
        await RunAsync(Month);
        await using NpgsqlConnection connection = await ledger.Source.OpenConnectionAsync();
        DateOnly from = LedgerReach.From(Month, Rules);
        HashSet<long> reached = [.. await LedgerReach.LoadAsync(connection, Source, from, default)];
        // Three cases beyond reach, two of them of one person; the third shows the second as what it continues, and a case within reach the first.
        long[] twice = await IdsAsync(connection, "select min(complaint_id), max(complaint_id) from complainant_link group by person_key having count(*) = 2", reached);
        long[] alone = await IdsAsync(connection, "select min(complaint_id) from complainant_link group by person_key having count(*) = 1", reached);
        long near = await ledger.ScalarAsync<long>("select max(complaint_id) from complaint where received_date >= '2025-02-01'");
        foreach ((long later, long earlier) in ((long, long)[])[(near, twice[0]), (alone[0], twice[1])])
        {
            await ledger.ScalarAsync<long>($"update complaint set link_number = (select case_number from complaint where complaint_id = {earlier}) where complaint_id = {later} returning complaint_id");
        }
        long[] now = await LedgerReach.LoadAsync(connection, Source, from, default);
        Assert.Equal(((long[])[.. twice, alone[0]]).Order(), now.Except(reached).Order());
        Assert.Equal((await FollowedAsync(connection, from)).Order(), now.Order());
    }

    [Fact]
    public void Rules_that_look_back_further_move_the_day()
    {
        Assert.Equal(new DateOnly(2022, 2, 1), LedgerReach.From(Month, Rules));
        RunRules wide = Rules with
        {
            Flags = Rules.Flags with { Organised = Rules.Flags.Organised with { Value = Rules.Flags.Organised.Value with { LookBackCalendarDays = 1_500 } } },
        };
        Assert.Equal(Month.LastDay.AddDays(-1_500), LedgerReach.From(Month, wide));
        RuleBook book = Rules.Rules.Value;
        RunRules usual = Rules with { Rules = Rules.Rules with { Value = book with { Group = book.Group with { UsualCalendarDays = 400 } } } };
        Assert.Equal(new DateOnly(2023, 2, 1).AddDays(-400 - book.Group.WindowCalendarDays), LedgerReach.From(Month, usual));
    }

    [Fact]
    public async Task A_complaint_within_reach_stands_as_in_the_whole_ledger_and_so_does_the_report_of_the_month()
    {
        RunResult run = await RunAsync(Month);
        await using NpgsqlConnection connection = await ledger.Source.OpenConnectionAsync();
        RunRules rules = Rules;
        string model = run.Report.Lineage.Models.Single().ModelId;
        FlaggedLedger whole = await FlaggedLedger.LoadAsync(connection, ledger.Database.Keys, Source, model, rules, DateOnly.MinValue, default);
        FlaggedLedger near = await FlaggedLedger.LoadAsync(connection, ledger.Database.Keys, Source, model, rules, LedgerReach.From(Month, rules), default);

        Dictionary<long, string> known = whole.Facts.ToDictionary(f => f.Fact.ComplaintId, f => JsonSerializer.Serialize(f));
        Assert.All(near.Facts, f => Assert.Equal(known[f.Fact.ComplaintId], JsonSerializer.Serialize(f)));
        Assert.Contains(near.Facts, f => f.Fact.Received.Year < 2022 && f.Fact.Closed is not null);
        Assert.True(near.Facts.Count < whole.Facts.Count - 500, $"{near.Facts.Count} of {whole.Facts.Count}");
        Assert.Equal(near.Facts.Count, run.Steps.Single(s => s.Name == "flag").Rows);

        // What is known from its first day on is what is looked at for its own sake; single older complaints are not.
        Assert.Equal(near.Near.Min(f => f.Received), run.Report.LedgerBegins);
        Assert.True(near.Facts.Min(f => f.Fact.Received) < run.Report.LedgerBegins);

        // Groups are sought among days of which all is known: those of the month are what the whole ledger gives.
        IEnumerable<string> Groups(FlaggedLedger of) => GroupFinder.Find(CaseFindings.Sought(of, Month), rules.Rules.Value.Group).Where(g => g.Last >= Month.FirstDay).Select(g => JsonSerializer.Serialize(g));
        Assert.Equal(Groups(whole), Groups(near));
        byte[] expected = await ReportAsync(connection, rules, model, whole with { From = near.From });
        Assert.Equal(expected, await ReportAsync(connection, rules, model, near));
    }

    [Fact]
    public async Task What_stands_beyond_a_months_reach_is_left_as_older_months_counted_it_and_ends_where_the_ledger_loses_it()
    {
        RunResult first = await RunAsync(Month);
        Assert.Equal(first.Steps.Single(s => s.Name == "flag").Rows, await ledger.ScalarAsync<long>("select count(*) from counted_state where to_place is null"));
        await RunAsync(new ReportingMonth(2021, 1));
        long all = await ledger.ScalarAsync<long>("select count(*) from complaint");
        Assert.Equal(all, await ledger.ScalarAsync<long>("select count(*) from counted_state where to_place is null"));
        RunResult again = await RunAsync(Month);
        Assert.True(again.Reused);
        Assert.Equal(all, await ledger.ScalarAsync<long>("select count(*) from counted_state where to_place is null"));

        await using (Database database = await Database.OpenAsync(ledger.Session()))
        {
            await FileRollback.RunAsync(ledger.Session(), database, oldFile);
        }
        RunResult after = await RunAsync(Month);
        Assert.Equal(2, after.Report.Lineage.Edition);
        Assert.Empty(after.Report.Changes!.Unexplained);
        Assert.Equal(
            await ledger.ScalarAsync<long>("select count(*) from complaint"), await ledger.ScalarAsync<long>("select count(*) from counted_state where to_place is null"));
        Assert.Equal(0L, await ledger.ScalarAsync<long>("select count(*) from (select from counted_state where to_place is null group by case_number having count(*) > 1) as twice"));
    }

    [Fact]
    public async Task A_file_taken_back_that_told_old_complaints_anew_ends_what_stood_of_them_and_is_the_cause_of_what_moves()
    {
        string before = await File.ReadAllTextAsync(Path.Combine(ledger.Folder, "2021-01.csv"));
        Assert.Contains("已办结", before, StringComparison.Ordinal);
        await ledger.IngestAsync(ledger.Write("2025-03.csv", before.Replace("已办结", "处理中", StringComparison.Ordinal)));
        RunResult first = await RunAsync(Month);

        await using (Database database = await Database.OpenAsync(ledger.Session()))
        {
            await FileRollback.RunAsync(ledger.Session(), database, await ledger.ScalarAsync<long>("select file_id from source_file where name = '2025-03.csv'"));
        }
        RunResult second = await RunAsync(Month);
        Assert.Equal(2, second.Report.Lineage.Edition);
        Assert.True(first.Report.OpenEarlier.Count > second.Report.OpenEarlier.Count + 250, $"{first.Report.OpenEarlier.Count} and {second.Report.OpenEarlier.Count} open");
        const string toldByIt = "from counted_state where state ->> 'file' = '2025-03.csv'";
        Assert.NotEqual(0L, await ledger.ScalarAsync<long>($"select count(*) {toldByIt}"));
        Assert.Equal(0L, await ledger.ScalarAsync<long>($"select count(*) {toldByIt} and to_place is null"));
        Assert.Empty(second.Report.Changes!.Unexplained);
        Assert.Contains(second.Report.Changes.Causes, c => c is { Kind: ChangeCauseKind.Withdrawn, Name: "2025-03.csv" });
    }

    private static async Task<long[]> IdsAsync(NpgsqlConnection connection, string sql, HashSet<long> reached)
    {
        await using NpgsqlCommand command = new(sql, connection);
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync())
        {
            long[] ids = [.. Enumerable.Range(0, row.FieldCount).Select(row.GetInt64)];
            if (!ids.Any(reached.Contains))
            {
                return ids;
            }
        }
        throw new InvalidOperationException("everything is within reach");
    }

    /// <summary>The rule, followed complaint by complaint.</summary>
    private static async Task<HashSet<long>> FollowedAsync(NpgsqlConnection connection, DateOnly from)
    {
        List<(long Id, string Case, string? Link, long? Person, bool IsNear)> all = [];
        await using NpgsqlCommand command = new(
            """
            select complaint_id, case_number, link_number, person_key, received_date >= $1 or status = 'open' or (source_file.as_of_date >= $1 and (complaint.revision > 1 or complaint.closed_date >= $1))
            from complaint
            join source_file using (file_id)
            left join complainant_link using (complaint_id)
            """, connection)
        {
            Parameters = { new() { Value = from } },
        };
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync())
        {
            all.Add((row.GetInt64(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetString(2), row.IsDBNull(3) ? null : row.GetInt64(3), row.GetBoolean(4)));
        }
        HashSet<long> reached = [];
        Stack<(long Id, string Case, string? Link, long? Person, bool IsNear)> next = new(all.Where(c => c.IsNear));
        while (next.TryPop(out (long Id, string Case, string? Link, long? Person, bool IsNear) one))
        {
            if (reached.Add(one.Id))
            {
                foreach (var other in all.Where(c => (c.Person is not null && c.Person == one.Person) || c.Case == one.Link || (c.Link is not null && c.Link == one.Case)))
                {
                    next.Push(other);
                }
            }
        }
        return reached;
    }

    private async Task<byte[]> ReportAsync(NpgsqlConnection connection, RunRules rules, string model, FlaggedLedger flagged)
    {
        RootCauseInputs carried = await RootCauseInputs.LoadAsync(connection, Source, Month, rules.RootCauses.Value, default);
        RunInputs inputs = carried.Pin(await RunInputs.PinAsync(connection, Month, Source, [model], rules.Hashes, default));
        CaseFindings findings = await CaseFindings.FindAsync(connection, ledger.Database.Keys, Month, Source, rules, flagged, default);
        FlaggedLedger marked = flagged.WithMajor(findings.MajorComplaints);
        RootCauseReport causes = RootCauseStep.Find(findings.Letters, marked, Month, carried.Topics, rules, default);
        MonthReport built = findings.AddTo(await ReportBuilder.BuildAsync(
            connection, ledger.Database.Keys, Month, inputs, 1, rules, marked, carried.Register, default));
        return ReportDocument.Write(built with { RootCauses = causes with { Remediation = RemediationStep.Judge(carried.Register, built) } });
    }

    private async Task<RunResult> RunAsync(ReportingMonth month)
    {
        await using Database database = await Database.OpenAsync(ledger.Session());
        return await new MonthRun(database, ledger.Database.Keys, ledger.Session()).ExecuteAsync(new RunRequest(month, Source, null, []));
    }

    /// <summary>The export as if everything in it had been four years before: other case numbers, the same persons.</summary>
    private string FourYearsBefore(string export, string name) => ledger.WriteBytes(
        name,
        Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(File.ReadAllBytes(Export(export))).Replace("2024", "2020", StringComparison.Ordinal).Replace("2025", "2021", StringComparison.Ordinal)));

    private static string Export(string name) => Path.Combine(SampleData.Bank, "exports", name);
}
