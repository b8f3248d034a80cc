using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Pipeline.Jobs.Scheduling;
using Pipeline.Jobs.Shell;
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

    [Fact]
    public async Task A_mail_server_and_a_web_hook_that_never_answer_cost_their_own_ten_seconds_and_keep_no_other_channel_waiting()
    {
        using TestDatabase own = new();
        await own.InitializeAsync();
        using SilentServer hook = new();
        using SilentServer mail = new();
        string folder = Path.Combine(own.Home, "alerts");
        AlertChannel[] channels = [
            new WebhookChannel("hook", Language.En, false, new Uri($"http://127.0.0.1:{hook.Port}/alerts"), null),
            new MailChannel("mail", Language.En, false, "127.0.0.1", mail.Port, false, "pipeline@bank.invalid", ["office@bank.invalid"], null, null),
            new FolderChannel("folder", Language.En, false, folder)];
        AlertDelivery delivery = new(own.Source, channels, new SchedulingLog(NullLogger<SchedulingLog>.Instance));
        await using NpgsqlConnection connection = await own.Source.OpenConnectionAsync();
        await Outbox.AddAsync(connection, new AlertEvent("silent/1", EventKinds.Test, false, new("标题", "subject"), new("正文", "body"), new { }), default);

        long started = Stopwatch.GetTimestamp();
        Task<int> delivering = delivery.DeliverAsync(default);
        while (!Directory.Exists(folder) || Directory.GetFiles(folder).Length == 0)
        {
            Assert.False(delivering.IsCompleted, "the folder was not written");
            await Task.Delay(20);
        }
        Assert.False(delivering.IsCompleted); // the other two still wait
        Assert.Equal(1, await delivering);
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.FromSeconds(9.5), TimeSpan.FromSeconds(19.5)); // side by side: one after the other would be 20
        await using NpgsqlCommand states = new(
            "select string_agg(concat_ws(' ', channel, state, attempts, last_error is not null), '; ' order by channel), min(extract(epoch from next_at - clock_timestamp())) filter (where state = 'waiting') > 0 from outbox_delivery", connection);
        await using (NpgsqlDataReader row = await states.ExecuteReaderAsync())
        {
            Assert.True(await row.ReadAsync());
            Assert.Equal("folder delivered 1 f; hook waiting 1 t; mail waiting 1 t", row.GetString(0));
            Assert.True(row.GetBoolean(1)); // tried again later
        }
        Assert.True(hook.Taken > 0 && mail.Taken > 0);

        // A node that is told to stop does not wait for them.
        await new NpgsqlCommand("update outbox_delivery set next_at = clock_timestamp() where state = 'waiting'", connection).ExecuteNonQueryAsync();
        using CancellationTokenSource stop = new(TimeSpan.FromSeconds(1));
        started = Stopwatch.GetTimestamp();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => delivery.DeliverAsync(stop.Token));
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(6));
        await own.DisposeAsync();
    }

    [Fact]
    public async Task A_node_whose_receivers_never_answer_goes_on_with_signs_of_life_planning_and_tasks_and_stops_when_told()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }
        using TestDatabase own = new();
        await own.InitializeAsync();
        using SilentServer hook = new();
        using SilentServer mail = new();
        await File.WriteAllTextAsync(Path.Combine(own.Home, AlertFile.Name), $$"""
            { "channels": [
              { "name": "mail", "kind": "smtp", "host": "127.0.0.1", "port": {{mail.Port}}, "from": "pipeline@bank.invalid", "to": ["office@bank.invalid"] },
              { "name": "hook", "kind": "webhook", "url": "http://127.0.0.1:{{hook.Port}}/in" } ] }
            """);
        await File.WriteAllTextAsync(
            Path.Combine(own.Home, ScheduleFile.Name), """{ "time_zone": "UTC", "jobs": [ { "name": "often", "kind": "quality", "when": "0/3 * * * * ?" } ] }""");
        await using (NpgsqlConnection connection = await own.Source.OpenConnectionAsync())
        {
            for (int i = 0; i < 12; i++)
            {
                await Outbox.AddAsync(connection, new AlertEvent($"waiting/{i}", EventKinds.Test, false, new("标题", "subject"), new("正文", "body"), new { }), default);
            }
        }
        using Process node = PipelineProcess.Start(own, "serve", "--urls", "http://127.0.0.1:0", "--node", "patient");
        // Twelve events of two channels would be four minutes, one after another; five slots are fifteen seconds.
        long started = Stopwatch.GetTimestamp();
        double longest = 0;
        while (await ScalarAsync<long>(own, "select count(*) from task where state = 'done'") < 5)
        {
            longest = Math.Max(longest, await ScalarAsync<double>(own, "select coalesce(max(extract(epoch from clock_timestamp() - seen_at)), 0)::double precision from node"));
            Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromMinutes(2), "tasks are held up");
            await Task.Delay(200);
        }
        Assert.True(hook.Taken > 0 && mail.Taken > 0, "no delivery was under way");
        Assert.Equal(0L, await ScalarAsync<long>(own, "select count(*) from outbox_delivery where state = 'delivered'"));
        Assert.InRange(longest, 0, Nodes.SilenceSeconds);
        started = Stopwatch.GetTimestamp();
        using (Process kill = Process.Start("kill", ["-TERM", $"{node.Id}"]))
        {
            await kill.WaitForExitAsync();
        }
        await node.WaitForExitAsync();
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(40)); // eleven events of a channel that still wait would be 110
        await own.DisposeAsync();
    }

    [Fact]
    public async Task An_event_that_comes_while_a_silent_receiver_is_being_tried_reaches_the_other_channels_within_seconds()
    {
        using TestDatabase own = new();
        await own.InitializeAsync();
        using SilentServer hook = new();
        await File.WriteAllTextAsync(Path.Combine(own.Home, AlertFile.Name), $$"""
            { "channels": [
              { "name": "hook", "kind": "webhook", "url": "http://127.0.0.1:{{hook.Port}}/in" },
              { "name": "folder", "kind": "folder", "folder": "alerts" } ] }
            """);
        for (int i = 0; i < 4; i++)
        {
            await AddAsync(own, $"before/{i}"); // forty seconds of attempts
        }
        string folder = Path.Combine(own.Home, "alerts");
        await NodeAsync(own, async stop =>
        {
            while (hook.Taken == 0)
            {
                await Task.Delay(20, stop);
            }
            for (int i = 0; i < 2; i++)
            {
                await AddAsync(own, $"new/{i}");
                long added = Stopwatch.GetTimestamp();
                while (!Directory.Exists(folder) || Directory.GetFiles(folder, $"*new_{i}.json").Length == 0)
                {
                    Assert.True(Stopwatch.GetElapsedTime(added) < TimeSpan.FromSeconds(9), "the silent receiver holds up the folder");
                    await Task.Delay(20, stop);
                }
            }
            Assert.Equal(6L, await ScalarAsync<long>(own, "select count(*) from outbox_delivery where channel = 'hook' and state = 'waiting'"));
        });
        await own.DisposeAsync();
    }

    [Fact]
    public async Task What_was_being_delivered_when_the_work_of_a_node_ended_is_delivered_before_it_leaves()
    {
        using TestDatabase own = new();
        await own.InitializeAsync();
        using HttpListener receiver = new();
        int port = FreePort();
        receiver.Prefixes.Add($"http://127.0.0.1:{port}/");
        receiver.Start();
        ConcurrentQueue<(string? Key, string Body)> received = new();
        Task answering = AnswerAsync(receiver, received, refusals: 0);
        await File.WriteAllTextAsync(
            Path.Combine(own.Home, AlertFile.Name), $$"""{ "channels": [ { "name": "hook", "kind": "webhook", "url": "http://127.0.0.1:{{port}}/in" } ] }""");
        // The first delivery is under way until it is told to stop, and lets go of its row a second after that.
        await using (NpgsqlCommand slow = own.Source.CreateCommand("""
            create sequence first_delivery;
            create function let_go_late() returns trigger language plpgsql as $$
            declare
                ends timestamptz := clock_timestamp() + interval '1 minute';
            begin
                if nextval('first_delivery') = 1 then
                    while clock_timestamp() < ends loop
                        begin
                            perform pg_sleep(extract(epoch from ends - clock_timestamp()));
                        exception when query_canceled then
                            ends := least(ends, clock_timestamp() + interval '1 second');
                        end;
                    end loop;
                end if;
                return new;
            end $$;
            create trigger let_go_late before update on outbox_delivery for each row execute function let_go_late();
            """))
        {
            await slow.ExecuteNonQueryAsync();
        }
        await NodeAsync(own, async stop =>
        {
            await AddAsync(own, "last/1");
            while (!await ScalarAsync<bool>(own, "select is_called from first_delivery"))
            {
                await Task.Delay(20, stop);
            }
        });
        Assert.Equal("last/1 delivered", await ScalarAsync<string>(own, "select concat_ws(' ', event_key, state) from outbox_delivery join outbox using (outbox_id)"));
        Assert.Equal(["last/1", "last/1"], received.Select(r => r.Key)); // at least once: the first was not noted
        receiver.Stop();
        await answering;
        await own.DisposeAsync();
    }

    private static async Task AddAsync(TestDatabase own, string key)
    {
        await using NpgsqlConnection connection = await own.Source.OpenConnectionAsync();
        Assert.True(await Outbox.AddAsync(connection, new AlertEvent(key, EventKinds.Test, true, new("标题", "subject"), new("正文", "body"), new { }), default));
    }

    /// <summary>A node in this process, until what it is given ends.</summary>
    private static async Task NodeAsync(TestDatabase own, Func<CancellationToken, Task> until)
    {
        CommandSession session = own.Session() with { Time = TimeProvider.System };
        await using Jobs.Store.Database opened = await Jobs.Store.Database.OpenAsync(session);
        await NodeHost.RunAsync(
            session, opened, ScheduleFile.Load(own.Home), new NodeOptions([], ClusterSettings.Default) { LogFrom = LogLevel.None }, (_, stop) => until(stop));
    }

    private static async Task<T> ScalarAsync<T>(TestDatabase own, string sql)
    {
        await using NpgsqlCommand command = own.Source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
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

    /// <summary>Takes every connection and says nothing, as a server does whose process hangs.</summary>
    private sealed class SilentServer : IDisposable
    {
        private readonly TcpListener listener = new(IPAddress.Loopback, 0);
        private readonly ConcurrentQueue<TcpClient> held = new();

        public SilentServer()
        {
            listener.Start();
            Port = ((IPEndPoint)listener.LocalEndpoint).Port;
            Taking = TakeAsync();
        }

        public int Port { get; }

        public int Taken => held.Count;

        private Task Taking { get; }

        public void Dispose()
        {
            listener.Stop();
            foreach (TcpClient client in held)
            {
                client.Dispose();
            }
        }

        private async Task TakeAsync()
        {
            while (true)
            {
                try
                {
                    held.Enqueue(await listener.AcceptTcpClientAsync());
                }
                catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException)
                {
                    return;
                }
            }
        }
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
