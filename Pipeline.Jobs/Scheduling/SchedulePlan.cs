using Pipeline.Models.Regulatory;

namespace Pipeline.Jobs.Scheduling;

/// <summary>What a recurring job does.</summary>
public enum JobKind
{
    /// <summary>Takes complete files from a drop folder into the ledger.</summary>
    Watch,

    /// <summary>Runs a month and writes its workbooks.</summary>
    Run,

    /// <summary>Says so where the export of a month has not arrived.</summary>
    Expect,

    /// <summary>Looks at quarantine, missing and stale months.</summary>
    Quality,

    /// <summary>Retention, statistics, backup.</summary>
    Maintenance,
}

/// <summary>
/// One recurring job of the schedule file. Members that a kind has no use for keep their defaults. Stored with each task that it makes, so
/// that a task needs no file of the node that takes it.
/// </summary>
/// <param name="When">See <see cref="OccurrenceText.ExamplesEn"/>.</param>
/// <param name="TimeZone">IANA name.</param>
public sealed record JobSpec(string Name, JobKind Kind, string When, string TimeZone)
{
    /// <value>Drop folder of <see cref="JobKind.Watch"/>, output folder of <see cref="JobKind.Run"/>; relative ones lie under the home folder.</value>
    public string? Folder { get; init; }

    /// <value>Seconds in which size and time of a file must not change before it is taken. Default 10, 1 to 3600.</value>
    public int StableSeconds { get; init; } = 10;

    /// <value>Null: the source with most complaints in the month.</value>
    public string? Source { get; init; }

    /// <value>Months from the slot's month to the one that is run. Default -1: the month before.</value>
    public int MonthOffset { get; init; } = -1;

    /// <value>Minutes after the slot until which a run must be done; null: no deadline.</value>
    public int? DeadlineMinutes { get; init; }

    /// <value>Language of workbooks: zh or en.</value>
    public string Language { get; init; } = "zh";

    /// <value>Attempts before a task gives up on a passing fault. Default 6, 1 to 20.</value>
    public int Attempts { get; init; } = 6;

    /// <value>Backups that are kept. Default 14.</value>
    public int KeepBackups { get; init; } = 14;

    /// <value>Days for which finished tasks and delivered alerts are kept. Default 400.</value>
    public int KeepHistoryDays { get; init; } = 400;

    /// <value>Hours within which the last success must lie for a node to be ready; null: not asked.</value>
    public int? ReadyWithinHours { get; init; }
}

/// <summary>A job with its occurrence and zone resolved.</summary>
public sealed record PlannedJob(JobSpec Spec, Occurrence When, TimeZoneInfo Zone)
{
    public DateTimeOffset? Next(DateTimeOffset after, WorkCalendar calendar) => When.Next(after, Zone, calendar);

    public DateOnly LocalDay(DateTimeOffset slot) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(slot, Zone).DateTime);
}

/// <summary>The schedule of an installation.</summary>
/// <param name="Sha256">Of the file's bytes.</param>
/// <param name="Path">Null: the one that came with the program.</param>
public sealed record SchedulePlan(IReadOnlyList<PlannedJob> Jobs, WorkCalendar Calendar, string Sha256, string? Path);
