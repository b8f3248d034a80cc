using System.Net;
using System.Net.Http.Headers;
using System.Net.Mail;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Npgsql;
using Pipeline.Jobs.Observability;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Store;
using Pipeline.Models.Text;

namespace Pipeline.Jobs.Scheduling;

/// <summary>An event on its way to one channel.</summary>
public sealed record OutgoingAlert(
    long OutboxId, string Key, string Kind, bool IsUrgent, Bilingual Subject, Bilingual Body, string DataJson, DateTime CreatedAt, int Attempts);

/// <summary>Where alerts go.</summary>
/// <param name="IsUrgentOnly">Only what is urgent.</param>
public abstract record AlertChannel(string Name, Language Language, bool IsUrgentOnly)
{
    /// <summary>How long an attempt waits for the receiver.</summary>
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <exception cref="Exception">It was not delivered; tried again later.</exception>
    public abstract Task SendAsync(OutgoingAlert alert, CancellationToken cancellation);

    protected string Document(OutgoingAlert alert) => JsonSerializer.Serialize(new
    {
        alert.Key,
        alert.Kind,
        Urgent = alert.IsUrgent,
        Subject = alert.Subject.In(Language),
        Body = alert.Body.In(Language),
        Data = JsonNode.Parse(alert.DataJson),
        alert.CreatedAt,
    }, StoredJson.Values);
}

/// <summary>POST of a JSON document with the header Idempotency-Key; any answer below 300 is delivery.</summary>
/// <param name="BearerVariable">Environment variable that holds a token; never the token itself.</param>
public sealed record WebhookChannel(string Name, Language Language, bool IsUrgentOnly, Uri Url, string? BearerVariable) : AlertChannel(Name, Language, IsUrgentOnly)
{
    // Redirects are refused: they would carry the token elsewhere.
    private static readonly HttpClient Client = new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) });

    public override async Task SendAsync(OutgoingAlert alert, CancellationToken cancellation)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        using HttpRequestMessage request = new(HttpMethod.Post, Url) { Content = new StringContent(Document(alert), Encoding.UTF8, "application/json") };
        request.Headers.Add("Idempotency-Key", alert.Key);
        if (BearerVariable is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Environment.GetEnvironmentVariable(BearerVariable));
        }
        using HttpResponseMessage answer = await Client.SendAsync(request, limit.Token);
        if ((int)answer.StatusCode >= 300)
        {
            throw new HttpRequestException($"the receiver answered {(int)answer.StatusCode}", null, answer.StatusCode);
        }
    }
}

/// <summary>Mail, with the event's key as its Message-ID.</summary>
public sealed record MailChannel(
    string Name, Language Language, bool IsUrgentOnly, string Host, int Port, bool IsTls, string From, IReadOnlyList<string> To, string? User, string? PasswordVariable)
    : AlertChannel(Name, Language, IsUrgentOnly)
{
    public override async Task SendAsync(OutgoingAlert alert, CancellationToken cancellation)
    {
        using SmtpClient client = new(Host, Port) { EnableSsl = IsTls, Timeout = (int)Patience.TotalMilliseconds };
        if (User is not null)
        {
            client.Credentials = new NetworkCredential(User, PasswordVariable is null ? "" : Environment.GetEnvironmentVariable(PasswordVariable));
        }
        using MailMessage mail = new()
        {
            From = new MailAddress(From),
            Subject = $"[Pipeline]{(alert.IsUrgent ? "[!]" : "")} {alert.Subject.In(Language)}".ReplaceLineEndings(" "),
            SubjectEncoding = Encoding.UTF8,
            Body = alert.Body.In(Language),
            BodyEncoding = Encoding.UTF8,
        };
        foreach (string to in To)
        {
            mail.To.Add(to);
        }
        string id = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(alert.Key)))[..32];
        mail.Headers.Add("Message-ID", $"<{id}@pipeline.invalid>");
        mail.Headers.Add("X-Idempotency-Key", Convert.ToBase64String(Encoding.UTF8.GetBytes(alert.Key)));
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        await client.SendMailAsync(mail, limit.Token);
    }
}

