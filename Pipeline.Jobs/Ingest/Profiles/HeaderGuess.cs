using System.Text.RegularExpressions;
using Pipeline.Jobs.Rules;
using Pipeline.Models.Taxonomy;

namespace Pipeline.Jobs.Ingest.Profiles;

/// <summary>How far the name of a column speaks for a field.</summary>
/// <param name="Score">0 (nothing) to 0.95 (a known spelling).</param>
/// <param name="Spelling">The known spelling that decided.</param>
public readonly record struct HeaderEvidenceOfField(double Score, string? Spelling);

/// <summary>Compares the names of columns with the spellings of all profiles and with further usual ones, Chinese and English.</summary>
public sealed partial class HeaderGuess
{
    private const double Known = 0.95;

    /// <summary>Spellings, and parts of spellings, that exports use and no built-in profile needs. A short part is safe where the values must fit: 回访 of a column of dates is the day of the call.</summary>
    private static readonly (CanonicalField Field, string[] Spellings)[] Further =
    [
        (CanonicalField.CaseNumber, ["流水号", "单号", "案号", "case reference", "complaint ref", "record id", "sr number", "request number"]),
        (CanonicalField.ReceivedDate, ["来电时间", "进线时间", "提交时间", "发生时间", "收到日期", "录入时间", "建单时间", "intake date", "filed", "submitted", "logged", "reported on", "lodged", "arrival"]),
        (CanonicalField.ClosedDate, ["完结时间", "完成时间", "结束时间", "解决时间", "闭环时间", "completed", "resolved", "finished", "ended"]),
        (CanonicalField.DueDate, ["最晚", "期限", "时限", "应办结", "deadline", "target date", "sla date"]),
        (CanonicalField.ReplyDate, ["答复", "回复", "回复时间", "答复时间", "responded", "answered", "reply sent"]),
        (CanonicalField.FollowUpDate, ["回访", "回访日期", "回访时间", "follow up", "follow-up date", "callback date"]),
        (CanonicalField.Status, ["进度", "办理状态", "工单进展", "case state", "stage", "state of complaint", "progress"]),
        (CanonicalField.Channel, ["进线渠道", "来电渠道", "受理途径", "来源渠道", "投诉途径", "intake channel", "how received", "medium", "origin", "via"]),
        (CanonicalField.BusinessChannel, ["办理渠道", "交易渠道", "business done at", "service channel"]),
        (CanonicalField.Business, ["业务种类", "业务品种", "业务分类", "业务线", "product family", "line of business", "product type", "financial product"]),
        (CanonicalField.Cause, ["投诉类型", "投诉类别", "投诉事由", "问题分类", "problem", "complaint type", "type of complaint", "subject", "topic", "concern"]),
        (CanonicalField.SubProductLabel, ["产品小类", "子产品", "product detail", "subproduct", "product subtype"]),
        (CanonicalField.SubIssueLabel, ["原因细分", "问题细分", "subissue", "problem detail"]),
        (CanonicalField.BranchName, ["网点", "经办机构", "涉及机构", "责任机构", "所属支行", "店", "branch office", "outlet", "firm", "bank"]),
        (CanonicalField.BranchCode, ["机构代", "机构代码", "网点代码", "机构编号", "branch no", "office code"]),
        (CanonicalField.ParentBranchName, ["所属分行", "管辖机构", "主管机构", "一级分行", "parent branch", "institution"]),
        (CanonicalField.Region, ["所在省", "省市", "us state", "state code"]),
        (CanonicalField.Severity, ["级别", "重要程度", "优先级", "level", "urgency"]),
        (CanonicalField.AmountYuan, ["金额", "标的", "万元", "涉诉金额", "争议金额", "损失金额", "诉求金额", "value in dispute", "loss"]),
        (CanonicalField.Satisfaction, ["满意程度", "客户评价", "满意情况", "rating", "feedback"]),
        (CanonicalField.IsLiable, ["责任", "是否责任", "我行责任", "有责", "责任认定", "at fault", "upheld"]),
        (CanonicalField.IsCompensated, ["赔付", "补偿", "赔偿", "是否赔付", "是否赔偿", "redress paid", "relief"]),
        (CanonicalField.CompensationYuan, ["赔付", "补偿", "赔偿", "赔付金额", "赔偿金额", "redress amount"]),
        (CanonicalField.IsEscalatedReported, ["升级", "升级标志", "escalation"]),
        (CanonicalField.IsTimelyReported, ["按时", "及时标志", "on time", "in time"]),
        (CanonicalField.ResponseLabel, ["处理方式", "处置结果", "办理结果", "response", "disposition", "result"]),
        (CanonicalField.OverdueReason, ["超时", "超期", "逾期", "逾期原因", "超时原因", "late reason", "delay reason"]),
        (CanonicalField.OriginalNumber, ["原始单号", "外部单号", "external id", "source id", "legacy number"]),
        (CanonicalField.RegulatorNumber, ["人行", "央行", "监管", "转办", "转办编号", "监管单号", "regulator number"]),
        (CanonicalField.LinkNumber, ["重复工单", "关联单号", "previous case", "duplicate of", "related to"]),
        (CanonicalField.Gender, ["客户性别"]),
        (CanonicalField.BirthYear, ["出生年", "生年", "born"]),
        (CanonicalField.Name, ["客户名称", "投诉者", "申诉人", "来电人", "姓名", "户名", "客户", "customer", "client", "consumer", "client name"]),
        (CanonicalField.IdentityNumber, ["身份证", "证件", "identity card", "passport", "ssn"]),
        (CanonicalField.PhoneContact, ["来电号码", "电话号码", "手机", "联系号码", "致电号码", "caller number", "cell", "tel"]),
        (CanonicalField.PhoneReserved, ["预留号码", "留存电话", "phone on record", "registered phone"]),
        (CanonicalField.PhoneReply, ["回访电话", "回电", "reply phone"]),
        (CanonicalField.Email, ["mail", "邮件"]),
        (CanonicalField.Account, ["银行账户", "借记卡", "信用卡号", "acct", "iban"]),
        (CanonicalField.Address, ["住址", "通讯地址", "家庭住址", "postal code", "street", "postcode"]),
        (CanonicalField.Narrative, ["事由", "诉求", "情况说明", "详情", "正文", "诉求描述", "反映问题", "来电内容", "what happened", "story", "statement", "comments", "free text", "notes"]),
    ];

