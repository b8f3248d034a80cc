using System.Text.Json;
using Npgsql;
using Pipeline.Jobs.Complainants;
using Pipeline.Jobs.Persons;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Steps;
using Pipeline.Jobs.Store;
using Pipeline.Models.Text;

namespace Pipeline.Tests.Persons;

/// <summary>The analyst's word on identities, on a ledger.</summary>
public sealed class PersonWordsTests(PersonLedger ledger) : IClassFixture<PersonLedger>
{
    [Fact]
    public async Task A_merge_joins_two_persons_under_the_older_key_and_outlives_every_linking_after_it()
    {
        await ledger.InsertAsync("m", ("M1", 1, "王", null, "p1"), ("M2", 9, "王", null, "p2"), ("M3", 20, "王", null, "p2"));
        (string older, string younger) = (await ledger.PersonAsync("M1"), await ledger.PersonAsync("M2"));
        JsonElement said = await ledger.SayAsync("merge", [younger, older], note: "同一地址，电话13912345678");
        Assert.Equal([("M2", younger, older), ("M3", younger, older)], Moves(said));
        Assert.Equal("M1+M2+M3", await ledger.PersonsAsync("m"));
        Assert.Equal(older, await ledger.PersonAsync("M3"));
        Assert.DoesNotContain("13912345678", said.GetProperty("note").GetString(), StringComparison.Ordinal);

        Assert.Equal((0, 0, 0), await LinkedAsync("m"));
        await ledger.InsertAsync("m", ("M4", 25, "王", null, "p2"));
        Assert.Equal("M1+M2+M3+M4", await ledger.PersonsAsync("m"));
        Assert.Equal("merge analyst:lin 1", await ledger.ScalarAsync<string>(
            $"select concat_ws(' ', kind, decided_by, (select count(*) from identity_event where word_id is not null and source = 'm')) from identity_event where word_id = {said.GetProperty("word_id").GetInt64()}"));
        Assert.Equal("analyst", await ledger.ScalarAsync<string>(
            "select string_agg(distinct evidence ->> 'basis', ' ') from complainant_link join complaint using (complaint_id) where case_number = 'M1'"));
        Assert.Equal("person.merge", await ledger.ScalarAsync<string>("select action from audit_event where detail ->> 'source' = 'm'"));
    }

    [Fact]
    public async Task The_opposite_word_undoes_a_merge_brings_the_old_key_back_and_says_what_it_overrules()
    {
        await ledger.InsertAsync("u", ("U1", 1, "王", null, "q1"), ("U2", 9, "王", null, "q2"), ("U3", 20, "王", null, "q2"));
        (string older, string younger) = (await ledger.PersonAsync("U1"), await ledger.PersonAsync("U2"));
        long first = (await ledger.SayAsync("merge", [older, younger])).GetProperty("word_id").GetInt64();
        JsonElement undone = await ledger.SayAsync("split", [older], ["U2,U3"], by: "wang");
        Assert.Equal("U1 U2+U3", await ledger.PersonsAsync("u"));
        Assert.Equal((older, younger), (await ledger.PersonAsync("U1"), await ledger.PersonAsync("U3")));
        Assert.Equal((first, 2), (undone.GetProperty("overrules")[0].GetProperty("word_id").GetInt64(), undone.GetProperty("overrules")[0].GetProperty("pairs").GetInt32()));
        // Nobody is another than without any word: nothing is pinned for a run.
        Assert.Equal(0, await ledger.ScalarAsync<long>("select count(*) from identity_effect join complaint using (complaint_id) where source = 'u'"));
        Assert.Equal((0, 0, 0), await LinkedAsync("u"));
    }

