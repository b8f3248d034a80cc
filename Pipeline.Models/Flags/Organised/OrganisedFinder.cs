using System.Globalization;
using Pipeline.Models.Complaints;
using Pipeline.Models.Text;

namespace Pipeline.Models.Flags.Organised;

/// <summary>
/// Finds letters of many persons that one hand seems to have written: template family × different persons × shared contacts × burst in
/// time. Stated rule: letters are near-identical where different persons wrote them within the window; families of such letters, their
/// edited forms, and wordings that share a contact of several persons are one pattern; a small family of the same business line in the
/// same days joins a pattern that stands by itself. A pattern is reported when enough different persons wrote near-identical letters
/// within the window. One person who writes again, one form sent to several recipients and honest people on one topic are none.
/// </summary>
public static class OrganisedFinder
{
    private const int BurstDays = 7;
    private const int OutsideLevel = 3;
    private const int MostChannels = 4;

    /// <param name="letters">Letters of the days that are compared, in any order; those without text are left out.</param>
    /// <returns>In the order of their first day.</returns>
    public static IReadOnlyList<OrganisedPattern> Find(
        IEnumerable<OrganisedLetter> letters, OrganisedRules rules, int threads = 1, CancellationToken cancellation = default)
    {
        OrganisedLetter[] all = [.. letters.Where(l => l.Text.Value.Length > 0)
            .OrderBy(l => l.Fact.Received).ThenBy(l => l.Fact.CaseNumber, StringComparer.Ordinal)];
        MadeTexts texts = new(all.Length, i => all[i].Text.Value);
        Boilerplate boilerplate = Boilerplate.InGeneralUse(
            rules.Boilerplate, texts, [.. all.Select(l => l.Fact.Received)], rules.BoilerplateMinTexts, rules.BoilerplateMinPeriods);
        TemplateFamilies families = TemplateFamilies.Find(new MadeTexts(all.Length, i => boilerplate.Strip(texts[i])), rules.Families, threads, cancellation);
        bool[] isNear = NearIdentical(all, families, rules);
        Union union = new(all.Length);
        JoinFamilies(all, families, isNear, union, rules);
        JoinContacts(all, isNear, union, rules);
        JoinBursts(all, isNear, union, rules);
        List<OrganisedPattern> patterns = [];
        foreach (int[] members in union.Sets(i => isNear[i] || union.IsJoined(i)))
        {
            if (Reached(all, members, isNear, rules) is { } reached)
            {
                patterns.Add(Pattern(all, members, isNear, families, reached, rules));
            }
        }
        return [.. patterns.OrderBy(p => p.First).ThenBy(p => p.Letters[0].ComplaintId)
            .GroupBy(p => p.First).SelectMany(day => day.Select((p, i) => p with
            {
                Key = string.Create(CultureInfo.InvariantCulture, $"O-{p.First:yyyyMMdd}-{i + 1}"),
            }))];
    }

    /// <summary>Letters that another person wrote too, within the window. Where nobody is shown, nobody is told apart.</summary>
    private static bool[] NearIdentical(OrganisedLetter[] all, TemplateFamilies families, OrganisedRules rules)
    {
        bool[] isNear = new bool[all.Length];
        foreach (int[] core in Enumerable.Range(0, all.Length).Where(i => all[i].Fact.PersonKey is not null).GroupBy(i => families.Core[i]).Select(g => g.ToArray()))
        {
            // In the order of receipt: the nearest letter of another person stands beside a run of letters of one person.
            for (int i = 0; i < core.Length; i++)
            {
                for (int j = i + 1; j < core.Length && Days(all[core[i]], all[core[j]]) <= rules.WindowCalendarDays; j++)
                {
                    if (all[core[i]].Fact.PersonKey != all[core[j]].Fact.PersonKey)
                    {
                        isNear[core[i]] = true;
                        isNear[core[j]] = true;
                        break;
                    }
                }
                for (int j = i - 1; j >= 0 && !isNear[core[i]] && Days(all[core[j]], all[core[i]]) <= rules.WindowCalendarDays; j--)
                {
                    isNear[core[i]] = all[core[i]].Fact.PersonKey != all[core[j]].Fact.PersonKey;
                }
            }
        }
        return isNear;
    }

    /// <summary>Joins letters of one family to the near-identical ones of it that stand within the window.</summary>
    private static void JoinFamilies(OrganisedLetter[] all, TemplateFamilies families, bool[] isNear, Union union, OrganisedRules rules)
    {
        foreach (int[] family in Enumerable.Range(0, all.Length).Where(i => families.Family[i] >= 0).GroupBy(i => families.Family[i]).Select(g => g.ToArray()))
        {
            int? last = null;
            foreach (int i in family)
            {
                if (last is { } before && Days(all[before], all[i]) <= rules.WindowCalendarDays)
                {
                    union.Join(before, i);
                }
                last = isNear[i] ? i : last;
            }
            int? next = null;
            foreach (int i in family.Reverse())
            {
                if (next is { } after && Days(all[i], all[after]) <= rules.WindowCalendarDays)
                {
                    union.Join(i, after);
                }
                next = isNear[i] ? i : next;
            }
        }
    }

