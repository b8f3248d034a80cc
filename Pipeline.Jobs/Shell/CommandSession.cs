using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using Pipeline.Models.Text;
using Spectre.Console;

namespace Pipeline.Jobs.Shell;

/// <summary>
/// What every command is given: where the program keeps things, the language, the clock, and where to write. Results go to standard
/// output (one JSON document with <c>--json</c>), progress and notices to standard error.
/// </summary>
public sealed record CommandSession(
    string Home, Language Language, bool Json, TimeProvider Time, TextWriter Output, TextWriter Error, CancellationToken Cancellation)
{
    private static readonly JsonSerializerOptions JsonOutput = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DictionaryKeyPolicy = null,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
    };

    /// <summary>Connection string of a server that replaces the private cluster (PIPELINE_DATABASE); null: the private cluster. Holds a password: never shown.</summary>
    public string? Server { get; init; }

    private readonly StrongBox<bool> hasDocument = new();

    /// <value>The command has printed its JSON document, or a session that was made from this one has.</value>
    public bool HasDocument => hasDocument.Value;

    /// <summary>The text in the session's language.</summary>
    public string Say(string zh, string en) => Language == Language.Zh ? zh : en;

    /// <summary>A notice on standard error.</summary>
    public void Notice(string zh, string en) => Error.WriteLine(Say(zh, en));

    /// <summary>A line of the result on standard output; not with <c>--json</c>.</summary>
    public void Line(string zh, string en)
    {
        if (!Json)
        {
            Output.WriteLine(Say(zh, en));
        }
    }

    /// <summary>The one JSON document of a command; names become snake_case. Only with <c>--json</c>.</summary>
    public void Document(object document)
    {
        if (Json)
        {
            Output.WriteLine(JsonSerializer.Serialize(document, JsonOutput));
            hasDocument.Value = true;
        }
    }

    /// <summary>A console for tables and progress bars on standard error: plain where that is not a terminal.</summary>
    public IAnsiConsole Console => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Out = new AnsiConsoleOutput(Error),
        Interactive = ReferenceEquals(Error, System.Console.Error) && !System.Console.IsErrorRedirected ? InteractionSupport.Yes : InteractionSupport.No,
        Ansi = ReferenceEquals(Error, System.Console.Error) && !System.Console.IsErrorRedirected ? AnsiSupport.Detect : AnsiSupport.No,
    });
}
