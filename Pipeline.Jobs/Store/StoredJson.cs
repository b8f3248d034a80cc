using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pipeline.Jobs.Store;

/// <summary>How values are written as JSON into the database. Hashes of runs are taken over some of them: a change here changes those.</summary>
internal static class StoredJson
{
    /// <value>Names in snake case, Chinese as it is.</value>
    public static JsonSerializerOptions Values { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <value>Of links, events and flags: what is not there is not written.</value>
    public static JsonSerializerOptions Evidence { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };
}
