using Pipeline.Models.Complainants;
using Pipeline.Tests.Flags;

namespace Pipeline.Tests.Complainants;

public sealed class RecognitionTests
{
    [Fact]
    public void The_same_identity_number_is_the_same_person_whatever_the_name() =>
        Assert.Equal([[1, 2]], Persons(Shows(1, identity: "A", name: "王"), Shows(2, identity: "A", name: "汪")));

    [Fact]
    public void The_same_phone_and_name_are_the_same_person() =>
        Assert.Equal([[1, 2]], Persons(Shows(1, name: "王", phone: "p"), Shows(2, name: "王", phone: "p")));

    [Fact]
    public void The_same_phone_under_another_name_is_another_person() =>
        Assert.Equal([[1], [2]], Persons(Shows(1, name: "王", phone: "p"), Shows(2, name: "李", phone: "p")));

    [Fact]
    public void The_same_name_alone_joins_nobody() =>
        Assert.Equal([[1], [2]], Persons(Shows(1, name: "王"), Shows(2, name: "王")));

    [Fact]
    public void Two_identity_numbers_never_become_one_person_though_phone_and_name_agree() =>
        Assert.Equal([[1], [2]], Persons(Shows(1, identity: "A", name: "王", phone: "p"), Shows(2, identity: "B", name: "王", phone: "p")));

    [Fact]
    public void A_contact_that_leads_to_two_identity_numbers_joins_no_complaint_that_shows_none()
    {
        PersonClusters persons = Recognition.Cluster(
            [Shows(1, identity: "A", name: "王", phone: "p"), Shows(2, identity: "B", name: "王", phone: "p"), Shows(3, name: "王", phone: "p")], 4);
        Assert.Equal(3, persons.Persons.Count);
        Assert.Contains(persons.Refused, r => r is { ComplaintId: 3, Reason: "ambiguous" });
    }

    [Fact]
    public void A_chain_over_two_phones_does_not_bring_two_identity_numbers_together()
    {
        PersonClusters persons = Recognition.Cluster(
            [
                Shows(1, identity: "A", name: "王", phone: "p"), Shows(2, name: "王", phones: ["p", "q"]),
                Shows(3, identity: "B", name: "王", phone: "q"),
            ], 4);
        Assert.Equal([[1, 2], [3]], Sets(persons));
        Assert.Contains(persons.Refused, r => r.Reason == "different_identity");
    }

    [Theory]
    [InlineData(1970, 1971, "女", "女", "different_birth_year")]
    [InlineData(1970, 1970, "女", "男", "different_gender")]
    public void Known_birth_years_and_genders_that_differ_hold_two_persons_apart(int one, int other, string hers, string his, string reason)
    {
        PersonClusters persons = Recognition.Cluster(
            [Shows(1, name: "王", phone: "p", born: one, gender: hers), Shows(2, name: "王", phone: "p", born: other, gender: his)], 4);
        Assert.Equal(2, persons.Persons.Count);
        Assert.Equal(reason, persons.Refused.Single().Reason);
    }

    [Fact]
    public void A_phone_of_four_differently_named_persons_identifies_nobody_and_is_reported()
    {
        ComplainantEvidence[] complaints =
        [
            Shows(1, name: "王", phone: "p"), Shows(2, name: "李", phone: "p"), Shows(3, name: "张", phone: "p"), Shows(4, name: "刘", phone: "p"),
            Shows(5, name: "王", phone: "p"),
        ];
        PersonClusters persons = Recognition.Cluster(complaints, 4);
        Assert.Equal(5, persons.Persons.Count);
        SharedContact shared = persons.SharedContacts.Single();
        Assert.Equal(("phone", 4), (shared.Kind, shared.Persons));
        Assert.Equal(4, Recognition.Cluster(complaints, 5).Persons.Count);
    }

    [Fact]
    public void Names_that_one_identity_number_bears_count_once_against_a_phone()
    {
        PersonClusters persons = Recognition.Cluster(
            [
                Shows(1, identity: "A", name: "王小明", phone: "p"), Shows(2, identity: "A", name: "王晓明", phone: "p"),
                Shows(3, identity: "A", name: "汪小明", phone: "p"), Shows(4, identity: "A", name: "王小名", phone: "p"), Shows(5, name: "王小明", phone: "p"),
            ], 4);
        Assert.Empty(persons.SharedContacts);
        Assert.Single(persons.Persons);
    }

    [Fact]
    public void A_complaint_that_shows_nobody_has_no_person() =>
        Assert.Empty(Recognition.Cluster([new ComplainantEvidence { ComplaintId = 1, CaseNumber = "T1", Received = Day, BirthYear = 1970, Gender = "女" }], 4).Links);

    [Fact]
    public void A_link_says_which_identifier_joined_it()
    {
        PersonClusters persons = Recognition.Cluster(
            [Shows(1, identity: "A", name: "王", phone: "p"), Shows(2, name: "王", phone: "p"), Shows(3, name: "李", phone: "q")], 4);
        Assert.Equal(
            [(1L, "identity", 2L), (2L, "phone", 1L), (3L, "alone", null)],
            persons.Links.Select(l => (l.ComplaintId, l.Basis, l.JoinedTo)));
    }

