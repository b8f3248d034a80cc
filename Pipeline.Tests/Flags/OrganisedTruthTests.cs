using System.Text.Json;
using Pipeline.Jobs.Rules;
using Pipeline.Models.Complainants;
using Pipeline.Models.Complaints;
using Pipeline.Models.Flags.Groups;
using Pipeline.Models.Flags.Organised;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;
using Xunit.Abstractions;

namespace Pipeline.Tests.Flags;

/// <summary>Groups and organised patterns of the invented bank, month by month, against what was planted.</summary>
public sealed class OrganisedTruthTests(ITestOutputHelper output)
{
    private static readonly RuleBook Book = RuleFiles.Rules("/nowhere").Value;
    private static readonly OrganisedRules Rules = RuleFiles.Load("/nowhere", "signals.organised.json", OrganisedRules.Parse).Value;

    [Fact]
    public void Every_planted_group_is_found_in_its_month_and_none_is_invented()
    {
        if (InventedBank.Open() is not { } bank)
        {
            output.WriteLine("skipped: the data of the invented bank is absent");
            return;
        }
        ComplaintFact[] facts = [.. bank.Letters(Recognition.Cluster(bank.Evidence, Book.SharedPhoneMinPersons)).Select(l => l.Fact)];
        HashSet<string> found = [];
        foreach (ReportingMonth month in Months())
        {
            DateOnly from = month.FirstDay.AddDays(-GroupRules.Default.UsualCalendarDays);
            foreach (ComplaintGroup group in GroupFinder.Find(facts.Where(f => f.Received >= from && f.Received <= month.LastDay), GroupRules.Default).Where(g => g.Last >= month.FirstDay))
            {
                string[] planted = [.. group.Complaints.Select(id => bank.Planted[bank.Cases[(int)id - 1]].Group)];
                string name = planted.GroupBy(p => p).OrderByDescending(g => g.Count()).First().Key;
                int size = bank.Planted.Values.Count(p => p.Group == name);
                output.WriteLine($"{group.Key}: {group.Persons} persons, face to face {group.FaceToFacePersons}, usual {group.UsualPersons:F2}; {planted.Count(p => p == name)} of {size} of {(name.Length > 0 ? name : "nothing planted")}");
                Assert.NotEqual("", name);
                Assert.True(planted.Count(p => p == name) >= 0.9 * planted.Length);
                Assert.True(planted.Count(p => p == name) >= 0.8 * size);
                Assert.True(group.IsMajor(GroupRules.Default));
                Assert.True(found.Add(name));
            }
        }
        Assert.Equal(bank.Planted.Values.Select(p => p.Group).Where(g => g.Length > 0).Distinct().Order(), found.Order());
    }

    [Fact]
    public void Every_planted_campaign_is_one_pattern_and_hardly_an_honest_letter_is_in_one()
    {
        if (InventedBank.Open() is not { } bank)
        {
            output.WriteLine("skipped: the data of the invented bank is absent");
            return;
        }
        IReadOnlyList<OrganisedLetter> letters = bank.Letters(Recognition.Cluster(bank.Evidence, Book.SharedPhoneMinPersons));
        (int right, int all) = (0, 0);
        HashSet<string> found = [];
        IReadOnlyList<OrganisedPattern> patterns = OrganisedFinder.Find(letters, Rules, threads: 2);
        foreach (OrganisedPattern pattern in patterns)
        {
            string[] planted = [.. pattern.Letters.Select(l => bank.Planted[bank.Cases[(int)l.ComplaintId - 1]].Campaign)];
            string name = planted.GroupBy(p => p).OrderByDescending(g => g.Count()).First().Key;
            int size = bank.Planted.Values.Count(p => p.Campaign == name);
            int hit = planted.Count(p => p == name && name.Length > 0);
            output.WriteLine($"{pattern.Key}: {planted.Length} letters, {pattern.Persons} persons, {pattern.NearPersons} near, families {pattern.Families}, contacts [{string.Join(' ', pattern.SharedContacts)}], score {pattern.Score:F2}; "
                + $"{hit} of {size} of {(name.Length > 0 ? name : "nothing planted")}; ties {string.Join(' ', pattern.Letters.GroupBy(l => l.Tie).Select(g => $"{g.Key} {g.Count()}"))}");
            right += hit;
            all += planted.Length;
            if (hit >= 0.8 * size)
            {
                found.Add(name);
            }
        }
        output.WriteLine($"precision {right}/{all}; campaigns {found.Count}");
        Assert.Equal(["2025-11 WMP YIELD", "2026-10 PAY FACIL"], HonestRises(bank, letters, patterns));
        Assert.Equal(bank.Planted.Values.Select(p => p.Campaign).Where(c => c.Length > 0).Distinct().Order(), found.Order());
        Assert.True(right >= 0.95 * all);
    }

