using System.Globalization;
using System.Text;
using Npgsql;
using Pipeline.Jobs.Complainants;
using Pipeline.Jobs.Ingest;
using Pipeline.Jobs.Persons;
using Pipeline.Jobs.Rules;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complainants;
using Pipeline.Models.Taxonomy;

namespace Pipeline.Tests.Complainants;

/// <summary>
/// The judging of what changed, against the judging of the whole ledger, on ledgers of invented persons who share names, telephones and
/// addresses beyond all likelihood, so that contacts and blocking keys become common, and cease to be, all the time; before some rounds parts of the
/// ledger are prepared, and some of what was prepared is out of date by the time of linking, or was prepared by other rules.
/// </summary>
public sealed class LinkReachTests(TestDatabase fixture) : IClassFixture<TestDatabase>
{
    private const string Families = "王李张刘陈";
    private const string Given = "梅强宇秀英辉萱永胜秋";
    private static readonly RuleBook Rules = RuleFiles.Rules("/nowhere").Value;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Whatever_comes_changes_and_goes_the_persons_are_those_of_the_whole_ledger_judged_anew(int seed)
    {
        WriteSmallBlocks();
        LinkRules matching = LinkRules.Load(fixture.Home);
        string source = $"reach{seed}";
        Random random = new(seed);
        List<Invented> ledger = [];
        int judged = 0;
        int whole = 0;
        for (int round = 0; round < 14; round++)
        {
            int growth = round == 0 ? 205 : random.Next(1, 24);
            await AddFileAsync(source, round);
            for (int i = 0; i < growth; i++)
            {
                Invented complaint = Draw(random, $"{source}-{ledger.Count:0000}", round);
                ledger.Add(complaint);
                await InsertAsync(source, complaint, round);
            }
            if (round % 3 == 0)
            {
                await PrepareAsync(random, source, matching);
                await Preparation(source, matching).RunAsync(new SourcePart(0, 1), _ => Task.CompletedTask, default);
                await ReviseNewestAsync(random, source, ledger, round); // one that was prepared as it no longer stands, beside those that chance brings
            }
            for (int i = 0; i < (round == 0 ? 0 : random.Next(0, 6)); i++)
            {
                int at = random.Next(ledger.Count);
                Invented changed = Draw(random, ledger[at].Number, round) with { Name = random.Next(2) == 0 ? ledger[at].Name : Name(random), IsGone = ledger[at].IsGone };
                if (!changed.IsGone)
                {
                    ledger[at] = changed;
                    await ReviseAsync(source, changed, round);
                }
            }
            for (int i = 0; i < (round is 2 or 5 or 8 or 11 ? random.Next(1, 6) : 0); i++)
            {
                int at = random.Next(ledger.Count);
                await ExecuteAsync(
                    "update source_file set sha256 = sha256 || 'x' where file_id = (select min(file_id) from (select case_number, file_id from complaint union all select case_number, file_id from complaint_revision) c where case_number = $1)",
                    ledger[at].Number);
                await ExecuteAsync("delete from complaint_revision where case_number = $1", ledger[at].Number);
                await ExecuteAsync("delete from complaint where case_number = $1", ledger[at].Number);
                ledger[at] = ledger[at] with { IsGone = true };
            }
            if (round is 3 or 6 or 9 or 10 or 12)
            {
                await SayAsync(random, source, ledger);
            }
            if (round % 3 == 1)
            {
                await PrepareAsync(random, source, matching);
            }
            if (round % 3 == 2)
            {
                Assert.True(await OtherPreparation(source, matching).RunAsync(new SourcePart(0, 1), _ => Task.CompletedTask, default) > 0);
            }
            LinkResult result = await LinkAsync(source, matching);
            Assert.Equal(0L, await ScalarAsync<long>("select count(*) from match_prepared where source = $1", source));
            judged += result.Judged;
            whole += ledger.Count(c => !c.IsGone);
            await AssertWholeAsync(source, matching, $"round {round}");
        }
        Assert.True(judged < whole, $"{judged} judged of {whole}");
        LinkResult again = await LinkAsync(source, matching);
        Assert.Equal((0, 0, 0, 0), (again.Judged, again.ChangedLinks, again.Merges, again.Splits));

        // All at once, with nothing known, alone and after a preparation in parts: the same weights, the same persons, and nothing to write.
        string index = await IndexAsync();
        foreach (int parts in (int[])[0, 1, 2, 4])
        {
            await ExecuteAsync("delete from match_state where source = $1", source);
            long prepared = 0;
            for (int part = 0; part < parts; part++)
            {
                prepared += await Preparation(source, matching).RunAsync(new SourcePart(part, parts), _ => Task.CompletedTask, default);
            }
            Assert.Equal(parts == 0 ? 0 : ledger.Count(c => !c.IsGone), prepared);
            LinkResult atOnce = await LinkAsync(source, matching);
            Assert.Equal((ledger.Count(c => !c.IsGone), 0, 0, 0), (atOnce.Judged, atOnce.ChangedLinks, atOnce.Merges, atOnce.Splits));
            Assert.Equal(index, await IndexAsync());
        }
        Assert.Equal(0, await Preparation(source, matching).CountAsync(default));

        // What was prepared by other rules counts for nothing, beside what was prepared by those that stand.
        await ExecuteAsync("delete from match_state where source = $1", source);
        int standing = ledger.Count(c => !c.IsGone);
        Assert.Equal(standing, await OtherPreparation(source, matching).RunAsync(new SourcePart(0, 1), _ => Task.CompletedTask, default));
        Assert.InRange(await Preparation(source, matching).RunAsync(new SourcePart(0, 2), _ => Task.CompletedTask, default), 1, standing - 1);
        LinkResult among = await LinkAsync(source, matching);
        Assert.Equal((standing, 0, 0, 0), (among.Judged, among.ChangedLinks, among.Merges, among.Splits));
        Assert.Equal(index, await IndexAsync());

        async Task<string> IndexAsync() => await TextAsync(
            $"""
            select concat_ws('#',
                (select string_agg(concat_ws('|', due, learned_until, files_sha256, md5(model)), ',') from match_state where source = '{source}'),
                (select string_agg(key::text, ',' order by key) from match_common where source = '{source}'),
                (select string_agg(concat_ws('|', complaint_id, component, name_sound, (select array_agg(k order by k) from unnest(keys) k)), ',' order by complaint_id)
                    from match_record where source = '{source}'),
                (select md5(string_agg(concat_ws('|', key, k.complaint_id), ',' order by key, k.complaint_id))
                    from match_key k join match_record using (complaint_id) where source = '{source}'),
                (select count(*) from match_key k where not exists (select from match_record r where r.complaint_id = k.complaint_id)))
            """);
    }

