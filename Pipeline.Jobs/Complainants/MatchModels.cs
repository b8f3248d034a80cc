using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complainants;
using Pipeline.Models.Complainants.Matching;

namespace Pipeline.Jobs.Complainants;

/// <summary>Keeps the parameters that a run of the link step learned, beside the hashes of what it learned them with.</summary>
internal static class MatchModels
{
    /// <summary>Writes the model of a source where it differs from the newest that stands.</summary>
    internal static async Task WriteAsync(
        NpgsqlConnection connection, string source, PersonModel? model, LinkRules rules, DateTimeOffset learnedAt, CancellationToken cancellation)
    {
        if (model is null)
        {
            return;
        }
        await using NpgsqlCommand insert = new(Sql.Get("Complainants/insert_match_model"), connection)
        {
            Parameters =
            {
                new() { Value = source },
                new() { Value = model.Complaints },
                new() { Value = rules.Schema.Sha256 },
                new() { Value = rules.Names.Sha256 },
                new() { Value = Parameters(model.Weights, model.Schema), NpgsqlDbType = NpgsqlDbType.Jsonb },
                new() { Value = learnedAt },
            },
        };
        await insert.ExecuteNonQueryAsync(cancellation);
    }

    private static string Parameters(MatchModel model, MatchSchema schema) => JsonSerializer.Serialize(
        new ModelParameters(Significant(model.Prior), [.. schema.Fields.Select((field, at) => new FieldParameters(
            field.Name,
            [.. Enum.GetValues<Agreement>().Where(l => l != Agreement.Missing && model.M(at, l) > 0)
                .Select(l => new LevelParameters(Agreements.Name(l), Significant(model.M(at, l)), Significant(model.U(at, l))))]))]),
        StoredJson.Evidence);

    private static double Significant(double value) =>
        double.Parse(value.ToString("G6", System.Globalization.CultureInfo.InvariantCulture), System.Globalization.CultureInfo.InvariantCulture);

    private sealed record ModelParameters(double Prior, IReadOnlyList<FieldParameters> Fields);

    private sealed record FieldParameters(string Field, IReadOnlyList<LevelParameters> Levels);

    private sealed record LevelParameters(string Level, double M, double U);
}
