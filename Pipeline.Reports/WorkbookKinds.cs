namespace Pipeline.Reports;

/// <summary>The workbooks of a month, in the order in which they are written.</summary>
public static class WorkbookKinds
{
    /// <summary>Regulatory statistics.</summary>
    public const string Regulatory = "regulatory";

    /// <summary>Root causes.</summary>
    public const string RootCause = "rootcause";

    /// <summary>Management's trends.</summary>
    public const string Trend = "trend";

    /// <summary>Repeat and escalating cases, and every case of the month.</summary>
    public const string Cases = "cases";

    /// <summary>Data quality and quarantine.</summary>
    public const string Quality = "quality";

    /// <summary>The disclosure alone, to be handed out: written where it is asked for by name.</summary>
    public const string Disclosure = "disclosure";

    /// <summary>Those of every run.</summary>
    public static readonly IReadOnlyList<string> All = [Regulatory, RootCause, Trend, Cases, Quality];

    /// <summary>Those that can be asked for.</summary>
    public static readonly IReadOnlyList<string> Known = [.. All, Disclosure];
}
