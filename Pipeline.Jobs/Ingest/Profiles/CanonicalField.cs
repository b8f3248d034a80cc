namespace Pipeline.Jobs.Ingest.Profiles;

/// <summary>How the value of a canonical field is read.</summary>
public enum FieldKind
{
    /// <summary>Words as they came.</summary>
    Text,

    /// <summary>A number or label of a system: full-width forms become half-width.</summary>
    Code,
    Date,
    Boolean,
    Amount,
    Count,

    /// <summary>A label that the taxonomy knows.</summary>
    Label,

    /// <summary>A label of a fixed set (status, satisfaction, gender).</summary>
    Choice,

    /// <summary>Identifies a person: only sealed and as a token.</summary>
    Personal,
}

/// <summary>What a column of an export can mean. The order is the order of the canonical row, so it must not change between versions: content hashes depend on it.</summary>
public enum CanonicalField
{
    CaseNumber,
    ReceivedDate,
    ClosedDate,
    Status,
    Channel,
    BusinessChannel,
    Business,
    Cause,
    ProductLabel,
    SubProductLabel,
    IssueLabel,
    SubIssueLabel,
    BranchName,
    BranchCode,
    ParentBranchName,
    Region,
    City,
    Severity,
    AmountYuan,
    PersonsCount,
    DueDate,
    ReplyDate,
    FollowUpDate,
    Satisfaction,
    IsLiable,
    IsCompensated,
    CompensationYuan,
    IsEscalatedReported,
    IsTimelyReported,
    ResponseLabel,
    OverdueReason,
    OriginalNumber,
    RegulatorNumber,
    LinkNumber,
    Tags,
    Gender,
    BirthYear,
    Name,
    IdentityNumber,

    /// <summary>A telephone number or an e-mail address, as exports mix them in one column.</summary>
    PhoneContact,
    PhoneReply,
    PhoneReserved,
    Email,
    Account,
    Address,
    Narrative,

    /// <summary>Complaint, report of illegality, enquiry, suggestion or praise, in the export's own words.</summary>
    MatterType,

    /// <summary>Why the case was taken out of the count after review (核减), in the export's own words.</summary>
    ExclusionReason,
}

/// <summary>The fields by the names that profiles use (snake_case), with their kinds.</summary>
public static class CanonicalFields
{
    private static readonly CanonicalField[] Values = Enum.GetValues<CanonicalField>();

    private static readonly string[] Names = [.. Values.Select(f => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(f.ToString()))];

    private static readonly Dictionary<string, CanonicalField> ByName = Values.ToDictionary(f => Names[(int)f], StringComparer.Ordinal);

    public static int Count => Values.Length;

    public static IReadOnlyList<CanonicalField> All => Values;

    public static IReadOnlyCollection<string> AllNames => Names;

    public static string NameOf(CanonicalField field) => Names[(int)field];

    public static CanonicalField? Find(string name) => ByName.TryGetValue(name, out CanonicalField field) ? field : null;

    public static FieldKind Kind(CanonicalField field) => field switch
    {
        CanonicalField.CaseNumber or CanonicalField.BranchCode or CanonicalField.OriginalNumber or CanonicalField.RegulatorNumber
            or CanonicalField.LinkNumber => FieldKind.Code,
        CanonicalField.ReceivedDate or CanonicalField.ClosedDate or CanonicalField.DueDate or CanonicalField.ReplyDate
            or CanonicalField.FollowUpDate => FieldKind.Date,
        CanonicalField.IsLiable or CanonicalField.IsCompensated or CanonicalField.IsEscalatedReported
            or CanonicalField.IsTimelyReported => FieldKind.Boolean,
        CanonicalField.AmountYuan or CanonicalField.CompensationYuan => FieldKind.Amount,
        CanonicalField.PersonsCount or CanonicalField.BirthYear => FieldKind.Count,
        CanonicalField.Channel or CanonicalField.BusinessChannel or CanonicalField.Business or CanonicalField.Cause
            or CanonicalField.Severity => FieldKind.Label,
        CanonicalField.Status or CanonicalField.Satisfaction or CanonicalField.Gender => FieldKind.Choice,
        CanonicalField.MatterType or CanonicalField.ExclusionReason => FieldKind.Text,
        >= CanonicalField.Name => FieldKind.Personal,
        _ => FieldKind.Text,
    };
}
