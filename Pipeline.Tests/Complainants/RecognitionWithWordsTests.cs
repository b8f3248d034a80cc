using Pipeline.Jobs.Complainants;
using Pipeline.Models.Complainants;

namespace Pipeline.Tests.Complainants;

/// <summary>Persons where analysts spoke: by keys, and by keys and probability.</summary>
public sealed class RecognitionWithWordsTests
{
    [Fact]
    public void A_word_joins_what_no_key_joins_and_holds_apart_what_a_key_joins_even_an_identity_number()
    {
        ComplainantEvidence[] complaints =
            [RecognitionTests.Shows(1, identity: "A", name: "王"), RecognitionTests.Shows(2, identity: "A", name: "李"), RecognitionTests.Shows(3, name: "张")];
        PersonClusters persons = Recognition.Cluster(
            complaints, 4, IdentityConstraints.Of([IdentityWord.Apart(1, ["T001"], ["T002"]), IdentityWord.Together(2, "T002", "T003")]));
        Assert.Equal([[1], [2, 3]], RecognitionTests.Sets(persons));
        Assert.Contains(persons.Refused, r => r is { Kind: "identity", Reason: HeldReasons.Word });
    }

    [Fact]
    public void Two_identity_numbers_are_not_one_person_whatever_an_analyst_said_before_the_second_one_came()
    {
        PersonClusters persons = Recognition.Cluster(
            [RecognitionTests.Shows(1, identity: "A"), RecognitionTests.Shows(2, identity: "B"), RecognitionTests.Shows(3, name: "王")], 4,
            IdentityConstraints.Of([IdentityWord.Together(1, "T001", "T002", "T003")]));
        Assert.Equal([[1, 3], [2]], RecognitionTests.Sets(persons));
        Assert.Contains(persons.Refused, r => r is { ComplaintId: 2, Kind: PersonBases.Analyst, Reason: HeldReasons.Identity });
    }

    [Fact]
    public void A_complaint_that_shows_nobody_is_the_person_s_to_whom_a_word_ties_it_and_nobody_s_without_it()
    {
        ComplainantEvidence nobody = new() { ComplaintId = 2, CaseNumber = "T002", Received = RecognitionTests.Day };
        IdentityConstraints words = IdentityConstraints.Of([IdentityWord.Together(1, "T001", "T002")]);
        Assert.Equal([[1, 2]], RecognitionTests.Sets(Recognition.Cluster([RecognitionTests.Shows(1, name: "王"), nobody], 4, words)));
        Assert.Empty(Recognition.Cluster([nobody], 4, words).Links);
    }

    [Fact]
    public void Every_word_that_stands_is_kept_and_nothing_depends_on_the_order_of_the_complaints()
    {
        int kept = 0;
        for (int seed = 0; seed < 400; seed++)
        {
            Random random = new(seed);
            ComplainantEvidence[] complaints = RecognitionTests.Invented(random, 30, contradictions: true);
            IdentityConstraints words = Said(random, complaints, 6);
            PersonClusters persons = Recognition.Cluster(complaints, 4, words);
            kept += Holds(complaints, persons, words);
            List<long[]> expected = RecognitionTests.Sets(persons);
            random.Shuffle(complaints);
            Assert.Equal(expected, RecognitionTests.Sets(Recognition.Cluster(complaints, 4, words)));
        }
        Assert.True(kept > 1_000, $"{kept} pairs were bound");
    }

