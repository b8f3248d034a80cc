using System.Text;
using System.Text.Json;
using Npgsql;
using Pipeline.Jobs.Complainants;
using Pipeline.Jobs.Ingest;
using Pipeline.Jobs.Persons;
using Pipeline.Jobs.Rules;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Store;

namespace Pipeline.Tests.Persons;

/// <summary>A ledger of a few invented complaints, linked, on which words are said.</summary>
public sealed class PersonLedger : IAsyncLifetime, IDisposable
{
    private readonly TestDatabase files = new();

    public TestDatabase Files => files;

    public async Task InitializeAsync() => await files.InitializeAsync();

    public Task DisposeAsync() => files.DisposeAsync();

    public void Dispose() => files.Dispose();

    /// <summary>Complaints of a source of their own; identity numbers and telephones are tokens only, the name is sealed too.</summary>
    public async Task InsertAsync(string source, params (string Number, int Day, string? Name, string? Identity, string? Phone)[] cases)
    {
        await using Database database = await Database.OpenAsync(files.Session());
        await ExecuteAsync(
            "insert into source_file (sha256, name, source, profile, profile_sha256, as_of_date, ingested_at, bytes) values ($1, 'f', $2, 'cn-bank', 'h', '2025-02-05', now(), 1)",
            $"{source}-{cases[0].Number}", source);
        foreach ((string number, int day, string? name, string? identity, string? phone) in cases)
        {
            SealedRow row = new();
            row.Add(SealedRow.Name, name ?? "");
            row.Add(SealedRow.Narrative, $"{name}称信用卡年费不符，电话{phone}");
            await ExecuteAsync(
                """
                insert into complaint (source, case_number, content_hash, as_of_date, file_id, line_number, received_date, status,
                    business_reported, cause_reported, name_token, identity_token, phone_tokens, key_id, sealed)
                select $1, $2, '\x00', '2025-02-05', max(file_id), 1, $3, 'open', 'CREDIT', 'PRICE', $4, $5, $6, $7, $8 from source_file where source = $1
                """,
                source, number, new DateOnly(2025, 1, 1).AddDays(day), Token("name", name), Token("identity", identity),
                phone is null ? Array.Empty<byte[]>() : new[] { files.Keys.Token("phone", Encoding.UTF8.GetBytes(phone)) },
                files.Keys.CurrentKeyId, files.Keys.Seal(row.Write(), SealedRow.Place(source, number)));
        }
        await LinkAsync(source);
    }

    public async Task<LinkResult> LinkAsync(string source)
    {
        await using Database database = await Database.OpenAsync(files.Session());
        return await LinkStep.RunAsync(database, files.Keys, source, RuleFiles.Rules("/nowhere").Value, LinkRules.Load("/nowhere"), files.Session());
    }

    /// <summary>Says a word through the command and gives its document.</summary>
    public async Task<JsonElement> SayAsync(
        string kind, IReadOnlyList<string> who, IReadOnlyList<string>? complaints = null, string by = "lin", string? note = null, bool dryRun = false, string? source = null)
    {
        using StringWriter output = new();
        int code = await PersonCommand.RunAsync(
            new WordRequest(kind, who, complaints ?? [], source, note, by, dryRun), files.Session(output: output, json: true));
        Assert.Equal(ExitCodes.Done, code);
        return JsonDocument.Parse(output.ToString()).RootElement;
    }

    public async Task<JsonElement> ShowAsync(string who)
    {
        using StringWriter output = new();
        Assert.Equal(ExitCodes.Done, await PersonShow.RunAsync(who, null, files.Session(output: output, json: true)));
        return JsonDocument.Parse(output.ToString()).RootElement;
    }

    /// <summary>The token of the person of a case.</summary>
    public async Task<string> PersonAsync(string number) => NamedIdentity.Token(await ScalarAsync<long>(
        $"select person_key from complainant_link join complaint using (complaint_id) where case_number = '{number}'"));

    /// <summary>The persons of a source as sets of case numbers.</summary>
    public async Task<string> PersonsAsync(string source) => await ScalarAsync<string>(
        $"""
        select string_agg(cases, ' ' order by cases) from (
            select string_agg(case_number, '+' order by case_number) as cases
            from complaint join complainant_link using (complaint_id) where source = '{source}' group by person_key) p
        """);

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using NpgsqlCommand command = files.Source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    private object Token(string kind, string? value) => value is null ? DBNull.Value : files.Keys.Token(kind, Encoding.UTF8.GetBytes(value));

    public async Task ExecuteAsync(string sql, params object[] values)
    {
        await using NpgsqlCommand command = files.Source.CreateCommand(sql);
        foreach (object value in values)
        {
            command.Parameters.Add(value is DBNull ? new NpgsqlParameter { Value = value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Bytea } : new NpgsqlParameter { Value = value });
        }
        await command.ExecuteNonQueryAsync();
    }
}
