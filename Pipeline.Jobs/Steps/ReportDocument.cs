using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Pipeline.Models.Complaints;
using Pipeline.Reports;

namespace Pipeline.Jobs.Steps;

/// <summary>A run's report as it is kept in the ledger: gzip of JSON, so that its workbooks can be made again byte for byte.</summary>
public static class ReportDocument
{
    private static readonly JsonSerializerOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        IncludeFields = true,
        Converters = { new MonthConverter(), new JsonStringEnumConverter() },
    };

    public static byte[] Write(MonthReport report)
    {
        using MemoryStream bytes = new();
        using (GZipStream gzip = new(bytes, CompressionLevel.Fastest))
        {
            JsonSerializer.Serialize(gzip, report, Options);
        }
        return bytes.ToArray();
    }

    public static MonthReport Read(byte[] bytes)
    {
        using GZipStream gzip = new(new MemoryStream(bytes), CompressionMode.Decompress);
        return JsonSerializer.Deserialize<MonthReport>(gzip, Options)
            ?? throw new InvalidDataException("the kept report of the run is empty");
    }

    private sealed class MonthConverter : JsonConverter<ReportingMonth>
    {
        public override ReportingMonth Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            ReportingMonth.TryParse(reader.GetString(), out ReportingMonth month)
                ? month
                : throw new JsonException($"'{reader.GetString()}' is not a month; expected yyyy-MM");

        public override void Write(Utf8JsonWriter writer, ReportingMonth value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());
    }
}