    [Fact]
    public void In_the_invented_bank_words_are_kept_move_only_whom_they_reach_and_teach_nothing()
    {
        Flags.InventedBank bank = Flags.InventedBank.Open()!;
        LinkRules rules = LinkRules.Load("/nowhere");
        ComplainantEvidence[] complaints = [.. bank.Evidence.Take(3_000)];
        PersonRecognition recognition = PersonRecognition.Learn(
            complaints, c => bank.Cells(c, rules.Schema.Value), rules.Schema.Value, rules.Names.Value, 4, 2, CancellationToken.None);
        RecognisedPersons plain = recognition.Recognise(IdentityConstraints.None);
        Dictionary<long, string> number = complaints.ToDictionary(c => c.ComplaintId, c => c.CaseNumber);

        // Every tenth match is refused, and every hundredth person is made one with the next.
        List<IdentityWord> words = [.. plain.Matches.Values.Where((_, i) => i % 10 == 0).Select((m, i) => IdentityWord.Apart(i + 1, [number[m.ComplaintId]], [number[m.With]]))];
        for (int person = 0; person + 1 < plain.Clusters.Persons.Count; person += 100)
        {
            words.Add(IdentityWord.Together(words.Count + 1, number[plain.Clusters.Persons[person].ComplaintIds[0]], number[plain.Clusters.Persons[person + 1].ComplaintIds[0]]));
        }
        IdentityConstraints said = IdentityConstraints.Of(words);
        RecognisedPersons now = recognition.Recognise(said);
        Assert.True(Holds(complaints, now.Clusters, said) > 20);
        Assert.Equal(plain.Clusters.Links.Select(l => l.ComplaintId).Order(), now.Clusters.Links.Select(l => l.ComplaintId).Order());

        // Whoever is not marked as moved is the same, and for the same reasons.
        HashSet<string> before = [.. RecognitionTests.Sets(plain.Clusters).Select(p => string.Join(',', p))];
        foreach (PersonCluster person in now.Clusters.Persons)
        {
            Assert.Equal(!before.Contains(string.Join(',', person.ComplaintIds.Order())), now.ByWord.Contains(person.ComplaintIds[0]));
        }
        Dictionary<long, PersonLink> links = plain.Clusters.Links.ToDictionary(l => l.ComplaintId);
        Assert.All(now.Clusters.Links.Where(l => !now.ByWord.Contains(l.ComplaintId)), l => Assert.Equal(links[l.ComplaintId] with { Person = l.Person }, l));
        Assert.Contains(now.Clusters.Links, l => l.Basis == PersonBases.Analyst);
        Assert.Same(plain.Model, now.Model);
        Assert.InRange(now.ByWord.Count, 1, complaints.Length / 4);
        Assert.Contains(now.Held, h => h is { Kind: PersonBases.Match, Reason: HeldReasons.Word, Why: not null });
        Assert.Same(plain, recognition.Recognise(IdentityConstraints.None));
    }

    private static IdentityConstraints Said(Random random, ComplainantEvidence[] complaints, int count) => IdentityConstraints.Of(
        Enumerable.Range(1, count).Select(id => IdentityConstraintsTests.Invented(random, id, complaints.Length))
            .Select(w => new IdentityWord(w.WordId, [.. w.Cases.Select(Number)], [.. w.Others.Select(Number)])));

    private static string Number(string drawn) => $"T{int.Parse(drawn) + 1:000}";

    /// <summary>Apart is always kept, together unless it meets two identity numbers; no person shows two.</summary>
    /// <returns>Pairs that a word binds.</returns>
    private static int Holds(ComplainantEvidence[] complaints, PersonClusters persons, IdentityConstraints words)
    {
        Dictionary<long, int> person = persons.Links.ToDictionary(l => l.ComplaintId, l => l.Person);
        ComplainantEvidence[] named = [.. complaints.Where(c => person.ContainsKey(c.ComplaintId) && words.Cases.Contains(c.CaseNumber))];
        int bound = 0;
        foreach (ComplainantEvidence one in named)
        {
            foreach (ComplainantEvidence other in named.Where(o => o.ComplaintId > one.ComplaintId))
            {
                bool isOne = person[one.ComplaintId] == person[other.ComplaintId];
                if (words.AreApart(one.CaseNumber, other.CaseNumber))
                {
                    bound++;
                    Assert.False(isOne, $"{one.CaseNumber} and {other.CaseNumber} are held apart");
                }
                else if (words.AreTogether(one.CaseNumber, other.CaseNumber))
                {
                    bound++;
                    bool meetsTwoNumbers = named.Where(c => words.AreTogether(c.CaseNumber, one.CaseNumber) && c.Identity.IsShown).Select(c => c.Identity).Distinct().Count() > 1;
                    Assert.True(isOne || meetsTwoNumbers, $"{one.CaseNumber} and {other.CaseNumber} are together");
                }
            }
        }
        Assert.All(
            persons.Links.GroupBy(l => l.Person),
            p => Assert.True(p.Select(l => complaints.First(c => c.ComplaintId == l.ComplaintId).Identity).Where(i => i.IsShown).Distinct().Count() <= 1));
        return bound;
    }
}
