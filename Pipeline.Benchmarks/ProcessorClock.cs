using System.Diagnostics;
using System.Globalization;

namespace Pipeline.Benchmarks;

/// <summary>
/// Seconds of processor that this process and the server of a private cluster have used: what a piece of work costs, however busy the machine is.
/// Linux only; of the server nothing is counted elsewhere.
/// </summary>
internal sealed class ProcessorClock(string home)
{
    private const double TicksPerSecond = 100;

    private readonly string postmaster = Path.Combine(home, "cluster", "data", "postmaster.pid");

    public double Seconds()
    {
        using Process own = Process.GetCurrentProcess();
        return own.TotalProcessorTime.TotalSeconds + Server();
    }

    /// <summary>The server's own time, that of its processes, and that of those that ended.</summary>
    private double Server()
    {
        if (!File.Exists(postmaster) || File.ReadLines(postmaster).FirstOrDefault() is not { } id || !Directory.Exists($"/proc/{id}"))
        {
            return 0;
        }
        double ticks = Ticks(id);
        foreach (string child in File.ReadAllText($"/proc/{id}/task/{id}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            ticks += Ticks(child);
        }
        return ticks / TicksPerSecond;
    }

    /// <summary>utime, stime, cutime and cstime of a process (proc(5), fields 14 to 17).</summary>
    private static double Ticks(string id)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{id}/stat");
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[11..15].Sum(f => double.Parse(f, CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            return 0; // ended since it was listed: its parent counts it
        }
    }
}
