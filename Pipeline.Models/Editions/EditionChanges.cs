using System.Text.Json.Serialization;
using Pipeline.Models.Text;

namespace Pipeline.Models.Editions;

/// <summary>What can move a figure between two editions of a month.</summary>
public enum ChangeCauseKind
{
    /// <summary>A file that the earlier edition did not have.</summary>
    File,

    /// <summary>A file that the earlier edition counted and that was taken back.</summary>
    Withdrawn,

    /// <summary>A file read by another profile than before.</summary>
    Profile,

    /// <summary>An analyst's label.</summary>
    Analyst,

    /// <summary>A merge, split, confirmation or refusal of persons.</summary>
    Identity,

    /// <summary>Another model, or a text judged for the first time.</summary>
    Model,

    /// <summary>A rule file that changed: thresholds, taxonomy, lexicon, matching.</summary>
    Rule,

    /// <summary>Another build of the program.</summary>
    Program,

    /// <summary>The data reach further: what was open is older, what was within a limit is past it.</summary>
    DataDate,

    /// <summary>Nothing that differs between the inputs explains the change: a fault that a person must look into.</summary>
    Unexplained,

    /// <summary>The same files in another order or of another day: another of their states of a complaint may be the latest.</summary>
    FileOrder,
}

/// <summary>One cause, named so that it can be looked up.</summary>
/// <param name="Name">The file's name, the model's id, the rule file, the kind of event.</param>
/// <param name="Old">What stood before: a hash, an id, a version, a date; null where nothing did.</param>
/// <param name="New">What stands now; null where nothing does.</param>
/// <param name="By">Who decided, for decisions of persons.</param>
public sealed record ChangeCause(ChangeCauseKind Kind, string Name, string? Old = null, string? New = null, string? By = null)
{
    /// <summary>What a cause of the kind <see cref="ChangeCauseKind.Rule"/> is called: tables that the bank loads and states that the ledger keeps have names of their own.</summary>
    public Bilingual RuleName() => Name switch
    {
        "denominators" => new("网点与客户数（分母）", "denominators"),
        "codes" => new("官方代码表", "table of official codes"),
        "idr_codes" => new("IDR 代码表", "table of IDR codes"),
        "register" => new("整改登记簿", "remediation register"),
        "topics" => new("以前月份的子主题", "topics of earlier months"),
        _ => new($"规则文件 {Name}", $"rule file {Name}"),
    };
}

/// <summary>How a complaint moves a figure.</summary>
public enum ChangeEffect
{
    /// <summary>It is among the rows behind the figure and was not.</summary>
    Entered,

    /// <summary>It was among the rows behind the figure and is not.</summary>
    Left,

    /// <summary>It stays among the rows and counts otherwise: above the line or not, another value, another person.</summary>
    Changed,
}

/// <summary>A complaint's effect on a figure.</summary>
/// <param name="Complaint">Position in <see cref="EditionChanges.Complaints"/>, from 0.</param>
public readonly record struct ComplaintEffect(int Complaint, ChangeEffect Effect);

/// <summary>A complaint that moves a figure, with what changed on it and why.</summary>
/// <param name="Fields">Empty where the complaint came, went, or stands as it did.</param>
/// <param name="Causes">Positions in <see cref="EditionChanges.Causes"/>, from 0; at least one.</param>
public sealed record ChangedComplaint(
    string CaseNumber, DateOnly Received, bool IsNew, bool IsGone, IReadOnlyList<FieldChange> Fields, IReadOnlyList<int> Causes);

/// <summary>A figure that two editions give differently.</summary>
/// <param name="Old">Value of the earlier edition; null where it was not defined, or not broken out and cannot be told.</param>
/// <param name="WasListed">The earlier edition had the figure.</param>
/// <param name="IsListed">The later edition has it.</param>
/// <param name="Set">Position in <see cref="EditionChanges.Sets"/> of the complaints that moved it, from 0; −1 for none.</param>
/// <param name="Causes">Positions in <see cref="EditionChanges.Causes"/>, from 0; at least one.</param>
public sealed record ChangedFigure(
    string Key, string Unit, decimal? Old, decimal? New, decimal? OldNumerator, decimal? NewNumerator, decimal? OldDenominator, decimal? NewDenominator,
    int OldRows, int NewRows, bool WasListed, bool IsListed, int Set, IReadOnlyList<int> Causes);

/// <summary>What moved between an edition and the one that it stands against: each figure, the complaints that moved it, and why.</summary>
/// <param name="Against">Number of the earlier edition.</param>
/// <param name="AgainstRunId">Its run.</param>
/// <param name="AgainstIsPublished">It was approved; otherwise it was a draft.</param>
/// <param name="IsTraced">False where the earlier edition was made before the counted state of complaints was kept: figures are compared, complaints and causes are not known.</param>
/// <param name="Inputs">Everything that differs between the inputs, whether it moved a figure or not.</param>
/// <param name="Causes">The causes that figures and complaints point to.</param>
/// <param name="Sets">Each set of effects once: figures that the same complaints moved in the same way share it.</param>
public sealed record EditionChanges(
    int Against, string AgainstRunId, bool AgainstIsPublished, bool IsTraced,
    IReadOnlyList<ChangeCause> Inputs, IReadOnlyList<ChangeCause> Causes, IReadOnlyList<ChangedFigure> Figures,
    IReadOnlyList<ChangedComplaint> Complaints, IReadOnlyList<IReadOnlyList<ComplaintEffect>> Sets)
{
    /// <summary>Figures that moved and for which nothing that differs between the inputs is a reason.</summary>
    [JsonIgnore]
    public IEnumerable<ChangedFigure> Unexplained => IsTraced
        ? Figures.Where(f => f.Causes.Any(c => Causes[c].Kind == ChangeCauseKind.Unexplained))
        : [];
}
