using Pipeline.Jobs.Complainants;
using Pipeline.Models.Complainants.Matching;
using Xunit.Abstractions;

namespace Pipeline.Tests.Complainants;

/// <summary>The matcher as a whole, on invented persons.</summary>
public sealed class PersonMatcherTests(ITestOutputHelper output)
{
    private static readonly NameLexicon Lexicon = PersonTables.Lexicon("/nowhere").Value;

    private static readonly MatchSchema Schema = FieldComparisonTests.Schema("""
        {
          "fields": [
            { "name": "given", "kind": "name" }, { "name": "family", "kind": "name", "swap_with": "given" },
            { "name": "born", "kind": "date" }, { "name": "town", "kind": "text" }, { "name": "phone", "kind": "phones", "shared_min_persons": 6 },
            { "name": "identity", "kind": "identity", "contradicts": true }
          ],
          "blocking": [
            { "on": [ "identity" ] }, { "on": [ "phone" ] }, { "on": [ "born" ] }, { "on": [ "given|family" ] }, { "on": [ "family:sound", "town:start" ] },
            { "on": [ "given:sound", "town:start" ] }
          ]
        }
        """);

    [Fact]
    public void Damaged_copies_are_found_again_without_labels()
    {
        List<(int Person, string[] Row)> rows = Invented(1, 400);
        MatchOutcome outcome = Match(rows.Select(r => r.Row));
        (double precision, double recall) = Judge(outcome, rows);
        output.WriteLine($"precision {precision:F4}, recall {recall:F4}, pairs compared {outcome.Rules.Sum(r => r.NewPairs)}");
        Assert.True(precision >= 0.98 && recall >= 0.95);
    }

    [Fact]
    public void Neither_the_order_of_the_rows_nor_the_number_of_threads_changes_a_person()
    {
        List<(int Person, string[] Row)> rows = Invented(2, 250);
        string expected = Sets(Match(rows.Select(r => r.Row)), r => rows[r].Row);
        for (int seed = 0; seed < 5; seed++)
        {
            (int, string[] Row)[] shuffled = [.. rows];
            new Random(seed).Shuffle(shuffled);
            Assert.Equal(expected, Sets(Match(shuffled.Select(r => r.Row), threads: 1 + (seed % 3)), r => shuffled[r].Row));
        }
    }

    [Fact]
    public void Blocking_and_early_giving_up_lose_no_pair_that_all_pairs_compared_slowly_keep()
    {
        List<(int Person, string[] Row)> rows = Invented(3, 250);
        MatchTable table = Table(rows.Select(r => r.Row));
        MatchOutcome outcome = PersonMatcher.Match(table, 2, CancellationToken.None);
        (CandidatePair[] fast, _) = CandidatePairs.Find(table, outcome.Model, new CandidateRules(table, 2), 0, 2, CancellationToken.None);
        PairComparer comparer = new(table);
        List<(int, int, AgreementVector)> slow = [];
        for (int a = 0; a < table.Records; a++)
        {
            for (int b = a + 1; b < table.Records; b++)
            {
                AgreementVector levels = comparer.Compare(a, b);
                if (Schema.Rules.Any(r => AgreeIn(table, r, a, b)) && outcome.Model.Bits(table, levels, a, b) >= -12)
                {
                    slow.Add((a, b, levels));
                }
            }
        }
        Assert.Equal(slow, fast.Select(p => (p.A, p.B, p.Levels)));
    }

    [Fact]
    public void Persons_are_those_of_all_pairs_without_blocking_best_first()
    {
        List<(int Person, string[] Row)> rows = Invented(4, 250);
        MatchTable table = Table(rows.Select(r => r.Row));
        MatchOutcome outcome = PersonMatcher.Match(table, 2, CancellationToken.None);
        int[] slow = Slowly(table, outcome.Model);
        for (int a = 0; a < table.Records; a++)
        {
            for (int b = a + 1; b < table.Records; b++)
            {
                Assert.Equal(slow[a] == slow[b], outcome.Person[a] == outcome.Person[b]);
            }
        }
    }

