using System.Globalization;
using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;
using Pipeline.Models.Regulatory;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;
using Pipeline.Reports.Sheets;
using Pipeline.Reports.Workbooks.Front;

namespace Pipeline.Reports.Workbooks;

/// <summary>What the sheets of one workbook are composed from: the report, the language, and the figures with their links.</summary>
internal sealed class Composer
{
    private readonly ShareOf rounding;
    private readonly MeasureWords words;

    public Composer(MonthReport report, FigureSet figures, MemberLists members, RowsBehind behind, string kind, Language language)
    {
        Report = report;
        Kind = kind;
        Language = language;
        Members = members;
        Names = new SheetNames(language);
        Register = new FigureRegister(figures, behind, FigurePeriod.Of(report.Month), Names.Figures, Names.Rows, IsOutward);
        words = new MeasureWords(report.Taxonomy, report.Regulatory?.Rules.ViewsOf(report.Taxonomy.Id) ?? []);
        rounding = new ShareOf(Percent.Policy(report.Rules.PercentPolicy), report.Rules.PercentDecimals);
        ShareStyle = Styles.Share(report.Rules.PercentDecimals);
        ChangeShareStyle = Styles.ChangeShare(report.Rules.PercentDecimals);
        BookProperties properties = new(
            $"{T(WorkbookTitles.Of(kind))} {report.Month}",
            T("消费投诉分析", "Consumer complaint analysis"),
            report.Source,
            $"{kind}; {report.Month}; run {report.Lineage.RunId}",
            T($"运行 {report.Lineage.RunId}，第 {report.Lineage.Edition} 版", $"Run {report.Lineage.RunId}, edition {report.Lineage.Edition}"),
            language == Language.Zh ? "zh-CN" : "en",
            report.Lineage.AsOf,
            EditionWords.Mark(this));
        PageMarks marks = new(
            report.Source,
            $"{T(WorkbookTitles.Of(kind))} {report.Month}",
            T($"运行 {report.Lineage.RunId} 第{report.Lineage.Edition}版 {EditionWords.Mark(this)}", $"Run {report.Lineage.RunId}, edition {report.Lineage.Edition}, {EditionWords.Mark(this)}"),
            T($"数据截至 {Iso(report.Lineage.AsOf)}", $"Data as of {Iso(report.Lineage.AsOf)}"));
        Book = new Book(properties, marks, language == Language.Zh ? "Microsoft YaHei" : "Arial");
        Charts = new ChartData(this);
        Judged = new Judgement(this, figures);
    }

    public MonthReport Report { get; }

    public string Kind { get; }

    /// <summary>The workbook leaves the bank: no links, no keys, no complaints.</summary>
    public bool IsOutward => Kind == WorkbookKinds.Disclosure;

    public Language Language { get; }

    public MemberLists Members { get; }

    public SheetNames Names { get; }

    public FigureRegister Register { get; }

    public Book Book { get; }

    public ChartData Charts { get; }

    public Judgement Judged { get; }

    public CellStyle ShareStyle { get; }

    public CellStyle ChangeShareStyle { get; }

    public ReportingMonth Month => Report.Month;

    public ReportingMonth Previous => Month.Add(-1);

    public ReportingMonth YearAgo => Month.Add(-12);

    /// <summary>The text in the workbook's language.</summary>
    public string T(string zh, string en) => Language == Language.Zh ? zh : en;

    public string T(Bilingual text) => text.In(Language);

    public static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Whether figures reach back to the month.</summary>
    public bool Has(ReportingMonth month) => month >= Report.History && month <= Month;

    /// <summary>The months before this one that figures reach back to, oldest first.</summary>
    /// <param name="most">At most so many.</param>
    public IReadOnlyList<ReportingMonth> Earlier(int most)
    {
        int count = Math.Min(most, Month.MonthsSince(Report.History));
        return [.. Enumerable.Range(0, Math.Max(0, count)).Select(i => Month.Add(i - count))];
    }

    /// <summary>Earlier months and this one, oldest first.</summary>
    public IReadOnlyList<ReportingMonth> Months(int most) => [.. Earlier(most - 1), Month];

