using System.Diagnostics;
using Pipeline.Jobs.Shell;

namespace Pipeline.Tests.Scheduling;

/// <summary>The program as a process of its own, on a test's database and home.</summary>
internal static class PipelineProcess
{
    /// <summary>Starts it; standard output is there to be read, standard error is thrown away.</summary>
    public static Process Start(TestDatabase database, params string[] arguments) => Start(database, new Dictionary<string, string>(), arguments);

    /// <param name="environment">Variables beside those of this process.</param>
    public static Process Start(TestDatabase database, IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        Start(database.Home, database.Server, environment, arguments);

    public static Process Start(string home, string server, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        Process process = Prepare(home, server, arguments);
        foreach ((string name, string value) in environment)
        {
            process.StartInfo.Environment[name] = value;
        }
        process.ErrorDataReceived += static (_, _) => { };
        process.Start();
        process.BeginErrorReadLine();
        return process;
    }

    /// <summary>Runs it to its end.</summary>
    /// <returns>Its exit code, and what it said: standard output, and what it wrote to standard error.</returns>
    public static async Task<(int Code, string Said, string Errors)> RunAsync(TestDatabase database, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        using Process process = Prepare(database.Home, database.Server, arguments);
        foreach ((string name, string value) in environment)
        {
            process.StartInfo.Environment[name] = value;
        }
        process.Start();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, said, await errors);
    }

    /// <summary>Not started yet; its output and its errors are there to be read.</summary>
    public static Process Prepare(string home, string server, params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])[typeof(ExitCodes).Assembly.Location, .. arguments, "--home", home, "--lang", "en"])
        {
            start.ArgumentList.Add(argument);
        }
        start.Environment["PIPELINE_DATABASE"] = server;
        return new Process { StartInfo = start };
    }
}
