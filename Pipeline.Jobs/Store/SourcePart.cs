namespace Pipeline.Jobs.Store;

/// <summary>One of several parts of a source, by the complaint's number: parts are disjoint and together the whole.</summary>
/// <param name="Part">From 0 to <paramref name="Parts"/> - 1.</param>
public readonly record struct SourcePart(int Part, int Parts);
