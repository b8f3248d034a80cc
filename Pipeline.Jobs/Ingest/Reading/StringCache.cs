namespace Pipeline.Jobs.Ingest.Reading;

/// <summary>
/// Hands out one string for equal short values: exports repeat branch names, dates and statuses in every row. A table of fixed size, one entry per
/// slot, so that memory does not grow with the file.
/// </summary>
internal sealed class StringCache
{
    private const int Slots = 4096;
    private const int LongestCached = 24;

    private static readonly string[] Single = [.. Enumerable.Range(0, 128).Select(code => ((char)code).ToString())];

    private readonly string?[] entries = new string?[Slots];

    public string Get(ReadOnlySpan<char> text)
    {
        if (text.Length <= 1)
        {
            if (text.IsEmpty)
            {
                return "";
            }
            return text[0] < 128 ? Single[text[0]] : text.ToString();
        }
        if (text.Length > LongestCached)
        {
            return text.ToString();
        }
        unchecked
        {
            uint hash = 2166136261;
            foreach (char character in text)
            {
                hash = (hash ^ character) * 16777619;
            }
            ref string? entry = ref entries[(hash ^ (hash >> 15)) & (Slots - 1)];
            if (entry is null || !text.SequenceEqual(entry))
            {
                entry = text.ToString();
            }
            return entry;
        }
    }
}
