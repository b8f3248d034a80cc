using System.Diagnostics;
using System.Text;

namespace Pipeline.Jobs.Store;

/// <summary>How a program that was run ended. <see cref="Text"/> is its standard output, <see cref="ErrorText"/> its standard error.</summary>
internal sealed record ProgramResult(int ExitCode, string Text, string ErrorText)
{
    /// <summary>The last line that says something, for a message: what failed usually stands at the end.</summary>
    public string LastLine =>
        (ErrorText + "\n" + Text).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).LastOrDefault() ?? $"exit code {ExitCode}";
}

/// <summary>Runs the programs of PostgreSQL and of the system, without a shell between.</summary>
internal static class ExternalProgram
{
    /// <param name="input">What the program reads from its standard input; null: nothing.</param>
    /// <param name="onErrorLine">Called for each line of standard error as it comes: progress of long work.</param>
    public static async Task<ProgramResult> RunAsync(
        IReadOnlyList<string> command,
        IReadOnlyDictionary<string, string> environment,
        CancellationToken cancellation,
        string? input = null,
        Action<string>? onErrorLine = null)
    {
        // The root folder, because the server account may not reach the folder that the user stands in.
        ProcessStartInfo start = new(command[0])
        {
            WorkingDirectory = "/",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (string argument in command.Skip(1))
        {
            start.ArgumentList.Add(argument);
        }
        // The user's own PGHOST, PGOPTIONS and the like are meant for other servers.
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("PG", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }
        start.Environment["LC_ALL"] = "C.UTF-8";
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        StringBuilder errors = new();
        Task<string> output = process.StandardOutput.ReadToEndAsync(cancellation);
        Task reading = ReadErrorsAsync(process, errors, onErrorLine, cancellation);
        try
        {
            if (input is not null)
            {
                await process.StandardInput.WriteAsync(input.AsMemory(), cancellation);
            }
            process.StandardInput.Close();
            await Task.WhenAll(output, reading);
            await process.WaitForExitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
        return new ProgramResult(process.ExitCode, await output, errors.ToString());
    }

    private static async Task ReadErrorsAsync(Process process, StringBuilder errors, Action<string>? onLine, CancellationToken cancellation)
    {
        while (await process.StandardError.ReadLineAsync(cancellation) is { } line)
        {
            errors.AppendLine(line);
            onLine?.Invoke(line);
        }
    }
}
