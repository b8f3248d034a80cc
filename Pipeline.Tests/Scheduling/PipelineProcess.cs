using System.Diagnostics;
using Pipeline.Jobs.Shell;

namespace Pipeline.Tests.Scheduling;

/// <summary>The program as a process of its own, on a test's database and home.</summary>
internal static class PipelineProcess
{
    /// <summary>Starts it; standard output is there to be read, standard error is thrown away.</summary>
    public static Process Start(TestDatabase database, params string[] arguments) => Start(database, new Dictionary<string, string>(), arguments);

    /// <param name="environment">Variables beside those of this process.</param>
    public static Process Start(TestDatabase database, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])[typeof(ExitCodes).Assembly.Location, .. arguments, "--home", database.Home, "--lang", "en"])
        {
            start.ArgumentList.Add(argument);
        }
        start.Environment["PIPELINE_DATABASE"] = database.Server;
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }
        Process process = Process.Start(start)!;
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        return process;
    }
}
