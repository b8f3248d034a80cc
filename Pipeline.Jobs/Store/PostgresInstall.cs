namespace Pipeline.Jobs.Store;

/// <summary>The one script that installs PostgreSQL, carried inside the program; <c>test.sh</c> runs the same file.</summary>
internal static class PostgresInstall
{
    public static async Task<string> ScriptAsync()
    {
        using Stream stream = typeof(PostgresInstall).Assembly.GetManifestResourceStream("Pipeline.Jobs.Store.install-postgresql.sh")
            ?? throw new InvalidOperationException("the program was built without Store/install-postgresql.sh");
        using StreamReader reader = new(stream);
        // A checkout on Windows may have put carriage returns into it, which a shell does not understand.
        return (await reader.ReadToEndAsync()).Replace("\r", "", StringComparison.Ordinal);
    }
}
