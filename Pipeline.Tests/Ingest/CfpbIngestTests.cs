using System.IO.Compression;
using Pipeline.Jobs.Ingest;
using Xunit.Abstractions;

namespace Pipeline.Tests.Ingest;

public sealed class CfpbIngestTests(ITestOutputHelper output) : IAsyncLifetime, IDisposable
{
    private IngestFixture ledger = null!;

    public async Task InitializeAsync() => ledger = await IngestFixture.CreateAsync();

    public Task DisposeAsync() => ledger.DisposeAsync();

    public void Dispose() => ledger.Dispose();

    [Fact]
    public async Task All_95922_real_complaints_are_accounted_for()
    {
        if (SampleData.Shared("cfpb/complaints.csv.gz") is not string path)
        {
            output.WriteLine("skipped: ../shared/data/cfpb/complaints.csv.gz is absent");
            return;
        }
        FileResult file = Assert.Single((await ledger.IngestAsync(path)).Files);
        Assert.Equal(("cfpb", 95_922L, 95_922L, 0L), (file.Profile, file.Counts.Read, file.Counts.New, file.Counts.Rejected));
        Assert.Equal(95_922, await ledger.ScalarAsync<long>("select count(*) from complaint where business_reported is not null and channel is not null and parent_branch_name is not null"));
        Assert.Equal(428, await ledger.ScalarAsync<long>("select count(*) from complaint where not is_timely_reported"));
        Assert.Equal(68_114 + 147, await ledger.ScalarAsync<long>("select count(*) from complaint where status = 'open'"));
        Assert.Equal(30_525, await ledger.ScalarAsync<long>("select count(*) from complaint where branch_name = 'TRANSUNION INTERMEDIATE HOLDINGS, INC.'"));
    }

    [Fact]
    public async Task The_16_column_layout_and_the_other_date_format_are_the_same_profile()
    {
        string sample = Path.Combine(SampleData.English, "complaints.csv");
        FileResult file = Assert.Single((await ledger.IngestAsync(sample)).Files);
        Assert.Equal(("cfpb", 240L, 0L), (file.Profile, file.Counts.New, file.Counts.Rejected));
        IReadOnlyList<string> expected = await ledger.SnapshotAsync(withLineage: false);

        string american = System.Text.RegularExpressions.Regex.Replace(
            await File.ReadAllTextAsync(sample), "(?m)^(\\d{4})-(\\d\\d)-(\\d\\d),", "$2/$3/$1,");
        using IngestFixture other = await IngestFixture.CreateAsync();
        string packed = Path.Combine(other.Folder, "pack.zip");
        using (ZipArchive zip = ZipFile.Open(packed, ZipArchiveMode.Create))
        {
            using StreamWriter member = new(zip.CreateEntry("complaints.csv").Open());
            await member.WriteAsync(american);
        }
        FileResult second = Assert.Single((await other.IngestAsync(packed)).Files);
        Assert.EndsWith("!complaints.csv", second.Path, StringComparison.Ordinal);
        LedgerSnapshot.AssertSame(expected, await other.SnapshotAsync(withLineage: false));
        await other.DisposeAsync();
    }
}
