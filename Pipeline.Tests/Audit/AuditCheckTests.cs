using Npgsql;
using Pipeline.Jobs.Audit;
using Pipeline.Jobs.Ingest.Ledger;
using Pipeline.Jobs.Shell;
using Pipeline.Tests.Ingest;

namespace Pipeline.Tests.Audit;

public sealed class AuditCheckTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_chain_that_nobody_touched_is_whole_and_its_head_is_told()
    {
        using IngestFixture fixture = await ChainAsync(4);
        AuditCheckResult result = await CheckAsync(fixture);
        Assert.Null(result.Broken);
        Assert.Equal((4, await fixture.ScalarAsync<string>("select encode(hash, 'hex') from audit_head")), (result.Events, result.Head));
        Assert.Equal(ExitCodes.Done, await AuditCommand.VerifyAsync(fixture.Session()));
    }

    [Fact]
    public async Task An_empty_chain_is_whole()
    {
        using IngestFixture fixture = await ChainAsync(0);
        Assert.Equal(new AuditCheckResult(0, "", 0, null), await CheckAsync(fixture));
    }

    [Theory]
    [InlineData("update audit_event set actor = 'mallory' where sequence = 2", 2, "altered")]
    [InlineData("update audit_event set detail = '{\"n\": 7}' where sequence = 3", 3, "altered")]
    [InlineData("update audit_event set occurred_at = occurred_at + interval '1 microsecond' where sequence = 1", 1, "altered")]
    [InlineData("delete from audit_event where sequence = 2", 2, "missing")]
    [InlineData("delete from audit_event where sequence = 4", 4, "head")]
    [InlineData("update audit_event set previous = '\\x11', hash = sha256('x') where sequence = 3", 3, "does not follow")]
    [InlineData("update audit_head set hash = '\\x22'", 5, "head")]
    public async Task The_first_broken_link_is_named(string tampering, long sequence, string reason)
    {
        using IngestFixture fixture = await ChainAsync(4);
        await using (NpgsqlCommand command = fixture.Source.CreateCommand(tampering))
        {
            await command.ExecuteNonQueryAsync();
        }
        AuditCheckResult result = await CheckAsync(fixture);
        Assert.Equal(sequence, result.Broken?.Sequence);
        Assert.Contains(reason, result.Broken!.Reason.En, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.LookNeeded, await AuditCommand.VerifyAsync(fixture.Session()));
    }

    private static async Task<IngestFixture> ChainAsync(int events)
    {
        IngestFixture fixture = await IngestFixture.CreateAsync();
        await using NpgsqlConnection connection = await fixture.Source.OpenConnectionAsync();
        for (int i = 1; i <= events; i++)
        {
            await LedgerLoad.AuditAsync(connection, At.AddMicroseconds(i * 1234567), "王芳", "test", new { n = i, note = "中文 | pipe" }, default);
        }
        return fixture;
    }

    private static async Task<AuditCheckResult> CheckAsync(IngestFixture fixture)
    {
        await using NpgsqlConnection connection = await fixture.Source.OpenConnectionAsync();
        return await AuditCheck.RunAsync(connection, default);
    }
}
