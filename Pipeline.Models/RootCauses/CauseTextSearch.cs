using System.Globalization;
using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;

namespace Pipeline.Models.RootCauses;

/// <summary>
/// Reads what the texts of a month say of its causes: typical words, texts that stand for a cause, topics. Pure; the same complaints in
/// any order give the same outcome.
/// </summary>
public static class CauseTextSearch
{
    private const int Examples = 3;
    private const int CentroidTerms = 30;

    /// <summary>A topic is new where the baseline saw it at most at this share of the month's rate.</summary>
    private const double HardlyEver = 0.1;

    private const int MinMonths = 3;
    private const int MinMatters = 5;
    private const int EventMatters = 10;
    private const int EventTimes = 3;

    /// <param name="texts">Complaints with a cause, of the month and of months before it, in any order; without text left out.</param>
    /// <param name="known">Topics of earlier months, each by its latest state.</param>
    /// <param name="isShowable">Whether a phrase shows nothing personal.</param>
    /// <param name="threads">At least 1.</param>
    public static CauseTextFindings Find(
        IEnumerable<CauseText> texts, ReportingMonth month, IReadOnlyList<KnownTopic> known, RootCauseRules rules, Func<string, bool> isShowable,
        int threads = 1, CancellationToken cancellation = default)
    {
        ReportingMonth first = month.Add(-rules.Topics.BaselineMonths);
        CauseText[] window = [.. texts.Where(t => t.Month >= first && t.Month <= month && t.Text.Value.Length > 0)
            .OrderBy(t => t.Month).ThenBy(t => t.CaseNumber, StringComparer.Ordinal).ThenBy(t => t.ComplaintId)];
        CauseText[] ofMonth = [.. window.Where(t => t.Month == month)];
        CauseText[] baseline = window[..^ofMonth.Length];
        int step = Math.Max(1, (baseline.Length + rules.Topics.MostBaselineTexts - 1) / rules.Topics.MostBaselineTexts);
        CauseText[] read = [.. baseline.Where((_, i) => i % step == 0), .. ofMonth];
        int months = baseline.Length == 0 ? 0 : month.MonthsSince(baseline[0].Month);
        double share = baseline.Length == 0 ? 1 : (double)(read.Length - ofMonth.Length) / baseline.Length;

        PhraseTable table = PhraseLearner.Learn([.. read.Select(t => t.Text.Value)], rules.Phrases);
        int[][] phrases = new int[read.Length][];
        Parallel.For(
            0, read.Length, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation },
            () => new PhraseTable.Reader(table), (i, _, reader) =>
            {
                phrases[i] = reader.Read(read[i].Text.Value);
                return reader;
            }, _ => { });
        Search search = new(read, table, phrases, read.Length - ofMonth.Length, month, months, share, rules, isShowable);
        List<Topic> topics = search.Topics(known, threads, cancellation);
        HashSet<long> assigned = [.. topics.SelectMany(t => t.Complaints)];
        return new CauseTextFindings(
            months, share, search.Voices(), topics,
            ofMonth.Where(t => !assigned.Contains(t.ComplaintId)).GroupBy(t => t.Cause).ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal),
            topics.Count(t => t.State != TopicState.TooFew));
    }

    private sealed class Search
    {
        private readonly CauseText[] texts;
        private readonly PhraseTable table;
        private readonly int[][] phrases;
        private readonly int firstOfMonth;
        private readonly ReportingMonth month;
        private readonly int baselineMonths;
        private readonly double baselineShare;
        private readonly RootCauseRules rules;
        private readonly Func<string, bool> isShowable;
        private readonly int[] textsWith;
        private readonly TextVectors vectors;
        private readonly TitleWords words;

        public Search(
            CauseText[] texts, PhraseTable table, int[][] phrases, int firstOfMonth, ReportingMonth month, int baselineMonths, double baselineShare,
            RootCauseRules rules, Func<string, bool> isShowable)
        {
            this.texts = texts;
            this.table = table;
            this.phrases = phrases;
            this.firstOfMonth = firstOfMonth;
            this.month = month;
            this.baselineMonths = baselineMonths;
            this.baselineShare = baselineShare;
            this.rules = rules;
            this.isShowable = isShowable;
            textsWith = Counted(Enumerable.Range(0, texts.Length));
            vectors = new TextVectors(phrases, textsWith);
            words = new TitleWords(rules.Titles ?? TitleRules.None, rules.Phrases);
        }

        public IReadOnlyList<CauseVoice> Voices()
        {
            int[] ofMonth = [.. Enumerable.Range(firstOfMonth, texts.Length - firstOfMonth)];
            int[] all = Counted(ofMonth);
            return [.. ofMonth.GroupBy(r => texts[r].Cause).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Select(cause =>
            {
                int[] rows = [.. cause];
                return new CauseVoice(
                    cause.Key,
                    TypicalWords.Of(table, Counted(rows), all, textsWith, Persons(rows), rules.Words, rules.Phrases.MinPersons, isShowable),
                    [.. RepresentativeTexts.Choose(vectors, rows, r => texts[r].PersonKey, Examples).Select(r => texts[r].ComplaintId)]);
            })];
        }

        public List<Topic> Topics(IReadOnlyList<KnownTopic> known, int threads, CancellationToken cancellation)
        {
            IGrouping<string, int>[] causes = [.. Enumerable.Range(0, texts.Length).GroupBy(r => texts[r].Cause, StringComparer.Ordinal)
                .Where(g => g.Any(r => r >= firstOfMonth)).OrderBy(g => g.Key, StringComparer.Ordinal)];
            List<(string Cause, FoundTopic Topic)>[] found = new List<(string, FoundTopic)>[causes.Length];
            Parallel.For(0, causes.Length, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, i =>
            {
                int[] rows = [.. causes[i]];
                found[i] = [.. TopicFinder.Find(vectors, rows, rows.Count(r => r >= firstOfMonth), PersonOf, rules.Topics)
                    .Where(t => t.Rows[^1] >= firstOfMonth).Take(rules.Topics.MostOfCause).Select(t => (causes[i].Key, t))];
            });
            (string Cause, FoundTopic Topic)[] all = [.. found.SelectMany(f => f)];
            IReadOnlyList<TopicTerm>[] centroids = [.. all.Select(t => Terms(t.Topic.Centroid))];
            KnownTopic?[] matched = TopicMatching.Match([.. all.Select((t, i) => (t.Cause, centroids[i]))], known, rules.Topics.MatchSimilarity);
            HashSet<string> ids = [.. known.Select(k => k.Id)];
            HashSet<(string, string)> titles = [.. matched.OfType<KnownTopic>().Select(k => (k.Cause, k.Title))];
            int number = 0;
            List<Topic> topics = [];
            for (int i = 0; i < all.Length; i++)
            {
                string title = Titled(i);
                if (title.Length > 0)
                {
                    titles.Add((all[i].Cause, title));
                    topics.Add(Judged(all[i].Cause, all[i].Topic, title, matched[i]?.Id ?? NextId(), matched[i]?.FirstMonth ?? month, centroids[i]));
                }
            }
            return Marked(topics);

            // A title that was given by rules of old, and that those in force would not give, makes room for one that they do.
            string Titled(int i)
            {
                string? kept = matched[i]?.Title;
                if (kept is not null && words.IsTitle(kept))
                {
                    return kept;
                }
                string made = TopicTitles.Of(
                    table, vectors, words, all[i].Topic.Rows, textsWith, texts.Length, PersonOf, rules.Phrases.MinPersons, isShowable,
                    titles.Where(t => t.Item1 == all[i].Cause).Select(t => t.Item2).ToHashSet(StringComparer.Ordinal));
                return kept is null || words.IsTitle(made) ? made : kept;
            }

            string NextId()
            {
                string id;
                do
                {
                    id = string.Create(CultureInfo.InvariantCulture, $"T{month.Year % 100:00}{month.Month:00}-{++number:00}");
                }
                while (!ids.Add(id));
                return id;
            }
        }

        private Topic Judged(string cause, FoundTopic topic, string title, string id, ReportingMonth since, IReadOnlyList<TopicTerm> centroid)
        {
            int[] counts = new int[baselineMonths + 1];
            foreach (int row in topic.Rows)
            {
                counts[baselineMonths - month.MonthsSince(texts[row].Month)]++;
            }
            int[] own = [.. topic.Rows.Where(r => r >= firstOfMonth)];
            int matters = own.Count(r => !texts[r].IsRepeat);
            int[] before = new int[baselineMonths];
            foreach (int row in topic.Rows.Where(r => r < firstOfMonth && !texts[r].IsRepeat))
            {
                before[baselineMonths - month.MonthsSince(texts[row].Month)]++;
            }
            int[] usual = WithoutEvents(before);
            double exposure = usual.Length * baselineShare;
            RateComparison? change = usual.Length == 0 ? null : PoissonRates.Compare(matters, 1, usual.Sum(), exposure);
            return new Topic(
                id, cause, title, since, counts, own.Select(PersonOf).Distinct().Count(), matters, usual.Sum(), exposure, change, TopicState.TooFew,
                texts[own.MaxBy(r => vectors.Dot(r, topic.Centroid))].ComplaintId, [.. own.Select(r => texts[r].ComplaintId)], centroid);
        }

        /// <summary>
        /// The months of a baseline without those that had an event of their own: many matters, and several times the middle month. A past
        /// outbreak would hide the next one, and make the quiet after it look like a fall (Farrington et al., Journal of the Royal
        /// Statistical Society A 159, 1996, weight such months down).
        /// </summary>
        private static int[] WithoutEvents(int[] months)
        {
            if (months.Length == 0)
            {
                return months;
            }
            int middle = months.Order().ElementAt(months.Length / 2);
            return [.. months.Where(m => m < EventMatters || m <= EventTimes * middle)];
        }

        /// <summary>
        /// Marks what is more than chance among the topics of each cause. A topic is judged where its month and baseline hold enough for
        /// the test to say anything.
        /// </summary>
        private List<Topic> Marked(List<Topic> topics)
        {
            Dictionary<string, TopicState> states = [];
            foreach (IGrouping<string, Topic> cause in topics.Where(t => baselineMonths >= MinMonths && t.Matters + t.BaselineMatters >= MinMatters).GroupBy(t => t.Cause))
            {
                Topic[] judged = [.. cause];
                IReadOnlyList<bool> standing = FalseDiscovery.Standing([.. judged.Select(t => t.Change!.PValue)], rules.Topics.FalseDiscoveryRate);
                for (int i = 0; i < judged.Length; i++)
                {
                    double usual = judged[i].BaselineMatters / judged[i].BaselineExposure;
                    states.Add(judged[i].Id, !standing[i] ? TopicState.Steady
                        : judged[i].Matters < usual ? TopicState.Fallen
                        : usual <= HardlyEver * judged[i].Matters && judged[i].FirstMonth == month ? TopicState.New
                        : TopicState.Risen);
                }
            }
            return [.. topics.Select(t => states.TryGetValue(t.Id, out TopicState state) ? t with { State = state } : t)];
        }

        private IReadOnlyList<TopicTerm> Terms(double[] centroid) =>
            [.. Enumerable.Range(0, centroid.Length).Where(p => centroid[p] > 0)
                .OrderByDescending(p => centroid[p]).ThenBy(p => table.Texts[p], StringComparer.Ordinal)
                .Where(p => isShowable(table.Texts[p])).Take(CentroidTerms)
                .Select(p => new TopicTerm(table.Texts[p], Math.Round(centroid[p], 5)))];

        private int[] Counted(IEnumerable<int> rows)
        {
            int[] counts = new int[table.Count];
            foreach (int row in rows)
            {
                foreach (int phrase in phrases[row])
                {
                    counts[phrase]++;
                }
            }
            return counts;
        }

        /// <summary>For each phrase the different complainants who used it; without a known complainant each complaint is one.</summary>
        private int[] Persons(IEnumerable<int> rows)
        {
            HashSet<(int, long)> seen = [];
            int[] counts = new int[table.Count];
            foreach (int row in rows)
            {
                foreach (int phrase in phrases[row])
                {
                    counts[phrase] += seen.Add((phrase, PersonOf(row))) ? 1 : 0;
                }
            }
            return counts;
        }

        private long PersonOf(int row) => texts[row].PersonKey ?? ~texts[row].ComplaintId;
    }
}
