using System.Collections.Concurrent;

namespace Pipeline.Jobs.Store;

/// <summary>The statements of the program: embedded files <c>Store/Sql/&lt;Capability&gt;/&lt;name&gt;.sql</c>.</summary>
public static class Sql
{
    private const string Prefix = "Pipeline.Jobs.Store.Sql.";
    private static readonly ConcurrentDictionary<string, string> Texts = new(StringComparer.Ordinal);

    /// <param name="name">For example <c>Ingest/load_complaints</c>.</param>
    /// <exception cref="InvalidOperationException">The program was built without that file: a fault of the program.</exception>
    public static string Get(string name) => Texts.GetOrAdd(name, static key => Text($"{Prefix}{key.Replace('/', '.')}.sql"));

    /// <summary>The names of all statements, for the test that each is used and resolves.</summary>
    public static IEnumerable<string> Names() => typeof(Sql).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .Select(name => name[Prefix.Length..^".sql".Length].Replace('.', '/'));

    /// <summary>An embedded text with plain line feeds.</summary>
    internal static string Text(string resource)
    {
        using Stream stream = typeof(Sql).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"the program was built without {resource}");
        using StreamReader reader = new(stream);
        return reader.ReadToEnd().Replace("\r\n", "\n", StringComparison.Ordinal);
    }
}