    [Fact]
    public void Two_identity_numbers_never_become_one_person()
    {
        List<(int Person, string[] Row)> rows = Invented(5, 300);
        string[] twin = [.. rows[0].Row];
        rows[0].Row[5] = "990000197707070047";
        twin[5] = "99000019770707016X";
        rows.Add((-1, twin));
        MatchOutcome outcome = Match(rows.Select(r => r.Row));
        foreach (IGrouping<int, int> person in Enumerable.Range(0, outcome.Person.Length).GroupBy(r => outcome.Person[r]))
        {
            Assert.True(person.Select(r => outcome.Table.Value(r, 5)).Where(v => v >= 0 && outcome.Table.Pools[5].IsValid(v)).Distinct().Count() <= 1);
        }
        Assert.Contains(outcome.Held, h => h is { Reason: HoldReasons.Contradiction, Field: "identity" });
    }

    [Fact]
    public void A_phone_of_many_differently_named_persons_is_no_evidence_and_is_reported()
    {
        List<(int Person, string[] Row)> rows = Invented(6, 200);
        for (int i = 0; i < 12; i++)
        {
            rows[i * 10].Row[4] = "400 13800009999".Split(' ')[1];
        }
        MatchOutcome outcome = Match(rows.Select(r => r.Row));
        SharedValue shared = Assert.Single(outcome.Table.Shared);
        Assert.True(shared.Persons >= 6);
        Assert.Equal(12, shared.Rows.Count);
    }

    [Fact]
    public void Inputs_that_are_free_of_duplicates_give_each_person_at_most_one_row_of_each()
    {
        List<(int Person, string[] Row)> rows = Invented(7, 200);
        MatchTableBuilder builder = new(Schema with { InputsFreeOfDuplicates = true }, Lexicon, 2);
        foreach ((int i, (int _, string[] row)) in rows.Index())
        {
            builder.Add(i % 2, row);
        }
        MatchOutcome outcome = PersonMatcher.Match(builder.Build(), 2, CancellationToken.None);
        Assert.All(
            Enumerable.Range(0, outcome.Person.Length).GroupBy(r => (outcome.Person[r], outcome.Table.Place(r).Input)), g => Assert.Single(g));
    }

