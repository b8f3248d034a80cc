namespace Pipeline.Jobs.Classification;

/// <summary>Seconds of each stage of a command, in order, and of the whole.</summary>
internal sealed class StageClock(TimeProvider time)
{
    private readonly long started = time.GetTimestamp();
    private readonly Dictionary<string, double> seconds = [];
    private string? stage;
    private long stageStarted;

    /// <value>Rounded to milliseconds; with <c>total</c> once <see cref="End"/> was called.</value>
    public IReadOnlyDictionary<string, double> Seconds => seconds;

    /// <summary>Ends the stage before and begins this one; a stage may come more than once.</summary>
    public void Begin(string name)
    {
        Close();
        stage = name;
        stageStarted = time.GetTimestamp();
    }

    public void End()
    {
        Close();
        stage = null;
        seconds["total"] = Math.Round(time.GetElapsedTime(started).TotalSeconds, 3);
    }

    private void Close()
    {
        if (stage is not null)
        {
            seconds[stage] = Math.Round(seconds.GetValueOrDefault(stage) + time.GetElapsedTime(stageStarted).TotalSeconds, 3);
        }
    }
}
