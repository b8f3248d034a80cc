using Quartz;

namespace Pipeline.Jobs.Scheduling;

/// <summary>Cron expressions, as the scheduler reads them.</summary>
internal static class QuartzCron
{
    /// <returns>The instants of an expression; null where it is none.</returns>
    public static Func<DateTimeOffset, TimeZoneInfo, DateTimeOffset?>? After(string expression) =>
        CronExpression.TryParse(expression, Format(expression), out CronExpression? cron)
            ? (after, zone) => cron.WithTimeZone(zone).GetNextValidTimeAfter(after)
            : null;

    /// <summary>What is wrong with an expression, in the scheduler's words.</summary>
    public static string Why(string expression)
    {
        try
        {
            CronExpression.Parse(expression, Format(expression));
            return "";
        }
        catch (FormatException wrong)
        {
            return wrong.Message.TrimEnd('.');
        }
    }

    private static CronFormat Format(string expression) =>
        expression.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length == 5 ? CronFormat.Unix : CronFormat.Quartz;
}
