using System.Globalization;
using System.Text;
using Pipeline.Models.Complainants;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;

namespace Pipeline.Models.Flags;

/// <summary>Says in one sentence why a complaint is flagged. No personal data: case numbers, days, channels and words only.</summary>
public static class FlagSentence
{
    private static readonly Dictionary<string, Bilingual> CueNames = new(StringComparer.Ordinal)
    {
        ["regulator"] = new("监管", "the regulator"),
        ["media"] = new("媒体与舆情", "the media"),
        ["court"] = new("司法", "the courts"),
        ["petition"] = new("信访", "the petition office"),
        ["police"] = new("报警", "the police"),
        ["city_hotline"] = new("市民热线或消协", "the city hotline or consumer council"),
        ["extreme"] = new("过激行为", "extreme acts"),
    };

    public static string In(FlagEvidence evidence, Language language, ComplaintTaxonomy taxonomy) => evidence.Kind switch
    {
        FlagKinds.Group => Group(evidence, language),
        FlagKinds.Organised => Organised(evidence, language),
        _ => language == Language.Zh ? Chinese(evidence, taxonomy) : English(evidence, taxonomy),
    };

    private static string Group(FlagEvidence evidence, Language language) => language == Language.Zh
        ? string.Create(CultureInfo.InvariantCulture, $"群诉 {evidence.Cluster}：{evidence.ClusterFirst:yyyy-MM-dd} 至 {evidence.ClusterLast:yyyy-MM-dd}，{evidence.Persons} 人就同一事项投诉{evidence.Place}，其中现场 {evidence.FaceToFacePersons} 人。")
        : string.Create(CultureInfo.InvariantCulture, $"Group {evidence.Cluster}: from {evidence.ClusterFirst:yyyy-MM-dd} to {evidence.ClusterLast:yyyy-MM-dd} {evidence.Persons} persons complained of {evidence.Place} about one matter, {evidence.FaceToFacePersons} of them face to face.");

    private static string Organised(FlagEvidence evidence, Language language)
    {
        bool zh = language == Language.Zh;
        string tie = evidence.Tie switch
        {
            Flags.Organised.LetterTies.NearIdentical => zh ? "与他人文本近乎相同" : "near-identical to the letter of another person",
            Flags.Organised.LetterTies.Edited => zh ? "改写自同一文本" : "an edited form of the same letter",
            _ => zh ? "与其中多人共用联系方式" : "shares a contact with several of them",
        };
        string contacts = evidence.SharedContacts is { Count: > 0 } shared
            ? zh ? $"；{shared.Count} 个联系方式由多人共用（最多 {shared[0]} 人）" : $"; {shared.Count} contacts serve several persons (one of them {shared[0]})"
            : "";
        return zh
            ? string.Create(CultureInfo.InvariantCulture, $"疑似有组织（线索 {evidence.Cluster}）：{evidence.ClusterFirst:yyyy-MM-dd} 至 {evidence.ClusterLast:yyyy-MM-dd} 共 {evidence.Persons} 人，本件{tie}{contacts}；须人工核实。")
            : string.Create(CultureInfo.InvariantCulture, $"Organised pattern {evidence.Cluster}, evidence only: {evidence.Persons} persons from {evidence.ClusterFirst:yyyy-MM-dd} to {evidence.ClusterLast:yyyy-MM-dd}; this letter is {tie}{contacts}.");
    }

    private static string Chinese(FlagEvidence evidence, ComplaintTaxonomy taxonomy)
    {
        StringBuilder text = new();
        if (evidence.EarlierCaseNumber is string earlier)
        {
            text.Append(CultureInfo.InvariantCulture, $"同一事项第{evidence.ChainNumber + 1}次投诉：距上一件 {earlier}");
            if (evidence.EarlierReceived is DateOnly received)
            {
                text.Append(CultureInfo.InvariantCulture, $"（{received:yyyy-MM-dd} 受理）");
            }
            text.Append(evidence.GapDays == 0 ? "为同日" : string.Create(CultureInfo.InvariantCulture, $"相隔 {evidence.GapDays} 天"));
            Append(text, "，", Matter(evidence, Language.Zh));
            Append(text, "，", Person(evidence.PersonBasis, Language.Zh));
            Append(text, "；", Course(evidence, Language.Zh));
            if (evidence.ToLevel > evidence.FromLevel)
            {
                text.Append(CultureInfo.InvariantCulture,
                    $"；渠道由{Channel(evidence.FromChannel, taxonomy, Language.Zh)}（{evidence.FromLevel} 级）升至{Channel(evidence.ToChannel, taxonomy, Language.Zh)}（{evidence.ToLevel} 级）");
                text.Append(evidence.IsSecondEscalation == true ? "，为二次升级" : "");
            }
        }
        if (evidence.Cues is { Count: > 0 } cues)
        {
            text.Append(text.Length > 0 ? "；" : "").Append("文中提及诉诸").AppendJoin("、", cues.Select(c => Cue(c, Language.Zh)));
        }
        return text.Length == 0 ? "" : text.Append('。').ToString();
    }

