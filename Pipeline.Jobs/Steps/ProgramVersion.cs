using System.Security.Cryptography;

namespace Pipeline.Jobs.Steps;

/// <summary>Which program made a figure: the version, and a fingerprint of the compiled code (the build is deterministic).</summary>
public static class ProgramVersion
{
    public static string Text { get; } = Make();

    private static string Make()
    {
        List<byte> modules = [];
        foreach (Type type in (Type[])[typeof(Models.Measures.FigureEngine), typeof(Reports.MonthReport), typeof(ProgramVersion)])
        {
            modules.AddRange(type.Assembly.ManifestModule.ModuleVersionId.ToByteArray());
        }
        string code = Convert.ToHexStringLower(SHA256.HashData(modules.ToArray()))[..8];
        return $"{typeof(ProgramVersion).Assembly.GetName().Version!.ToString(3)}+{code}";
    }
}