    [Fact]
    public void Weights_are_due_at_the_doublings_of_the_fewest_complaints_that_teach_any()
    {
        Assert.Equal(
            [0, 200, 200, 400, 800, 12_800], new long[] { 199, 200, 399, 400, 1_599, 13_119 }.Select(n => LinkModel.Due(n, 2)));
        Assert.Equal([200, 300, 450, 675, 1_013], new long[] { 299, 300, 450, 1_012, 1_013 }.Select(n => LinkModel.Due(n, 1.5)));
    }

    /// <summary>What stands in the ledger is what judging every complaint, without index and components, gives with the weights that stand.</summary>
    private async Task AssertWholeAsync(string source, LinkRules matching, string where)
    {
        await using NpgsqlConnection connection = await fixture.Source.OpenConnectionAsync();
        List<StandingLink> rows = await LinkRows.ReadAsync(connection, fixture.Keys, source, matching.Schema.Value, null, CancellationToken.None);
        byte[] kept = await ScalarAsync<byte[]>("select coalesce(model, '') from match_state where source = $1", source);
        PersonModel? model = kept.Length == 0 ? null : PersonModel.Read(kept, matching.Schema.Value, Rules.SharedPhoneMinPersons, new LinkSigns(fixture.Keys, source).Value);
        Dictionary<long, string[]> shown = rows.ToDictionary(r => r.Evidence.ComplaintId, r => r.Shown);
        LinkSigns signs = new(fixture.Keys, source);
        HashSet<string> common = [.. await ListAsync("select key::text from match_common where source = $1", source)];
        Assert.Equal(
            Lines(ComplaintKeys
                .Of([.. rows.Select(r => r.Evidence).Where(e => e.ShowsSomebody)], c => shown[c.ComplaintId], model?.Schema, matching.Names.Value, k => common.Contains($"{signs.Key(k)}"), 1)
                .Select(k => $"{where} {k.ComplaintId} {string.Join(' ', k.All.Select(signs.Key).Distinct().Order())}")),
            Lines(await ListAsync(
                "select complaint_id || ' ' || (select string_agg(k::text, ' ' order by k) from unnest(keys) k) from match_record where source = $1 and keys <> '{}'", source), $"{where} "));
        Dictionary<long, string> number = rows.ToDictionary(r => r.Evidence.ComplaintId, r => r.Evidence.CaseNumber);
        RecognisedPersons expected = PersonRecognition
            .Judge(
                [.. rows.Select(r => r.Evidence)], c => shown[c.ComplaintId], model, matching.Schema.Value, matching.Names.Value, Rules.SharedPhoneMinPersons, null, 1,
                CancellationToken.None)
            .Recognise(IdentityWords.Constraints(await IdentityWords.LoadAsync(connection, source, CancellationToken.None)));
        Assert.Equal(
            Lines(expected.Clusters.Persons.Select(p => string.Join('+', p.ComplaintIds.Select(c => number[c]).Order(StringComparer.Ordinal)))),
            Lines(rows.Where(r => r.Person is not null).GroupBy(r => r.Person).Select(p => string.Join('+', p.Select(r => r.Evidence.CaseNumber).Order(StringComparer.Ordinal)))));
        Assert.Equal(
            Lines(expected.Clusters.Links.Select(l => $"{where} {number[l.ComplaintId]} {l.Basis} {(l.JoinedTo is { } with ? number[with] : "")}")),
            Lines(rows.Where(r => r.Person is not null).Select(r => $"{where} {r.Evidence.CaseNumber} {r.Why.Basis} {r.Why.JoinedCase}")));
        Assert.Equal(
            Lines(expected.Held.Select(h => $"{where} {number[h.ComplaintId]} {number[h.With]} {h.Kind} {h.Reason}")),
            Lines(await ListAsync(
                """
                select one.case_number || ' ' || other.case_number || ' ' || kind || ' ' || reason
                from held_apart join complaint one using (complaint_id) join complaint other on other.complaint_id = other_complaint_id
                where one.source = $1
                """, source), $"{where} "));
        Assert.Equal(
            Lines(expected.ByWord.Select(c => number[c])),
            Lines(await ListAsync("select case_number from identity_effect join complaint using (complaint_id) where source = $1", source)));
    }

