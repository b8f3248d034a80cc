using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pipeline.Benchmarks.Classification.Peers;

/// <summary>What a peer did with a case.</summary>
/// <param name="TrainSeconds">All parts together, features included.</param>
/// <param name="TextsPerSecond">Of prediction from raw text, the best of three.</param>
/// <param name="PeakMb">Resident memory of its process.</param>
/// <param name="Answers">For each test text of all parts the class of each head.</param>
internal sealed record PeerResult(
    [property: JsonPropertyName("train_seconds")] double TrainSeconds,
    [property: JsonPropertyName("texts_per_second")] double TextsPerSecond,
    [property: JsonPropertyName("peak_mb")] double PeakMb,
    [property: JsonPropertyName("answers")] string?[][] Answers);

/// <summary>A classifier that runs as a process of its own.</summary>
/// <param name="Probe">Arguments that end with 0 where it is installed.</param>
internal sealed record Peer(string Name, IReadOnlyList<string> Programs, IReadOnlyList<string> Probe, IReadOnlyList<string> Arguments)
{
    /// <summary>Ours first, then those that a user could install.</summary>
    public static Peer[] All(bool ideographs)
    {
        string scripts = Path.Combine(AppContext.BaseDirectory, "Classification", "Peers");
        // The Debian packages install for the system's own Python, which need not be the first in the path.
        string[] pythons = ["python3", "/usr/bin/python3"];
        string sklearn = Path.Combine(scripts, "sklearn_linear.py");
        List<Peer> peers =
        [
            new("ours, linear", [Environment.ProcessPath!], [], [.. Own(), "own-peer", "linear", "{folder}"]),
            new("ours, stacked", [Environment.ProcessPath!], [], [.. Own(), "own-peer", "stacked", "{folder}"]),
        ];
        if (ideographs)
        {
            peers.Add(new("scikit-learn, char 1-3, LinearSVC", pythons, ["-c", "import sklearn"], [sklearn, "{folder}", "chars"]));
        }
        else
        {
            peers.Add(new("scikit-learn, word 1-2, LinearSVC", pythons, ["-c", "import sklearn"], [sklearn, "{folder}", "words"]));
            peers.Add(new("scikit-learn, + char_wb 3-5", pythons, ["-c", "import sklearn"], [sklearn, "{folder}", "words_chars"]));
        }
        peers.Add(new(
            "fastText, bigrams, 25 epochs", pythons, ["-c", "import fasttext"],
            [Path.Combine(scripts, "fasttext_words.py"), "{folder}", ideographs ? "chars" : "words"]));
        return [.. peers];
    }

    /// <summary>Runs it; null where it is not installed.</summary>
    public PeerResult? Run(string folder)
    {
        string? program = Programs.FirstOrDefault(p => Probe.Count == 0 || Exit(p, Probe, quiet: true) == 0);
        if (program is null)
        {
            return null;
        }
        string answers = Path.Combine(folder, "answers.json");
        File.Delete(answers);
        string[] arguments = [.. Arguments.Select(a => a == "{folder}" ? folder : a)];
        int code = Exit(program, arguments, quiet: false);
        return code == 0
            ? JsonSerializer.Deserialize<PeerResult>(File.ReadAllText(answers))
            : throw new InvalidOperationException($"{Name} ended with code {code}");
    }

    /// <summary>The program may run under the host (dotnet Pipeline.Benchmarks.dll) or as its own executable.</summary>
    private static string[] Own() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet" ? [Environment.GetCommandLineArgs()[0]] : [];

    private static int Exit(string program, IReadOnlyList<string> arguments, bool quiet)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = quiet, RedirectStandardOutput = quiet })!;
            if (quiet)
            {
                process.StandardError.ReadToEnd();
            }
            process.WaitForExit();
            return process.ExitCode;
        }
        catch (Win32Exception)
        {
            return -1; // no such program
        }
    }
}
