using Pipeline.Jobs.Steps;
using Pipeline.Models.Editions;

namespace Pipeline.Jobs.Publishing;

/// <summary>What differs between the pinned inputs of two runs.</summary>
public static class InputDifferences
{
    /// <param name="names">Name of a file by its sha-256; the hash itself stands where it is not known.</param>
    public static InputDifference Between(RunInputs before, RunInputs after, Func<string, string> names)
    {
        Dictionary<string, string> old = Files(before);
        Dictionary<string, string> now = Files(after);
        return new InputDifference(
            [.. now.Keys.Where(f => !old.ContainsKey(f)).Select(f => new ChangeCause(ChangeCauseKind.File, names(f), null, f))],
            [.. old.Keys.Where(f => !now.ContainsKey(f)).Select(f => new ChangeCause(ChangeCauseKind.Withdrawn, names(f), f))],
            [.. now.Where(f => old.TryGetValue(f.Key, out string? profile) && profile != f.Value)
                .Select(f => new ChangeCause(ChangeCauseKind.Profile, names(f.Key), old[f.Key], f.Value))],
            before.Models.SequenceEqual(after.Models, StringComparer.Ordinal)
                ? []
                : [new ChangeCause(ChangeCauseKind.Model, "champion", Joined(before.Models), Joined(after.Models))],
            [.. before.Rules.Keys.Union(after.Rules.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)
                .Select(r => new ChangeCause(ChangeCauseKind.Rule, r, before.Rules.GetValueOrDefault(r), after.Rules.GetValueOrDefault(r)))
                .Where(c => c.Old != c.New)],
            before.Decisions == after.Decisions ? null : new ChangeCause(ChangeCauseKind.Analyst, "decisions"),
            before.ProgramVersion == after.ProgramVersion
                ? null
                : new ChangeCause(ChangeCauseKind.Program, "pipeline", before.ProgramVersion, after.ProgramVersion),
            before.AsOf == after.AsOf
                ? null
                : new ChangeCause(ChangeCauseKind.DataDate, "as_of", before.AsOf.ToString("yyyy-MM-dd", null), after.AsOf.ToString("yyyy-MM-dd", null)))
        {
            Reordered = Reordered(before.Files, after.Files, old, now, names),
            Others = [.. Differing("register", before.Register, after.Register), .. Differing("topics", before.Topics, after.Topics)],
        };
    }

    private static IEnumerable<ChangeCause> Differing(string name, string before, string after) =>
        before == after ? [] : [new ChangeCause(ChangeCauseKind.Rule, name, before, after)];

    /// <summary>The first file that stands elsewhere than before among those that both have, and every one of another day.</summary>
    private static List<ChangeCause> Reordered(
        IReadOnlyList<string> before, IReadOnlyList<string> after, Dictionary<string, string> old, Dictionary<string, string> now, Func<string, string> names)
    {
        string[][] was = [.. before.Select(f => f.Split(':')).Where(f => now.ContainsKey(f[0]))];
        string[][] has = [.. after.Select(f => f.Split(':')).Where(f => old.ContainsKey(f[0]))];
        Dictionary<string, string> days = new(StringComparer.Ordinal);
        foreach (string[] file in was)
        {
            days[file[0]] = file.Length > 2 ? file[2] : "";
        }
        List<ChangeCause> causes = [.. has.Where(f => f.Length > 2 && days[f[0]] != f[2]).Select(f => new ChangeCause(ChangeCauseKind.FileOrder, names(f[0]), days[f[0]], f[2]))];
        if (causes.Count == 0 && was.Zip(has).FirstOrDefault(p => p.First[0] != p.Second[0]) is { Second: { } moved })
        {
            causes.Add(new ChangeCause(ChangeCauseKind.FileOrder, names(moved[0])));
        }
        return causes;
    }

    /// <summary>sha-256 of each file → sha-256 of its profile.</summary>
    public static Dictionary<string, string> Files(RunInputs inputs)
    {
        Dictionary<string, string> files = new(StringComparer.Ordinal);
        foreach (string[] parts in inputs.Files.Select(f => f.Split(':')))
        {
            files[parts[0]] = parts.Length > 1 ? parts[1] : "";
        }
        return files;
    }

    private static string? Joined(IReadOnlyList<string> models) => models.Count == 0 ? null : string.Join(", ", models);
}
