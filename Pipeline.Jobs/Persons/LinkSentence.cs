using System.Globalization;
using Pipeline.Jobs.Complainants;
using Pipeline.Models.Complainants;
using Pipeline.Models.Text;

namespace Pipeline.Jobs.Persons;

/// <summary>Why a complaint is of its person, or two persons are held apart, in one sentence; never a value.</summary>
internal static class LinkSentence
{
    public static string Of(LinkEvidence link, Language language)
    {
        string with = link.JoinedCase ?? "–";
        Bilingual said = link.Basis switch
        {
            PersonBases.Identity when link.JoinedCase is null => new("载有有效身份证号", "it shows a valid identity number"),
            PersonBases.Identity => new($"与 {with} 身份证号一致", $"the same identity number as {with}"),
            PersonBases.Phone => new($"与 {with} 电话和姓名一致", $"the same telephone and name as {with}"),
            PersonBases.Email => new($"与 {with} 邮箱和姓名一致", $"the same e-mail address and name as {with}"),
            PersonBases.Account => new($"与 {with} 账号和姓名一致", $"the same account and name as {with}"),
            PersonBases.Analyst => new($"经人工认定与 {with} 为同一人", $"one person with {with} by an analyst's word"),
            PersonBases.Match when link.Match is { } match => Match(match),
            _ => new("此人的第一件，或无其他证据", "the person's first complaint, or no evidence joins it to another"),
        };
        return said.In(language);
    }

    public static string Held(HeldPerson held, Language language)
    {
        Bilingual against = held.Reason switch
        {
            HeldReasons.Identity => new("两个不同的有效身份证号", "two different valid identity numbers"),
            HeldReasons.BirthYear => new("出生年份不同", "different years of birth"),
            HeldReasons.Gender => new("性别不同", "different genders"),
            HeldReasons.Ambiguous => new("该联系方式与姓名对应多个身份证号，而此件未载身份证号", "contact and name lead to several identity numbers, and this complaint shows none"),
            HeldReasons.Threshold => new("概率不足", "not probable enough"),
            HeldReasons.Word => new("人工认定不是同一人", "an analyst said that they are two"),
            HeldReasons.Contradiction => new($"{held.Field} 相互矛盾", $"{held.Field} contradicts"),
            HeldReasons.Average => new("两人其余投诉综合不支持", "their other complaints, taken together, speak against it"),
            _ => new(held.Reason, held.Reason),
        };
        Bilingual likeness = held.Weights is { } weights
            ? Match(weights)
            : held.Kind switch
            {
                PersonBases.Identity => new("身份证号一致", "the same identity number"),
                PersonBases.Phone => new("电话与姓名一致", "the same telephone and name"),
                PersonBases.Email => new("邮箱与姓名一致", "the same e-mail address and name"),
                PersonBases.Account => new("账号与姓名一致", "the same account and name"),
                PersonBases.Analyst => new("人工认定为同一人", "an analyst said that they are one"),
                _ => new(held.Kind, held.Kind),
            };
        return language == Language.Zh ? $"{against.Zh}；相似之处：{likeness.Zh}" : $"{against.En}; what is alike: {likeness.En}";
    }

    private static Bilingual Match(MatchWeights match)
    {
        string probability = match.Probability.ToString("0.0000", CultureInfo.InvariantCulture);
        Bilingual weights = match.Sentence;
        return new Bilingual(
            $"{match.Case} 与 {match.With} 概率 {probability}：{weights.Zh}", $"{match.Case} and {match.With} with probability {probability}: {weights.En}");
    }
}
