using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Pipeline.Jobs.Scheduling;
using Pipeline.Models.Text;

namespace Pipeline.Tests.Scheduling;

/// <summary>Alerts over real parts: an HTTP listener and a mail server on loopback, and a folder.</summary>
public sealed class AlertDeliveryTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task An_event_goes_to_each_channel_once_is_tried_again_after_a_refusal_and_keeps_its_key()
    {
        using HttpListener receiver = new();
        int port = FreePort();
        receiver.Prefixes.Add($"http://127.0.0.1:{port}/");
        receiver.Start();
        ConcurrentQueue<(string? Key, string Body)> received = new();
        Task answering = AnswerAsync(receiver, received, refusals: 2);
        using MailSink mail = new();
        string folder = Path.Combine(database.Home, "alerts");
        AlertChannel[] channels =
        [
            new WebhookChannel("hook", Language.En, false, new Uri($"http://127.0.0.1:{port}/alerts"), null),
            new MailChannel("mail", Language.Zh, false, "127.0.0.1", mail.Port, false, "pipeline@bank.invalid", ["office@bank.invalid"], null, null),
            new FolderChannel("folder", Language.Zh, false, folder),
            new FolderChannel("urgent", Language.En, true, folder + "-urgent"),
        ];
        AlertDelivery delivery = new(database.Source, channels, new SchedulingLog(NullLogger<SchedulingLog>.Instance));
        await using (NpgsqlConnection connection = await database.Source.OpenConnectionAsync())
        {
            AlertEvent told = new("test/1", EventKinds.Test, false, new("标题", "subject"), new("正文", "body"), new { Month = "2026-10" });
            Assert.True(await Outbox.AddAsync(connection, told, default));
            Assert.False(await Outbox.AddAsync(connection, told, default));
            await using NpgsqlTransaction undone = await connection.BeginTransactionAsync();
            await Outbox.AddAsync(connection, told with { Key = "test/2" }, default);
            await undone.RollbackAsync();
        }
        Assert.Equal(2, await delivery.DeliverAsync(default)); // mail and folder; the hook refuses
        Assert.Equal(0, await delivery.DeliverAsync(default)); // not before its time
        await DueNowAsync();
        Assert.Equal(0, await delivery.DeliverAsync(default));
        await DueNowAsync();
        Assert.Equal(1, await delivery.DeliverAsync(default));
        await DueNowAsync();
        Assert.Equal(0, await delivery.DeliverAsync(default));

        Assert.Equal(3, received.Count);
        Assert.All(received, r => Assert.Equal("test/1", r.Key));
        using JsonDocument document = JsonDocument.Parse(received.Last().Body);
        Assert.Equal(("subject", "2026-10"), (document.RootElement.GetProperty("subject").GetString(), document.RootElement.GetProperty("data").GetProperty("month").GetString()));
        string letter = Assert.Single(mail.Letters);
        Assert.Contains("To: office@bank.invalid", letter, StringComparison.Ordinal);
        Assert.Contains(Convert.ToBase64String(Encoding.UTF8.GetBytes("正文")), letter, StringComparison.Ordinal);
        Assert.Contains("标题", File.ReadAllText(Assert.Single(Directory.GetFiles(folder))), StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder + "-urgent"));
        receiver.Stop();
        await answering;
    }

    private async Task DueNowAsync()
    {
        await using NpgsqlCommand command = database.Source.CreateCommand("update outbox_delivery set next_at = clock_timestamp() where state = 'waiting'");
        await command.ExecuteNonQueryAsync();
    }

    private static async Task AnswerAsync(HttpListener receiver, ConcurrentQueue<(string?, string)> received, int refusals)
    {
        while (receiver.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await receiver.GetContextAsync();
            }
            catch (Exception stopped) when (stopped is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
            using StreamReader body = new(context.Request.InputStream, Encoding.UTF8);
            received.Enqueue((context.Request.Headers["Idempotency-Key"], await body.ReadToEndAsync()));
            context.Response.StatusCode = received.Count <= refusals ? 503 : 204;
            context.Response.Close();
        }
    }

    private static int FreePort()
    {
        using TcpListener probe = new(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    /// <summary>A mail server that takes every letter (RFC 5321, as far as a sender needs it).</summary>
    private sealed class MailSink : IDisposable
    {
        private readonly TcpListener listener = new(IPAddress.Loopback, 0);

        public MailSink()
        {
            listener.Start();
            Port = ((IPEndPoint)listener.LocalEndpoint).Port;
            Serving = ServeAsync();
        }

        public int Port { get; }

        public ConcurrentQueue<string> Letters { get; } = new();

        private Task Serving { get; }

        public void Dispose() => listener.Stop();

        private async Task ServeAsync()
        {
            while (true)
            {
                TcpClient client;
                try
                {
                    client = await listener.AcceptTcpClientAsync();
                }
                catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException)
                {
                    return;
                }
                using (client)
                {
                    await TalkAsync(client.GetStream());
                }
            }
        }

        private async Task TalkAsync(NetworkStream stream)
        {
            using StreamReader input = new(stream, Encoding.UTF8);
            await using StreamWriter output = new(stream, new UTF8Encoding(false)) { NewLine = "\r\n", AutoFlush = true };
            await output.WriteLineAsync("220 sink");
            while (await input.ReadLineAsync() is { } line)
            {
                if (line.StartsWith("DATA", StringComparison.OrdinalIgnoreCase))
                {
                    await output.WriteLineAsync("354 go on");
                    StringBuilder letter = new();
                    while (await input.ReadLineAsync() is { } part && part != ".")
                    {
                        letter.AppendLine(part);
                    }
                    Letters.Enqueue(letter.ToString());
                }
                else if (line.StartsWith("QUIT", StringComparison.OrdinalIgnoreCase))
                {
                    await output.WriteLineAsync("221 bye");
                    return;
                }
                await output.WriteLineAsync("250 ok");
            }
        }
    }
}