    [Fact]
    public void The_outcome_does_not_depend_on_the_order_in_which_complaints_are_given()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            Random random = new(seed);
            ComplainantEvidence[] complaints = Invented(random, 40, contradictions: true);
            List<long[]> expected = Sets(Recognition.Cluster(complaints, 4));
            random.Shuffle(complaints);
            Assert.Equal(expected, Sets(Recognition.Cluster(complaints, 4)));
        }
    }

    [Fact]
    public void No_person_ever_shows_two_identity_numbers_or_contradicts_itself()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            ComplainantEvidence[] complaints = Invented(new Random(seed), 60, contradictions: true);
            foreach (PersonCluster person in Recognition.Cluster(complaints, 4).Persons)
            {
                ComplainantEvidence[] members = [.. person.ComplaintIds.Select(id => complaints[id - 1])];
                Assert.True(members.Where(m => m.Identity.IsShown).Select(m => m.Identity).Distinct().Count() <= 1);
                Assert.True(members.Where(m => m.BirthYear is not null).Select(m => m.BirthYear).Distinct().Count() <= 1);
            }
        }
    }

    [Fact]
    public void All_pairs_compared_slowly_give_the_same_persons()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            ComplainantEvidence[] complaints = Invented(new Random(seed), 50, contradictions: false);
            Assert.Equal(Slowly(complaints, 4), Sets(Recognition.Cluster(complaints, 4)));
        }
    }

    /// <summary>The specification where nothing contradicts: same identity, or same name and a common contact that fewer persons share.</summary>
    private static List<long[]> Slowly(ComplainantEvidence[] complaints, int sharedMinPersons)
    {
        int[] group = [.. Enumerable.Range(0, complaints.Length)];
        for (bool changed = true; changed;)
        {
            changed = false;
            for (int a = 0; a < complaints.Length; a++)
            {
                for (int b = 0; b < complaints.Length; b++)
                {
                    if (group[a] < group[b] && SamePerson(complaints[a], complaints[b]))
                    {
                        group[b] = group[a];
                        changed = true;
                    }
                    else if (group[a] != group[b] && SamePerson(complaints[a], complaints[b]))
                    {
                        group[a] = group[b];
                        changed = true;
                    }
                }
            }
        }
        return [.. Enumerable.Range(0, complaints.Length).GroupBy(i => group[i]).Select(g => g.Select(i => complaints[i].ComplaintId).Order().ToArray()).OrderBy(g => g[0])];

        bool SamePerson(ComplainantEvidence one, ComplainantEvidence other) =>
            (one.Identity.IsShown && one.Identity == other.Identity)
            || (one.Name.IsShown && one.Name == other.Name && one.Phones.Intersect(other.Phones).Any(p => NamesOf(p) < sharedMinPersons));

        int NamesOf(EvidenceToken phone) => complaints.Where(c => c.Phones.Contains(phone)).Select(c => c.Name).Distinct().Count();
    }

    [Fact]
    public void Where_two_telephones_of_a_complaint_lead_to_two_persons_the_first_decides_whatever_the_keys_of_the_installation()
    {
        for (int installation = 0; installation < 32; installation++)
        {
            string contact = $"contact {installation}";
            string reply = $"reply {installation}";
            PersonClusters persons = Recognition.Cluster(
            [
                Shows(1, name: "n", phones: [contact, reply]),
                Shows(2, name: "n", phone: reply, born: 1990),
                Shows(3, name: "n", phone: contact, born: 1980),
            ], 4);
            Assert.Equal([[1L, 3L], [2L]], Sets(persons));
        }
    }

    /// <summary>Persons with a few names, phones and identity numbers, drawn from small pools so that they meet.</summary>
    internal static ComplainantEvidence[] Invented(Random random, int count, bool contradictions)
    {
        ComplainantEvidence[] complaints = new ComplainantEvidence[count];
        for (int i = 0; i < count; i++)
        {
            int person = random.Next(12);
            int phone = contradictions ? random.Next(10) : person;
            string[] phones = random.Next(4) switch
            {
                0 => [],
                1 => [$"p{phone}", $"q{phone}"],
                2 => ["agent"],
                _ => [$"p{phone}"],
            };
            complaints[i] = Shows(
                i + 1, random.Next(2) == 0 ? $"id{person}" : null, $"n{(contradictions ? person % 5 : person)}", null,
                contradictions && random.Next(3) > 0 ? 1950 + (person % 7) : null, null, phones) with
            { Received = Day.AddDays(random.Next(60)) };
        }
        return complaints;
    }

    internal static readonly DateOnly Day = new(2025, 1, 1);

    internal static ComplainantEvidence Shows(
        long id, string? identity = null, string? name = null, string? phone = null, int? born = null, string? gender = null, string[]? phones = null) => new()
        {
            ComplaintId = id,
            CaseNumber = $"T{id:000}",
            Received = Day.AddDays((int)id),
            Identity = InventedBank.Token("identity", identity),
            Name = InventedBank.Token("name", name),
            Phones = [.. (phones ?? (phone is null ? [] : [phone])).Select(p => InventedBank.Token("phone", p))],
            BirthYear = born,
            Gender = gender,
        };

    internal static List<long[]> Sets(PersonClusters persons) =>
        [.. persons.Persons.Select(p => p.ComplaintIds.Order().ToArray()).OrderBy(p => p[0])];

    private static List<long[]> Persons(params ComplainantEvidence[] complaints) => Sets(Recognition.Cluster(complaints, 4));
}