    /// <summary>Joins letters that share a contact of several persons, at least one of whom wrote a near-identical letter.</summary>
    private static void JoinContacts(OrganisedLetter[] all, bool[] isNear, Union union, OrganisedRules rules)
    {
        Dictionary<string, List<int>> byContact = new(StringComparer.Ordinal);
        for (int i = 0; i < all.Length; i++)
        {
            foreach (string contact in all[i].Contacts)
            {
                if (!byContact.TryGetValue(contact, out List<int>? users))
                {
                    byContact.Add(contact, users = []);
                }
                users.Add(i);
            }
        }
        foreach (List<int> users in byContact.Values)
        {
            foreach (List<int> span in Spans(all, users, rules.WindowCalendarDays))
            {
                if (Persons(all, span) >= rules.ContactMinPersons && span.Exists(i => isNear[i]))
                {
                    foreach (int i in span)
                    {
                        union.Join(span[0], i);
                    }
                }
            }
        }
    }

    /// <summary>Joins small families to a pattern that stands by itself, of the same business line in the same days.</summary>
    private static void JoinBursts(OrganisedLetter[] all, bool[] isNear, Union union, OrganisedRules rules)
    {
        List<(int[] Members, DateOnly First, DateOnly Last, string? Business, bool Stands)> sets = [.. union.Sets(i => isNear[i] || union.IsJoined(i)).Select(Described)];
        ILookup<string?, (int[] Members, DateOnly First, DateOnly Last, string? Business, bool Stands)> standing = sets.Where(s => s.Stands).ToLookup(s => s.Business, StringComparer.Ordinal);
        foreach ((int[] members, DateOnly first, DateOnly last, string? business, bool _) in sets.Where(s => !s.Stands && s.Business is not null))
        {
            if (Persons(all, members.Where(i => isNear[i])) < rules.JoinMinPersons)
            {
                continue;
            }
            foreach ((int[] pattern, DateOnly from, DateOnly to, string? _, bool _) in standing[business])
            {
                if (first >= from.AddDays(-rules.JoinDays) && last <= to.AddDays(rules.JoinDays))
                {
                    union.Join(pattern[0], members[0]);
                }
            }
        }

        (int[] Members, DateOnly First, DateOnly Last, string? Business, bool Stands) Described(int[] members)
        {
            string? business = Most(members.Select(i => all[i].Fact.Business.Class));
            DateOnly last = all[members[^1]].Fact.Received;
            // What drags on for longer than the window is no burst that others could belong to.
            return Reached(all, members, isNear, rules) is not null && last.DayNumber - all[members[0]].Fact.Received.DayNumber <= rules.WindowCalendarDays
                ? (members, all[members[0]].Fact.Received, last, business, true)
                : (members, all[members[0]].Fact.Received, last, business, false);
        }
    }

    /// <summary>The first day on which enough different persons had written near-identical letters within the window; null where it never was.</summary>
    private static DateOnly? Reached(OrganisedLetter[] all, int[] members, bool[] isNear, OrganisedRules rules)
    {
        int[] near = [.. members.Where(i => isNear[i])];
        Dictionary<long, int> inWindow = [];
        int from = 0;
        for (int to = 0; to < near.Length; to++)
        {
            long person = all[near[to]].Fact.PersonKey!.Value;
            inWindow[person] = inWindow.GetValueOrDefault(person) + 1;
            for (; Days(all[near[from]], all[near[to]]) >= rules.WindowCalendarDays; from++)
            {
                long gone = all[near[from]].Fact.PersonKey!.Value;
                if (--inWindow[gone] == 0)
                {
                    inWindow.Remove(gone);
                }
            }
            if (inWindow.Count >= rules.MinPersons)
            {
                return all[near[to]].Fact.Received;
            }
        }
        return null;
    }