    private static string Lines(IEnumerable<string> lines, string before = "") => string.Join('\n', lines.Select(l => before + l).Order(StringComparer.Ordinal));

    /// <summary>Blocks of four, so that they overflow, and weights that are due often; the home's own rules are read by every command.</summary>
    private void WriteSmallBlocks()
    {
        using Stream embedded = typeof(RuleFiles).Assembly.GetManifestResourceStream("Pipeline.Jobs.Rules.matching.json")!;
        using StreamReader reader = new(embedded);
        string rules = Path.Combine(fixture.Home, "rules");
        Directory.CreateDirectory(rules);
        File.WriteAllText(
            Path.Combine(rules, "matching.json"), reader.ReadToEnd().Replace("\"probability\"", "\"largest_block\": 4, \"probability\"", StringComparison.Ordinal)
                .Replace("\"learn_again_at\": 2", "\"learn_again_at\": 1.25", StringComparison.Ordinal));
    }

    private async Task<LinkResult> LinkAsync(string source, LinkRules matching)
    {
        await using Database database = await Database.OpenAsync(fixture.Session());
        return await LinkStep.RunAsync(database, fixture.Keys, source, Rules, matching, fixture.Session());
    }

    private LinkPreparation Preparation(string source, LinkRules matching) => new(fixture.Source, fixture.Keys, source, matching, Rules.SharedPhoneMinPersons);

