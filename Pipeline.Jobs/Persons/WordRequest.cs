using Pipeline.Jobs.Complainants;
using Pipeline.Jobs.Shell;
using Pipeline.Models.Complainants;

namespace Pipeline.Jobs.Persons;

/// <summary>What an analyst says of identities, as it was typed.</summary>
/// <param name="Kind">See <see cref="WordKinds"/>.</param>
/// <param name="Named">Tokens of persons or case numbers.</param>
/// <param name="Complaints">Of a split: the cases that leave.</param>
/// <param name="By">Who says it.</param>
/// <param name="IsDryRun">Only says what would change.</param>
internal sealed record WordRequest(
    string Kind, IReadOnlyList<string> Named, IReadOnlyList<string> Complaints, string? Source, string? Note, string By, bool IsDryRun);

/// <summary>Which complaints a word binds, and which of them leave their key.</summary>
internal sealed record WordMeaning(IReadOnlyList<string> Cases, IReadOnlyList<string> Others, IReadOnlyList<string> Leaving)
{
    public IdentityWord Word(long id) => Others.Count == 0 ? IdentityWord.Together(id, Cases) : IdentityWord.Apart(id, Cases, Others);

    /// <summary>
    /// confirm and merge bind all complaints of the persons together (of confirm with two cases: these two); refuse and split hold apart: refuse
    /// the two complaints or persons that are named, split the named complaints from the rest of the person.
    /// </summary>
    /// <exception cref="PipelineFault">The word says nothing, or what it says is no such word: exit code 2 or 4.</exception>
    public static WordMeaning Of(WordRequest request, IReadOnlyList<NamedIdentity> named) => request.Kind switch
    {
        WordKinds.Confirm => Confirm(named),
        WordKinds.Merge => Merge(named),
        WordKinds.Refuse => Refuse(named),
        WordKinds.Split => Split(named[0], request.Complaints),
        _ => throw new ArgumentOutOfRangeException(nameof(request), request.Kind, "no word on identities"),
    };

    private static WordMeaning Confirm(IReadOnlyList<NamedIdentity> named)
    {
        if (named.Count == 1)
        {
            return named[0].Cases.Count > 1
                ? new WordMeaning(named[0].Cases, [], [])
                : throw PipelineFault.Nothing($"{named[0].Shown} 只有一件投诉，没有可确认的关联。", $"{named[0].Shown} has one complaint: there is no link to confirm.");
        }
        if (named.Any(n => n.Complaint is null))
        {
            throw PipelineFault.Usage(
                "confirm 确认一位投诉人，或两件投诉；合并两位投诉人请用 person merge。",
                "confirm takes one complainant or two complaints; to make two complainants one, use 'person merge'.");
        }
        return named[0].Person is { } one && one == named[1].Person
            ? new WordMeaning(Pair(named), [], [])
            : throw PipelineFault.Usage(
                $"{named[0].Name} 属于 {named[0].Shown}，{named[1].Name} 属于 {named[1].Shown}，并非同一人，没有可确认的关联。要认定为同一人：pipeline person merge {named[0].Name} {named[1].Name}",
                $"{named[0].Name} is of {named[0].Shown} and {named[1].Name} of {named[1].Shown}: there is no link to confirm. To make them one person: pipeline person merge {named[0].Name} {named[1].Name}");
    }

    private static WordMeaning Merge(IReadOnlyList<NamedIdentity> named)
    {
        string[] shown = [.. named.Select(n => n.Shown).Distinct(StringComparer.Ordinal)];
        return shown.Length > 1
            ? new WordMeaning([.. named.SelectMany(n => n.Cases).Distinct(StringComparer.Ordinal)], [], [])
            : throw PipelineFault.Nothing(
                $"{string.Join("、", named.Select(n => n.Name))} 已是同一人 {shown[0]}，无需合并。要使其今后不被拆开：pipeline person confirm {shown[0]}",
                $"{string.Join(" and ", named.Select(n => n.Name))} are one person already, {shown[0]}. To keep it so whatever comes: pipeline person confirm {shown[0]}");
    }

    private static WordMeaning Refuse(IReadOnlyList<NamedIdentity> named)
    {
        (NamedIdentity one, NamedIdentity other) = (named[0], named[1]);
        if (one.Complaint is not null && other.Complaint is not null && one.Complaint != other.Complaint)
        {
            return new WordMeaning([one.Complaint], [other.Complaint], []);
        }
        // A complaint against a person: against all others of his complaints.
        string[] cases = one.Complaint is { } first ? [first] : [.. one.Cases.Where(c => c != other.Complaint)];
        string[] others = other.Complaint is { } second ? [second] : [.. other.Cases.Where(c => c != one.Complaint)];
        bool isWithin = one.Person is not null && one.Person == other.Person;
        if (cases.Length == 0 || others.Length == 0 || (isWithin && one.Complaint == other.Complaint))
        {
            throw PipelineFault.Usage(
                $"{one.Name} 与 {other.Name} 是同一个；请给出两位投诉人或两件不同的投诉。要从一位投诉人拆出投诉，用 person split。",
                $"{one.Name} and {other.Name} are the same; name two complainants or two different complaints. To take complaints out of a complainant, use 'person split'.");
        }
        return new WordMeaning(cases, others, isWithin ? one.Complaint is not null ? cases : others : []);
    }

    private static WordMeaning Split(NamedIdentity person, IReadOnlyList<string> complaints)
    {
        string[] leaving = [.. complaints.SelectMany(c => c.Split([',', '，', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Distinct(StringComparer.Ordinal)];
        string[] foreign = [.. leaving.Except(person.Cases, StringComparer.Ordinal)];
        if (leaving.Length == 0 || foreign.Length > 0)
        {
            throw PipelineFault.Usage(
                $"--complaint 应为 {person.Shown} 名下的工单号；{(leaving.Length == 0 ? "没有给出任何工单" : $"不在其名下：{string.Join("、", foreign)}")}。其名下：{Named(person.Cases, "、")}。",
                $"--complaint takes case numbers of {person.Shown}; {(leaving.Length == 0 ? "none was given" : $"not of this complainant: {string.Join(", ", foreign)}")}. The complainant's: {Named(person.Cases, ", ")}.");
        }
        return leaving.Length < person.Cases.Count
            ? new WordMeaning(leaving, [.. person.Cases.Except(leaving, StringComparer.Ordinal)], leaving)
            : throw PipelineFault.Usage(
                $"这些就是 {person.Shown} 的全部投诉，没有可拆开的。请只给出属于另一人的投诉。",
                $"These are all complaints of {person.Shown}: nothing would be left. Name only those of somebody else.");
    }

    private static string[] Pair(IReadOnlyList<NamedIdentity> named) => named[0].Complaint != named[1].Complaint
        ? [named[0].Complaint!, named[1].Complaint!]
        : throw PipelineFault.Usage($"{named[0].Name} 给出了两次；需要两件不同的投诉。", $"{named[0].Name} was named twice; two different complaints are needed.");

    private static string Named(IReadOnlyList<string> cases, string separator) =>
        string.Join(separator, cases.Take(10)) + (cases.Count > 10 ? " …" : "");
}
