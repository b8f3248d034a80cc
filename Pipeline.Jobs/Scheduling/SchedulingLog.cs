using Microsoft.Extensions.Logging;

namespace Pipeline.Jobs.Scheduling;

/// <summary>
/// What the system says of its own work: a catalogue with fixed event ids. Ids, names of steps and files, counts and codes only: nothing
/// of a complaint.
/// </summary>
public sealed partial class SchedulingLog(ILogger<SchedulingLog> logger)
{
    [LoggerMessage(1001, LogLevel.Information, "Node {Node} joined: program {ProgramVersion}, rules {Rules}")]
    public partial void Joined(string node, string programVersion, string rules);

    [LoggerMessage(1002, LogLevel.Information, "Node {Node} left in good order")]
    public partial void Left(string node);

    [LoggerMessage(1003, LogLevel.Warning, "Clock of this node and that of {Other} differ by {Milliseconds} ms: more than a second; set the clocks (NTP)")]
    public partial void ClocksDiffer(string other, int milliseconds);

    [LoggerMessage(1004, LogLevel.Warning, "The database does not answer ({Error}); trying again")]
    public partial void DatabaseAway(string error);

    [LoggerMessage(1005, LogLevel.Error, "Nodes of another program version or other rules work on this database now ({Other}); this node stops")]
    public partial void OthersDiffer(string other);

    [LoggerMessage(1006, LogLevel.Warning, "Node {Other} is silent: {Sessions} of its database sessions were ended, so that their locks keep nobody waiting")]
    public partial void SessionsEnded(string other, long sessions);

    [LoggerMessage(1101, LogLevel.Information, "Task {TaskId} ({Job}, {Kind} {Month}) claimed: attempt {Attempt}, deaths {Deaths}, fence {Fence}")]
    public partial void Claimed(long taskId, string job, string kind, string? month, int attempt, int deaths, long fence);

    [LoggerMessage(1102, LogLevel.Information, "Task {TaskId} done in {DurationMs} ms")]
    public partial void Done(long taskId, long durationMs);

    [LoggerMessage(1103, LogLevel.Warning, "Task {TaskId} met a passing fault ({Code}); it is tried again after attempt {Attempt}")]
    public partial void Retrying(long taskId, string code, int attempt);

    [LoggerMessage(1104, LogLevel.Error, "Task {TaskId} ended as {State}: {Code}")]
    public partial void Ended(long taskId, string state, string code);

    [LoggerMessage(1105, LogLevel.Warning, "Task {TaskId}: claim {Fence} was overtaken; nothing of it counts")]
    public partial void Overtaken(long taskId, long fence);

    [LoggerMessage(1106, LogLevel.Information, "Task {TaskId} handed back: this node stops")]
    public partial void HandedBack(long taskId);

    [LoggerMessage(1107, LogLevel.Error, "Task {TaskId}: a fault of the program")]
    public partial void Bug(Exception fault, long taskId);

    [LoggerMessage(1108, LogLevel.Information, "Task {TaskId}: {Count} parts of it are put to the nodes")]
    public partial void Shards(long taskId, int count);

    [LoggerMessage(1111, LogLevel.Information, "Task {TaskId}: step {Step} begins")]
    public partial void StepBegun(long taskId, string step);

    [LoggerMessage(1112, LogLevel.Information, "Task {TaskId}: step {Step} done, {Rows} rows, {Seconds} s")]
    public partial void StepDone(long taskId, string step, long rows, double seconds);

    [LoggerMessage(1201, LogLevel.Information, "Planned {Job} for {Slot}")]
    public partial void Planned(string job, string slot);

    [LoggerMessage(1202, LogLevel.Information, "Put {Count} open tasks to the scheduler")]
    public partial void Put(int count);

    [LoggerMessage(1301, LogLevel.Information, "Drop folder {Job}: {Ingested} files ingested, {Known} known already, {Refused} refused")]
    public partial void Dropped(string job, int ingested, int known, int refused);

    [LoggerMessage(1302, LogLevel.Warning, "Drop folder {Job} is not to be worked on: {Error}")]
    public partial void DropFailed(string job, string error);

    [LoggerMessage(1401, LogLevel.Information, "Alert {Key} delivered to {Channel}")]
    public partial void Delivered(string key, string channel);

    [LoggerMessage(1402, LogLevel.Warning, "Alert {Key} not delivered to {Channel} ({Error}), attempt {Attempt}")]
    public partial void NotDelivered(string key, string channel, string error, int attempt);

    [LoggerMessage(1403, LogLevel.Warning, "Alert raised: {Key}")]
    public partial void Raised(string key);
}