    /// <summary>The head of a month's column: a star marks a month whose data end before the month does.</summary>
    public string Head(ReportingMonth month) => IsIncomplete(month) ? $"{month}*" : month.ToString();

    /// <summary>The data end before the month does.</summary>
    public bool IsIncomplete(ReportingMonth month) => Report.Lineage.AsOf < month.LastDay;

    public string Label(string dimension, string member) => member == FigurePlan.NoMember
        ? T("未注明", "Not stated")
        : dimension switch
        {
            Dimensions.Tag => Report.RootCauses?.Tags.Names.FirstOrDefault(n => n.Key == member) is { } tag ? T(tag.Zh, tag.En) : member,
            Dimensions.Exclusion => Report.Regulatory?.Rules.Population.Words(member) is { } words ? T(words) : member,
            _ => Report.Taxonomy.Label(dimension, member, Language),
        };

    public string DimensionName(string dimension) =>
        Report.Taxonomy.Dimension(dimension) is { } d ? T(d.Zh, d.En) : dimension switch
        {
            Dimensions.Response => T("公司答复", "Company response"),
            Dimensions.Exclusion => T("不计入理由", "Reason for not counting"),
            Dimensions.Tag => T("标签", "Tag"),
            _ => dimension,
        };

    /// <summary>What the source calls a dimension, within a sentence: 分行, branch; 公司, company.</summary>
    public string Noun(string dimension) => Language == Language.Zh ? DimensionName(dimension) : DimensionName(dimension).ToLowerInvariant();

    /// <summary>The same for several: branches, companies; Chinese has one form.</summary>
    public string Nouns(string dimension) => Language == Language.Zh ? Noun(dimension) : English.Several(Noun(dimension));

    /// <summary>The name of a dimension for several, at the head of a sheet or sentence.</summary>
    public string DimensionNames(string dimension) => Language == Language.Zh ? DimensionName(dimension) : English.Several(DimensionName(dimension));

    /// <summary>Whether the source names, beside the reporting organisation, the one complained of.</summary>
    public bool NamesComplained => Report.Cases.Concat(Report.OpenEarlier).Any(r => r.Fact.BranchName is { } name && name != r.Fact.Branch);

    /// <summary>The head over whom a complaint is about: the organisation complained of where the source names it, else what the source calls its organisations.</summary>
    public string Complained => NamesComplained ? T("被投诉机构", "Branch complained of") : DimensionName(Dimensions.Branch);

    /// <summary>The row of what the listed classes leave of a total.</summary>
    public string RestLabel => T("其余（未单列）", "Others (not listed)");

    /// <summary>Over a table of a dimension: 按分行, By branch.</summary>
    public string By(string dimension) => T($"按{DimensionName(dimension)}", $"By {Noun(dimension)}");

    /// <summary>The conditions of a key in words.</summary>
    public string FilterText(FigureKey key) =>
        string.Join(T("；", "; "), key.Terms.Select(t => $"{DimensionName(t.Dimension)}: {Label(t.Dimension, t.Member)}"));

    public string MeasureName(string measure) => T(words.Name(MeasureCatalog.Find(measure)));

    /// <summary>How the source's figures of a measure are made, with the rules that bind it.</summary>
    public string Definition(string measure) => T(words.Definition(MeasureCatalog.Find(measure)));

    /// <summary>See <see cref="MeasureWords.IsUnderChineseRules"/>: texts that cite Chinese rules or name Chinese authorities are printed there only.</summary>
    public bool IsUnderChineseRules => words.IsUnderChineseRules;

    /// <summary>The time limits that bind the source, in calendar days, ascending. US companies have a first and a final one (DOMAIN B, F1); the one between them is of the Chinese rule.</summary>
    public IReadOnlyList<int> Limits => words.IsUnderChineseRules || !HasView(RegulatoryViews.UnitedStates)
        ? [Report.Rules.TimeLimitCalendarDays.First, Report.Rules.TimeLimitCalendarDays.Extended, Report.Rules.TimeLimitCalendarDays.Final]
        : [Report.Rules.TimeLimitCalendarDays.First, Report.Rules.TimeLimitCalendarDays.Final];