    /// <summary>By rules that take no contact for shared, and so make other keys of each complaint that shows one.</summary>
    private LinkPreparation OtherPreparation(string source, LinkRules matching) => new(fixture.Source, fixture.Keys, source, matching, 0);

    /// <summary>The newest complaint becomes one of another person, with another telephone.</summary>
    private async Task ReviseNewestAsync(Random random, string source, List<Invented> ledger, int round)
    {
        Invented newest = ledger[^1];
        Assert.Equal(1L, await ScalarAsync<long>(
            "select count(*) from match_prepared join complaint c using (complaint_id, content_hash) where c.source = $1 and c.case_number = $2", source, newest.Number));
        Invented changed = Draw(random, newest.Number, round);
        while (changed.Name is null || changed.Phone is null || changed.Name == newest.Name || changed.Phone == newest.Phone)
        {
            changed = Draw(random, newest.Number, round);
        }
        ledger[^1] = changed;
        await ReviseAsync(source, changed, round);
    }

    /// <summary>Some of a number of parts, as nodes that died would leave it.</summary>
    private async Task PrepareAsync(Random random, string source, LinkRules matching)
    {
        int parts = random.Next(1, 5);
        for (int part = 0; part < parts; part++)
        {
            if (random.Next(4) > 0)
            {
                await Preparation(source, matching).RunAsync(new SourcePart(part, parts), _ => Task.CompletedTask, default);
            }
        }
    }

    private async Task SayAsync(Random random, string source, List<Invented> ledger)
    {
        if (random.Next(3) == 0 && await ListAsync("select word_id::text from identity_word left join identity_withdrawal w using (word_id) where source = $1 and w.withdrawn_at is null order by word_id", source) is { Count: > 0 } said)
        {
            await PersonCommand.RunAsync(new WordRequest(WordKinds.Withdraw, [said[random.Next(said.Count)]], [], source, null, "lin", false), fixture.Session());
            return;
        }
        Invented[] standing = [.. ledger.Where(c => !c.IsGone && c.Name is not null)];
        (Invented one, Invented other) = (standing[random.Next(standing.Length)], standing[random.Next(standing.Length)]);
        try
        {
            await PersonCommand.RunAsync(
                new WordRequest(random.Next(2) == 0 ? WordKinds.Merge : WordKinds.Refuse, [one.Number, other.Number], [], source, null, "lin", false), fixture.Session());
        }
        catch (PipelineFault)
        {
            // Two identity numbers, or one person already: the command says so and changes nothing.
        }
    }

    private static string Name(Random random) =>
        $"{Families[random.Next(Families.Length)]}{Given[random.Next(Given.Length)]}{(random.Next(3) == 0 ? $"{Given[random.Next(Given.Length)]}" : "")}";

    private static Invented Draw(Random random, string number, int round)
    {
        int person = random.Next(90);
        Random own = new(person);
        string name = Name(own);
        string phone = $"1380000{person / 3:0000}";
        return new Invented(
            number, new DateOnly(2025, 1, 1).AddDays((round * 20) - random.Next(60)), random.Next(25) == 0 ? null : random.Next(10) == 0 ? Name(random) : name,
            random.Next(6) == 0 ? Identity(own.Next(1960, 1999), person) : null,
            random.Next(3) == 0 ? null : random.Next(6) == 0 ? $"1390000{random.Next(12):0000}" : phone,
            random.Next(3) == 0 ? null : own.Next(1960, 1999), random.Next(2) == 0 ? null : person % 2 == 0 ? "女" : "男",
            random.Next(2) == 0 ? "" : $"浙江省杭州市{"东西南北"[person % 4]}湖区", false);
    }

    private static string Identity(int year, int person)
    {
        string body = string.Create(CultureInfo.InvariantCulture, $"990000{year}0707{person:000}");
        int[] weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
        return body + "10X98765432"[body.Select((c, i) => (c - '0') * weights[i]).Sum() % 11];
    }

    private sealed record Invented(
        string Number, DateOnly Received, string? Name, string? Identity, string? Phone, int? Born, string? Gender, string Address, bool IsGone);

    private static DateOnly AsOf(int round) => new DateOnly(2025, 2, 1).AddDays(round * 20);

