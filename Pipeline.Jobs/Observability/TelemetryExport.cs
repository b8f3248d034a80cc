using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Pipeline.Jobs.Steps;

namespace Pipeline.Jobs.Observability;

/// <summary>
/// Sends spans and metrics to an OpenTelemetry collector, where the standard variables of the environment say which
/// (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c>; protocol, headers, service name and interval by their own variables, see the OpenTelemetry
/// specification "Environment Variable Specification"). Without them nothing is sent and nothing listens. A collector that is away stops
/// no work: what cannot be sent is dropped.
/// </summary>
public sealed class TelemetryExport : IDisposable
{
    private readonly TracerProvider? tracer;
    private readonly MeterProvider? meter;

    private TelemetryExport(TracerProvider? tracer, MeterProvider? meter)
    {
        this.tracer = tracer;
        this.meter = meter;
    }

    /// <summary>Begins to send, if that is asked for.</summary>
    /// <param name="instance">Tells processes apart: a node's name.</param>
    public static TelemetryExport? Open(string instance)
    {
        bool sendsTraces = IsAsked("TRACES");
        bool sendsMetrics = IsAsked("METRICS");
        if ((!sendsTraces && !sendsMetrics) || string.Equals(Variable("OTEL_SDK_DISABLED"), "true", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }
        ResourceBuilder resource = ResourceBuilder.CreateEmpty()
            .AddService(Telemetry.Name, serviceVersion: ProgramVersion.Text, autoGenerateServiceInstanceId: false, serviceInstanceId: instance)
            .AddTelemetrySdk()
            .AddEnvironmentVariableDetector(); // last, so that OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES win
        return new TelemetryExport(
            sendsTraces ? Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(Telemetry.Name).AddOtlpExporter().Build() : null,
            sendsMetrics ? Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(Telemetry.Name).AddOtlpExporter().Build() : null);
    }

    /// <summary>Sends what waits, for at most five seconds each, and ends.</summary>
    public void Dispose()
    {
        const int patienceMilliseconds = 5_000;
        tracer?.Shutdown(patienceMilliseconds);
        tracer?.Dispose();
        meter?.Shutdown(patienceMilliseconds);
        meter?.Dispose();
    }

    private static bool IsAsked(string signal) =>
        (Variable("OTEL_EXPORTER_OTLP_ENDPOINT") ?? Variable($"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT")) is not null
        && !string.Equals(Variable($"OTEL_{signal}_EXPORTER"), "none", StringComparison.OrdinalIgnoreCase);

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
