using System.Text;
using Npgsql;
using Pipeline.Jobs.Complainants;
using Pipeline.Jobs.Flags;
using Pipeline.Jobs.Ingest;
using Pipeline.Jobs.Rules;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complaints;
using Pipeline.Models.Flags;
using Pipeline.Models.Taxonomy;

namespace Pipeline.Tests.Complainants;

/// <summary>The link and flag steps on a real ledger.</summary>
public sealed class LinkStepTests(TestDatabase fixture) : IClassFixture<TestDatabase>
{
    private static readonly RuleBook Rules = RuleFiles.Rules("/nowhere").Value;

    [Fact]
    public async Task A_second_run_changes_nothing()
    {
        await using Database database = await Database.OpenAsync(fixture.Session());
        await InsertAsync(database, "twice", ("A1", 1, "王", "id1", "p1"), ("A2", 2, "王", "id1", null), ("A3", 3, "李", null, "p2"), ("A4", 4, null, null, null));
        LinkResult first = await LinkStep.RunAsync(database, fixture.Keys, "twice", Rules, LinkRules.Load("/nowhere"), fixture.Session());
        Assert.Equal((4, 3, 2, 2, 3), (first.Judged, first.Linked, first.Persons, first.NewPersons, first.ChangedLinks));
        LinkResult second = await LinkStep.RunAsync(database, fixture.Keys, "twice", Rules, LinkRules.Load("/nowhere"), fixture.Session());
        Assert.Equal((0, 0, 0, 0), (second.NewPersons, second.ChangedLinks, second.Merges, second.Splits));
        Assert.Equal("identity", await TextAsync(database, "select evidence ->> 'basis' from complainant_link join complaint using (complaint_id) where case_number = 'A2'"));
        Assert.Equal("A1", await TextAsync(database, "select evidence ->> 'joined_case' from complainant_link join complaint using (complaint_id) where case_number = 'A2'"));
    }

    [Fact]
    public async Task A_later_complaint_that_joins_two_persons_merges_the_younger_key_into_the_older_as_an_event()
    {
        await using Database database = await Database.OpenAsync(fixture.Session());
        await InsertAsync(database, "merge", ("B1", 1, "王", null, "p1"), ("B2", 2, "王", "id9", "p2"));
        await LinkStep.RunAsync(database, fixture.Keys, "merge", Rules, LinkRules.Load("/nowhere"), fixture.Session());
        (string older, string younger) = (await KeyAsync(database, "B1"), await KeyAsync(database, "B2"));
        Assert.NotEqual(older, younger);
        await InsertAsync(database, "merge", ("B3", 3, "王", "id9", "p1"));
        LinkResult result = await LinkStep.RunAsync(database, fixture.Keys, "merge", Rules, LinkRules.Load("/nowhere"), fixture.Session());
        Assert.Equal((0, 1), (result.NewPersons, result.Merges));
        foreach (string number in (string[])["B1", "B2", "B3"])
        {
            Assert.Equal(older, await KeyAsync(database, number));
        }
        Assert.Equal(older, await TextAsync(database, $"select merged_into::text from complainant where person_key = {younger}"));
        Assert.Equal("merge", await TextAsync(database, $"select kind from identity_event where person_key = {older} and other_key = {younger}"));
    }

    [Fact]
    public async Task A_phone_that_turns_out_to_be_shared_splits_what_it_had_joined_as_an_event()
    {
        await using Database database = await Database.OpenAsync(fixture.Session());
        await InsertAsync(database, "split", ("C1", 1, "王", null, "p1"), ("C2", 2, "王", null, "p1"));
        await LinkStep.RunAsync(database, fixture.Keys, "split", Rules, LinkRules.Load("/nowhere"), fixture.Session());
        string key = await KeyAsync(database, "C1");
        await InsertAsync(database, "split", ("C3", 3, "李", null, "p1"), ("C4", 4, "张", null, "p1"), ("C5", 5, "刘", null, "p1"));
        LinkResult result = await LinkStep.RunAsync(database, fixture.Keys, "split", Rules, LinkRules.Load("/nowhere"), fixture.Session());
        Assert.Equal(1, result.Splits);
        Assert.Single(result.SharedContacts);
        Assert.Equal(key, await KeyAsync(database, "C1"));
        Assert.NotEqual(key, await KeyAsync(database, "C2"));
        Assert.Equal(await KeyAsync(database, "C2"), await TextAsync(database, $"select other_key::text from identity_event where kind = 'split' and person_key = {key}"));
    }

