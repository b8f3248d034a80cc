using System.Globalization;
using System.Text;

namespace Pipeline.Benchmarks.Complainants;

/// <summary>
/// Invented persons in the columns of FEBRL, from a seed: names by Zipf's law, places whose postcode and state belong to them, and
/// duplicates with the slips of FEBRL's generator (wrong, lost, added and exchanged letters, spaces, gaps, exchanged fields, other values).
/// </summary>
internal sealed class PersonGenerator
{
    /// <summary>Share of the records that are duplicates of others; a person has up to three.</summary>
    internal const double DuplicateShare = 0.15;

    internal const string Header = "rec_id,given_name,surname,street_number,address_1,address_2,suburb,postcode,state,date_of_birth,soc_sec_id";

    private const int Fields = 10;
    private static readonly string[] Onsets = ["b", "br", "c", "ch", "d", "dr", "f", "fl", "g", "gr", "h", "j", "k", "kl", "l", "m", "n", "p", "pr", "r", "s", "sh", "st", "t", "th", "tr", "v", "w", "y", "z"];
    private static readonly string[] Cores = ["a", "e", "i", "o", "u", "ai", "ea", "ee", "oa", "ou"];
    private static readonly string[] Ends = ["", "", "n", "r", "l", "s", "m", "ck", "nd", "rt", "ll", "ng", "tt"];
    private static readonly string[] Streets = ["street", "road", "place", "crescent", "circuit", "avenue", "drive", "close", "court", "way"];
    private static readonly string[] States = ["nsw", "vic", "qld", "wa", "sa", "tas", "act", "nt"];
    private static readonly double[] StateShares = [0.33, 0.26, 0.20, 0.10, 0.07, 0.02, 0.015, 0.005];

    private readonly Random random;
    private readonly string[] given;
    private readonly string[] surnames;
    private readonly string[] streets;
    private readonly string[] houses;
    private readonly (string Suburb, string Postcode, string State)[] places;

    internal PersonGenerator(int seed)
    {
        random = new Random(seed);
        given = Words(4_000, 2);
        surnames = Words(60_000, 2);
        streets = Words(40_000, 2);
        houses = Words(30_000, 3);
        string[] suburbs = Words(6_000, 2);
        places = [.. suburbs.Select((s, i) => (s, (2000 + (i * 7919 % 6000)).ToString(CultureInfo.InvariantCulture), States[Pick(StateShares)]))];
    }

    /// <summary>Writes a table of persons; the person of a row stands in its first column, <c>rec-PERSON-org</c> or <c>rec-PERSON-dup-N</c>.</summary>
    internal void Write(TextWriter writer, int records)
    {
        int originals = records - (int)(records * DuplicateShare);
        List<string> rows = new(records);
        int left = records - originals;
        for (int person = 0; person < originals; person++)
        {
            string[] values = Person();
            rows.Add($"rec-{person}-org,{string.Join(',', values)}");
            // Every remaining original has the same chance to be duplicated, so that the wanted number comes out exactly.
            int due = random.NextDouble() < left / (1.4 * (originals - person)) ? (random.Next(10) switch { < 7 => 1, < 9 => 2, _ => 3 }) : 0;
            due = Math.Min(left, Math.Max(due, left - (3 * (originals - person - 1))));
            for (int i = 0; i < due; i++)
            {
                rows.Add($"rec-{person}-dup-{i},{string.Join(',', Damaged(values))}");
            }
            left -= due;
        }
        string[] order = [.. rows];
        random.Shuffle(order);
        writer.WriteLine(Header);
        foreach (string row in order)
        {
            writer.WriteLine(row);
        }
    }

    private string[] Person()
    {
        (string suburb, string postcode, string state) = places[Zipf(places.Length)];
        DateTime born = new DateTime(1925, 1, 1).AddDays(random.Next(29_000));
        string[] values =
        [
            given[Zipf(given.Length)], surnames[Zipf(surnames.Length)], random.Next(1, 10) < 8 ? $"{random.Next(1, 120)}" : $"{random.Next(1, 900)}",
            $"{streets[Zipf(streets.Length)]} {Streets[Zipf(Streets.Length)]}", random.Next(10) < 4 ? houses[Zipf(houses.Length)] : "", suburb, postcode, state,
            born.ToString("yyyyMMdd", CultureInfo.InvariantCulture), $"{random.Next(1_000_000, 10_000_000) * 10L + random.Next(10)}",
        ];
        foreach (int field in (int[])[0, 1, 2, 3, 8])
        {
            values[field] = random.Next(100) < 3 ? "" : values[field];
        }
        return values;
    }

    private string[] Damaged(string[] original)
    {
        string[] values = [.. original];
        int changes = random.Next(1, 6);
        for (int i = 0; i < changes; i++)
        {
            int field = random.Next(Fields);
            switch (random.Next(20))
            {
                case < 12:
                    values[field] = Slip(values[field], field is 2 or 6 or 8 or 9);
                    break;
                case < 15:
                    values[field] = "";
                    break;
                case 15:
                    (values[0], values[1]) = (values[1], values[0]);
                    break;
                case 16:
                    (values[3], values[4]) = (values[4], values[3]);
                    break;
                default:
                    values[field] = field == 9 ? values[9] : Person()[field];
                    break;
            }
        }
        return values;
    }

    private string Slip(string value, bool digits)
    {
        if (value.Length < 2)
        {
            return value;
        }
        int at = random.Next(value.Length - 1);
        string letter = digits ? $"{(char)('0' + random.Next(10))}" : $"{(char)('a' + random.Next(26))}";
        return random.Next(digits ? 2 : 5) switch
        {
            0 => value[..at] + letter + value[(at + 1)..],
            1 => value[..at] + value[at + 1] + value[at] + value[(at + 2)..],
            2 => value[..at] + letter + value[at..],
            3 => value[..at] + value[(at + 1)..],
            _ => value[..at] + " " + value[at..],
        };
    }

    /// <summary>A rank from 0 by Zipf's law with exponent 1: uniform in the logarithm.</summary>
    private int Zipf(int count) => Math.Min(count - 1, (int)Math.Exp(random.NextDouble() * Math.Log(count + 1)) - 1);

    private int Pick(double[] shares)
    {
        double draw = random.NextDouble();
        for (int i = 0; i < shares.Length; i++)
        {
            draw -= shares[i];
            if (draw < 0)
            {
                return i;
            }
        }
        return 0;
    }

    private string[] Words(int count, int syllables)
    {
        HashSet<string> words = new(StringComparer.Ordinal);
        StringBuilder word = new();
        while (words.Count < count)
        {
            word.Clear();
            int parts = random.Next(1, syllables + 2);
            for (int i = 0; i < parts; i++)
            {
                word.Append(Onsets[random.Next(Onsets.Length)]).Append(Cores[random.Next(Cores.Length)]);
            }
            word.Append(Ends[random.Next(Ends.Length)]);
            if (word.Length > 2)
            {
                words.Add(word.ToString());
            }
        }
        return [.. words];
    }
}
