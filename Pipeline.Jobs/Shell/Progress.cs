using Spectre.Console;

namespace Pipeline.Jobs.Shell;

/// <summary>Progress of long work on standard error: a bar on a terminal, nothing elsewhere.</summary>
public static class Progress
{
    /// <summary>Does <paramref name="work"/> for each item in turn.</summary>
    public static async Task RunAsync<T>(CommandSession session, IReadOnlyList<T> items, Func<T, string> name, Func<T, Task> work)
    {
        IAnsiConsole console = session.Console;
        if (!console.Profile.Capabilities.Interactive)
        {
            foreach (T item in items)
            {
                session.Cancellation.ThrowIfCancellationRequested();
                await work(item);
            }
            return;
        }
        await console.Progress().AutoClear(true).StartAsync(async bar =>
        {
            ProgressTask task = bar.AddTask("", maxValue: items.Count);
            foreach (T item in items)
            {
                session.Cancellation.ThrowIfCancellationRequested();
                task.Description = Markup.Escape(name(item));
                await work(item);
                task.Increment(1);
            }
        });
    }
}
