using System.Diagnostics;
using System.Diagnostics.Metrics;
using Pipeline.Jobs.Steps;

namespace Pipeline.Jobs.Observability;

/// <summary>
/// Spans and metrics of the program's own work, under the name <see cref="Name"/>. Without a listener they cost nothing. Attributes are ids,
/// kinds, months, sources, counts and codes: nothing of a complaint.
/// </summary>
public static class Telemetry
{
    public const string Name = "pipeline";

    private static readonly ActivitySource Source = new(Name, ProgramVersion.Text);
    private static readonly Meter Meter = new(Name, ProgramVersion.Text);

    private static readonly Counter<long> Tasks = Meter.CreateCounter<long>("pipeline.tasks", "{task}", "Tasks that ended, by kind and state");
    private static readonly Histogram<double> TaskSeconds = Meter.CreateHistogram<double>("pipeline.task.duration", "s", "From claim to end of a task, by kind and state");
    private static readonly Counter<long> StepRows = Meter.CreateCounter<long>("pipeline.step.rows", "{row}", "Complaints, figures or workbooks that a step handled");
    private static readonly Histogram<double> StepSeconds = Meter.CreateHistogram<double>("pipeline.step.duration", "s", "Of a step of a month's run");
    private static readonly Counter<long> Files = Meter.CreateCounter<long>("pipeline.files", "{file}", "Files taken from drop folders, by outcome");
    private static readonly Counter<long> Alerts = Meter.CreateCounter<long>("pipeline.alerts", "{attempt}", "Deliveries of alerts, by channel and outcome");

    /// <summary>A month's run, from its request to its workbooks; null where nobody listens.</summary>
    public static Activity? Run(string source, string month) => Source.StartActivity("run")?.SetTag("pipeline.source", source).SetTag("pipeline.month", month);

    public static Activity? Step(string name) => Source.StartActivity($"step {name}")?.SetTag("pipeline.step", name);

    public static void StepDone(Activity? span, StepRecord step)
    {
        KeyValuePair<string, object?> name = new("pipeline.step", step.Name);
        span?.SetTag("pipeline.rows", step.Rows);
        StepRows.Add(step.Rows, name);
        StepSeconds.Record(step.Seconds, name);
    }

    /// <summary>A task in the hands of this node.</summary>
    public static Activity? Task(long id, string job, string kind, int attempt, int deaths, long fence) => Source.StartActivity($"task {kind}")
        ?.SetTag("pipeline.task_id", id).SetTag("pipeline.job", job).SetTag("pipeline.kind", kind)
        .SetTag("pipeline.attempt", attempt).SetTag("pipeline.deaths", deaths).SetTag("pipeline.fence", fence);

    /// <param name="state">How it ended: done, failed, gave_up, retrying, overtaken or handed_back.</param>
    /// <param name="code">Of the fault, if there was one. Its message stays here: it may name files of this machine.</param>
    public static void TaskEnded(Activity? span, string kind, string state, string? code, TimeSpan took)
    {
        span?.SetTag("pipeline.state", state);
        if (code is not null)
        {
            Fail(span, code);
        }
        TagList tags = new() { { "pipeline.kind", kind }, { "pipeline.state", state } };
        Tasks.Add(1, tags);
        TaskSeconds.Record(took.TotalSeconds, tags);
    }

    public static void Fail(Activity? span, string code) => span?.SetTag("error.type", code).SetStatus(ActivityStatusCode.Error);

    public static void FilesTaken(string outcome, int count)
    {
        if (count > 0)
        {
            Files.Add(count, new KeyValuePair<string, object?>("pipeline.outcome", outcome));
        }
    }

    public static void AlertSent(string channel, bool isDelivered) =>
        Alerts.Add(1, new TagList { { "pipeline.channel", channel }, { "pipeline.outcome", isDelivered ? "delivered" : "refused" } });
}
