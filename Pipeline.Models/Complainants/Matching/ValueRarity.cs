namespace Pipeline.Models.Complainants.Matching;

/// <summary>
/// Term frequency: a rare value tells more. The probability that another person shows a value is estimated from the number of
/// different persons who show it, r; for one or two of them by Good and Turing's r* = (r + 1) n(r+1) / n(r) (Good 1953), so that a
/// field of hardly any repeats (an insurance number) tells as much as it should.
/// </summary>
internal static class ValueRarity
{
    /// <param name="person">Person of each record, as far as is known; null: every record is counted.</param>
    internal static void Estimate(MatchTable table, MatchModel model, int[]? person)
    {
        for (int field = 0; field < table.Fields; field++)
        {
            int[] users = person is null ? table.Counts(field) : Users(table, field, person);
            RarityScale scale = Scale(users, adjusted: person is not null);
            float[] bits = new float[users.Length];
            for (int value = 0; value < bits.Length; value++)
            {
                bits[value] = scale.Bits(users[value]);
            }
            model.SetRarity(field, bits, users, scale);
        }
    }

    /// <summary>Persons by value.</summary>
    private static int[] Users(MatchTable table, int field, int[] person)
    {
        int[] users = new int[table.Counts(field).Length];
        HashSet<long> seen = [];
        int[] firstUser = new int[users.Length];
        Array.Fill(firstUser, -1);
        for (int record = 0; record < table.Records; record++)
        {
            int value = table.Value(record, field);
            if (value < 0)
            {
                continue;
            }
            foreach (int element in table.Elements(field, in value))
            {
                if (firstUser[element] == person[record])
                {
                    continue;
                }
                if (firstUser[element] < 0)
                {
                    firstUser[element] = person[record];
                    users[element]++;
                }
                else if (seen.Add(((long)element << 32) | (uint)person[record]))
                {
                    users[element]++;
                }
            }
        }
        return users;
    }

    private static RarityScale Scale(int[] users, bool adjusted)
    {
        long total = 0;
        Span<double> ofCount = stackalloc double[4];
        ofCount.Clear();
        foreach (int count in users)
        {
            total += count;
            if (count is > 0 and < 4)
            {
                ofCount[count]++;
            }
        }
        double one = 1;
        double two = 2;
        if (adjusted && total > 0)
        {
            two = Math.Clamp(3 * Math.Max(ofCount[3], 0.5) / Math.Max(ofCount[2], 1), 0.5, 2);
            one = Math.Clamp(2 * Math.Max(ofCount[2], 0.5) / Math.Max(ofCount[1], 1), 1e-4, Math.Min(1, two));
        }
        return new RarityScale(total, one, two);
    }
}

/// <summary>How the rarity of a field's values follows from the number of persons who show them.</summary>
/// <param name="Total">Persons who show a value, summed over the values.</param>
/// <param name="One">What one person, or none, counts; see <see cref="ValueRarity"/>.</param>
/// <param name="Two">What two count.</param>
internal readonly record struct RarityScale(long Total, double One, double Two)
{
    /// <summary>-log2 of the probability of a value that so many persons show.</summary>
    internal float Bits(int users)
    {
        double r = users switch { <= 1 => One, 2 => Two, int count => count };
        return Total == 0 ? 0 : (float)-Math.Log2(Math.Min(0.999, r / Total));
    }
}
