namespace Pipeline.Models.RootCauses;

/// <summary>A corrective action against a cause (溯源整改), as the office wrote it down.</summary>
/// <param name="Id"><c>R-</c> and a number; given on first import, never used again.</param>
/// <param name="Cause">Taxonomy key.</param>
/// <param name="Business">Taxonomy key of the business line that the action is for; null for all.</param>
/// <param name="Branch">Reporting organisation that it is for; null for all.</param>
/// <param name="Opened">Day the work began.</param>
/// <param name="Due">Day it must be done by, or null.</param>
/// <param name="Done">Day it was done, or null while it is under way.</param>
public sealed record RemediationEntry(
    string Id, string Cause, string? Business, string? Branch, string Action, string Owner, DateOnly Opened, DateOnly? Due, DateOnly? Done, string? Note);

/// <summary>The register as it stood with a version.</summary>
/// <param name="Version">0 where nothing was written down yet.</param>
/// <param name="Sha256">Of the entries: what a run is pinned to; empty for version 0.</param>
public sealed record RemediationRegister(int Version, string Sha256, IReadOnlyList<RemediationEntry> Entries)
{
    public static readonly RemediationRegister Empty = new(0, "", []);
}
