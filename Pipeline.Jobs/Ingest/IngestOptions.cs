namespace Pipeline.Jobs.Ingest;

/// <summary>What is to be ingested, and how.</summary>
/// <param name="Paths">Files, folders and patterns.</param>
/// <param name="Profile">Id of the profile; null: recognised from each file.</param>
/// <param name="Encoding">Null: detected.</param>
/// <param name="AsOf">The day on which the exports were made; null: from each file name, else today.</param>
/// <param name="IsDryRun">True: everything is judged, nothing is kept.</param>
/// <param name="MaxRejectedShare">0 to 1; above it in any file a person must look. Null: the rule file's share.</param>
public sealed record IngestOptions(
    IReadOnlyList<string> Paths,
    string? Profile = null,
    string? Encoding = null,
    DateOnly? AsOf = null,
    bool IsDryRun = false,
    double? MaxRejectedShare = null)
{
    /// <value>Rows that are judged and written together; what comes out does not depend on it, but that the order of day and month is proved by the first of them. Default: as many as stay cheap for the collector.</value>
    internal int RowsPerBatch { get; init; } = FileLoader.UsualRowsPerBatch;
}
