using Pipeline.Jobs.Rules;
using Pipeline.Models.Complainants;
using Pipeline.Tests.Flags;
using Xunit.Abstractions;

namespace Pipeline.Tests.Complainants;

public sealed class PersonKeysTests(ITestOutputHelper output)
{
    [Fact]
    public void A_person_without_a_key_needs_a_new_one_and_others_keep_theirs()
    {
        KeyAssignment keys = PersonKeys.Assign([Person(1, 2), Person(3)], Standing((1, 7)));
        Assert.Equal([7L, null], keys.KeyOfPerson);
        Assert.Empty(keys.Merges);
        Assert.Empty(keys.Splits);
    }

    [Fact]
    public void Where_two_keys_meet_the_older_one_remains_and_the_merge_is_an_event()
    {
        KeyAssignment keys = PersonKeys.Assign([Person(1, 2, 3)], Standing((1, 9), (2, 4)));
        Assert.Equal([4L], keys.KeyOfPerson);
        PersonMerge merge = Assert.Single(keys.Merges);
        Assert.Equal((9, 4, 3), (merge.From, merge.Into, merge.ComplaintId));
    }

    [Fact]
    public void Where_a_person_parts_the_key_stays_with_the_oldest_complaint_and_the_split_is_an_event()
    {
        KeyAssignment keys = PersonKeys.Assign([Person(1, 4), Person(2, 3)], Standing((1, 5), (2, 5), (3, 5)));
        Assert.Equal([5L, null], keys.KeyOfPerson);
        PersonSplit split = keys.Splits.Single();
        Assert.Equal((5L, 1), (split.From, split.Person));
        Assert.Equal([2L, 3L], split.ComplaintIds);
    }

    [Fact]
    public void A_complaint_that_moves_to_another_person_is_a_split_from_its_old_one()
    {
        KeyAssignment keys = PersonKeys.Assign([Person(1), Person(2, 3)], Standing((1, 5), (2, 6), (3, 5)));
        Assert.Equal([5L, 6L], keys.KeyOfPerson);
        Assert.Empty(keys.Merges);
        Assert.Equal((5L, 1), (keys.Splits.Single().From, keys.Splits.Single().Person));
    }

    [Fact]
    public void Portions_of_any_size_give_the_same_persons_as_all_at_once_and_every_difference_is_an_event()
    {
        for (int seed = 0; seed < 100; seed++)
        {
            Random random = new(seed);
            ComplainantEvidence[] complaints = RecognitionTests.Invented(random, 60, contradictions: true);
            Replay replay = new();
            for (int upTo = 0; upTo < complaints.Length;)
            {
                upTo = Math.Min(complaints.Length, upTo + random.Next(1, 15));
                replay.Take(Recognition.Cluster(complaints[..upTo], 4));
            }
            Assert.Equal(RecognitionTests.Sets(Recognition.Cluster(complaints, 4)), replay.Sets());
        }
    }

    [Fact]
    public void Twenty_four_months_one_at_a_time_give_the_same_persons_as_all_at_once()
    {
        if (InventedBank.Open() is not { } bank)
        {
            output.WriteLine("skipped: the data of the invented bank is absent");
            return;
        }
        Replay replay = new();
        for (int file = 0; file <= bank.FileOf.Values.Max(); file++)
        {
            replay.Take(bank.Recognise(bank.Cases.TakeWhile(c => bank.FileOf[c] <= file).Count()).Clusters);
        }
        output.WriteLine($"merges {replay.Merges}, splits {replay.Splits}");
        Assert.Equal(RecognitionTests.Sets(bank.Recognise().Clusters), replay.Sets());
    }

    /// <summary>The ledger in memory: applies an assignment and checks that no link changes without an event.</summary>
    private sealed class Replay
    {
        private readonly Dictionary<long, long> standing = [];
        private long lastKey;

        public int Merges { get; private set; }

        public int Splits { get; private set; }

        public void Take(PersonClusters persons)
        {
            KeyAssignment keys = PersonKeys.Assign(persons.Persons, standing);
            (Merges, Splits) = (Merges + keys.Merges.Count, Splits + keys.Splits.Count);
            HashSet<long> explained = [.. keys.Splits.SelectMany(s => s.ComplaintIds)];
            Dictionary<long, long> merged = keys.Merges.ToDictionary(m => m.From, m => m.Into);
            for (int person = 0; person < persons.Persons.Count; person++)
            {
                long key = keys.KeyOfPerson[person] ?? ++lastKey;
                foreach (long complaint in persons.Persons[person].ComplaintIds)
                {
                    if (standing.TryGetValue(complaint, out long before) && before != key)
                    {
                        Assert.True(explained.Contains(complaint) || merged.GetValueOrDefault(before) == key);
                    }
                    standing[complaint] = key;
                }
            }
        }

        public List<long[]> Sets() => [.. standing.GroupBy(s => s.Value).Select(g => g.Select(s => s.Key).Order().ToArray()).OrderBy(g => g[0])];
    }

    [Fact]
    public void What_an_analyst_sends_away_leaves_its_key_behind_though_it_is_the_oldest_complaint()
    {
        KeyAssignment keys = PersonKeys.Assign(
            [Person(1), Person(2, 3)], Standing((1, 5), (2, 5), (3, 5)), new KeyHistory(new Dictionary<long, long>(), new HashSet<long> { 1 }));
        Assert.Equal([null, 5L], keys.KeyOfPerson);
        Assert.Equal([1L], keys.Splits.Single().ComplaintIds);
    }

    [Fact]
    public void A_part_that_leaves_with_the_complaint_that_had_held_a_merged_key_gets_that_key_again()
    {
        KeyHistory merged = new(new Dictionary<long, long> { [2] = 9, [3] = 8 }, new HashSet<long>());
        KeyAssignment keys = PersonKeys.Assign([Person(1), Person(2, 3), Person(4)], Standing((1, 5), (2, 5), (3, 5)), merged);
        Assert.Equal([5L, 8L, null], keys.KeyOfPerson);
        Assert.Equal([8L], keys.Revived);
        // Nobody else gets it: a person who has a key keeps that.
        Assert.Equal([5L], PersonKeys.Assign([Person(1, 2, 3)], Standing((1, 5), (2, 5), (3, 5)), merged).KeyOfPerson);
    }

    private static PersonCluster Person(params long[] complaints) => new(RecognitionTests.Day, complaints);

    private static Dictionary<long, long> Standing(params (long Complaint, long Key)[] links) => links.ToDictionary(l => l.Complaint, l => l.Key);
}
