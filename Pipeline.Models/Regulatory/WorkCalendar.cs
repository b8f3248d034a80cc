namespace Pipeline.Models.Regulatory;

/// <summary>Days from <paramref name="From"/> to <paramref name="To"/>, both included.</summary>
public sealed record DayRange(DateOnly From, DateOnly To);

/// <summary>What the authority announced for one year.</summary>
/// <param name="Source">The notice.</param>
/// <param name="Holidays">Days off, weekends among them where the notice names them.</param>
/// <param name="WorkingDays">Saturdays and Sundays that are worked to make up for holidays (调休).</param>
public sealed record CalendarYear(int Year, string Source, IReadOnlyList<DayRange> Holidays, IReadOnlyList<DateOnly> WorkingDays);

/// <summary>
/// Which days are worked. A data file by year, because holidays and make-up working days are announced each autumn (DOMAIN A2.26). A year
/// without an entry has weekends only, and <see cref="Covers"/> says so.
/// </summary>
public sealed class WorkCalendar
{
    private readonly HashSet<DateOnly> holidays = [];
    private readonly HashSet<DateOnly> workingDays;

    [System.Text.Json.Serialization.JsonConstructor]
    public WorkCalendar(string id, string version, string source, IReadOnlyList<CalendarYear> years)
    {
        (Id, Version, Source, Years) = (id, version, source, years);
        foreach (DayRange range in years.SelectMany(y => y.Holidays))
        {
            if (range.To < range.From)
            {
                throw new InvalidDataException($"calendar {id}: holidays end on {range.To:yyyy-MM-dd}, before they begin on {range.From:yyyy-MM-dd}");
            }
            for (DateOnly day = range.From; day <= range.To; day = day.AddDays(1))
            {
                holidays.Add(day);
            }
        }
        workingDays = [.. years.SelectMany(y => y.WorkingDays)];
        foreach (DateOnly day in workingDays)
        {
            if (day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) || holidays.Contains(day))
            {
                throw new InvalidDataException($"calendar {id}: {day:yyyy-MM-dd} is no Saturday or Sunday that could be a make-up working day");
            }
        }
    }

    public string Id { get; }

    public string Version { get; }

    public string Source { get; }

    public IReadOnlyList<CalendarYear> Years { get; }

    public static WorkCalendar Parse(string json) =>
        System.Text.Json.JsonSerializer.Deserialize<WorkCalendar>(json, Taxonomy.RuleJson.Whole)
        ?? throw new InvalidDataException("the calendar file is empty; expected an object with id, version, source and years");

    /// <summary>Whether the holidays of the year are in the calendar.</summary>
    public bool Covers(int year) => Years.Any(y => y.Year == year);

    public bool IsWorkingDay(DateOnly day) =>
        !holidays.Contains(day) && (day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) || workingDays.Contains(day));

    /// <summary>The day itself where it is worked, else the next day that is (Civil Code art. 203).</summary>
    public DateOnly RollForward(DateOnly day)
    {
        while (!IsWorkingDay(day))
        {
            day = day.AddDays(1);
        }
        return day;
    }

    /// <summary>The day on which <paramref name="days"/> working days after <paramref name="day"/> have passed; the day itself is not counted.</summary>
    public DateOnly AddWorkingDays(DateOnly day, int days)
    {
        for (int left = days; left > 0;)
        {
            day = day.AddDays(1);
            left -= IsWorkingDay(day) ? 1 : 0;
        }
        return day;
    }
}