    [Fact]
    public void The_weights_of_an_explanation_sum_to_the_odds_of_the_pair()
    {
        MatchOutcome outcome = Match(Invented(8, 200).Select(r => r.Row));
        foreach (MatchedPair pair in outcome.Pairs)
        {
            MatchExplanation why = MatchExplanation.Of(outcome.Table, outcome.Model, pair.A, pair.B);
            Assert.Equal(pair.Bits, why.Bits, 3);
            Assert.Equal(why.Bits, MatchExplanation.Of(outcome.Table, outcome.Model, pair.B, pair.A).Bits, 9);
            Assert.Contains("bits", why.Sentence.En, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_schema_says_everything_that_is_wrong_with_it_at_once()
    {
        (MatchSchema? schema, IReadOnlyList<Models.Text.Bilingual> faults) = MatchSchemaReader.Read(
            """{ "fields": [ { "name": "a", "kind": "colour" }, { "name": "a", "kind": "name", "swap_with": "z" } ], "blocking": [ { "on": [ "b:rhyme" ] } ], "probability": 2 }""");
        Assert.Null(schema);
        Assert.True(faults.Count >= 5);
        (schema, faults) = MatchSchemaReader.Read("{ \"fields\": [], \"colour\": 1 }");
        Assert.Null(schema);
        Assert.Single(faults);
    }

    private static bool AgreeIn(MatchTable table, BlockingRule rule, int a, int b)
    {
        KeyClasses classes = new(table);
        classes.Prepare(rule);
        Span<ulong> one = stackalloc ulong[4];
        Span<ulong> other = stackalloc ulong[4];
        int ofA = classes.Keys(rule, a, one);
        int ofB = classes.Keys(rule, b, other);
        return one[..ofA].IndexOfAny(other[..ofB]) >= 0;
    }

    /// <summary>The stated rule in plain words: every pair weighed, the heaviest first, groups as lists.</summary>
    private static int[] Slowly(MatchTable table, MatchModel model)
    {
        PairComparer comparer = new(table);
        List<(double Bits, int A, int B)> pairs = [];
        for (int a = 0; a < table.Records; a++)
        {
            for (int b = a + 1; b < table.Records; b++)
            {
                pairs.Add((model.Bits(table, comparer.Compare(a, b), a, b), a, b));
            }
        }
        List<int>[] group = [.. Enumerable.Range(0, table.Records).Select(r => new List<int> { r })];
        foreach ((double _, int a, int b) in pairs.Where(p => p.Bits >= 0).OrderByDescending(p => p.Bits).ThenBy(p => p.A).ThenBy(p => p.B))
        {
            if (group[a] == group[b])
            {
                continue;
            }
            int[] identities = [.. group[a].Concat(group[b]).Select(r => table.Value(r, 5)).Where(v => v >= 0 && table.Pools[5].IsValid(v)).Distinct()];
            double average = group[a].SelectMany(_ => group[b], (x, y) => Math.Clamp(model.Bits(table, comparer.Compare(x, y), x, y), -20, 20)).Average();
            if (identities.Length > 1 || (group[a].Count + group[b].Count > 2 && average < 0))
            {
                continue;
            }
            List<int> joined = [.. group[a], .. group[b]];
            foreach (int record in joined)
            {
                group[record] = joined;
            }
        }
        return [.. group.Select(g => g.Min())];
    }

    private static MatchOutcome Match(IEnumerable<string[]> rows, int threads = 2) => PersonMatcher.Match(Table(rows), threads, CancellationToken.None);

    private static MatchTable Table(IEnumerable<string[]> rows)
    {
        MatchTableBuilder builder = new(Schema, Lexicon, 1);
        foreach (string[] row in rows)
        {
            builder.Add(0, row);
        }
        return builder.Build();
    }

    private static string Sets(MatchOutcome outcome, Func<int, string[]> row) => string.Join('\n', Enumerable.Range(0, outcome.Person.Length)
        .GroupBy(r => outcome.Person[r])
        .Select(g => string.Join(" & ", g.Select(r => string.Join(',', row(outcome.Table.Place(r).Row - 1))).Order(StringComparer.Ordinal)))
        .Order(StringComparer.Ordinal));

    private static (double Precision, double Recall) Judge(MatchOutcome outcome, List<(int Person, string[] Row)> rows)
    {
        int TruthOf(int record) => rows[outcome.Table.Place(record).Row - 1].Person;
        int[] all = [.. Enumerable.Range(0, outcome.Person.Length)];
        double found = all.GroupBy(r => outcome.Person[r]).Sum(g => g.Count() * (g.Count() - 1) / 2);
        double existing = all.GroupBy(TruthOf).Sum(g => g.Count() * (g.Count() - 1) / 2);
        double right = all.GroupBy(r => (outcome.Person[r], TruthOf(r))).Sum(g => g.Count() * (g.Count() - 1) / 2);
        return (right / found, right / existing);
    }

    /// <summary>Invented persons, a third of them with one or two damaged copies; phones and identity numbers are often missing.</summary>
    private static List<(int Person, string[] Row)> Invented(int seed, int persons)
    {
        string[] given = ["anna", "robert", "lucy", "james", "marie", "oliver", "grace", "henry", "ivy", "thomas", "ella", "noah", "sofia", "george"];
        string[] family = ["keller", "moran", "pratt", "ostrow", "linden", "quayle", "farris", "bowman", "tilley", "vance", "wexler", "doyle", "ashby", "croft", "nolan", "reeve"];
        string[] towns = ["north haven", "millbrook", "east ferry", "stonegate", "willow end", "harbour hill"];
        Random random = new(seed);
        List<(int, string[])> rows = [];
        for (int person = 0; person < persons; person++)
        {
            string body = $"990000{random.Next(1930, 2005):0000}{random.Next(1, 13):00}{random.Next(1, 29):00}{random.Next(1, 1000):000}";
            string identity = body + Models.Complainants.Identifiers.CheckCharacter(body);
            string[] row =
            [
                given[random.Next(given.Length)], family[random.Next(family.Length)] + (char)('a' + random.Next(6)), body[6..14], towns[random.Next(towns.Length)],
                random.Next(3) > 0 ? $"13{random.Next(100_000_000, 1_000_000_000)}" : "", random.Next(2) > 0 ? identity : "",
            ];
            rows.Add((person, row));
            for (int copy = random.Next(6); copy < 2; copy++)
            {
                string[] damaged = [.. row];
                int field = random.Next(3);
                damaged[field] = damaged[field].Length > 3 ? damaged[field].Remove(random.Next(1, 3), 1) : damaged[field];
                damaged[random.Next(2) + 4] = "";
                rows.Add((person, damaged));
            }
        }
        return rows;
    }
}
