using Pipeline.Models.Text;

namespace Pipeline.Jobs.Ingest.Profiles;

/// <summary>What a canonical field is called and what it holds, for people who write a profile.</summary>
/// <param name="Name">A column title, as the glossary and the sheets have it.</param>
/// <param name="Holds">One sentence.</param>
public sealed record FieldMeaning(CanonicalField Field, Bilingual Name, Bilingual Holds);

/// <summary>The canonical fields in words.</summary>
public static class FieldMeanings
{
    public static IReadOnlyList<FieldMeaning> All { get; } =
    [
        Of(CanonicalField.CaseNumber, "工单号", "case number", "来源系统给投诉的编号，不重复；没有它的行不能计入", "the source's own number of the complaint, never twice; a row without it cannot be counted"),
        Of(CanonicalField.ReceivedDate, "受理日期", "received date", "投诉受理的日期，决定属于哪个月；没有它的行不能计入", "the day the complaint came in, which decides its month; a row without it cannot be counted"),
        Of(CanonicalField.ClosedDate, "办结日期", "closed date", "投诉办结的日期，未办结为空", "the day it was closed; empty while it is open"),
        Of(CanonicalField.Status, "工单状态", "status", "处理中、已办结或已撤诉", "open, closed or withdrawn"),
        Of(CanonicalField.Channel, "投诉渠道", "channel", "投诉从哪里来，决定升级阶梯上的层级", "how the complaint came in; its level on the escalation ladder"),
        Of(CanonicalField.BusinessChannel, "业务办理渠道", "business channel", "被投诉的业务在哪里办理", "where the business complained of was done"),
        Of(CanonicalField.Business, "业务类别", "business line", "已编码的业务类别（美国数据为产品）", "the coded business line; the product in US data"),
        Of(CanonicalField.Cause, "投诉原因", "cause", "已编码的投诉原因（美国数据为问题）", "the coded cause; the issue in US data"),
        Of(CanonicalField.ProductLabel, "产品大类", "product label", "产品的原文名称", "the product in the export's own words"),
        Of(CanonicalField.SubProductLabel, "产品小类", "sub-product label", "产品细分的原文名称", "the sub-product in the export's own words"),
        Of(CanonicalField.IssueLabel, "问题", "issue label", "原因的原文名称", "the issue in the export's own words"),
        Of(CanonicalField.SubIssueLabel, "问题细分", "sub-issue label", "原因细分的原文名称", "the sub-issue in the export's own words"),
        Of(CanonicalField.BranchName, "被投诉机构", "branch", "被投诉的网点", "the branch complained of"),
        Of(CanonicalField.BranchCode, "网点机构号", "branch code", "网点的编号", "the branch's code"),
        Of(CanonicalField.ParentBranchName, "上级机构", "superior branch", "汇总所用的上级机构（美国数据为公司）", "the superior organisation that figures are summed by; the company in US data"),
        Of(CanonicalField.Region, "省", "region", "网点所在的省或州", "province or state of the branch"),
        Of(CanonicalField.City, "市", "city", "网点所在的市", "city of the branch"),
        Of(CanonicalField.Severity, "投诉等级", "severity", "一般、复杂或重大", "ordinary, complex or major"),
        Of(CanonicalField.AmountYuan, "投诉金额", "amount", "涉及的金额；以万元计的列在模板中写 unit 10000", "the amount in dispute; a column in ten thousands has unit 10000 in the profile"),
        Of(CanonicalField.PersonsCount, "投诉人数", "number of persons", "一同投诉的人数", "how many persons complain together"),
        Of(CanonicalField.DueDate, "办结期限", "due date", "最迟应办结的日期", "the day by which it must be closed"),
        Of(CanonicalField.ReplyDate, "回复日期", "reply date", "答复投诉人的日期", "the day the complainant was answered"),
        Of(CanonicalField.FollowUpDate, "回访日期", "follow-up date", "回访投诉人的日期", "the day the complainant was called back"),
        Of(CanonicalField.Satisfaction, "回访结果", "satisfaction", "满意、基本满意、不满意或联系不上", "satisfied, fairly satisfied, dissatisfied or not reached"),
        Of(CanonicalField.IsLiable, "是否有责", "liable", "银行是否有责：是或否", "whether the bank was at fault: yes or no"),
        Of(CanonicalField.IsCompensated, "是否补偿", "compensated", "是否给予补偿：是或否", "whether money was paid: yes or no"),
        Of(CanonicalField.CompensationYuan, "补偿金额", "compensation", "补偿的金额", "how much was paid"),
        Of(CanonicalField.IsEscalatedReported, "是否升级投诉", "escalated as coded", "导出中已编码的升级标志", "the escalation flag as the export codes it"),
        Of(CanonicalField.IsTimelyReported, "是否及时", "timely as coded", "导出中已编码的及时标志", "the timeliness flag as the export codes it"),
        Of(CanonicalField.ResponseLabel, "处理结果", "response", "处理结果的原文", "the outcome in the export's own words"),
        Of(CanonicalField.OverdueReason, "超期原因", "overdue reason", "未按期办结的原因", "why it was not closed in time"),
        Of(CanonicalField.OriginalNumber, "原系统工单号", "original number", "其他系统中的编号", "its number in another system"),
        Of(CanonicalField.RegulatorNumber, "监管工单号", "regulator's number", "监管转办的编号", "the number that the regulator gave it"),
        Of(CanonicalField.LinkNumber, "关联工单号", "linked case", "它重复或关联的工单号", "the case that it repeats or belongs to"),
        Of(CanonicalField.Tags, "标签", "tags", "其他标签", "other labels"),
        Of(CanonicalField.Gender, "性别", "gender", "男或女", "male or female"),
        Of(CanonicalField.BirthYear, "出生年", "birth year", "四位年份", "a year of four digits"),
        Of(CanonicalField.Name, "投诉人姓名", "complainant's name", "个人信息，只加密保存", "personal: only kept sealed"),
        Of(CanonicalField.IdentityNumber, "身份证号码", "identity number", "个人信息，只加密保存；识别同一人最可靠的依据", "personal: only kept sealed; the surest sign of the same person"),
        Of(CanonicalField.PhoneContact, "投诉电话", "contact phone", "电话或邮箱，个人信息", "a telephone number or e-mail address; personal"),
        Of(CanonicalField.PhoneReply, "回复电话", "reply phone", "回复用的电话，个人信息", "where to call back; personal"),
        Of(CanonicalField.PhoneReserved, "预留电话", "phone on record", "银行预留的电话，个人信息", "the phone that the bank has on record; personal"),
        Of(CanonicalField.Email, "邮箱", "e-mail", "个人信息，只加密保存", "personal: only kept sealed"),
        Of(CanonicalField.Account, "账号", "account", "账号或卡号，个人信息", "account or card number; personal"),
        Of(CanonicalField.Address, "地址", "address", "个人信息，只加密保存", "personal: only kept sealed"),
        Of(CanonicalField.Narrative, "投诉内容", "narrative", "投诉的原文，分类与判重所用；只加密保存", "the text of the complaint, which is classified and compared; only kept sealed"),
        Of(CanonicalField.MatterType, "事项类型", "kind of matter", "投诉、举报、信访、咨询、建议或表扬；决定是否计入投诉", "complaint, report, petition, enquiry, suggestion or praise; decides whether it counts as a complaint"),
        Of(CanonicalField.ExclusionReason, "核减类型", "exclusion reason", "审核后不计入投诉的原因，未核减为空", "why it was taken out of the count after review; empty where it was not"),
    ];

    public static FieldMeaning For(CanonicalField field) => All[(int)field];

    private static FieldMeaning Of(CanonicalField field, string zhName, string enName, string zh, string en) => new(field, new(zhName, enName), new(zh, en));
}
