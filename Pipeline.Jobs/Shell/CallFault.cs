using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using Pipeline.Models.Complainants.Matching;
using Pipeline.Models.Text;

namespace Pipeline.Jobs.Shell;

/// <summary>What is wrong with a call, in the words of whoever typed it. The parser's own sentences are English only and name types of the program.</summary>
internal static partial class CallFault
{
    private const string NoCommand = "Required command was not provided.";

    /// <param name="unknown">Mistyped options that the parser took for something else.</param>
    public static PipelineFault Of(ParseResult parsed, IReadOnlyCollection<string> unknown)
    {
        Command command = parsed.CommandResult.Command;
        List<Bilingual> faults = [.. unknown.Select(name => NoSuch(name, command))];
        IEnumerable<string> messages = parsed.Errors.Select(e => e.Message).Where(m => m != NoCommand || parsed.UnmatchedTokens.Count == 0);
        if (command.Subcommands.Count > 0)
        {
            messages = messages.Take(1); // what stands behind a command that there is not
        }
        faults.AddRange(messages.Select(m => Words(m, command)).Where(w => !faults.Contains(w)));
        string help = $"pipeline {string.Concat(Path(parsed.CommandResult).Select(name => name + " "))}--help";
        return PipelineFault.Usage(
            $"命令有误：{string.Join("；", faults.Select(f => f.Zh))}。用法：{help}",
            $"The call is wrong: {string.Join("; ", faults.Select(f => f.En))}. How it is written: {help}");
    }

    private static Bilingual Words(string message, Command command)
    {
        if (Required().Match(message) is { Success: true } option)
        {
            string name = option.Groups["name"].Value;
            return new($"缺少选项 {name}", $"the option {name} is missing");
        }
        if (NoArgument().Match(message) is { Success: true } argument)
        {
            string name = argument.Groups["name"].Value;
            return new($"缺少 {name}", $"{name} is missing");
        }
        if (NoValue().Match(message) is { Success: true } value)
        {
            string name = value.Groups["name"].Value;
            return new($"选项 {name} 后面没有值", $"the option {name} has no value behind it");
        }
        if (Unreadable().Match(message) is { Success: true } cell)
        {
            (string text, string name) = (cell.Groups["text"].Value, cell.Groups["name"].Value);
            Bilingual expected = Kind(cell.Groups["type"].Value);
            return new($"{name} 需要{expected.Zh}，收到 '{text}'", $"{name} takes {expected.En}, not '{text}'");
        }
        if (Unrecognized().Match(message) is { Success: true } stray)
        {
            string text = stray.Groups["text"].Value;
            return NoSuch(text, command);
        }
        if (TooMany().Match(message) is { Success: true } many)
        {
            string name = many.Groups["name"].Value;
            return new($"选项 {name} 只能给一次", $"the option {name} can be given once only");
        }
        string rest = message.TrimEnd('.');
        return message == NoCommand ? new("缺少子命令", "the command after it is missing") : new(rest, rest);
    }

    /// <summary>A word that the command does not know, with those that may have been meant.</summary>
    private static Bilingual NoSuch(string text, Command command)
    {
        bool isOption = text.StartsWith('-');
        string name = text.Split('=', ':')[0];
        string[] near =
        [
            .. (isOption ? command.Options.Select(o => o.Name).Concat(CommandLine.OfEveryCommand.Select(o => o.Name)) : command.Subcommands.Select(c => c.Name))
                .Distinct().Where(known => IsNear(name, known)).Order(StringComparer.Ordinal),
        ];
        return new(
            $"{(isOption ? $"没有选项 {text}" : command.Subcommands.Count > 0 ? $"没有命令 '{text}'" : $"多出的内容 '{text}'")}{(near.Length > 0 ? $"（是否为 {string.Join("、", near)}？）" : "")}",
            $"{(isOption ? $"there is no option {text}" : command.Subcommands.Count > 0 ? $"there is no command '{text}'" : $"there is no place for '{text}'")}{(near.Length > 0 ? $" (did you mean {string.Join(" or ", near)}?)" : "")}");
    }

    /// <summary>One begins with the other, or two letters at most must be taken out, put in or exchanged.</summary>
    private static bool IsNear(string typed, string known)
    {
        if (typed.Length > 3 && known.Length > 3 && (typed.StartsWith(known, StringComparison.Ordinal) || known.StartsWith(typed, StringComparison.Ordinal)))
        {
            return true;
        }
        int most = Math.Min(2, known.Length / 3);
        return Similarity.EditDistance(typed, known, most) <= most;
    }

    private static Bilingual Kind(string type) => type switch
    {
        _ when type.Contains("Int", StringComparison.Ordinal) => new("整数", "a whole number"),
        _ when type.Contains("Double", StringComparison.Ordinal) || type.Contains("Decimal", StringComparison.Ordinal) => new("数字", "a number"),
        _ => new("其他写法的值", "a value of another form"),
    };

    private static IEnumerable<string> Path(CommandResult command) =>
        command.Parent is CommandResult above ? Path(above).Append(command.Command.Name) : [];

    [GeneratedRegex("^Option '(?<name>[^']+)' is required")]
    private static partial Regex Required();

    [GeneratedRegex("^Required argument '(?<name>[^']+)' missing for command")]
    private static partial Regex NoArgument();

    [GeneratedRegex("^Required argument missing for option: '(?<name>[^']+)'")]
    private static partial Regex NoValue();

    [GeneratedRegex("^Cannot parse argument '(?<text>.*)' for (command|option) '(?<name>[^']+)' as expected type '(?<type>[^']+)'", RegexOptions.Singleline)]
    private static partial Regex Unreadable();

    [GeneratedRegex("^Unrecognized command or argument '(?<text>.*)'", RegexOptions.Singleline)]
    private static partial Regex Unrecognized();

    [GeneratedRegex("^Option '(?<name>[^']+)' expects a single argument")]
    private static partial Regex TooMany();
}
