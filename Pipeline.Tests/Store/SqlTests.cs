using System.Text.RegularExpressions;
using Pipeline.Jobs.Store;

namespace Pipeline.Tests.Store;

public sealed partial class SqlTests
{
    [Fact]
    public void Every_statement_that_the_program_names_is_in_it_and_every_one_in_it_is_named()
    {
        string sources = Path.Combine(RepositoryRoot(), "Pipeline.Jobs");
        string[] used =
        [
            .. Directory.GetFiles(sources, "*.cs", SearchOption.AllDirectories)
                .SelectMany(file => UseOfName().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value))
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];
        Assert.NotEmpty(used);
        Assert.Equal(Sql.Names().Order(StringComparer.Ordinal), used);
    }

    [Fact]
    public void A_statement_that_is_not_there_is_a_fault_of_the_program() =>
        Assert.Throws<InvalidOperationException>(() => Sql.Get("Store/nothing"));

    [GeneratedRegex("""\b(?:Sql\.Get|LedgerColumns\.Statement)\(\s*"([^"]+)"\s*\)""")]
    private static partial Regex UseOfName();

    private static string RepositoryRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Pipeline.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }
        return folder ?? throw new InvalidOperationException("the tests do not run inside the repository");
    }
}