    /// <summary>The unit in the reader's words.</summary>
    public string UnitName(string unit) => FiguresSheet.Units(this, words.Unit(unit));

    public static FilterTerm Term(string dimension, string member) => new(dimension, member);

    public Figure Figure(string measure, ReportingMonth month, params IEnumerable<FilterTerm> terms) =>
        Register.Take(new FigureKey(measure, FigurePeriod.Of(month), terms));

    /// <summary>The value without printing it; null where it is not defined or figures do not reach back to the month.</summary>
    public decimal? Value(string measure, ReportingMonth month, params IEnumerable<FilterTerm> terms) =>
        Has(month) ? Register.Peek(new FigureKey(measure, FigurePeriod.Of(month), terms)).Value : null;

    /// <summary>The value of a period without printing it; null where it is not defined.</summary>
    public decimal? Value(string measure, FigurePeriod period, params IEnumerable<FilterTerm> terms) => Register.Peek(new FigureKey(measure, period, terms)).Value;

    /// <summary>Whether the run made the figure: kept reports of earlier programs lack what was planned later.</summary>
    public bool IsPlanned(string measure, ReportingMonth month, params IEnumerable<FilterTerm> terms) => Register.Has(new FigureKey(measure, FigurePeriod.Of(month), terms));

    /// <summary>See <see cref="Maturity"/>.</summary>
    public bool IsMaturing(string measure, FigurePeriod period) => Maturity.IsMaturing(measure, period.To, Report.Lineage.AsOf, Report.Rules.TimeLimitCalendarDays);

    /// <summary>See <see cref="Coverage"/>.</summary>
    public bool IsCovered(string measure, FigurePeriod period) => Report.IsCovered(measure, period);

    /// <summary>Whether figures of the period are set beside others: those that still mature, or look back beyond the ledger, are printed and not compared.</summary>
    public bool IsCompared(string measure, FigurePeriod period) => !IsMaturing(measure, period) && IsCovered(measure, period);

    /// <summary>The value where the measure's window back is covered; null where not, or as <see cref="Value"/>.</summary>
    public decimal? Covered(string measure, ReportingMonth month, params IEnumerable<FilterTerm> terms) =>
        IsCovered(measure, FigurePeriod.Of(month)) ? Value(measure, month, terms) : null;

    /// <summary>A count of this month.</summary>
    public long Count(string measure, params IEnumerable<FilterTerm> terms) => (long)(Value(measure, Month, terms) ?? 0);

    /// <summary>A printed figure: the number with its link, a dash where it is not defined or no figure reaches back.</summary>
    public Cell Cell(string measure, ReportingMonth month, params IEnumerable<FilterTerm> terms) =>
        Has(month)
            ? Cell(new FigureKey(measure, FigurePeriod.Of(month), terms))
            : Sheets.Cell.Undefined(StyleOf(MeasureCatalog.Find(measure).Unit));

    public Cell Cell(FigureKey key)
    {
        Figure figure = Register.Take(key);
        CellStyle style = StyleOf(figure.Unit);
        // Behind what is not known stand no complaints that were counted: no link.
        if (figure.Value is not { } value)
        {
            return Sheets.Cell.Undefined(style);
        }
        Cell cell = Sheets.Cell.Of(value, IsCovered(key.Measure, key.Period) ? style : Uncovered.Marked(style));
        return IsOutward ? cell : cell.To(Register.Place(key), key.Text);
    }

    /// <summary>A number made of printed figures by adding or subtracting; it has no key of its own.</summary>
    public static Cell Derived(decimal? value, CellStyle? style = null) => Sheets.Cell.OrUndefined(value, style ?? Styles.Count);

    /// <summary>Each part's share of the whole, rounded by the policy of the rules.</summary>
    public IReadOnlyList<Cell> Shares(IReadOnlyList<long> parts)
    {
        long whole = parts.Sum();
        return rounding.Policy == PercentPolicy.Plain
            ? [.. parts.Select(p => Share(p, whole))]
            : [.. rounding.All(parts).Select(s => Sheets.Cell.OrUndefined(s, ShareStyle))];
    }

