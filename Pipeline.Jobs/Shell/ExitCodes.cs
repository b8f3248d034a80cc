namespace Pipeline.Jobs.Shell;

/// <summary>What the program tells its caller by its exit code.</summary>
public static class ExitCodes
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int WrongUsage = 2;

    /// <summary>Done, but a person must look: rows quarantined beyond the allowed share, a blocking finding.</summary>
    public const int LookNeeded = 3;

    public const int NothingToDo = 4;

    /// <summary>Database, disk or rights failed, and nothing was half done.</summary>
    public const int EnvironmentFailed = 5;

    /// <summary>The code as a word, for the JSON of a failure.</summary>
    public static string Word(int exitCode) => exitCode switch
    {
        Done => "done",
        WrongUsage => "wrong_usage",
        LookNeeded => "look_needed",
        NothingToDo => "nothing_to_do",
        EnvironmentFailed => "environment_failed",
        _ => "failed",
    };
}
