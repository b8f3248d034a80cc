using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Pipeline.Jobs.Rules;
using Pipeline.Jobs.Shell;
using Pipeline.Models.Text;

namespace Pipeline.Jobs.Ingest.Profiles;

/// <summary>The profiles at hand: the built-in ones, replaced and extended by the files in <c>profiles</c> under the home folder.</summary>
public static class ProfileFiles
{
    private const string Prefix = "Pipeline.Jobs.Ingest.Profiles.";

    /// <returns>Own profiles first, then the built-in ones, each in ordinal order of id.</returns>
    public static IReadOnlyList<PinnedRule<Profile>> Load(string home)
    {
        Dictionary<string, PinnedRule<Profile>> own = new(StringComparer.Ordinal);
        string folder = Path.Combine(home, "profiles");
        if (Directory.Exists(folder))
        {
            foreach (string path in Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal))
            {
                PinnedRule<Profile> profile = Read(File.ReadAllBytes(path), path);
                if (!own.TryAdd(profile.Value.Id, profile))
                {
                    throw PipelineFault.Usage(
                        $"{folder} 中有两个配置的 id 都是 '{profile.Value.Id}'；请删除或改名其中一个。",
                        $"two profiles in {folder} have the id '{profile.Value.Id}'; remove or rename one of them.");
                }
            }
        }
        return [.. own.Values.OrderBy(p => p.Value.Id, StringComparer.Ordinal), .. BuiltIn().Where(p => !own.ContainsKey(p.Value.Id))];
    }

    /// <summary>The profile named by the user.</summary>
    /// <exception cref="PipelineFault">There is none of that name: wrong usage, with the names that there are.</exception>
    public static PinnedRule<Profile> Named(IReadOnlyList<PinnedRule<Profile>> profiles, string name)
    {
        string known = string.Join(", ", profiles.Select(p => p.Value.Id));
        return profiles.FirstOrDefault(p => p.Value.Id == name)
            ?? throw PipelineFault.Usage($"没有名为 '{name}' 的配置；现有：{known}。", $"there is no profile named '{name}'; there are: {known}.");
    }

    private static IEnumerable<PinnedRule<Profile>> BuiltIn()
    {
        Assembly assembly = typeof(ProfileFiles).Assembly;
        foreach (string name in assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using Stream stream = assembly.GetManifestResourceStream(name)!;
            using MemoryStream copy = new();
            stream.CopyTo(copy);
            yield return Read(copy.ToArray(), name);
        }
    }

    private static PinnedRule<Profile> Read(byte[] bytes, string path)
    {
        string text = Encoding.UTF8.GetString(bytes);
        try
        {
            return new PinnedRule<Profile>(Profile.Parse(text), Convert.ToHexStringLower(SHA256.HashData(bytes)));
        }
        catch (InvalidDataException fault)
        {
            (Bilingual said, long? line, string? member) = RuleFault.Explain(text, fault);
            throw PipelineFault.Usage(
                $"配置文件 {path} 有误{(line is null ? "" : $"（第 {line} 行）")}：{said.Zh}。",
                $"the profile file {path} is wrong{(line is null ? "" : $" (line {line})")}: {said.En}.",
                new FaultPlace(path, line, member));
        }
    }
}