    /// <summary>One share, half-up; more decimals than usual where the rules ask for significant digits.</summary>
    public Cell Share(long part, long whole)
    {
        int decimals = Percent.DecimalsOf(part, whole, Report.Rules.PercentDecimals, Report.Regulatory?.Rules.PercentMinSignificantDigits ?? 0);
        return decimals == Report.Rules.PercentDecimals
            ? Sheets.Cell.OrUndefined(rounding.One(part, whole), ShareStyle)
            : Sheets.Cell.OrUndefined(Percent.Share(part, whole, decimals), Styles.Share(decimals));
    }

    /// <summary>Whether the regulatory workbook has the sheets of a regulator, see <see cref="RegulatoryViews"/>.</summary>
    public bool HasView(string view) => Report.Regulatory?.Rules.ViewsOf(Report.Taxonomy.Id).Contains(view) == true;

    /// <summary>Change from before, relative; not defined where before is nought or unknown.</summary>
    public Cell Relative(decimal? now, decimal? before) =>
        Sheets.Cell.OrUndefined(now is { } n && before is { } b && b != 0 ? HalfUp.Round((n - b) / b, 6) : null, ChangeShareStyle);

    /// <summary>Change from before, absolute; percentage points for shares.</summary>
    public static Cell Change(decimal? now, decimal? before, string unit) => unit switch
    {
        Units.Share => Sheets.Cell.OrUndefined((now - before) * 100, Styles.Points),
        Units.Rate => Sheets.Cell.OrUndefined((now - before) * 100, Styles.ChangeOf(4)),
        _ => Sheets.Cell.OrUndefined(now - before, unit switch
        {
            Units.Yuan => Styles.ChangeMoney,
            Units.Days => Styles.Points,
            Units.Per1000Outlets or Units.Per10MCustomers => Styles.ChangeOf(1),
            Units.Per10KCustomers or Units.PerOutletMonth => Styles.ChangeOf(2),
            _ => Styles.ChangeCount,
        }),
    };

    public CellStyle StyleOf(string unit) => unit switch
    {
        Units.Share => ShareStyle,
        Units.Days => Styles.Days,
        Units.Yuan => Styles.Money,
        Units.Rate => Styles.Share(4),
        Units.Per1000Outlets or Units.Per10MCustomers => Styles.OneDecimal,
        Units.Per10KCustomers or Units.PerOutletMonth => Styles.Score,
        _ => Styles.Count,
    };

    /// <summary>A sheet with its title, what it answers, and the way back to the contents; the next row is free.</summary>
    public Sheet Page(string name, string title, string answers, bool isOnOnePage = false)
    {
        Sheet sheet = Book.Add(new Sheet(name, answers) { OnOnePage = isOnOnePage });
        Begin(sheet, title);
        return sheet;
    }

    /// <summary>Writes what every sheet begins with: title, whose and which month, the way back to the contents.</summary>
    public void Begin(Sheet sheet, string title)
    {
        sheet.Row(Sheets.Cell.Of(title, Styles.Title));
        sheet.Row(Sheets.Cell.Of(
            T($"{Report.Source} · 报告月 {Month} · 数据截至 {Iso(Report.Lineage.AsOf)} · {sheet.Answers}",
                $"{Report.Source} · reporting month {Month} · data as of {Iso(Report.Lineage.AsOf)} · {sheet.Answers}"),
            Styles.Subtitle));
        if (IsOutward)
        {
            sheet.Skip();
            return;
        }
        sheet.Row(Sheets.Cell.Of(T("« 返回目录", "« Contents"), Styles.Link with { Border = CellBorder.None, Size = 9, Indent = 0 }).To(CellRef.Place(Names.Cover, 1, 1)));
        sheet.Skip();
    }

    public static string Percentage(decimal share, int decimals = 1) =>
        (HalfUp.Round(share * 100, decimals)).ToString(decimals == 0 ? "0" : "0." + new string('0', decimals), CultureInfo.InvariantCulture) + "%";

    private sealed record ShareOf(PercentPolicy Policy, int Decimals)
    {
        public IReadOnlyList<decimal?> All(IReadOnlyList<long> parts) => Percent.Shares(parts, Policy, Decimals);

        public decimal? One(long part, long whole) => Percent.Share(part, whole, Decimals);
    }
}
