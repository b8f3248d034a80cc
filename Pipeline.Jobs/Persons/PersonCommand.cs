using System.CommandLine;
using Pipeline.Jobs.Complainants;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Steps;
using Pipeline.Jobs.Store;

namespace Pipeline.Jobs.Persons;

/// <summary><c>person</c>: who a complainant is to the ledger, and the analyst's word on it.</summary>
public static class PersonCommand
{
    private const int LongestName = 100;

    public static Command Create() => new("person", "A complainant: what the ledger knows, and the analyst's word on who is whom / 投诉人：查看与人工认定")
    {
        Show(),
        Word(
            WordKinds.Confirm, 1, 2,
            "The complaints of a complainant, or two complaints, are one person's, whatever evidence comes / 确认是同一人",
            "confirm P-000123 --note \"same address on both letters\""),
        Word(
            WordKinds.Refuse, 2, 2,
            "Two complainants, or two complaints, are not one person's / 认定不是同一人",
            "refuse TS20250101000001 TS20250203000017 --note \"father and son\""),
        Word(
            WordKinds.Merge, 2, 20,
            "Complainants are one person; a case number stands for its complainant / 合并为同一人",
            "merge P-000123 P-000456 --dry-run"),
        Split(),
        Withdraw(),
    };

    private static Command Show()
    {
        Argument<string> who = new("WHO") { Description = "P-000123 or a case number / 投诉人代号或工单号" };
        Option<string?> source = MonthOptions.Source();
        return new Command(
            "show",
            "A complainant's complaints, links with their weights, events, profile, and who was held apart / 查看投诉人\nExample: pipeline person show P-000123")
        {
            who, source,
        }.Runs((parsed, session) => PersonShow.RunAsync(parsed.GetValue(who)!, parsed.GetValue(source), session));
    }

    private static Command Word(string kind, int fewest, int most, string description, string example)
    {
        Argument<string[]> who = new("WHO") { Description = "P-000123 or a case number / 投诉人代号或工单号", Arity = new ArgumentArity(fewest, most) };
        WordOptions options = new();
        Command command = new(kind, $"{description}\nExample: pipeline person {example}") { who };
        return options.AddTo(command).Runs((parsed, session) => RunAsync(options.Request(parsed, kind, parsed.GetValue(who)!, []), session));
    }

    private static Command Split()
    {
        Argument<string> who = new("WHO") { Description = "P-000123 or a case number / 投诉人代号或工单号" };
        Option<string[]> complaints = new("--complaint")
        {
            Description = "Case that is not this complainant's; again for another one / 不属于此人的工单，可重复",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        WordOptions options = new();
        Command command = new(
            WordKinds.Split,
            "Complaints of a complainant are somebody else's / 拆出属于另一人的投诉\nExample: pipeline person split P-000123 --complaint TS20250203000017 --note \"other hand\"")
        {
            who, complaints,
        };
        return options.AddTo(command).Runs((parsed, session) =>
            RunAsync(options.Request(parsed, WordKinds.Split, [parsed.GetValue(who)!], parsed.GetValue(complaints)!), session));
    }

    private static Command Withdraw()
    {
        Argument<string> word = new("WORD") { Description = "Number of the word, as 'person show' prints it / 认定编号" };
        WordOptions options = new();
        Command command = new(
            WordKinds.Withdraw,
            "Takes a word back without saying its opposite: evidence and the other words decide again / 撤回一项认定，不作相反认定\nExample: pipeline person withdraw 12 --note \"said of the wrong case\"")
        {
            word,
        };
        return options.AddTo(command).Runs((parsed, session) =>
            RunAsync(options.Request(parsed, WordKinds.Withdraw, [parsed.GetValue(word)!], []), session));
    }

    internal static async Task<int> RunAsync(WordRequest request, CommandSession session)
    {
        await using Database database = await Database.OpenAsync(session);
        WordPrint.Print(await PersonWords.SayAsync(database, request, session), session);
        return ExitCodes.Done;
    }

    /// <summary>The options that every word has.</summary>
    private sealed class WordOptions
    {
        private readonly Option<string?> note = new("--note") { Description = "Why; kept with the word, personal data masked / 理由" };
        private readonly Option<string?> by = new("--by") { Description = "Who says so (default: the user's login name) / 认定人" };
        private readonly Option<bool> dryRun = new("--dry-run") { Description = "Only say what would change / 只说明会改变什么" };
        private readonly Option<string?> source = MonthOptions.Source();

        public Command AddTo(Command command)
        {
            command.Add(note);
            command.Add(by);
            command.Add(dryRun);
            command.Add(source);
            return command;
        }

        public WordRequest Request(ParseResult parsed, string kind, IReadOnlyList<string> who, IReadOnlyList<string> complaints)
        {
            string name = (parsed.GetValue(by) ?? Environment.UserName).Trim();
            return name.Length is 0 or > LongestName || name.Any(char.IsControl)
                ? throw PipelineFault.Usage(
                    $"--by 应为 1 到 {LongestName} 个字符的姓名或工号。", $"--by takes a name of 1 to {LongestName} characters.")
                : new WordRequest(kind, who, complaints, parsed.GetValue(source), parsed.GetValue(note), name, parsed.GetValue(dryRun));
        }
    }
}
