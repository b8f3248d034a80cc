using Pipeline.Models.Text;

namespace Pipeline.Jobs.Shell;

/// <summary>
/// A failure that the user can mend: what was found, what was expected, where, what to do. Printed without a stack trace; ends the
/// command with <see cref="ExitCode"/>. Everything else that is thrown is a fault of the program.
/// </summary>
public sealed class PipelineFault(int exitCode, Bilingual message, Exception? cause = null) : Exception(message.En, cause)
{
    public int ExitCode { get; } = exitCode;

    public Bilingual Text { get; } = message;

    /// <summary>The call was wrong: exit code 2.</summary>
    public static PipelineFault Usage(string zh, string en) => new(ExitCodes.WrongUsage, new Bilingual(zh, en));

    /// <summary>The work could not be done: exit code 1.</summary>
    public static PipelineFault Failed(string zh, string en, Exception? cause = null) => new(ExitCodes.Failed, new Bilingual(zh, en), cause);

    /// <summary>Database, disk or rights failed and nothing is half done: exit code 5.</summary>
    public static PipelineFault Environment(string zh, string en, Exception? cause = null) =>
        new(ExitCodes.EnvironmentFailed, new Bilingual(zh, en), cause);
}
