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

    public static string In(FlagEvidence evidence, Language language, ComplaintTaxonomy taxonomy) =>
        language == Language.Zh ? Chinese(evidence, taxonomy) : English(evidence, taxonomy);

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
            if (evidence.ToLevel > evidence.FromLevel)
            {
                text.Append(CultureInfo.InvariantCulture,
                    $"；渠道由{Channel(evidence.FromChannel, taxonomy, Language.Zh)}（{evidence.FromLevel} 级）升至{Channel(evidence.ToChannel, taxonomy, Language.Zh)}（{evidence.ToLevel} 级）");
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
                1 => "1 day after ",
                int days => string.Create(CultureInfo.InvariantCulture, $"{days} days after "),
                null => "after ",
            }).Append(earlier);
            if (evidence.EarlierReceived is DateOnly received)
            {
                text.Append(CultureInfo.InvariantCulture, $" (received {received:yyyy-MM-dd})");
            }
            Append(text, ", ", Matter(evidence, Language.En));
            Append(text, ", ", Person(evidence.PersonBasis, Language.En));
            if (evidence.ToLevel > evidence.FromLevel)
            {
                text.Append(CultureInfo.InvariantCulture,
                    $"; the channel rose from {Channel(evidence.FromChannel, taxonomy, Language.En)} (level {evidence.FromLevel}) to {Channel(evidence.ToChannel, taxonomy, Language.En)} (level {evidence.ToLevel})");
            }
        }
        if (evidence.Cues is { Count: > 0 } cues)
        {
            text.Append(text.Length > 0 ? "; the text speaks of turning to " : "The text speaks of turning to ")
                .AppendJoin(", ", cues.Select(c => Cue(c, Language.En)));
        }
        return text.Length == 0 ? "" : text.Append('.').ToString();
    }

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

    private static string? Person(string? basis, Language language) => (basis, language) switch
    {
        (PersonBases.Identity, Language.Zh) => "身份证号一致",
        (PersonBases.Identity, _) => "same identity number",
        (PersonBases.Phone, Language.Zh) => "电话与姓名一致",
        (PersonBases.Phone, _) => "same telephone and name",
        (PersonBases.Email, Language.Zh) => "邮箱与姓名一致",
        (PersonBases.Email, _) => "same e-mail and name",
        (PersonBases.Match, Language.Zh) => "多项信息概率匹配",
        (PersonBases.Match, _) => "several details that match",
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
