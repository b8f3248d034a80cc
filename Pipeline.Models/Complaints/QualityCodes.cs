using Pipeline.Models.Text;

namespace Pipeline.Models.Complaints;

/// <summary>What can be wrong with a row, as a code that is stored and a sentence that is printed.</summary>
/// <param name="Code">snake_case, stable: stored in the ledger.</param>
/// <param name="Field">Canonical field that it concerns; empty where it concerns the row as a whole.</param>
/// <param name="IsRejection">True: the row cannot be counted and goes to quarantine. False: a warning; the complaint counts, the value does not.</param>
/// <param name="Text">One sentence: what was found and what was done with it.</param>
public sealed record QualityCode(string Code, string Field, bool IsRejection, Bilingual Text);

/// <summary>
/// The catalogue of warnings and of reasons for rejection. Each warning belongs to exactly one field, so that the codes kept on a
/// complaint tell which values were set aside.
/// </summary>
public static class QualityCodes
{
    public const string IdentityScientific = "identity_scientific";
    public const string IdentityInvalid = "identity_invalid";
    public const string ContactUnreadable = "contact_unreadable";
    public const string PhoneReplyUnreadable = "phone_reply_unreadable";
    public const string PhoneReservedUnreadable = "phone_reserved_unreadable";
    public const string EmailUnreadable = "email_unreadable";
    public const string AccountUnreadable = "account_unreadable";
    public const string ClosedDateUnreadable = "closed_date_unreadable";
    public const string ClosedDateImpossible = "closed_date_impossible";
    public const string ClosedBeforeReceived = "closed_before_received";
    public const string ClosedAfterExport = "closed_after_export";
    public const string ClosedWithoutDate = "closed_without_date";
    public const string ClosedDateOnOpenCase = "closed_date_on_open_case";
    public const string DueDateUnreadable = "due_date_unreadable";
    public const string ReplyDateUnreadable = "reply_date_unreadable";
    public const string FollowUpDateUnreadable = "follow_up_date_unreadable";
    public const string StatusUnknown = "status_unknown";
    public const string ChannelUnknown = "channel_unknown";
    public const string BusinessChannelUnknown = "business_channel_unknown";
    public const string BusinessUnknown = "business_unknown";
    public const string CauseUnknown = "cause_unknown";
    public const string SeverityUnknown = "severity_unknown";
    public const string SatisfactionUnknown = "satisfaction_unknown";
    public const string LiableUnknown = "liable_unknown";
    public const string CompensatedUnknown = "compensated_unknown";
    public const string EscalatedUnknown = "escalated_unknown";
    public const string TimelyUnknown = "timely_unknown";
    public const string AmountUnreadable = "amount_unreadable";
    public const string CompensationUnreadable = "compensation_unreadable";
    public const string PersonsUnreadable = "persons_unreadable";
    public const string GenderUnknown = "gender_unknown";
    public const string BirthYearUnreadable = "birth_year_unreadable";
    public const string NarrativeGarbled = "narrative_garbled";
    public const string RepeatedInFile = "repeated_in_file";

    public const string CaseNumberMissing = "case_number_missing";
    public const string CaseNumberUnreadable = "case_number_unreadable";
    public const string ReceivedDateMissing = "received_date_missing";
    public const string ReceivedDateImpossible = "received_date_impossible";
    public const string ReceivedDateUnreadable = "received_date_unreadable";
    public const string ReceivedAfterExport = "received_after_export";
    public const string ReceivedTooOld = "received_too_old";
    public const string TooManyCells = "too_many_cells";
    public const string TooFewCells = "too_few_cells";
    public const string BrokenQuote = "broken_quote";
    public const string BrokenEncoding = "broken_encoding";
    public const string ErrorCell = "error_cell";

