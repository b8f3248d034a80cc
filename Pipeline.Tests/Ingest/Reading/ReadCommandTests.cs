using System.Text.Json;
using Pipeline.Jobs.Ingest.Reading;
using Pipeline.Jobs.Shell;
using Pipeline.Models.Text;

namespace Pipeline.Tests.Ingest.Reading;

public sealed class ReadCommandTests
{
    [Fact]
    public void Json_says_how_the_file_was_understood()
    {
        using ScratchFolder folder = new();
        string path = folder.File("t.csv", "Complaints\n\nid;text\n1;\"a;b\"\n2;c\n3\n");
        (int code, JsonElement json) = Run(path, null);
        Assert.Equal(ExitCodes.Done, code);
        Assert.Equal(
            ["path", "encoding", "delimiter", "quote", "header_rows", "skipped_rows", "tables", "rows", "columns", "profile"],
            ((string[])["path", "encoding", "delimiter", "quote", "header_rows", "skipped_rows", "tables", "rows", "columns", "profile"]).Where(name => json.TryGetProperty(name, out _)));
        Assert.Equal((path, "utf-8", ";", "\""), (Text("path"), Text("encoding"), Text("delimiter"), Text("quote")));
        Assert.Equal((1, 2, 1, 3), (Number("header_rows"), Number("skipped_rows"), Number("tables"), Number("rows")));
        Assert.Equal(["id", "text"], json.GetProperty("columns").EnumerateArray().Select(column => column.GetString()!));
        Assert.Equal(1, json.GetProperty("faults").GetProperty("too_few_cells").GetProperty("rows").GetInt32());

        string? Text(string name) => json.GetProperty(name).GetString();
        int Number(string name) => json.GetProperty(name).GetInt32();
    }

    [Fact]
    public void The_output_gives_back_what_was_read()
    {
        using ScratchFolder folder = new();
        string path = folder.File("t.csv", "id\ttext\n1\t\"say \"\"x\"\",\nthen go\"\n2\t=1+1\n3\t blank \n");
        string output = Path.Combine(folder.Path, "clean.csv");
        (int code, JsonElement _) = Run(path, output);
        Assert.Equal(ExitCodes.Done, code);
        Assert.Equal("id,text\r\n1,\"say \"\"x\"\",\nthen go\"\r\n2,=1+1\r\n3,\" blank \"\r\n", File.ReadAllText(output));
        WholeTable first = WholeTable.Read(path)[0];
        WholeTable again = WholeTable.Read(output)[0];
        Assert.Equal(first.Cells, again.Cells);
        Assert.Equal(["clean.csv", "t.csv"], Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void The_main_table_goes_to_the_output_and_the_others_beside_it()
    {
        using ScratchFolder folder = new();
        string path = folder.File("t.csv", "branch,cases\nMain,1\nSouth,2\n\nid,text,amount\n" + string.Concat(Enumerable.Range(1, 19).Select(i => $"{i},a,{i}\n")));
        string output = Path.Combine(folder.Path, "clean.csv");
        (_, JsonElement json) = Run(path, output);
        Assert.Equal(2, json.GetProperty("tables").GetInt32());
        Assert.Equal(19, json.GetProperty("rows").GetInt32());
        Assert.StartsWith("id,text,amount\r\n", File.ReadAllText(output), StringComparison.Ordinal);
        Assert.Equal("branch,cases\r\nMain,1\r\nSouth,2\r\n", File.ReadAllText(Path.Combine(folder.Path, "clean-2.csv")));
    }

    [Fact]
    public void A_table_without_header_gets_generated_names()
    {
        using ScratchFolder folder = new();
        string output = Path.Combine(folder.Path, "clean.csv");
        (_, JsonElement json) = Run(folder.File("t.csv", "1,2024-01-01,7.5\n2,2024-01-02,8.5\n3,2024-01-03,9.5\n"), output);
        Assert.Equal(0, json.GetProperty("header_rows").GetInt32());
        Assert.Equal("column_1,column_2,column_3\r\n1,2024-01-01,7.5\r\n", string.Concat(File.ReadAllText(output).Split("\r\n").Take(2).Select(line => line + "\r\n")));
    }

    [Fact]
    public void A_file_that_fails_midway_leaves_no_output()
    {
        using ScratchFolder folder = new();
        byte[] zip = File.ReadAllBytes(ZipOf(folder, "a,b\n" + string.Concat(Enumerable.Range(0, 100_000).Select(i => $"{i},{i * 31 % 997}\n"))));
        string cut = folder.File("cut.csv.gz", zip[..(zip.Length / 2)]);
        string output = Path.Combine(folder.Path, "clean.csv");
        Assert.Throws<PipelineFault>(() => Run(cut, output));
        Assert.DoesNotContain(Directory.GetFiles(folder.Path), file => Path.GetFileName(file).StartsWith("clean", StringComparison.Ordinal));
    }

    private static string ZipOf(ScratchFolder folder, string text)
    {
        string path = Path.Combine(folder.Path, "whole.csv.gz");
        using System.IO.Compression.GZipStream gzip = new(File.Create(path), System.IO.Compression.CompressionMode.Compress);
        gzip.Write(System.Text.Encoding.UTF8.GetBytes(text));
        return path;
    }

    private static (int Code, JsonElement Json) Run(string path, string? output)
    {
        using StringWriter written = new();
        using StringWriter errors = new();
        CommandSession session = new("/nonexistent", Language.En, Json: true, TimeProvider.System, written, errors, CancellationToken.None);
        int code = ReadCommand.Run(path, output, new ReadOptions(), session);
        return (code, JsonDocument.Parse(written.ToString()).RootElement);
    }
}
