using Pipeline.Jobs.Rules;
using Pipeline.Models.Complainants;
using Pipeline.Models.Flags;
using Pipeline.Models.Taxonomy;
using Xunit.Abstractions;

namespace Pipeline.Tests.Flags;

/// <summary>Persons, repeats and escalation of the invented bank against its truth.</summary>
public sealed class FlagTruthTests(ITestOutputHelper output)
{
    private static readonly RuleBook Rules = RuleFiles.Rules("/nowhere").Value;
    private static readonly ThreatLexicon Lexicon = RuleFiles.Load("/nowhere", "lexicon.threats.json", ThreatLexicon.Parse).Value;

    [Fact]
    public void Persons_of_the_invented_bank_are_recognised_with_hardly_a_false_pair()
    {
        if (InventedBank.Open() is not { } bank)
        {
            output.WriteLine("skipped: the data of the invented bank is absent");
            return;
        }
        PersonClusters exact = Recognition.Cluster(bank.Evidence, Rules.SharedPhoneMinPersons);
        (long right, long found, long existing) = Pairs(bank, exact);
        output.WriteLine($"pairs by exact keys: precision {Share(right, found)}, recall {Share(right, existing)}; persons {exact.Persons.Count}");
        Assert.True(right >= 0.99 * found);
        PersonClusters persons = bank.Recognise().Clusters;
        (right, found, existing) = Pairs(bank, persons);
        output.WriteLine($"pairs: precision {Share(right, found)}, recall {Share(right, existing)}; persons {persons.Persons.Count}; "
            + $"shared contacts {persons.SharedContacts.Count}; refused joins {persons.Refused.Count}");
        Assert.True(2 * right >= 0.995 * (found + existing));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Repeats_and_escalations_of_the_invented_bank_are_found(bool withTrueLabels)
    {
        if (InventedBank.Open() is not { } bank)
        {
            output.WriteLine("skipped: the data of the invented bank is absent");
            return;
        }
        PersonClusters persons = bank.Recognise().Clusters;
        IReadOnlyList<FlagInput> inputs = bank.Inputs(persons, withTrueLabels
            ? number => (bank.Truth[number].Business, bank.Truth[number].Cause)
            : bank.Reported);
        IReadOnlyList<CaseFlags> flags = FlagEngine.Judge(inputs, FlagRules.Of(Rules), Lexicon);
        (int flagged, int right, int existing, int findable, int foundOfFindable) = Count(bank, inputs, flags, f => f.RepeatOf is not null, t => t.RepeatOf is not null);
        output.WriteLine($"repeats: precision {Share(right, flagged)}, recall {Share(right, existing)}, recall with identity both times {Share(foundOfFindable, findable)}");
        Assert.True(right >= 0.96 * flagged);
        Assert.True(right >= 0.96 * existing);
        Assert.True(foundOfFindable >= 0.95 * findable);
        (flagged, right, existing, findable, foundOfFindable) = Count(bank, inputs, flags, f => f.IsEscalation, t => t.IsEscalated);
        output.WriteLine($"escalations: precision {Share(right, flagged)}, recall {Share(right, existing)}, recall with identity both times {Share(foundOfFindable, findable)}");
        Assert.True(right >= 0.95 * flagged);
        Assert.True(right >= 0.95 * existing);
        Assert.True(foundOfFindable >= 0.95 * findable);
    }

    [Fact]
    public void Stages_of_the_invented_bank_are_mostly_told_by_the_words()
    {
        if (InventedBank.Open() is not { } bank)
        {
            output.WriteLine("skipped: the data of the invented bank is absent");
            return;
        }
        PersonClusters persons = bank.Recognise().Clusters;
        IReadOnlyList<CaseFlags> flags = FlagEngine.Judge(bank.Inputs(persons, bank.Reported), FlagRules.Of(Rules), Lexicon);
        int right = flags.Count(f => f.Stage == bank.Truth[bank.Cases[(int)f.ComplaintId - 1]].Stage);
        output.WriteLine($"stages: accuracy {Share(right, flags.Count)}");
        Assert.True(right >= 0.70 * flags.Count);
    }

    private static (long Right, long Found, long Existing) Pairs(InventedBank bank, PersonClusters persons)
    {
        long right = 0;
        long found = 0;
        foreach (PersonCluster person in persons.Persons)
        {
            found += Choose(person.ComplaintIds.Count);
            right += person.ComplaintIds.GroupBy(id => bank.Truth[bank.Cases[(int)id - 1]].Person).Sum(g => Choose(g.Count()));
        }
        return (right, found, bank.Cases.GroupBy(c => bank.Truth[c].Person).Sum(g => Choose(g.Count())));
    }

    private static long Choose(int count) => (long)count * (count - 1) / 2;

    private static (int Flagged, int Right, int Existing, int Findable, int FoundOfFindable) Count(
        InventedBank bank, IReadOnlyList<FlagInput> inputs, IReadOnlyList<CaseFlags> flags, Func<CaseFlags, bool> isFlagged, Func<TruthRow, bool> isTrue)
    {
        (int flagged, int right, int existing, int findable, int foundOfFindable) = (0, 0, 0, 0, 0);
        for (int i = 0; i < inputs.Count; i++)
        {
            TruthRow truth = bank.Truth[inputs[i].CaseNumber];
            bool correct = isFlagged(flags[i]) && isTrue(truth) && flags[i].RepeatOfCaseNumber == truth.RepeatOf;
            bool shownTwice = isTrue(truth) && bank.FileOf.ContainsKey(truth.RepeatOf!) && bank.ShowsIdentity(truth.Case) && bank.ShowsIdentity(truth.RepeatOf!);
            flagged += isFlagged(flags[i]) ? 1 : 0;
            right += correct ? 1 : 0;
            existing += isTrue(truth) ? 1 : 0;
            findable += shownTwice ? 1 : 0;
            foundOfFindable += shownTwice && correct ? 1 : 0;
        }
        return (flagged, right, existing, findable, foundOfFindable);
    }

    private static string Share(long part, long whole) => whole == 0 ? "-" : $"{(double)part / whole:F4} ({part}/{whole})";
}