    [Fact]
    public async Task Narratives_are_opened_judged_and_the_flags_of_the_run_written_once()
    {
        await using Database database = await Database.OpenAsync(fixture.Session());
        const string Text = "客户称信用卡年费1800元当初说首年免刷够就减，现在账单出现年费，要求退回，再不处理将向12378投诉";
        await InsertAsync(database, "flags", ("D1", 1, "王", "id1", null), ("D2", 9, "王", "id1", null));
        await ExecuteAsync(database, "update complaint set sealed = $1 where case_number = 'D1'", Seal("flags", "D1", Text));
        await ExecuteAsync(database, "update complaint set sealed = $1 where case_number = 'D2'", Seal("flags", "D2", Text));
        await LinkStep.RunAsync(database, fixture.Keys, "flags", Rules, LinkRules.Load("/nowhere"), fixture.Session());
        await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync();
        long person = long.Parse(await KeyAsync(database, "D1"));
        ComplaintFact[] facts = [.. (await IdsAsync(database, "flags")).Select((id, i) => new ComplaintFact
        {
            ComplaintId = id, CaseNumber = $"D{i + 1}", Received = new DateOnly(2025, 1, i == 0 ? 2 : 10), Status = "open", PersonKey = person,
            PersonBasis = "identity", Channel = i == 0 ? "hotline" : "regulator", Level = i * 4,
        })];
        IReadOnlyDictionary<long, CaseFlags> flags = await FlagStep.JudgeAsync(
            connection, fixture.Keys, "flags", facts, Rules, FlagStep.Lexicon(fixture.Home), CancellationToken.None);
        Assert.Equal(2, await TextReadings.BringUpAsync(connection, fixture.Keys, "flags", FlagStep.Lexicon(fixture.Home), CancellationToken.None));
        Assert.Equal(0, await TextReadings.BringUpAsync(connection, fixture.Keys, "flags", FlagStep.Lexicon(fixture.Home), CancellationToken.None));
        IReadOnlyDictionary<long, CaseFlags> kept = await FlagStep.JudgeAsync(
            connection, fixture.Keys, "flags", facts, Rules, FlagStep.Lexicon(fixture.Home), CancellationToken.None);
        Assert.Equal(System.Text.Json.JsonSerializer.Serialize(flags), System.Text.Json.JsonSerializer.Serialize(kept));
        await ExecuteAsync(database, "update complaint set content_hash = content_hash || '\\x00' where case_number = 'D2'");
        Assert.Equal(1, await TextReadings.BringUpAsync(connection, fixture.Keys, "flags", FlagStep.Lexicon(fixture.Home), CancellationToken.None));
        ComplaintFact judged = FlagStep.With(facts[1], flags[facts[1].ComplaintId]);
        Assert.Equal<(long?, int?, bool, bool)>((facts[0].ComplaintId, 8, true, true), (judged.RepeatOf, judged.RepeatGapDays, judged.IsEscalation, judged.HasThreat));
        await ExecuteAsync(database, "insert into run (run_id, month, source, edition, state, as_of_date, inputs, started_at) values ('r1', '2025-01-01', 'flags', 1, 'running', '2025-02-05', '{}', now())");
        Assert.Equal(3, await FlagStep.WriteAsync(connection, "r1", flags.Values.Select(f => (f.ComplaintId, f.Evidence)), CancellationToken.None));
        Assert.Equal(3, await FlagStep.WriteAsync(connection, "r1", flags.Values.Select(f => (f.ComplaintId, f.Evidence)), CancellationToken.None));
        Assert.Equal("D1", await TextAsync(database, "select evidence ->> 'earlier_case_number' from flag where run_id = 'r1' and kind = 'repeat'"));
    }

