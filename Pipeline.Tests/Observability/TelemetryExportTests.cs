using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Pipeline.Jobs.Observability;
using Pipeline.Jobs.Shell;
using Pipeline.Tests.Ingest;
using Pipeline.Tests.Scheduling;

namespace Pipeline.Tests.Observability;

/// <summary>Telemetry as a collector gets it: OTLP over HTTP, on loopback.</summary>
public sealed class TelemetryExportTests
{
    [Fact]
    public void Without_the_variables_nothing_is_sent() => Assert.Null(TelemetryExport.Open("test"));

    [Fact]
    public async Task A_collector_gets_spans_of_task_run_and_steps_and_metrics_and_nothing_of_a_complaint()
    {
        await using Collector collector = await Collector.StartAsync();
        using IngestFixture fixture = await IngestFixture.CreateAsync();
        await fixture.IngestAsync(Path.Combine(SampleData.Bank, "exports", "2024-11.csv"));
        Dictionary<string, string> environment = new()
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Url,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_RESOURCE_ATTRIBUTES"] = "deployment.environment=test",
        };
        (int code, string said, string errors) = await PipelineProcess.RunAsync(
            fixture.Database, environment, "backfill", "--from", "2024-11", "--to", "2024-11", "--out", Path.Combine(fixture.Folder, "out"));
        Assert.True(code == ExitCodes.Done, said + errors);

        (Wire Span, Wire Resource)[] spans = [.. collector.Of("/v1/traces").SelectMany(r => r.All(1)).SelectMany(r => r.All(2).SelectMany(s => s.All(2)).Select(s => (s, r.All(1).Single())))];
        Wire task = Assert.Single(spans, s => s.Span.Text(5) == "task run").Span;
        Wire run = Assert.Single(spans, s => s.Span.Text(5) == "run").Span;
        Assert.Equal(task.Bytes(2), run.Bytes(4)); // its parent
        Assert.Equal("2024-11", run.Attribute("pipeline.month"));
        Assert.Equal("cn-bank", run.Attribute("pipeline.source"));
        Assert.Equal(await fixture.ScalarAsync<string>("select run_id from run"), run.Attribute("pipeline.run_id"));
        Assert.Equal("done", task.Attribute("pipeline.state"));
        foreach (string step in (string[])["classify", "link", "flag", "measure", "report"])
        {
            Wire span = Assert.Single(spans, s => s.Span.Text(5) == $"step {step}").Span;
            Assert.Equal(run.Bytes(2), span.Bytes(4));
            Assert.True(span.Number(8) > span.Number(7), "it ends after its begin");
        }
        Wire resource = spans[0].Resource;
        Assert.Equal(("pipeline", "test"), (resource.Attribute("service.name", 1), resource.Attribute("deployment.environment", 1)));

        // resource_metrics(1) / scope_metrics(2) / metrics(2) / name(1)
        string?[] metrics = [.. collector.Of("/v1/metrics").SelectMany(r => r.All(1)).SelectMany(r => r.All(2)).SelectMany(s => s.All(2)).Select(m => m.Text(1)).Distinct()];
        foreach (string metric in (string[])["pipeline.tasks", "pipeline.task.duration", "pipeline.step.rows", "pipeline.step.duration", "pipeline.alerts"])
        {
            Assert.Contains(metric, metrics);
        }

        string[] keys = [.. spans.SelectMany(s => s.Span.All(9)).Select(a => a.Text(1)!).Distinct()];
        Assert.All(keys, key => Assert.Contains(key, Allowed));
        await fixture.DisposeAsync();
    }

    private static readonly string[] Allowed =
    [
        "pipeline.task_id", "pipeline.job", "pipeline.kind", "pipeline.attempt", "pipeline.deaths", "pipeline.fence", "pipeline.state", "error.type", "pipeline.source",
        "pipeline.month", "pipeline.run_id", "pipeline.reused", "pipeline.step", "pipeline.rows",
    ];

    /// <summary>Takes what is posted to it.</summary>
    private sealed class Collector(WebApplication application) : IAsyncDisposable
    {
        private readonly ConcurrentQueue<(string Path, Wire Request)> received = new();

        public string Url => application.Urls.Single();

        public static async Task<Collector> StartAsync()
        {
            WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
            builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
            Collector collector = new(builder.Build());
            collector.Listen();
            await collector.StartListeningAsync();
            return collector;
        }

        public IEnumerable<Wire> Of(string path) => received.Where(r => r.Path == path).Select(r => r.Request);

        public ValueTask DisposeAsync() => application.DisposeAsync();

        private Task StartListeningAsync() => application.StartAsync();

        private void Listen() => application.Run(async context =>
        {
            using MemoryStream body = new();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            received.Enqueue((context.Request.Path, new Wire(body.ToArray())));
            context.Response.ContentType = "application/x-protobuf";
        });
    }
}