    private readonly List<(CanonicalField Field, string Spelling, string Folded, string[] Words)> spellings = [];

    public HeaderGuess(IEnumerable<PinnedRule<Profile>> profiles)
    {
        HashSet<(CanonicalField, string)> seen = [];
        foreach ((CanonicalField field, string spelling) in profiles.SelectMany(p => p.Value.Columns)
            .SelectMany(c => (c.Headers ?? []).Select(h => (CanonicalFields.Find(c.Field)!.Value, h)))
            .Concat(Further.SelectMany(f => f.Spellings.Select(s => (f.Field, s))))
            .Concat(FieldMeanings.All.SelectMany(m => (IEnumerable<(CanonicalField, string)>)[(m.Field, m.Name.Zh), (m.Field, m.Name.En), (m.Field, CanonicalFields.NameOf(m.Field))])))
        {
            string folded = TaxonomyClass.Fold(spelling);
            if (folded.Length > 0 && seen.Add((field, folded)))
            {
                spellings.Add((field, spelling, folded, Words(spelling)));
            }
        }
    }

    /// <summary>For each field: what the header says. A whole spelling outweighs a part; the longer the part, the better, best at the end, where the noun stands.</summary>
    public HeaderEvidenceOfField[] Judge(string header)
    {
        HeaderEvidenceOfField[] best = new HeaderEvidenceOfField[CanonicalFields.Count];
        string folded = TaxonomyClass.Fold(header);
        string[] words = Words(header);
        foreach ((CanonicalField field, string spelling, string known, string[] parts) in spellings)
        {
            double score = folded == known ? Known : Math.Max(Contained(folded, known), Contained(words, parts));
            if (score > best[(int)field].Score)
            {
                best[(int)field] = new HeaderEvidenceOfField(score, spelling);
            }
        }
        return best;
    }

    private static double Contained(string header, string known)
    {
        if (known.Length < 2 || !IsHan(known[0]) || !header.Contains(known, StringComparison.Ordinal))
        {
            return 0;
        }
        return 0.4 + (0.35 * known.Length / header.Length) + (header.EndsWith(known, StringComparison.Ordinal) ? 0.12 : 0);
    }

    private static double Contained(string[] header, string[] known)
    {
        if (known.Length == 0 || header.Length == 0 || !known.All(header.Contains))
        {
            return 0;
        }
        return 0.4 + (0.35 * known.Length / header.Length) + (header[^1] == known[^1] ? 0.08 : 0);
    }

    /// <summary>Latin words in lower case, without what says nothing: <c>dateReceived_by</c> gives date, received.</summary>
    private static string[] Words(string header) =>
        [.. LatinWords().Matches(header).Select(m => m.Value.ToLowerInvariant()).Where(w => w is not ("the" or "of" or "a" or "by" or "to" or "in" or "on" or "for"))];

    private static bool IsHan(char c) => c is >= '\u4e00' and <= '\u9fff';

    [GeneratedRegex("[A-Z]?[a-z]+|[A-Z]+(?![a-z])")]
    private static partial Regex LatinWords();
}
