namespace Pipeline.Jobs.Ingest.Reading;

/// <summary>The bytes of a file, or of a file inside an archive; can be opened as often as needed.</summary>
/// <param name="Path">The file as the user named it.</param>
/// <param name="Member">Path inside the archive, or null.</param>
/// <param name="Open">A new stream from the beginning; for archives not seekable, and counting what it inflates.</param>
/// <param name="SearchBytes">How far the search for the first byte that is not ASCII may go: everywhere in a file, less far where that means inflating.</param>
internal sealed record InputContent(string Path, string? Member, Func<Stream> Open, long SearchBytes)
{
    /// <value>Stands in a .zip; what is only compressed (.gz) is the file itself.</value>
    public bool IsArchived { get; init; }

    /// <value>Name of the file itself, without folder, archive and .gz.</value>
    public string OwnName => (Member ?? Path)[((Member ?? Path).LastIndexOfAny(['/', '\\']) + 1)..];

    /// <summary>For messages: the file, with the member behind it.</summary>
    public string Name => Member is null ? Path : $"{Path} » {Member}";

    public byte[] Head(int bytes)
    {
        using Stream stream = Open();
        byte[] head = new byte[bytes];
        int read = stream.ReadAtLeast(head, bytes, throwOnEndOfStream: false);
        return head[..read];
    }
}
