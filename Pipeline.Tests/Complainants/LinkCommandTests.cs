using System.Text.Json;
using Pipeline.Jobs.Complainants;
using Pipeline.Jobs.Shell;
using Pipeline.Models.Text;
using Xunit.Abstractions;

namespace Pipeline.Tests.Complainants;

/// <summary>The command <c>link</c> on files.</summary>
public sealed class LinkCommandTests(ITestOutputHelper output) : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("pipeline-link-test-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(0.9995, "febrl1.csv")]
    [InlineData(0.9995, "febrl4a.csv", "febrl4b.csv")]
    public async Task The_persons_of_FEBRL_are_found_without_labels(double least, params string[] files)
    {
        if (SampleData.Shared($"persons/{files[0]}") is null)
        {
            output.WriteLine("skipped: the FEBRL data sets are absent");
            return;
        }
        string[] inputs = [.. files.Select(f => SampleData.Shared($"persons/{f}")!)];
        StringWriter document = new();
        string result = Path.Combine(folder, "persons.csv");
        Assert.Equal(ExitCodes.Done, await LinkCommand.RunAsync(new LinkCommand.LinkRequest(inputs, Schema("febrl.json"), result, 2), Session(document)));
        string[] truth = [.. inputs.SelectMany(f => File.ReadLines(f).Skip(1).Select(l => l.Split('-')[1]))];
        string[] person = [.. File.ReadLines(result).Skip(1).Select(l => l.Split(',')[1])];
        Assert.Equal(truth.Length, person.Length);
        double found = Pairs(person);
        double existing = Pairs(truth);
        double right = Pairs([.. truth.Zip(person, (t, p) => t + "|" + p)]);
        output.WriteLine($"pair F1 {2 * right / (found + existing):F5}");
        Assert.True(2 * right >= least * (found + existing));
        using JsonDocument summary = JsonDocument.Parse(document.ToString());
        Assert.Equal(truth.Length, summary.RootElement.GetProperty("records").GetInt32());
        Assert.Equal(found, summary.RootElement.GetProperty("pairs").GetInt32());
        Assert.Equal(found + 1, File.ReadLines(Path.Combine(folder, "persons.pairs.csv")).Count());
    }

    [Fact]
    public async Task Output_names_rows_by_input_and_number_and_explains_each_pair_without_values()
    {
        string first = Write("a.csv", "id,first_name,surname,dob,city,email", Enumerable.Range(0, 60).Select(i => $"{i},given{(char)('a' + (i % 20))},family{(char)('a' + (i / 3))},19{50 + (i % 40)}-0{1 + (i % 9)}-1{i % 10},town{(char)('a' + (i % 4))},box{i}@example.com"));
        string second = Write("b.csv", "id,first_name,surname,dob,city,email", ["x,givena,familya,1950-01-10,towna,box0@example.com"]);
        string result = Path.Combine(folder, "out.csv");
        await LinkCommand.RunAsync(new LinkCommand.LinkRequest([first, second], Schema("fake-1000.json"), result, 1), Session(new StringWriter()));
        string[] rows = File.ReadAllLines(result);
        Assert.Equal("row,person", rows[0]);
        Assert.Equal("A:1,1", rows[1]);
        Assert.Equal("B:1,1", rows[^1]);
        string[] pairs = File.ReadAllLines(Path.Combine(folder, "out.pairs.csv"));
        Assert.StartsWith("row_a,row_b,probability,evidence,prior,first_name,surname,dob,city,email", pairs[0], StringComparison.Ordinal);
        string pair = Assert.Single(pairs, p => p.StartsWith("A:1,B:1,", StringComparison.Ordinal));
        Assert.Contains("email exact +", pair, StringComparison.Ordinal);
        Assert.DoesNotContain("familya", pair, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_column_or_a_bad_schema_is_said_in_clear_words()
    {
        string input = Write("c.csv", "id,first_name,surname", ["1,a,b", "2,c,d"]);
        string result = Path.Combine(folder, "out.csv");
        PipelineFault fault = await Assert.ThrowsAsync<PipelineFault>(() =>
            LinkCommand.RunAsync(new LinkCommand.LinkRequest([input], Schema("fake-1000.json"), result, 1), Session(new StringWriter())));
        Assert.Equal(ExitCodes.WrongUsage, fault.ExitCode);
        Assert.Contains("dob, city, email", fault.Text.En, StringComparison.Ordinal);
        string schema = Path.Combine(folder, "schema.json");
        File.WriteAllText(schema, """{ "fields": [ { "name": "a", "kind": "colour" } ], "blocking": [ { "on": [ "b" ] } ] }""");
        fault = await Assert.ThrowsAsync<PipelineFault>(() =>
            LinkCommand.RunAsync(new LinkCommand.LinkRequest([input], schema, result, 1), Session(new StringWriter())));
        Assert.Contains("2 faults", fault.Text.En, StringComparison.Ordinal);
        Assert.False(File.Exists(result));
    }

    private CommandSession Session(TextWriter document) =>
        new(folder, Language.En, true, TimeProvider.System, document, TextWriter.Null, CancellationToken.None);

    private string Write(string name, string header, IEnumerable<string> rows)
    {
        string path = Path.Combine(folder, name);
        File.WriteAllLines(path, [header, .. rows]);
        return path;
    }

    private static string Schema(string name)
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            string path = Path.Combine(at.FullName, "data-samples", "schemas", name);
            if (File.Exists(path))
            {
                return path;
            }
        }
        throw new DirectoryNotFoundException("data-samples/schemas is missing from the repository");
    }

    private static double Pairs(string[] keys) => keys.GroupBy(k => k).Sum(g => g.Count() * (g.Count() - 1.0) / 2);
}
