using Pipeline.Models.Complaints;
using Pipeline.Models.Flags;
using Pipeline.Models.Flags.Organised;
using Pipeline.Models.Flags.Profiles;
using Pipeline.Models.Measures;
using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks;

/// <summary>Coded values in the reader's words.</summary>
internal static class Words
{
    private static readonly CellStyle Higher = Styles.Text with { Color = Palette.Alert, Bold = true };
    private static readonly CellStyle Lower = Styles.Text with { Color = Palette.Good, Bold = true };
    private static readonly CellStyle Quiet = Styles.Text with { Color = Palette.Muted };

    /// <summary>A verdict; the sign before the word carries it in grey prints too.</summary>
    /// <param name="isMoreWorse">Whether more is worse: complaints, repeats; not timeliness.</param>
    public static Cell Verdict(Composer c, ChanceKind kind, bool isMoreWorse = true) => kind switch
    {
        ChanceKind.Higher => Cell.Of("▲ " + Judgement.Words(c, kind), isMoreWorse ? Higher : Lower),
        ChanceKind.Lower => Cell.Of("▼ " + Judgement.Words(c, kind), isMoreWorse ? Lower : Higher),
        _ => Cell.Of(Judgement.Words(c, kind), Quiet),
    };

    /// <summary>A p-value within a sentence, as its cells show it.</summary>
    public static string P(double p) => p < 0.0001 ? "<0.0001" : p.ToString("0.0000", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>How many came in person, and from how many on their complaints are major.</summary>
    public static string FaceToFace(Composer c, int came, int from) => c.T($"现场 {came} 人（{from} 人起）", $"{came} face to face (from {from})");

    public static string Status(Composer c, string status) => status switch
    {
        "open" => c.T("未办结", "Open"),
        "closed" => c.T("已办结", "Closed"),
        "withdrawn" => c.T("已撤诉", "Withdrawn"),
        _ => status,
    };

    public static string Stage(Composer c, string? stage) => stage switch
    {
        "enquiry" => c.T("萌芽", "Enquiry"),
        "grievance" => c.T("抱怨", "Grievance"),
        "complaint" => c.T("投诉", "Complaint"),
        "escalation" => c.T("升级", "Escalation"),
        _ => stage ?? "",
    };

    public static string Satisfaction(Composer c, string? satisfaction) => satisfaction switch
    {
        "satisfied" => c.T("满意", "Satisfied"),
        "fairly_satisfied" => c.T("基本满意", "Fairly satisfied"),
        "dissatisfied" => c.T("不满意", "Dissatisfied"),
        "not_reached" => c.T("联系不上", "Not reached"),
        _ => satisfaction ?? "",
    };

    public static string Basis(Composer c, LabelBasis basis) => basis switch
    {
        LabelBasis.Analyst => c.T("人工认定", "Analyst"),
        LabelBasis.Reported => c.T("导出编码", "Reported"),
        LabelBasis.Predicted => c.T("模型预测", "Predicted"),
        _ => c.T("无", "None"),
    };

    /// <summary>Why a case is flagged, in a sentence.</summary>
    public static string Evidence(Composer c, FlagEvidence evidence) => FlagSentence.In(evidence, c.Language, c.Report.Taxonomy);

    /// <summary>What threat cues were found; the words of the flag's sentence, for a column of its own.</summary>
    public static string Cues(Composer c, IEnumerable<string> cues) => string.Join(c.T("、", ", "), cues.Select(k => Cue(c, k)));

    /// <summary>How a repeat stands to the case that it repeats.</summary>
    public static string Course(Composer c, string? course) => course switch
    {
        RepeatCourses.TwoChannels => c.T("一诉两渠道（建议并为一件）", "two channels (one matter)"),
        RepeatCourses.WhileOpen => c.T("办理期间重提（可合并）", "while open (may be merged)"),
        RepeatCourses.NewFacts => c.T("办理期间有新内容", "while open, new content"),
        RepeatCourses.AfterClosing => c.T("办结后再投诉", "after closing"),
        _ => course ?? "",
    };

    /// <summary>What ties a letter to its pattern.</summary>
    public static string Tie(Composer c, string tie) => tie switch
    {
        LetterTies.NearIdentical => c.T("文本近乎相同", "near-identical"),
        LetterTies.Edited => c.T("改写自同一文本", "edited form"),
        LetterTies.Contact => c.T("共用联系方式", "shared contact"),
        _ => tie,
    };

    public static string AgentCue(Composer c, string cue) => cue switch
    {
        AgentCues.SharedContact => c.T("多人共用联系方式", "contact of several persons"),
        AgentCues.Organised => c.T("疑似有组织文本", "letter of a pattern"),
        AgentCues.AgencyTerms => c.T("代理维权用语", "agents' terms"),
        _ => cue,
    };

    private static string Cue(Composer c, string cue) => cue switch
    {
        "regulator" => c.T("监管", "regulator"),
        "media" => c.T("媒体与舆情", "media"),
        "court" => c.T("司法", "court"),
        "petition" => c.T("信访", "petition office"),
        "police" => c.T("报警", "police"),
        "city_hotline" => c.T("市民热线或消协", "city hotline"),
        "extreme" => c.T("过激行为", "extreme acts"),
        _ => cue,
    };

    /// <summary>The name of a canonical field, as the reader of an export knows it.</summary>
    public static string Field(Composer c, string? field) => field switch
    {
        null or "" => c.T("整行", "Whole row"),
        "case_number" => c.T("工单号", "Case number"),
        "received_date" => c.T("受理日期", "Received"),
        "closed_date" => c.T("办结日期", "Closed"),
        "due_date" => c.T("办结期限", "Due"),
        "reply_date" => c.T("回复日期", "Reply date"),
        "follow_up_date" => c.T("回访日期", "Follow-up date"),
        "identity_number" => c.T("身份证号码", "Identity number"),
        "phone_contact" => c.T("投诉电话/邮箱", "Contact"),
        "phone_reply" => c.T("回复电话", "Reply telephone"),
        "phone_reserved" => c.T("预留电话", "Reserved telephone"),
        "email" => c.T("邮箱", "E-mail"),
        "account" => c.T("账号", "Account"),
        "narrative" => c.T("投诉内容", "Narrative"),
        "status" => c.T("工单状态", "Status"),
        "channel" => c.T("投诉渠道", "Complaint channel"),
        "business_channel" => c.T("业务办理渠道", "Business channel"),
        "business" => c.T("投诉业务类别", "Business line"),
        "cause" => c.T("投诉原因", "Cause"),
        "severity" => c.T("投诉等级", "Severity"),
        "satisfaction" => c.T("回访结果", "Follow-up result"),
        "amount_yuan" => c.T("投诉金额", "Amount"),
        "compensation_yuan" => c.T("补偿金额", "Compensation"),
        "persons_count" => c.T("投诉人数", "Persons"),
        "gender" => c.T("性别", "Gender"),
        "birth_year" => c.T("出生年", "Year of birth"),
        "is_liable" => c.T("是否有责", "Liable"),
        "is_compensated" => c.T("是否小额补偿", "Compensated"),
        "is_escalated_reported" => c.T("是否升级投诉", "Escalated (reported)"),
        "is_timely_reported" => c.T("是否及时", "Timely (reported)"),
        _ => field,
    };

    public static string QuarantineState(Composer c, string state) => state switch
    {
        "open" => c.T("待处理", "Open"),
        "released" => c.T("已放行", "Released"),
        "dismissed" => c.T("已驳回", "Dismissed"),
        _ => state,
    };
}