    private static string English(FlagEvidence evidence, ComplaintTaxonomy taxonomy)
    {
        StringBuilder text = new();
        if (evidence.EarlierCaseNumber is string earlier)
        {
            text.Append(CultureInfo.InvariantCulture, $"Complaint number {evidence.ChainNumber + 1} on one matter: ");
            text.Append(evidence.GapDays switch
            {
                0 => "on the same day as ",
                int days => $"{Text.English.Count(days, "day")} after ",
                null => "after ",
            }).Append(earlier);
            if (evidence.EarlierReceived is DateOnly received)
            {
                text.Append(CultureInfo.InvariantCulture, $" (received {received:yyyy-MM-dd})");
            }
            Append(text, ", ", Matter(evidence, Language.En));
            Append(text, ", ", Person(evidence.PersonBasis, Language.En));
            Append(text, "; ", Course(evidence, Language.En));
            if (evidence.ToLevel > evidence.FromLevel)
            {
                text.Append(CultureInfo.InvariantCulture,
                    $"; the channel rose from {Channel(evidence.FromChannel, taxonomy, Language.En)} (level {evidence.FromLevel}) to {Channel(evidence.ToChannel, taxonomy, Language.En)} (level {evidence.ToLevel})");
                text.Append(evidence.IsSecondEscalation == true ? ", a second escalation" : "");
            }
        }
        if (evidence.Cues is { Count: > 0 } cues)
        {
            text.Append(text.Length > 0 ? "; the text speaks of turning to " : "The text speaks of turning to ")
                .AppendJoin(", ", cues.Select(c => Cue(c, Language.En)));
        }
        return text.Length == 0 ? "" : text.Append('.').ToString();
    }

    private static string? Course(FlagEvidence evidence, Language language) => (evidence.Course, language) switch
    {
        (RepeatCourses.TwoChannels, Language.Zh) => "同一内容经两个渠道受理，建议并为一件",
        (RepeatCourses.TwoChannels, _) => "the same complaint by two channels, proposed as one matter",
        (RepeatCourses.WhileOpen, Language.Zh) => "上一件办理期间重提，可合并",
        (RepeatCourses.WhileOpen, _) => "while the earlier case was handled: it may be merged",
        (RepeatCourses.NewFacts, Language.Zh) => "上一件办理期间提出新内容，不合并",
        (RepeatCourses.NewFacts, _) => "new content while the earlier case was handled: not merged",
        (RepeatCourses.AfterClosing, Language.Zh) => "上一件已办结",
        (RepeatCourses.AfterClosing, _) => "after the earlier case was closed",
        _ => null,
    };

    private static string? Matter(FlagEvidence evidence, Language language)
    {
        string? alike = evidence.TextSimilarity is double similarity
            ? string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(similarity * 100):0}%") // never rounded up over a threshold
            : null;
        return (evidence.MatterBasis, language) switch
        {
            (MatterBases.SourceLink, Language.Zh) => "来源系统注明为同一事项",
            (MatterBases.SourceLink, _) => "linked by the source itself",
            (MatterBases.SimilarText, Language.Zh) => $"内容相似度 {alike}",
            (MatterBases.SimilarText, _) => $"the texts are {alike} alike",
            (MatterBases.SameBusinessCause, Language.Zh) => "业务类别与投诉原因相同",
            (MatterBases.SameBusinessCause, _) => "same business line and cause",
            _ => null,
        };
    }

    /// <summary>By what a complaint's person was recognised, see <see cref="PersonBases"/>; null where nothing joins it to another.</summary>
    public static string? Person(string? basis, Language language) => (basis, language) switch
    {
        (PersonBases.Identity, Language.Zh) => "身份证号一致",
        (PersonBases.Identity, _) => "same identity number",
        (PersonBases.Phone, Language.Zh) => "电话与姓名一致",
        (PersonBases.Phone, _) => "same telephone and name",
        (PersonBases.Email, Language.Zh) => "邮箱与姓名一致",
        (PersonBases.Email, _) => "same e-mail and name",
        (PersonBases.Match, Language.Zh) => "多项信息概率匹配",
        (PersonBases.Match, _) => "several details that match",
        (PersonBases.Analyst, Language.Zh) => "经人工认定为同一人",
        (PersonBases.Analyst, _) => "one person by an analyst's word",
        (PersonBases.Account, Language.Zh) => "账号与姓名一致",
        (PersonBases.Account, _) => "same account and name",
        _ => null,
    };

    private static string Channel(string? key, ComplaintTaxonomy taxonomy, Language language) =>
        key is null ? (language == Language.Zh ? "未知渠道" : "an unknown channel") : taxonomy.Label(Dimensions.Channel, key, language);

    internal static string Cue(string key, Language language) => CueNames.TryGetValue(key, out Bilingual? name) ? name.In(language) : key;

    private static void Append(StringBuilder text, string separator, string? part)
    {
        if (part is not null)
        {
            text.Append(separator).Append(part);
        }
    }
}
