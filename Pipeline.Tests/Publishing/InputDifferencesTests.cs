using Pipeline.Jobs.Publishing;
using Pipeline.Jobs.Steps;
using Pipeline.Models.Editions;

namespace Pipeline.Tests.Publishing;

public sealed class InputDifferencesTests
{
    private static readonly RunInputs Inputs = new(
        "2026-10", "cn-bank", new DateOnly(2026, 11, 5), ["aaa:p:2026-10-05", "bbb:p:2026-11-05", "ccc:p:2026-11-05"], ["m"],
        new Dictionary<string, string> { ["rules"] = "1" }, "d", "1.0");

    [Fact]
    public void Equal_inputs_do_not_differ_and_whatever_makes_another_run_does()
    {
        Assert.Empty(Between(Inputs).All);
        foreach (RunInputs other in (RunInputs[])[
            Inputs with { Files = ["bbb:p:2026-11-05", "ccc:p:2026-11-05"] },
            Inputs with { Files = ["aaa:q:2026-10-05", "bbb:p:2026-11-05", "ccc:p:2026-11-05"] },
            Inputs with { Files = ["aaa:p:2026-10-05", "ccc:p:2026-11-05", "bbb:p:2026-11-05"] },
            Inputs with { Files = ["aaa:p:2026-10-06", "bbb:p:2026-11-05", "ccc:p:2026-11-05"] },
            Inputs with { Models = [] },
            Inputs with { Rules = new Dictionary<string, string> { ["rules"] = "2" } },
            Inputs with { Rules = new Dictionary<string, string> { ["rules"] = "1", ["codes"] = "" } },
            Inputs with { Decisions = "e" },
            Inputs with { ProgramVersion = "1.1" },
            Inputs with { AsOf = new DateOnly(2026, 11, 6) },
            Inputs with { Register = "r" },
            Inputs with { Topics = "t" },
        ])
        {
            Assert.NotEqual(Inputs.RunId, other.RunId);
            Assert.Single(Between(other).All);
            Assert.NotEmpty(InputWords.Of(Between(other).All).Zh);
        }
    }

    [Fact]
    public void Another_order_and_another_day_of_the_same_files_are_named()
    {
        Assert.Equal(
            [new ChangeCause(ChangeCauseKind.FileOrder, "c.csv")], Between(Inputs with { Files = ["aaa:p:2026-10-05", "ccc:p:2026-11-05", "bbb:p:2026-11-05"] }).Reordered);
        Assert.Equal(
            [new ChangeCause(ChangeCauseKind.FileOrder, "b.csv", "2026-11-05", "2026-11-04")],
            Between(Inputs with { Files = ["aaa:p:2026-10-05", "bbb:p:2026-11-04", "ccc:p:2026-11-05"] }).Reordered);
    }

    [Fact]
    public void Many_files_are_told_by_their_number_and_the_day_of_the_data_follows_from_them()
    {
        ChangeCause[] causes = [.. Enumerable.Range(1, 5).Select(i => new ChangeCause(ChangeCauseKind.File, $"{i}.csv", null, $"{i}")),
            new ChangeCause(ChangeCauseKind.Rule, "codes", "a", "b"), new ChangeCause(ChangeCauseKind.DataDate, "as_of", "2026-10-05", "2026-11-05")];
        Assert.Equal("5 new files (such as 1.csv); table of official codes", InputWords.Of(causes).En);
    }

    private static InputDifference Between(RunInputs after) => InputDifferences.Between(Inputs, after, sha => $"{sha[0]}.csv");
}