    /// <value>Warnings first, then reasons, each in the order in which a reader meets the fields.</value>
    public static IReadOnlyList<QualityCode> All { get; } =
    [
        Warning(IdentityScientific, "identity_number", "身份证号码被存成科学计数法，数字已丢失；该号码不使用，投诉照常统计。", "The identity number was stored in scientific notation and has lost digits; the number is not used, the complaint counts."),
        Warning(IdentityInvalid, "identity_number", "身份证号码的格式、日期或校验位不对；该号码不使用，投诉照常统计。", "The identity number has a wrong form, date or check digit; the number is not used, the complaint counts."),
        Warning(ContactUnreadable, "phone_contact", "投诉电话/邮箱既不是电话也不是邮箱；该值不使用，投诉照常统计。", "The contact is neither a telephone number nor an e-mail address; it is not used, the complaint counts."),
        Warning(PhoneReplyUnreadable, "phone_reply", "回复电话不是电话号码；该值不使用，投诉照常统计。", "The reply telephone is not a telephone number; it is not used, the complaint counts."),
        Warning(PhoneReservedUnreadable, "phone_reserved", "预留电话不是电话号码；该值不使用，投诉照常统计。", "The reserved telephone is not a telephone number; it is not used, the complaint counts."),
        Warning(EmailUnreadable, "email", "邮箱地址不完整；该值不使用，投诉照常统计。", "The e-mail address is not one; it is not used, the complaint counts."),
        Warning(AccountUnreadable, "account", "账号不是完整的数字；该值不使用，投诉照常统计。", "The account number is not a whole number of digits; it is not used, the complaint counts."),
        Warning(ClosedDateUnreadable, "closed_date", "办结日期无法识别；不计算处理时长，投诉照常统计。", "The closing date cannot be read; no handling time is counted, the complaint counts."),
        Warning(ClosedDateImpossible, "closed_date", "办结日期不存在（例如 2 月 30 日）；不计算处理时长，投诉照常统计。", "The closing date does not exist (such as 30 February); no handling time is counted, the complaint counts."),
        Warning(ClosedBeforeReceived, "closed_date", "办结日期早于受理日期；办结日期不使用，投诉照常统计。", "The closing date lies before the receipt; it is not used, the complaint counts."),
        Warning(ClosedAfterExport, "closed_date", "办结日期晚于导出日；办结日期不使用，投诉照常统计。", "The closing date lies after the export was made; it is not used, the complaint counts."),
        Warning(ClosedWithoutDate, "closed_date", "状态为已办结，但没有办结日期；不计算处理时长，投诉照常统计。", "The case is closed but has no closing date; no handling time is counted, the complaint counts."),
        Warning(ClosedDateOnOpenCase, "closed_date", "状态为未办结，却填有办结日期；办结日期不使用，投诉照常统计。", "The case is open but has a closing date; the date is not used, the complaint counts."),
        Warning(DueDateUnreadable, "due_date", "办结期限无法识别或不存在；该值不使用，投诉照常统计。", "The due date cannot be read or does not exist; it is not used, the complaint counts."),
        Warning(ReplyDateUnreadable, "reply_date", "回复日期无法识别或不存在；该值不使用，投诉照常统计。", "The reply date cannot be read or does not exist; it is not used, the complaint counts."),
        Warning(FollowUpDateUnreadable, "follow_up_date", "回访日期无法识别或不存在；该值不使用，投诉照常统计。", "The follow-up date cannot be read or does not exist; it is not used, the complaint counts."),
        Warning(StatusUnknown, "status", "工单状态不在对照表中；按有无办结日期判断是否办结，投诉照常统计。", "The status is not in the value map; open or closed is judged by the closing date, the complaint counts."),
        Warning(ChannelUnknown, "channel", "投诉渠道不在分类表中；渠道按未知统计，投诉照常统计。", "The complaint channel is not in the taxonomy; it is counted as unknown, the complaint counts."),
        Warning(BusinessChannelUnknown, "business_channel", "业务办理渠道不在分类表中；按未知统计，投诉照常统计。", "The business channel is not in the taxonomy; it is counted as unknown, the complaint counts."),
        Warning(BusinessUnknown, "business", "业务类别不在分类表中；报送的类别不使用，投诉照常统计。", "The business line is not in the taxonomy; the reported class is not used, the complaint counts."),
        Warning(CauseUnknown, "cause", "投诉原因不在分类表中；报送的原因不使用，投诉照常统计。", "The cause is not in the taxonomy; the reported class is not used, the complaint counts."),
        Warning(SeverityUnknown, "severity", "投诉等级不在分类表中；按未知统计，投诉照常统计。", "The severity is not in the taxonomy; it is counted as unknown, the complaint counts."),
        Warning(SatisfactionUnknown, "satisfaction", "回访结果不在对照表中；不计入满意度，投诉照常统计。", "The result of the follow-up is not in the value map; it is left out of satisfaction, the complaint counts."),
        Warning(LiableUnknown, "is_liable", "是否有责不是“是/否”；按未知统计，投诉照常统计。", "Liability is neither yes nor no; it is counted as unknown, the complaint counts."),
        Warning(CompensatedUnknown, "is_compensated", "是否小额补偿不是“是/否”；按未知统计，投诉照常统计。", "Compensation is neither yes nor no; it is counted as unknown, the complaint counts."),
        Warning(EscalatedUnknown, "is_escalated_reported", "是否升级投诉不是“是/否”；按未知统计，投诉照常统计。", "The escalation mark is neither yes nor no; it is counted as unknown, the complaint counts."),
        Warning(TimelyUnknown, "is_timely_reported", "是否及时不是“是/否”；按未知统计，投诉照常统计。", "The timeliness mark is neither yes nor no; it is counted as unknown, the complaint counts."),
        Warning(AmountUnreadable, "amount_yuan", "投诉金额无法识别为非负金额；金额不使用，投诉照常统计。", "The amount cannot be read as an amount of zero or more; it is not used, the complaint counts."),
        Warning(CompensationUnreadable, "compensation_yuan", "补偿金额无法识别为非负金额；金额不使用，投诉照常统计。", "The compensation cannot be read as an amount of zero or more; it is not used, the complaint counts."),
        Warning(PersonsUnreadable, "persons_count", "投诉人数不是正整数；按 1 人统计，投诉照常统计。", "The number of persons is not a whole number of one or more; one is counted, the complaint counts."),
        Warning(GenderUnknown, "gender", "性别不在对照表中；按未知统计，投诉照常统计。", "The gender is not in the value map; it is counted as unknown, the complaint counts."),
        Warning(BirthYearUnreadable, "birth_year", "出生年不是可信的年份；该值不使用，投诉照常统计。", "The year of birth is not a credible year; it is not used, the complaint counts."),
        Warning(NarrativeGarbled, "narrative", "投诉内容中有乱码（编码曾被误读）；内容原样保留，分类结果可能不可靠，投诉照常统计。", "The narrative holds garbled characters (its encoding was once misread); it is kept as it came, its classes may be unreliable, the complaint counts."),
        Warning(RepeatedInFile, "case_number", "同一文件中同一工单号以不同内容出现多次；以后出现的一行为准，前一行保留为历史版本。", "The case number stands several times in the file with different content; the later row stands, the earlier one is kept as a revision."),

        Reason(CaseNumberMissing, "case_number", "没有工单号，无法识别这是哪一件投诉。", "There is no case number, so the complaint cannot be told from others."),
        Reason(CaseNumberUnreadable, "case_number", "工单号被存成科学计数法或过长（超过 200 个字符），已无法还原。", "The case number was stored in scientific notation or is longer than 200 characters; it cannot be restored."),
        Reason(ReceivedDateMissing, "received_date", "没有受理日期，无法归入任何月份。", "There is no date of receipt, so the complaint belongs to no month."),
        Reason(ReceivedDateImpossible, "received_date", "受理日期不存在（例如 2 月 30 日）。", "The date of receipt does not exist (such as 30 February)."),
        Reason(ReceivedDateUnreadable, "received_date", "受理日期无法识别为日期。", "The date of receipt cannot be read as a date."),
        Reason(ReceivedAfterExport, "received_date", "受理日期晚于文件的导出日。", "The date of receipt lies after the day on which the export was made."),
        Reason(ReceivedTooOld, "received_date", "受理日期早于配置允许的最早日期，很可能是录入错误。", "The date of receipt lies before the earliest date that the profile allows; most likely a typing error."),
        Reason(TooManyCells, "", "该行的单元格多于表头的列数，列已错位，不可信。", "The row has more cells than the header has columns; its values are shifted and cannot be trusted."),
        Reason(TooFewCells, "", "该行的单元格少于表头的列数，不可信。", "The row has fewer cells than the header has columns and cannot be trusted."),
        Reason(BrokenQuote, "", "该行的引号不配对，无法确定值的边界。", "A quote of the row is not closed properly; where its values end cannot be known."),
        Reason(BrokenEncoding, "", "该行含有不属于文件编码的字节，文字已损坏。", "The row holds bytes that are not of the file's encoding; its text is damaged."),
        Reason(ErrorCell, "", "单元格是 Excel 错误值（如 #REF!），原值已丢失。", "A cell holds an Excel error value (such as #REF!); its value is lost."),
    ];

    private static readonly Dictionary<string, QualityCode> ByCode = All.ToDictionary(c => c.Code, StringComparer.Ordinal);

    /// <summary>The entry of <paramref name="code"/>, or null where the catalogue has none.</summary>
    public static QualityCode? Find(string code) => ByCode.GetValueOrDefault(code);

    /// <summary>The sentence to print for <paramref name="code"/>; the code itself where an older program wrote one that is no longer in the catalogue.</summary>
    public static string Sentence(string code, Language language) => Find(code)?.Text.In(language) ?? code;

    /// <summary>The canonical field that a warning concerns; empty for codes that concern the whole row or are not in the catalogue.</summary>
    public static string Field(string code) => Find(code)?.Field ?? "";

    private static QualityCode Warning(string code, string field, string zh, string en) => new(code, field, false, new Bilingual(zh, en));

    private static QualityCode Reason(string code, string field, string zh, string en) => new(code, field, true, new Bilingual(zh, en));
}