    /// <summary>Wide rises that are no campaign: the two sudden rises that were planted, and nothing else; each holds most of what was planted.</summary>
    private string[] HonestRises(InventedBank bank, IReadOnlyList<OrganisedLetter> letters, IReadOnlyList<OrganisedPattern> patterns)
    {
        Dictionary<long, string> texts = letters.ToDictionary(l => l.Fact.ComplaintId, l => l.Text.Value);
        IReadOnlyList<WideRise> rises = WideRiseFinder.Find(
            letters.Select(l => l.Fact), Book.WideRise, patterns.SelectMany(p => p.Letters.Select(l => l.ComplaintId)).ToHashSet(), texts.GetValueOrDefault);
        foreach (WideRise rise in rises)
        {
            string[] campaigns = [.. rise.Complaints.Select(id => bank.Planted[bank.Cases[(int)id - 1]].Campaign).Where(c => c.Length > 0)];
            output.WriteLine($"{rise.Key} {rise.Business} {rise.Cause}: {rise.Persons} persons, {rise.Places} places, most at one {rise.MostAtOnePlace}, usual {rise.UsualPersons:F2}, in patterns {rise.InPatterns}, texts alike {rise.AlikeTexts} of {rise.Complaints.Count}; of campaigns {campaigns.Length}");
            Assert.Equal(rise.IsMostlyPatterns, 2 * campaigns.Length > rise.Complaints.Count);
        }
        return [.. rises.Where(r => !r.IsMostlyPatterns).Select(r => $"{r.First:yyyy-MM} {r.Business} {r.Cause}")];
    }

    [Fact]
    public void Near_and_moderate_edits_of_a_template_are_its_family_and_honest_letters_on_the_topic_are_not()
    {
        if (Path.Combine(SampleData.Bank, "templates.jsonl") is var path && !File.Exists(path))
        {
            output.WriteLine("skipped: the template families are absent");
            return;
        }
        Template[] all = [.. File.ReadLines(path).Select(line => JsonSerializer.Deserialize<Template>(line, JsonSerializerOptions.Web)!)];
        Boilerplate boilerplate = Boilerplate.Of(Rules.Boilerplate, [.. all.Select(t => t.Text)], Rules.BoilerplateShare, Rules.BoilerplateMinTexts);
        TemplateFamilies families = TemplateFamilies.Find([.. all.Select(t => boilerplate.Strip(t.Text))], Rules.Families);
        foreach (string edit in (string[])["near", "moderate", "heavy"])
        {
            int[] rows = [.. Enumerable.Range(0, all.Length).Where(i => all[i].Kind == "template" && all[i].Edit == edit)];
            int inFamily = rows.Count(i => families.Family[i] >= 0 && all[families.Family[i]].Group == all[i].Group);
            output.WriteLine($"{edit}: {inFamily} of {rows.Length} in their family");
            Assert.True(edit == "heavy" || inFamily >= (edit == "near" ? 1 : 0.95) * rows.Length);
        }
        Assert.All(Enumerable.Range(0, all.Length).Where(i => all[i].Kind != "template"), i => Assert.Equal(-1, families.Family[i]));
    }

    private static IEnumerable<ReportingMonth> Months() => Enumerable.Range(0, 24).Select(i => new ReportingMonth(2024, 11).Add(i));

    private sealed record Template(string Id, string Group, string Kind, string Edit, string Text);
}