    private Task AddFileAsync(string source, int round) => ExecuteAsync(
        "insert into source_file (sha256, name, source, profile, profile_sha256, as_of_date, ingested_at, bytes) values ($1, 'f', $2, 'cn-bank', 'h', $3, now(), 1)",
        $"{source}-{round}", source, AsOf(round));

    private Task InsertAsync(string source, Invented complaint, int round) => ExecuteAsync(
        """
        insert into complaint (source, case_number, content_hash, as_of_date, file_id, line_number, received_date, status,
            name_token, identity_token, phone_tokens, birth_year, gender, key_id, sealed)
        select $1, $2, $3, $4, max(file_id), 1, $5, 'open', $6, $7, $8, nullif($9, 0), nullif($10, ''), $11, $12 from source_file where source = $1
        """, Values(source, complaint, round));

    /// <summary>A later export tells the case otherwise: the state before becomes a revision.</summary>
    private async Task ReviseAsync(string source, Invented complaint, int round)
    {
        await ExecuteAsync(
            """
            insert into complaint_revision (complaint_id, source, case_number, revision, content_hash, as_of_date, file_id, line_number, received_date, status,
                name_token, identity_token, phone_tokens, birth_year, gender, key_id, sealed, persons_count, warnings, identity_state)
            select complaint_id, source, case_number, revision, content_hash, as_of_date, file_id, line_number, received_date, status,
                name_token, identity_token, phone_tokens, birth_year, gender, key_id, sealed, persons_count, warnings, identity_state
            from complaint where source = $1 and case_number = $2
            """, source, complaint.Number);
        await ExecuteAsync(
            """
            update complaint
            set revision = revision + 1, content_hash = $3, as_of_date = $4, received_date = $5, name_token = $6, identity_token = $7, phone_tokens = $8,
                birth_year = nullif($9, 0), gender = nullif($10, ''), key_id = $11, sealed = $12
            where source = $1 and case_number = $2
            """, Values(source, complaint, round));
    }

    private object[] Values(string source, Invented complaint, int round)
    {
        SealedRow row = new();
        row.Add(SealedRow.Name, complaint.Name ?? "");
        row.Add(SealedRow.IdentityNumber, complaint.Identity ?? "");
        row.Add(SealedRow.PhoneContact, complaint.Phone ?? "");
        row.Add(SealedRow.Address, complaint.Address);
        return [
            source, complaint.Number, Encoding.UTF8.GetBytes($"{complaint}{round}"), AsOf(round), complaint.Received, Token("name", complaint.Name),
            Token("identity", complaint.Identity), complaint.Phone is null ? Array.Empty<byte[]>() : new[] { fixture.Keys.Token("phone", Encoding.UTF8.GetBytes(complaint.Phone)) },
            complaint.Born ?? 0, complaint.Gender ?? "", fixture.Keys.CurrentKeyId, fixture.Keys.Seal(row.Write(), SealedRow.Place(source, complaint.Number))];
    }

    private object Token(string kind, string? value) => value is null ? DBNull.Value : fixture.Keys.Token(kind, Encoding.UTF8.GetBytes(value));

    private async Task<List<string>> ListAsync(string sql, string source)
    {
        await using NpgsqlCommand command = fixture.Source.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter { Value = source });
        List<string> lines = [];
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync())
        {
            lines.Add(row.GetString(0));
        }
        return lines;
    }

    private Task<string> TextAsync(string sql) => ScalarAsync<string>(sql);

    private async Task<T> ScalarAsync<T>(string sql, params object[] values)
    {
        await using NpgsqlCommand command = Command(sql, values);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    private async Task ExecuteAsync(string sql, params object[] values)
    {
        await using NpgsqlCommand command = Command(sql, values);
        await command.ExecuteNonQueryAsync();
    }

    private NpgsqlCommand Command(string sql, object[] values)
    {
        NpgsqlCommand command = fixture.Source.CreateCommand(sql);
        foreach (object value in values)
        {
            command.Parameters.Add(value is DBNull ? new NpgsqlParameter { Value = value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Bytea } : new NpgsqlParameter { Value = value });
        }
        return command;
    }
}