    [Fact]
    public async Task A_withdrawn_merge_leaves_everybody_as_evidence_has_it_under_the_old_keys_and_binds_nothing_afterwards()
    {
        await ledger.InsertAsync("wm", ("WM1", 1, "王", null, "wm1"), ("WM2", 9, "王", null, "wm2"), ("WM3", 20, "王", null, "wm2"));
        (string older, string younger) = (await ledger.PersonAsync("WM1"), await ledger.PersonAsync("WM2"));
        JsonElement said = await ledger.SayAsync("merge", [older, younger]);
        string word = said.GetProperty("word_id").GetInt64().ToString(System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal($"pipeline person withdraw {word}", said.GetProperty("undo").GetString());

        JsonElement looked = await ledger.SayAsync("withdraw", ["#" + word], dryRun: true);
        Assert.Equal([("WM2", older, younger), ("WM3", older, younger)], Moves(looked));
        Assert.Equal("WM1+WM2+WM3", await ledger.PersonsAsync("wm"));

        JsonElement withdrawn = await ledger.SayAsync("withdraw", [word], by: "wang", note: "wrong case, call 13912345678");
        Assert.Equal([("WM2", older, younger), ("WM3", older, younger)], Moves(withdrawn));
        Assert.Equal("WM1 WM2+WM3", await ledger.PersonsAsync("wm"));
        Assert.Equal((older, younger), (await ledger.PersonAsync("WM1"), await ledger.PersonAsync("WM3")));
        Assert.Equal(0, await ledger.ScalarAsync<long>("select count(*) from identity_effect join complaint using (complaint_id) where source = 'wm'"));
        Assert.Equal("split analyst:wang", await ledger.ScalarAsync<string>(
            $"select kind || ' ' || decided_by from identity_event where word_id = {word} order by event_id desc limit 1"));
        Assert.Equal("person.withdraw analyst:wang " + word, await ledger.ScalarAsync<string>(
            "select action || ' ' || actor || ' ' || (detail ->> 'word') from audit_event where detail ->> 'source' = 'wm' order by sequence desc limit 1"));
        Assert.Equal((0, 0, 0), await LinkedAsync("wm"));

        JsonElement listed = (await ledger.ShowAsync("WM1")).GetProperty("words")[0];
        Assert.Equal(("merge", "wang"), (listed.GetProperty("kind").GetString(), listed.GetProperty("withdrawn_by").GetString()));
        Assert.DoesNotContain("13912345678", listed.GetProperty("withdrawn_note").GetString(), StringComparison.Ordinal);

        // No opposite was said: evidence that comes later may join them.
        await ledger.InsertAsync("wm", ("WM4", 25, "王", "wm-id", "wm1"), ("WM5", 26, "王", "wm-id", "wm2"));
        Assert.Equal("WM1+WM2+WM3+WM4+WM5", await ledger.PersonsAsync("wm"));
    }

    [Fact]
    public async Task A_withdrawn_refusal_lets_evidence_join_again_and_a_withdrawn_split_gives_the_complaints_back()
    {
        await ledger.InsertAsync("wr", ("WR1", 1, "王", "wr-id", null), ("WR2", 9, "王", "wr-id", null), ("WR3", 20, "王", "wr-id", null));
        string key = await ledger.PersonAsync("WR1");
        string refused = Number(await ledger.SayAsync("refuse", ["WR1", "WR2"]));
        Assert.NotEqual(await ledger.PersonAsync("WR1"), await ledger.PersonAsync("WR2"));
        await ledger.SayAsync("withdraw", [refused]);
        Assert.Equal("WR1+WR2+WR3", await ledger.PersonsAsync("wr"));
        string split = Number(await ledger.SayAsync("split", [key], ["WR1"]));
        Assert.Equal("WR1 WR2+WR3", await ledger.PersonsAsync("wr"));
        await ledger.SayAsync("withdraw", [split]);
        Assert.Equal("WR1+WR2+WR3", await ledger.PersonsAsync("wr"));
        Assert.Equal(key, await ledger.PersonAsync("WR1"));
        Assert.Equal((0, 0, 0), await LinkedAsync("wr"));
    }

    [Fact]
    public async Task Withdrawing_a_later_word_brings_an_earlier_one_back_that_it_had_overruled()
    {
        await ledger.InsertAsync("wb", ("WB1", 1, "王", null, "wb1"), ("WB2", 9, "李", null, "wb2"));
        string merged = Number(await ledger.SayAsync("merge", ["WB1", "WB2"]));
        string refused = Number(await ledger.SayAsync("refuse", ["WB1", "WB2"]));
        Assert.Equal("WB1 WB2", await ledger.PersonsAsync("wb"));
        JsonElement withdrawn = await ledger.SayAsync("withdraw", [refused]);
        Assert.Equal("WB1+WB2", await ledger.PersonsAsync("wb"));
        Assert.Equal(merged, Number(withdrawn.GetProperty("brings_back")[0]));
        Assert.Empty(withdrawn.GetProperty("overrules").EnumerateArray());
    }

    [Fact]
    public async Task A_word_is_withdrawn_once_and_a_number_that_no_word_has_is_refused()
    {
        await ledger.InsertAsync("wo", ("WO1", 1, "王", "wo-id", null), ("WO2", 9, "王", "wo-id", null));
        string confirmed = Number(await ledger.SayAsync("confirm", ["WO1", "WO2"]));
        JsonElement withdrawn = await ledger.SayAsync("withdraw", [confirmed]);
        Assert.Empty(withdrawn.GetProperty("moves").EnumerateArray());
        Assert.Equal("withdraw", await ledger.ScalarAsync<string>("select kind from identity_event where source = 'wo' order by event_id desc limit 1"));
        Assert.Equal(ExitCodes.NothingToDo, (await Assert.ThrowsAsync<PipelineFault>(() => ledger.SayAsync("withdraw", [confirmed]))).ExitCode);
        foreach (string none in (string[])["999999", "WO1", "#"])
        {
            PipelineFault fault = await Assert.ThrowsAsync<PipelineFault>(() => ledger.SayAsync("withdraw", [none]));
            Assert.Equal(ExitCodes.WrongUsage, fault.ExitCode);
        }
        PipelineFault elsewhere = await Assert.ThrowsAsync<PipelineFault>(() => ledger.SayAsync("withdraw", [confirmed], source: "another"));
        Assert.Equal(ExitCodes.WrongUsage, elsewhere.ExitCode);
    }

    private static string Number(JsonElement word) => word.GetProperty("word_id").GetInt64().ToString(System.Globalization.CultureInfo.InvariantCulture);

    [Fact]
    public async Task A_key_that_was_merged_away_still_names_the_person()
    {
        await ledger.InsertAsync("k", ("K1", 1, "王", null, "k1"), ("K2", 9, "王", null, "k2"), ("K3", 20, "王", null, "k3"));
        string[] keys = [await ledger.PersonAsync("K1"), await ledger.PersonAsync("K2"), await ledger.PersonAsync("K3")];
        await ledger.SayAsync("merge", [keys[0], keys[1]]);
        JsonElement said = await ledger.SayAsync("merge", [keys[1], keys[2]]);
        Assert.Equal(keys[1], said.GetProperty("persons")[0].GetProperty("merged_since").GetString());
        Assert.Equal("K1+K2+K3", await ledger.PersonsAsync("k"));
        JsonElement shown = await ledger.ShowAsync(keys[2]);
        Assert.Equal(keys[0], shown.GetProperty("person").GetString());
        Assert.Equal(keys[1..], shown.GetProperty("merged_keys").EnumerateArray().Select(k => k.GetString()));
    }

    [Fact]
    public async Task A_split_sends_the_named_complaint_away_though_it_is_the_oldest_and_shows_the_same_identity_number()
    {
        await ledger.InsertAsync("s", ("S1", 1, "王", "s-id", null), ("S2", 9, "王", "s-id", null), ("S3", 20, "王", "s-id", null));
        string key = await ledger.PersonAsync("S1");
        JsonElement said = await ledger.SayAsync("split", ["S2"], ["S1"]);
        Assert.Equal("S1 S2+S3", await ledger.PersonsAsync("s"));
        Assert.Equal(key, await ledger.PersonAsync("S2"));
        Assert.NotEqual(key, await ledger.PersonAsync("S1"));
        Assert.Contains("same valid identity number", said.GetProperty("notes")[0].GetString(), StringComparison.Ordinal);
        await ledger.InsertAsync("s", ("S4", 25, "王", "s-id", null));
        Assert.NotEqual(await ledger.PersonAsync("S1"), await ledger.PersonAsync("S2"));
        JsonElement held = (await ledger.ShowAsync("S1")).GetProperty("held_apart")[0];
        Assert.Equal(("identity", "analyst"), (held.GetProperty("kind").GetString(), held.GetProperty("reason").GetString()));
    }

    [Fact]
    public async Task A_confirmed_person_stays_together_when_the_telephone_that_joined_him_turns_out_to_be_shared()
    {
        await ledger.InsertAsync("c", ("C1", 1, "王", null, "c-p"), ("C2", 9, "王", null, "c-p"));
        JsonElement said = await ledger.SayAsync("confirm", ["C1", "C2"]);
        Assert.Empty(said.GetProperty("moves").EnumerateArray());
        Assert.Equal("confirm", await ledger.ScalarAsync<string>("select kind from identity_event where source = 'c'"));
        await ledger.InsertAsync("c", ("C3", 10, "李", null, "c-p"), ("C4", 11, "张", null, "c-p"), ("C5", 12, "刘", null, "c-p"));
        Assert.Equal("C1+C2 C3 C4 C5", await ledger.PersonsAsync("c"));
        Assert.Equal(2, await ledger.ScalarAsync<long>("select count(*) from identity_effect join complaint using (complaint_id) where source = 'c'"));
    }

    [Fact]
    public async Task A_refused_pair_is_not_joined_by_evidence_that_comes_later()
    {
        await ledger.InsertAsync("r", ("R1", 1, "王", null, "r-1"), ("R2", 9, "王", null, "r-2"));
        await ledger.SayAsync("refuse", ["R1", "R2"], note: "father and son");
        await ledger.InsertAsync("r", ("R3", 20, "王", "r-id", "r-1"), ("R4", 21, "王", "r-id", "r-2"));
        Assert.Equal("R1+R3+R4 R2", await ledger.PersonsAsync("r"));
    }

    [Fact]
    public async Task A_word_that_would_bring_two_identity_numbers_together_is_refused_with_the_reason_and_changes_nothing()
    {
        await ledger.InsertAsync("i", ("I1", 1, "王", "i-1", null), ("I2", 9, "王", "i-2", null), ("I3", 20, "王", null, "i-p"));
        await ledger.SayAsync("merge", ["I2", "I3"]);
        PipelineFault fault = await Assert.ThrowsAsync<PipelineFault>(() => ledger.SayAsync("merge", ["I1", "I3"]));
        Assert.Equal(ExitCodes.Failed, fault.ExitCode);
        Assert.Contains("two different valid identity numbers", fault.Text.En, StringComparison.Ordinal);
        Assert.Contains("I1", fault.Text.Zh, StringComparison.Ordinal);
        Assert.Equal("I1 I2+I3", await ledger.PersonsAsync("i"));
        Assert.Equal(1, await ledger.ScalarAsync<long>("select count(*) from identity_word where source = 'i'"));
    }

    [Theory]
    [InlineData("merge", new[] { "W1", "W2" }, null, ExitCodes.NothingToDo)]
    [InlineData("merge", new[] { "W1", "X1" }, null, ExitCodes.WrongUsage)]
    [InlineData("merge", new[] { "W1", "nobody" }, null, ExitCodes.WrongUsage)]
    [InlineData("merge", new[] { "W1", "P-999999" }, null, ExitCodes.WrongUsage)]
    [InlineData("confirm", new[] { "W1", "W3" }, null, ExitCodes.WrongUsage)]
    [InlineData("confirm", new[] { "W3" }, null, ExitCodes.NothingToDo)]
    [InlineData("refuse", new[] { "W1", "W1" }, null, ExitCodes.WrongUsage)]
    [InlineData("split", new[] { "W1" }, new[] { "W1", "W2" }, ExitCodes.WrongUsage)]
    [InlineData("split", new[] { "W1" }, new[] { "W3" }, ExitCodes.WrongUsage)]
    public async Task A_word_that_says_nothing_is_refused_in_both_languages(string kind, string[] who, string[]? complaints, int exitCode)
    {
        if (await ledger.ScalarAsync<long>("select count(*) from complaint where source = 'w'") == 0)
        {
            await ledger.InsertAsync("w", ("W1", 1, "王", null, "w-p"), ("W2", 9, "王", null, "w-p"), ("W3", 20, "李", null, "w-q"));
            await ledger.InsertAsync("x", ("X1", 1, "王", null, "w-p"));
        }
        PipelineFault fault = await Assert.ThrowsAsync<PipelineFault>(() => ledger.SayAsync(kind, who, complaints));
        Assert.Equal(exitCode, fault.ExitCode);
        Assert.NotEqual(fault.Text.En, fault.Text.Zh);
        Assert.Equal(0, await ledger.ScalarAsync<long>("select count(*) from identity_word where source in ('w', 'x')"));
    }

    [Fact]
    public async Task A_dry_run_says_what_the_word_then_does_and_leaves_no_trace()
    {
        await ledger.InsertAsync("d", ("D1", 1, "王", null, "d1"), ("D2", 9, "王", null, "d2"), ("D3", 12, "王", null, "d2"));
        string before = await TraceAsync();
        JsonElement tried = await ledger.SayAsync("merge", ["D1", "D2"], dryRun: true);
        Assert.Equal(before, await TraceAsync());
        Assert.Equal(JsonValueKind.Null, tried.GetProperty("word_id").ValueKind);
        JsonElement done = await ledger.SayAsync("merge", ["D1", "D2"]);
        Assert.Equal(Moves(tried), Moves(done));
        JsonElement month = done.GetProperty("months")[0];
        Assert.Equal(tried.GetProperty("months").GetRawText(), done.GetProperty("months").GetRawText());
        // D3 repeats D2 anyhow; that D2 repeats D1 is new.
        Assert.Equal(("2025-01", 1, 2), (month.GetProperty("month").GetString(), month.GetProperty("repeats_before").GetInt32(), month.GetProperty("repeats_after").GetInt32()));

        async Task<string> TraceAsync() => await ledger.ScalarAsync<string>(
            """
            select concat_ws(' ', (select count(*) from identity_word), (select count(*) from identity_event), (select count(*) from audit_event),
                (select count(*) from complainant), (select string_agg(complaint_id || ':' || person_key, ',' order by complaint_id) from complainant_link),
                (select last_value from complainant_person_key_seq))
            """);
    }

    [Fact]
    public async Task A_merge_that_evidence_makes_says_what_it_moves_too()
    {
        await ledger.InsertAsync("e", ("E1", 1, "王", null, "e1"), ("E2", 9, "王", "e-id", "e2"));
        await ledger.InsertAsync("e", ("E3", 20, "王", "e-id", "e1"));
        Assert.Equal("E1+E2+E3", await ledger.PersonsAsync("e"));
        await using Database database = await Database.OpenAsync(ledger.Files.Session());
        await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync();
        IdentityEvent merge = Assert.Single(await IdentityEvents.BetweenAsync(connection, "e", null, null, default));
        Assert.Equal(("merge", "E2"), (merge.Kind, Assert.Single(merge.Moves).CaseNumber));
        await EventImpact.DescribeAsync(
            connection, new IdentityImpact(connection, ledger.Files.Keys, "e", null, RunRules.Load("/nowhere", "cn-jrt0169"), ledger.Files.Session()), "e", [merge.EventId], ledger.Files.Session());
        MovedMonth month = Assert.Single(Assert.Single(await IdentityEvents.BetweenAsync(connection, "e", null, null, default)).Figures!.Months);
        // With E2 apart, only E3 repeats E1.
        Assert.Equal((1, 2), (month.RepeatsBefore, month.RepeatsAfter));
    }

    [Fact]
    public async Task Two_analysts_at_once_are_heard_one_after_the_other_and_the_later_word_knows_the_earlier()
    {
        await ledger.InsertAsync("t", [.. Enumerable.Range(1, 8).Select(i => ($"T{i}", i, (string?)"王", (string?)null, (string?)$"t{i}"))]);
        await Task.WhenAll(Enumerable.Range(1, 7).Select(i => Task.Run(() => ledger.SayAsync("merge", [$"T{i}", $"T{i + 1}"], by: $"analyst{i}"))));
        Assert.Equal("T1+T2+T3+T4+T5+T6+T7+T8", await ledger.PersonsAsync("t"));
        await ledger.InsertAsync("tt", ("TT1", 1, "王", null, "tt1"), ("TT2", 9, "王", null, "tt2"));
        JsonElement[] said = await Task.WhenAll(
            Task.Run(() => ledger.SayAsync("refuse", ["TT1", "TT2"], by: "one")), Task.Run(() => ledger.SayAsync("merge", ["TT1", "TT2"], by: "other")));
        JsonElement[] inOrder = [.. said.OrderBy(s => s.GetProperty("word_id").GetInt64())];
        Assert.Equal(inOrder[1].GetProperty("kind").GetString() == "merge" ? "TT1+TT2" : "TT1 TT2", await ledger.PersonsAsync("tt"));
        Assert.Equal(inOrder[0].GetProperty("word_id").GetInt64(), inOrder[1].GetProperty("overrules")[0].GetProperty("word_id").GetInt64());
        Assert.Empty(inOrder[0].GetProperty("overrules").EnumerateArray());
        Assert.Equal(9, await ledger.ScalarAsync<long>("select count(*) from identity_word where source in ('t', 'tt')"));
        Assert.Equal(0, await ledger.ScalarAsync<long>(
            "select count(*) from audit_event a left join audit_event b on b.sequence = a.sequence - 1 where a.sequence > 1 and a.previous <> b.hash"));
    }

    [Fact]
    public async Task Words_bind_case_numbers_and_take_hold_again_when_complaints_that_were_taken_back_come_again()
    {
        await ledger.InsertAsync("b", ("B1", 1, "王", null, "b1"), ("B2", 9, "王", null, "b2"));
        await ledger.SayAsync("merge", ["B1", "B2"]);
        await ledger.ExecuteAsync("delete from complaint where source = 'b' and case_number = 'B2'");
        await ledger.LinkAsync("b");
        Assert.Equal("B1", await ledger.PersonsAsync("b"));
        await ledger.InsertAsync("b", ("B2", 9, "王", null, "b2"));
        Assert.Equal("B1+B2", await ledger.PersonsAsync("b"));
    }

    [Theory]
    [InlineData(Language.Zh, "已记录")]
    [InlineData(Language.En, "kept")]
    public async Task People_are_told_in_their_language_and_see_no_value_of_a_person(Language language, string told)
    {
        string source = $"l{(int)language}";
        await ledger.InsertAsync(source, ($"{source}-1", 1, "诸葛孔明", null, "13900000001"), ($"{source}-2", 9, "诸葛孔明", null, "13900000002"));
        using StringWriter output = new();
        CommandSession session = ledger.Files.Session(output: output, language: language);
        await PersonCommand.RunAsync(new WordRequest(WordKinds.Merge, [$"{source}-1", $"{source}-2"], [], null, null, "lin", false), session);
        await PersonShow.RunAsync($"{source}-1", null, session);
        string text = output.ToString();
        Assert.Contains(told, text, StringComparison.Ordinal);
        Assert.Contains("诸", text, StringComparison.Ordinal);
        Assert.DoesNotContain("孔明", text, StringComparison.Ordinal);
        Assert.DoesNotContain("1390000000", text, StringComparison.Ordinal);
    }

    private async Task<(int Links, int Merges, int Splits)> LinkedAsync(string source)
    {
        LinkResult result = await ledger.LinkAsync(source);
        return (result.ChangedLinks, result.Merges, result.Splits);
    }

    private static (string?, string?, string?)[] Moves(JsonElement said) => [.. said.GetProperty("moves").EnumerateArray()
        .Select(m => (m.GetProperty("case_number").GetString(), m.GetProperty("from").GetString(), m.GetProperty("to").GetString()))];
}