/// <summary>A file per event in a folder, named after its key: delivered twice, it is the same file.</summary>
public sealed record FolderChannel(string Name, Language Language, bool IsUrgentOnly, string Folder) : AlertChannel(Name, Language, IsUrgentOnly)
{
    public override Task SendAsync(OutgoingAlert alert, CancellationToken cancellation)
    {
        string name = string.Concat(alert.Key.Select(c => char.IsLetterOrDigit(c) || c is '-' or '.' ? c : '_'));
        name = name.Length > 120 ? name[..120] : name;
        return AtomicFile.WriteAsync(Path.Combine(Folder, $"{alert.CreatedAt:yyyyMMdd'T'HHmmss'Z'}-{name}.json"), Encoding.UTF8.GetBytes(Document(alert)), cancellation);
    }
}

/// <summary>The file <c>alerts.json</c> of the home folder: where alerts go. Without one they are written into the folder <c>alerts</c>.</summary>
public static class AlertFile
{
    public const string Name = "alerts.json";
    private const string Builtin = """{ "channels": [ { "name": "folder", "kind": "folder", "folder": "alerts", "language": "zh" } ] }""";

    /// <exception cref="PipelineFault">Every fault of the file, in one message.</exception>
    public static IReadOnlyList<AlertChannel> Load(string home)
    {
        string path = Path.Combine(home, Name);
        List<Bilingual> faults = [];
        List<AlertChannel> channels = [];
        try
        {
            JsonNode? root = JsonNode.Parse(
                File.Exists(path) ? File.ReadAllText(path) : Builtin, documentOptions: new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
            if (root is not JsonObject { } file || file["channels"] is not JsonArray list)
            {
                throw new JsonException("expected an object with the list 'channels'");
            }
            ScheduleReader reader = new(faults);
            for (int i = 0; i < list.Count; i++)
            {
                if (list[i] is JsonObject channel && Channel(reader, channel, $"channels[{i}]", home, faults) is { } read)
                {
                    channels.Add(read);
                }
            }
            foreach (string twice in channels.GroupBy(c => c.Name, StringComparer.Ordinal).Where(g => g.Count() > 1).Select(g => g.Key))
            {
                faults.Add(new($"channels：名称 '{twice}' 重复", $"channels: the name '{twice}' is there twice"));
            }
        }
        catch (JsonException broken)
        {
            faults.Add(new($"不是有效的 JSON：{broken.Message}", $"no valid JSON: {broken.Message}"));
        }
        return faults.Count == 0 ? channels : throw PipelineFault.Usage(
            $"告警文件 {path} 有 {faults.Count} 处错误：\n{string.Join('\n', faults.Select(f => "  " + f.Zh))}",
            $"The alert file {path} has {faults.Count} faults:\n{string.Join('\n', faults.Select(f => "  " + f.En))}",
            new FaultPlace(path));
    }

    private static AlertChannel? Channel(ScheduleReader reader, JsonObject channel, string at, string home, List<Bilingual> faults)
    {
        int before = faults.Count;
        string kind = reader.Text(channel, at, "kind") ?? "";
        string name = reader.Text(channel, at, "name") ?? kind;
        Language language = reader.Text(channel, at, "language") == "en" ? Language.En : Language.Zh;
        bool urgent = channel["only_urgent"]?.GetValueKind() == JsonValueKind.True;
        string Needed(string member)
        {
            string? text = reader.Text(channel, at, member);
            if (string.IsNullOrWhiteSpace(text))
            {
                faults.Add(new($"{at}.{member}：缺少", $"{at}.{member}: is missing"));
            }
            return text ?? "";
        }
        AlertChannel? made = null;
        switch (kind)
        {
            case "webhook":
                if (Uri.TryCreate(Needed("url"), UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https")
                {
                    made = new WebhookChannel(name, language, urgent, url, reader.Text(channel, at, "bearer_variable"));
                }
                else
                {
                    faults.Add(new($"{at}.url：应为 http(s) 地址", $"{at}.url: expected an http(s) address"));
                }
                break;
            case "smtp":
                string[] to = [.. (channel["to"] as JsonArray ?? []).Select(t => (string?)t ?? "")];
                string from = Needed("from");
                foreach (string address in to.Append(from).Where(a => !MailAddress.TryCreate(a, out _)))
                {
                    faults.Add(new($"{at}：'{address}' 不是邮件地址", $"{at}: '{address}' is no mail address"));
                }
                if (to.Length == 0)
                {
                    faults.Add(new($"{at}.to：缺少收件人列表", $"{at}.to: the list of receivers is missing"));
                }
                int port = channel["port"] is JsonValue value && value.TryGetValue(out int number) ? number : 25;
                made = new MailChannel(
                    name, language, urgent, Needed("host"), port, channel["tls"]?.GetValueKind() == JsonValueKind.True, from, to,
                    reader.Text(channel, at, "user"), reader.Text(channel, at, "password_variable"));
                break;
            case "folder":
                made = new FolderChannel(name, language, urgent, Path.GetFullPath(Path.Combine(home, Needed("folder"))));
                break;
            default:
                faults.Add(new($"{at}.kind：'{kind}' 应为 webhook、smtp 或 folder", $"{at}.kind: '{kind}' should be webhook, smtp or folder"));
                break;
        }
        return faults.Count == before ? made : null;
    }
}

/// <summary>Delivers what waits in the outbox: at least once, with back-off, by whichever node comes first.</summary>
public sealed class AlertDelivery(NpgsqlDataSource source, IReadOnlyList<AlertChannel> channels, SchedulingLog log)
{
    /// <summary>About two days with the back-off below.</summary>
    public const int MaxAttempts = 60;
    private const double FirstPauseSeconds = 5;
    private const double LongestPauseSeconds = 3_600;

    /// <value>Each is delivered to by a loop of its own, so that a receiver that is slow holds up nothing but its own alerts.</value>
    internal IReadOnlyList<AlertChannel> Channels => channels;

    /// <summary>Spreads and delivers everything that is due, channels side by side; ends when the slowest has nothing due any more.</summary>
    /// <returns>Deliveries made.</returns>
    public async Task<int> DeliverAsync(CancellationToken cancellation)
    {
        await SpreadAsync(cancellation);
        return (await Task.WhenAll(channels.Select(channel => DeliverAsync(channel, cancellation)))).Sum();
    }

    /// <summary>Notes for each channel the events that it has to tell.</summary>
    internal async Task SpreadAsync(CancellationToken cancellation)
    {
        foreach (AlertChannel channel in channels)
        {
            await using NpgsqlCommand spread = source.CreateCommand(Sql.Get("Scheduling/spread_events"));
            spread.Parameters.Add(new() { Value = channel.Name });
            spread.Parameters.Add(new() { Value = channel.IsUrgentOnly });
            await spread.ExecuteNonQueryAsync(cancellation);
        }
    }

    /// <summary>Delivers what is due of what was spread to the channel; ends when nothing is due any more.</summary>
    /// <returns>Deliveries made.</returns>
    internal async Task<int> DeliverAsync(AlertChannel channel, CancellationToken cancellation)
    {
        int delivered = 0;
        while (await DeliverOneAsync(channel, cancellation) is { } isDelivered)
        {
            delivered += isDelivered ? 1 : 0;
        }
        return delivered;
    }

    /// <returns>Null where nothing is due.</returns>
    private async Task<bool?> DeliverOneAsync(AlertChannel channel, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        OutgoingAlert alert;
        await using (NpgsqlCommand due = new(Sql.Get("Scheduling/due_deliveries"), connection) { Parameters = { new() { Value = channel.Name } } })
        await using (NpgsqlDataReader row = await due.ExecuteReaderAsync(cancellation))
        {
            if (!await row.ReadAsync(cancellation))
            {
                return null;
            }
            alert = new OutgoingAlert(
                row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetBoolean(3), new(row.GetString(4), row.GetString(5)),
                new(row.GetString(6), row.GetString(7)), row.GetString(8), row.GetDateTime(9), row.GetInt32(10));
        }
        string? error = null;
        try
        {
            await channel.SendAsync(alert, cancellation);
            log.Delivered(alert.Key, channel.Name);
            Telemetry.AlertSent(channel.Name, isDelivered: true);
        }
        catch (Exception fault) when (fault is HttpRequestException or SmtpException or IOException or UnauthorizedAccessException
            || (fault is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            error = fault.GetType().Name + ": " + fault.Message;
            log.NotDelivered(alert.Key, channel.Name, fault.GetType().Name, alert.Attempts + 1);
            Telemetry.AlertSent(channel.Name, isDelivered: false);
        }
        double pause = Math.Min(LongestPauseSeconds, FirstPauseSeconds * Math.Pow(2, Math.Min(alert.Attempts, 20)));
        await using NpgsqlCommand settle = new(Sql.Get("Scheduling/settle_delivery"), connection);
        foreach (object value in (object[])[alert.OutboxId, channel.Name, error is null ? "delivered" : alert.Attempts + 1 >= MaxAttempts ? "gave_up" : "waiting", pause])
        {
            settle.Parameters.Add(new() { Value = value });
        }
        settle.Parameters.Add(TaskLedger.Text(error));
        await settle.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return error is null;
    }
}
