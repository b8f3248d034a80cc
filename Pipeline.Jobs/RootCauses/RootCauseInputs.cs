using Npgsql;
using Pipeline.Jobs.Steps;
using Pipeline.Models.Complaints;
using Pipeline.Models.RootCauses;

namespace Pipeline.Jobs.RootCauses;

/// <summary>What a month takes from the ledger for its root causes beside complaints: topics of earlier months, and the remediation register.</summary>
public sealed record RootCauseInputs(IReadOnlyList<KnownTopic> Topics, RemediationRegister Register)
{
    public static async Task<RootCauseInputs> LoadAsync(
        NpgsqlConnection connection, string source, ReportingMonth month, RootCauseRules rules, CancellationToken cancellation) => new(
        await TopicLedger.KnownAsync(connection, source, month, rules.Topics.BaselineMonths, cancellation),
        await RegisterLedger.CurrentAsync(connection, source, cancellation));

    /// <summary>The inputs of the run with these pinned among them.</summary>
    public RunInputs Pin(RunInputs inputs) => inputs with { Topics = TopicLedger.Fingerprint(Topics), Register = Register.Sha256 };
}
