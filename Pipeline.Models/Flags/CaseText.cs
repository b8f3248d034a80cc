namespace Pipeline.Models.Flags;

/// <summary>What a narrative tells by itself; depends on nothing but the text and the lexicon.</summary>
/// <param name="Stage">See <see cref="Stages"/>.</param>
/// <param name="Cues">Keys of the threats in the text, in the lexicon's order.</param>
public sealed record TextReading(string Stage, IReadOnlyList<string> Cues)
{
    public static TextReading Of(string text, ThreatLexicon lexicon)
    {
        IReadOnlyList<string> cues = lexicon.Cues(text);
        return new TextReading(lexicon.Stage(text, cues), cues);
    }
}

/// <summary>What the flags take from the text of one complaint.</summary>
/// <param name="Reading">Null where there is no text.</param>
/// <param name="Matter">Needed only where the person has several cases; null where the text is empty too.</param>
public readonly record struct CaseText(TextReading? Reading, MatterText? Matter)
{
    /// <param name="isCompared">The person has several cases.</param>
    public static CaseText Of(string? text, ThreatLexicon lexicon, bool isCompared) => new(
        text is null ? null : TextReading.Of(text, lexicon),
        isCompared && text is { Length: > 0 } ? MatterText.Of(text) : null);
}
