using System.Text.Json;
using Pipeline.Jobs.Store;

namespace Pipeline.Jobs.Complainants;

/// <summary>Complaints of a month that are repeats, escalated, first contacts outside the bank, and different persons: before and after.</summary>
/// <param name="Month"><c>yyyy-MM</c>.</param>
/// <param name="Complaints">Complaints of the month that are counted otherwise.</param>
public sealed record MovedMonth(
    string Month, int Complaints, int RepeatsBefore, int RepeatsAfter, int EscalatedBefore, int EscalatedAfter, int BypassesBefore, int BypassesAfter);

/// <summary>A figure of a kept edition, as published and as it is with this event alone.</summary>
/// <param name="Key">See <see cref="Models.Measures.FigureKey"/>.</param>
public sealed record MovedFigure(string Key, int Edition, decimal? Published, decimal? Now);

/// <summary>What a merge or split moves: counts of every month that it reaches, and the published figures of the months that were run.</summary>
/// <param name="Months">Of the persons that it concerns, in order; months that nothing changes in are left out.</param>
/// <param name="Figures">Figures of a month without a filter that move, of the edition that stands, else of the newest.</param>
/// <param name="BrokenDown">Figures of the same months with filters that move too.</param>
public sealed record MovedFigures(IReadOnlyList<MovedMonth> Months, IReadOnlyList<MovedFigure> Figures, int BrokenDown)
{
    internal static MovedFigures Parse(string json) => JsonSerializer.Deserialize<MovedFigures>(json, StoredJson.Evidence)
        ?? throw new InvalidDataException("the figures of an identity event are empty");

    internal string Json() => JsonSerializer.Serialize(this, StoredJson.Evidence);
}