    private static async Task<List<long>> IdsAsync(Database database, string source)
    {
        await using NpgsqlCommand command = database.Source.CreateCommand("select complaint_id from complaint where source = $1 order by complaint_id");
        command.Parameters.Add(new NpgsqlParameter { Value = source });
        List<long> ids = [];
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync())
        {
            ids.Add(row.GetInt64(0));
        }
        return ids;
    }

    [Fact]
    public async Task What_no_key_joins_is_matched_by_its_details_with_the_weights_as_evidence_and_no_value_of_a_person()
    {
        await using Database database = await Database.OpenAsync(fixture.Session());
        await InsertAsync(database, "match", ("M000", 0, "甲", null, null));
        const string Families = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗";
        const string Given = "梅强宇秀英辉萱永胜秋新燕刚豪霞飞海俊冬思国淑兰勇德欣珍军鹏浩静艳雪涛";
        int number = 1;
        for (int person = 0; person < 160; person++)
        {
            string name = $"{Families[person % Families.Length]}{Given[person % Given.Length]}{Given[(person * 7 + (person / Given.Length)) % Given.Length]}";
            string phone = $"138{person:00000000}";
            // Every third person comes again: with the telephone and a misheard name, or with the name and another telephone.
            await InsertOneAsync(database, "match", $"M{number++:000}", name, phone, 1950 + (person % 50), person);
            if (person % 3 == 0)
            {
                await InsertOneAsync(database, "match", $"M{number++:000}", name, person % 2 == 0 ? $"139{person:00000000}" : phone, 1950 + (person % 50), person);
            }
        }
        LinkRules matching = LinkRules.Load("/nowhere");
        LinkResult first = await LinkStep.RunAsync(database, fixture.Keys, "match", Rules, matching, fixture.Session());
        Assert.True(first.Matched >= 20, $"{first.Matched} matched");
        string evidence = await TextAsync(database, "select evidence::text from complainant_link where evidence ->> 'basis' = 'match' order by complaint_id limit 1");
        LinkEvidence why = LinkEvidence.Parse(evidence);
        Assert.NotNull(why.JoinedCase);
        Assert.True(why.Match!.Probability >= 0.5);
        Assert.Contains(why.Match.Fields, f => f is { Field: "name", Level: "exact", Bits: > 0 });
        Assert.DoesNotContain("浙江", evidence, StringComparison.Ordinal);
        Assert.Equal("1", await TextAsync(database, "select count(*)::text from match_model where source = 'match'"));
        LinkResult second = await LinkStep.RunAsync(database, fixture.Keys, "match", Rules, matching, fixture.Session());
        Assert.Equal((0, 0, 0), (second.ChangedLinks, second.Merges, second.Splits));
        Assert.Equal("1", await TextAsync(database, "select count(*)::text from match_model where source = 'match'"));
    }

    private async Task InsertOneAsync(Database database, string source, string number, string name, string phone, int born, int person)
    {
        SealedRow row = new();
        row.Add(SealedRow.Name, name);
        row.Add(SealedRow.PhoneContact, phone);
        row.Add(SealedRow.Address, $"浙江省杭州市{"东西南北"[person % 4]}湖区");
        await ExecuteAsync(
            database,
            """
            insert into complaint (source, case_number, content_hash, as_of_date, file_id, line_number, received_date, status,
                name_token, phone_tokens, birth_year, gender, key_id, sealed)
            select $1, $2, '\x00', '2025-02-05', max(file_id), 1, $3, 'open', $4, $5, $6, $7, $8, $9 from source_file where source = $1
            """,
            source, number, new DateOnly(2025, 1, 2), Token("name", name), new[] { fixture.Keys.Token("phone", Encoding.UTF8.GetBytes(phone)) }, born,
            person % 2 == 0 ? "女" : "男", fixture.Keys.CurrentKeyId, fixture.Keys.Seal(row.Write(), SealedRow.Place(source, number)));
    }

    private byte[] Seal(string source, string number, string text)
    {
        SealedRow row = new();
        row.Add(SealedRow.Narrative, text);
        return fixture.Keys.Seal(row.Write(), SealedRow.Place(source, number));
    }

    private async Task InsertAsync(Database database, string source, params (string Number, int Day, string? Name, string? Identity, string? Phone)[] cases)
    {
        await ExecuteAsync(
            database,
            "insert into source_file (sha256, name, source, profile, profile_sha256, as_of_date, ingested_at, bytes) values ($1, 'f', $2, 'p', 'h', '2025-02-05', now(), 1)",
            $"{source}-{cases[0].Number}", source);
        foreach ((string number, int day, string? name, string? identity, string? phone) in cases)
        {
            await ExecuteAsync(
                database,
                """
                insert into complaint (source, case_number, content_hash, as_of_date, file_id, line_number, received_date, status,
                    name_token, identity_token, phone_tokens, key_id, sealed)
                select $1, $2, '\x00', '2025-02-05', max(file_id), 1, $3, 'open', $4, $5, $6, $7, $8 from source_file where source = $1
                """,
                source, number, new DateOnly(2025, 1, 1).AddDays(day), Token("name", name), Token("identity", identity),
                phone is null ? Array.Empty<byte[]>() : new[] { fixture.Keys.Token("phone", Encoding.UTF8.GetBytes(phone)) },
                fixture.Keys.CurrentKeyId, Seal(source, number, "无"));
        }
    }

    private object Token(string kind, string? value) => value is null ? DBNull.Value : fixture.Keys.Token(kind, Encoding.UTF8.GetBytes(value));

    private static Task<string> KeyAsync(Database database, string number) =>
        TextAsync(database, $"select person_key::text from complainant_link join complaint using (complaint_id) where case_number = '{number}'");

    private static async Task<string> TextAsync(Database database, string sql)
    {
        await using NpgsqlCommand command = database.Source.CreateCommand(sql);
        return (string)(await command.ExecuteScalarAsync())!;
    }

    private static async Task ExecuteAsync(Database database, string sql, params object[] values)
    {
        await using NpgsqlCommand command = database.Source.CreateCommand(sql);
        foreach (object value in values)
        {
            command.Parameters.Add(value is DBNull ? new NpgsqlParameter { Value = value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Bytea } : new NpgsqlParameter { Value = value });
        }
        await command.ExecuteNonQueryAsync();
    }
}
