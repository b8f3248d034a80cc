using Pipeline.Models.Text;

namespace Pipeline.Jobs.Shell;

/// <summary>Where a failure lies, as far as it is known.</summary>
/// <param name="File">A path or a model's id.</param>
/// <param name="Line">1-based line of the file.</param>
/// <param name="SqlState">PostgreSQL's code of what the server refused.</param>
public sealed record FaultPlace(string? File = null, long? Line = null, string? Column = null, string? SqlState = null);

/// <summary>
/// A failure that the user can mend: what was found, what was expected, where, what to do. Printed without a stack trace; ends the
/// command with <see cref="ExitCode"/>. Everything else that is thrown is a fault of the program.
/// </summary>
public sealed class PipelineFault(int exitCode, Bilingual message, Exception? cause = null) : Exception(message.En, cause)
{
    public int ExitCode { get; } = exitCode;

    public Bilingual Text { get; } = message;

    /// <value>The word that programs tell it by: that of the exit code where nothing finer is known.</value>
    public string Code { get; init; } = ExitCodes.Word(exitCode);

    public FaultPlace? Place { get; init; }

    /// <summary>The call was wrong: exit code 2.</summary>
    public static PipelineFault Usage(string zh, string en, FaultPlace? place = null) => new(ExitCodes.WrongUsage, new Bilingual(zh, en)) { Place = place };

    /// <summary>The work could not be done: exit code 1.</summary>
    public static PipelineFault Failed(string zh, string en, Exception? cause = null, FaultPlace? place = null) =>
        new(ExitCodes.Failed, new Bilingual(zh, en), cause) { Place = place };

    /// <summary>There is nothing that the work could be done on: exit code 4.</summary>
    public static PipelineFault Nothing(string zh, string en) => new(ExitCodes.NothingToDo, new Bilingual(zh, en));

    /// <summary>Database, disk or rights failed and nothing is half done: exit code 5.</summary>
    public static PipelineFault Environment(string zh, string en, Exception? cause = null) =>
        new(ExitCodes.EnvironmentFailed, new Bilingual(zh, en), cause);
}
