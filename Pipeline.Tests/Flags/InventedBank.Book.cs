using Pipeline.Jobs.Flags;
using Pipeline.Jobs.RootCauses;
using Pipeline.Jobs.Steps;
using Pipeline.Models.Complaints;
using Pipeline.Models.Flags;
using Pipeline.Models.Flags.Groups;
using Pipeline.Models.Flags.Organised;
using Pipeline.Models.Flags.Priority;
using Pipeline.Models.Flags.Profiles;
using Pipeline.Models.Measures;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;
using Pipeline.Reports;
using Pipeline.Tests.Reports;

namespace Pipeline.Tests.Flags;

/// <content>A month of the bank as its root-cause workbook and its case lists print it, by coded labels and true persons, so that no model and no learned weight moves it.</content>
public sealed partial class InventedBank
{
    private const int Trials = 3;

    public MonthReport Report(ReportingMonth month)
    {
        RunRules rules = RunRules.Load("/nowhere", taxonomy.Id);
        RuleBook book = rules.Rules.Value;
        ReportingMonth history = new(2024, 11);
        DateOnly day = month.LastDay;
        ComplaintFact[] known = [.. TrendFacts(month.MonthsSince(history)).OrderBy(f => f.Received).ThenBy(f => f.CaseNumber, StringComparer.Ordinal)];
        ILookup<long, CaseFlags> judged = FlagEngine.Judge([.. known.Select(Input)], FlagRules.Of(book), rules.Threats.Value).ToLookup(f => f.ComplaintId);
        FlaggedLedger ledger = new([.. known.Select(f =>
        {
            CaseFlags flags = judged[f.ComplaintId].Single();
            ComplaintFact fact = FlagStep.With(f, flags);
            return new FlaggedFact(fact with { Tags = [.. rules.Tags.Value.OfCause(fact.Cause)] }, flags.Evidence, "export.csv", f.ComplaintId, "", "cn-bank");
        })], known[0].Received);
        ComplaintFact[] facts = [.. ledger.Facts.Select(f => f.Fact)];
        OrganisedLetter[] letters = [.. facts.Where(f => f.Received <= day && f.Received > day.AddDays(-rules.Flags.Organised.Value.LookBackCalendarDays))
            .Select(f => new OrganisedLetter(f, Row[f.CaseNumber][22], [.. Evidence[(int)f.ComplaintId - 1].Phones.Select(p => p.ToString()!)]))];
        IReadOnlyList<OrganisedPattern> patterns = [.. OrganisedFinder.Find(letters, rules.Flags.Organised.Value, 2).Where(p => p.Last >= month.FirstDay)];
        ComplaintGroup[] groups = [.. GroupFinder.Find(facts.Where(f => f.Received <= day), book.Group).Where(g => g.Last >= month.FirstDay)];
        PriorityList priority = PriorityList.Make(TrueHistory(), month, book.PriorityCapacity, Trials, 2);
        FigureEngine engine = new(facts, taxonomy, book, day.AddDays(5), rules.Regulatory.Book);
        List<Figure> figures = [.. FigurePlan.For(month, history, FigurePlan.Members(taxonomy, facts, month)).Select(engine.Evaluate)];
        HashSet<long> persons = [.. facts.Where(f => month.Contains(f.Received) && f.RepeatOf is not null).Select(f => f.PersonKey).OfType<long>()];
        EarlierCases? earlier = EarlierCases.Of(facts, month, history, InventedMonth.FewEarlier);
        MonthReport made = InventedMonth.Report(perMonth: 12, months: 1);
        return made with
        {
            Month = month,
            History = history,
            Source = "cn-bank",
            Lineage = made.Lineage with { AsOf = day.AddDays(5) },
            Figures = figures,
            Regulatory = rules.Regulatory.Book,
            PreFlight = null,
            Cases = [.. ledger.Facts.Where(f => month.Contains(f.Fact.Received)).Select(Listed)],
            PinnedFrom = earlier?.From,
            Earlier = [.. ledger.Facts.Where(f => earlier?.Complaints.Contains(f.Fact.ComplaintId) == true).Select(Listed)],
            RootCauses = RootCauseStep.Find(letters, ledger, month, [], rules, default),
            Findings = new CaseFindingsReport(
                groups, patterns, rules.Flags.Organised.Value.Signals, priority,
                [.. persons.Order().Select(p => ComplainantProfile.Of(facts.Where(f => f.PersonKey == p && f.Received <= day), day, [], [], []))],
                rules.Flags.Vulnerable.Value.Cues, [.. facts.Where(f => f.Received <= day)])
            {
                Rises = [.. WideRiseFinder.Find(
                    facts.Where(f => f.Received <= day), book.WideRise, patterns.SelectMany(p => p.Letters.Select(l => l.ComplaintId)).ToHashSet(),
                    id => Row[Cases[(int)id - 1]][22]).Where(r => r.Last >= month.FirstDay)],
            },
        };
    }

    private CaseRow Listed(FlaggedFact f) =>
        new(f.Fact, $"P-{f.Fact.PersonKey:000000}", null, Masking.FreeText(Row[f.Fact.CaseNumber][22]), f.File, f.Line, f.Flags);

    private FlagInput Input(ComplaintFact fact) => new()
    {
        ComplaintId = fact.ComplaintId,
        CaseNumber = fact.CaseNumber,
        Received = fact.Received,
        PersonKey = fact.PersonKey,
        PersonBasis = "identity",
        Channel = fact.Channel,
        Level = fact.Level,
        Business = fact.Business.Class,
        Cause = fact.Cause.Class,
        Text = Row[fact.CaseNumber][22],
    };
}