    private static OrganisedPattern Pattern(
        OrganisedLetter[] all, int[] members, bool[] isNear, TemplateFamilies families, DateOnly reached, OrganisedRules rules)
    {
        Dictionary<string, int> contacts = members.SelectMany(i => all[i].Contacts.Select(c => (c, i))).GroupBy(x => x.c, x => x.i)
            .Select(g => (g.Key, Persons: Persons(all, g))).Where(g => g.Persons >= rules.ContactMinPersons).ToDictionary(g => g.Key, g => g.Persons, StringComparer.Ordinal);
        string[] channels = [.. members.Select(i => all[i].Fact.Channel).OfType<string>().GroupBy(c => c, StringComparer.Ordinal)
            .OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Select(g => g.Key)];
        int persons = Persons(all, members);
        SignalFinding[] signals = [.. rules.Signals.Select(s => new SignalFinding(s.Key, Math.Round(Strength(s), 6)))];
        double weights = rules.Signals.Sum(s => s.Weight);
        return new OrganisedPattern(
            "", all[members[0]].Fact.Received, all[members[^1]].Fact.Received, reached, persons, Persons(all, members.Where(i => isNear[i])),
            members.Where(i => families.Family[i] >= 0).Select(i => families.Family[i]).Distinct().Count(),
            [.. contacts.Values.OrderDescending()], channels, Most(members.Select(i => all[i].Fact.Business.Class)), Most(members.Select(i => all[i].Fact.Cause.Class)),
            signals, weights == 0 ? 0 : Math.Round(rules.Signals.Zip(signals, (s, f) => s.Weight * f.Strength).Sum() / weights, 6),
            [.. members.Select(i => new PatternLetter(
                all[i].Fact.ComplaintId,
                isNear[i] ? LetterTies.NearIdentical : families.Family[i] >= 0 ? LetterTies.Edited : LetterTies.Contact,
                Math.Round(families.Similarity[i], 6)))]);

        double Strength(OrganisedSignal signal) => signal.Words is { } words
            ? Share(i => all[i].Text.Value is { } text && words.Any(w => text.Contains(w, StringComparison.OrdinalIgnoreCase)))
            : signal.Key switch
            {
                OrganisedSignals.NearIdentical => Share(i => isNear[i]),
                OrganisedSignals.Burst => (double)Busiest(all, members) / Math.Max(1, persons),
                OrganisedSignals.SharedContact => Share(i => all[i].Contacts.Any(contacts.ContainsKey)),
                OrganisedSignals.ManyChannels => Math.Min(1, (channels.Length - 1) / (double)(MostChannels - 1)),
                OrganisedSignals.Outside => Share(i => all[i].Fact.Level >= OutsideLevel),
                _ => throw new InvalidDataException($"signals.organised.json names a signal '{signal.Key}' without words; the computed ones are near_identical, burst, shared_contact, many_channels and outside"),
            };

        double Share(Func<int, bool> holds) => (double)members.Count(holds) / members.Length;
    }

    /// <summary>Most persons within the days of a burst.</summary>
    private static int Busiest(OrganisedLetter[] all, int[] members)
    {
        int most = 0;
        for (int from = 0, to = 0; to < members.Length; to++)
        {
            while (Days(all[members[from]], all[members[to]]) >= BurstDays)
            {
                from++;
            }
            most = Math.Max(most, Persons(all, members[from..(to + 1)]));
        }
        return most;
    }

    /// <summary>Cuts rows in the order of receipt where more days than the window lie between two of them.</summary>
    private static IEnumerable<List<int>> Spans(OrganisedLetter[] all, List<int> rows, int days)
    {
        List<int> span = [];
        foreach (int row in rows)
        {
            if (span.Count > 0 && Days(all[span[^1]], all[row]) > days)
            {
                yield return span;
                span = [];
            }
            span.Add(row);
        }
        yield return span;
    }

    private static int Persons(OrganisedLetter[] all, IEnumerable<int> rows) =>
        rows.Select(i => all[i].Fact.PersonKey).OfType<long>().Distinct().Count();

    private static int Days(OrganisedLetter earlier, OrganisedLetter later) => later.Fact.Received.DayNumber - earlier.Fact.Received.DayNumber;

    private static string? Most(IEnumerable<string?> values) => values.OfType<string>().GroupBy(v => v, StringComparer.Ordinal)
        .OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).FirstOrDefault()?.Key;

    /// <summary>Disjoint sets of rows; the lowest row is the root.</summary>
    private sealed class Union(int count)
    {
        private readonly int[] parent = [.. Enumerable.Range(0, count)];
        private readonly bool[] isJoined = new bool[count];

        public bool IsJoined(int row) => isJoined[row];

        public void Join(int a, int b)
        {
            if (a == b)
            {
                return;
            }
            isJoined[a] = isJoined[b] = true;
            int left = Root(a);
            int right = Root(b);
            parent[Math.Max(left, right)] = Math.Min(left, right);
        }

        /// <summary>Sets of more than one row, each ascending.</summary>
        public IReadOnlyList<int[]> Sets(Func<int, bool> belongs) =>
            [.. Enumerable.Range(0, parent.Length).Where(belongs).GroupBy(Root).Select(g => g.ToArray()).Where(s => s.Length > 1)];

        private int Root(int row)
        {
            while (parent[row] != row)
            {
                parent[row] = parent[parent[row]];
                row = parent[row];
            }
            return row;
        }
    }
}
