using System.CommandLine;
using System.Globalization;
using Npgsql;
using Pipeline.Jobs.Privacy;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complaints;
using Pipeline.Models.Flags.Groups;
using Pipeline.Models.Measures;
using Pipeline.Models.Text;
using Pipeline.Reports;
using Pipeline.Reports.Workbooks;

namespace Pipeline.Jobs.Steps;

/// <summary><c>figures</c>: every figure of a month with its definition, and the complaints behind one.</summary>
internal static class FiguresCommand
{
    public static Command Create()
    {
        Option<string> month = MonthOptions.Month();
        Option<string?> source = MonthOptions.Source();
        Option<int?> edition = MonthOptions.Edition();
        Option<string?> rows = new("--rows")
        {
            Description = "Key of a figure: lists the complaints behind it, masked / 列出某一指标背后的工单",
        };
        return new Command(
            "figures",
            "Every figure of a month: key, value, definition, rows behind it / 某月全部指标\n  e.g. pipeline figures --month 2026-10 --rows repeat_90/2026-10/business=CREDIT")
        {
            month, source, edition, rows,
        }.Runs(async (parsed, session) =>
        {
            ReportingMonth of = MonthOptions.ParseMonth(parsed.GetValue(month)!);
            await using Database database = await Database.OpenAsync(session);
            await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync(session.Cancellation);
            KeptEdition kept = await Editions.KeptAsync(connection, of, parsed.GetValue(source), parsed.GetValue(edition), session);
            MonthReport report = kept.Report;
            int code = kept.Tell(session);
            if (parsed.GetValue(rows) is { } key)
            {
                await PrintRowsAsync(connection, report, key, session);
            }
            else
            {
                Print(kept, session);
            }
            return code;
        });
    }

    private static void Print(KeptEdition kept, CommandSession session)
    {
        MonthReport report = kept.Report;
        MeasureWords words = Words(report);
        session.Document(new
        {
            Month = report.Month.ToString(),
            report.Lineage.RunId,
            report.Lineage.Edition,
            report.Source,
            State = kept.State.ToString().ToLowerInvariant(),
            Changed = kept.Why.En,
            Figures = report.Figures.Select(f => new
            {
                f.Key,
                f.Value,
                Unit = words.Unit(f.Unit),
                Definition = words.Definition(Measure(f)).In(session.Language),
                f.Rows,
                f.Numerator,
                f.Denominator,
                Covered = IsCovered(report, f),
            }),
        });
        bool isAnyMarked = false;
        foreach (Figure figure in report.Figures)
        {
            bool isMarked = figure.IsKnown && !IsCovered(report, figure);
            isAnyMarked |= isMarked;
            string value = (figure.Value?.ToString(figure.Unit == Units.Share ? "0.0%" : "#,##0.##", CultureInfo.InvariantCulture) ?? "–") + (isMarked ? Uncovered.Mark : "");
            session.Line(
                $"{figure.Key,-60} {value,14} {words.Unit(figure.Unit),-12} {figure.Rows,7}", $"{figure.Key,-60} {value,14} {words.Unit(figure.Unit),-12} {figure.Rows,7}");
        }
        if (isAnyMarked)
        {
            session.Line(Uncovered.Legend(report, Language.Zh)!, Uncovered.Legend(report, Language.En)!);
        }
    }

    private static bool IsCovered(MonthReport report, Figure figure) => FigureKey.Parse(figure.Key) is var key && report.IsCovered(key.Measure, key.Period);

    private static async Task PrintRowsAsync(NpgsqlConnection connection, MonthReport report, string text, CommandSession session)
    {
        Figure figure = report.Figures.FirstOrDefault(f => f.Key == text) ?? throw PipelineFault.Usage(
            $"{report.Month} 没有指标 '{text}'。用 pipeline figures --month {report.Month} 查看全部指标键。",
            $"{report.Month} has no figure '{text}'. See all keys with: pipeline figures --month {report.Month}");
        (bool pinned, IReadOnlyList<(ComplaintFact Fact, bool Counted)> behind) = await BehindAsync(connection, report, figure, session);
        if (behind.Count != figure.Rows)
        {
            session.Notice(
                $"注意：固定时为 {figure.Rows} 件，台账现为 {behind.Count} 件，此后有数据变动；重新运行 {report.Month} 会得到新版本。",
                $"Note: {figure.Rows} rows when it was pinned, {behind.Count} in the ledger now: data have changed since; running {report.Month} again gives a new edition.");
        }
        session.Document(new
        {
            Month = report.Month.ToString(),
            report.Lineage.RunId,
            figure.Key,
            figure.Value,
            Unit = Words(report).Unit(figure.Unit),
            Definition = Words(report).Definition(Measure(figure)).In(session.Language),
            Pinned = pinned,
            Rows = behind.Select(b => new
            {
                b.Fact.CaseNumber,
                b.Fact.Received,
                b.Fact.Closed,
                b.Fact.Status,
                Business = b.Fact.Business.Class,
                Cause = b.Fact.Cause.Class,
                Nature = b.Fact.Nature.Class,
                b.Fact.Channel,
                b.Fact.Branch,
                Person = b.Fact.PersonKey is { } person ? $"P-{person:000000}" : null,
                b.Counted,
            }),
        });
        session.Line(
            $"{figure.Key}：{figure.Rows} 件（+ 计入分子）", $"{figure.Key}: {figure.Rows} complaints (+ counted above the line)");
        foreach ((ComplaintFact fact, bool counted) in behind)
        {
            string line = $"{(counted ? "+" : " ")} {fact.CaseNumber,-20} {fact.Received:yyyy-MM-dd} {fact.Business.Class,-10} {fact.Cause.Class,-10} {fact.Channel,-14} {fact.Branch}";
            session.Line(line, line);
        }
    }

    /// <summary>The complaints behind a figure: from the cases that are pinned with the run; where they are not, from the ledger as it stands.</summary>
    internal static async Task<(bool Pinned, IReadOnlyList<(ComplaintFact Fact, bool Counted)> Rows)> BehindAsync(
        NpgsqlConnection connection, MonthReport report, Figure figure, CommandSession session)
    {
        bool pinned = report.IsPinned(FigureKey.Parse(figure.Key));
        IReadOnlyList<ComplaintFact> facts = pinned ? [.. report.PinnedCases().Select(c => c.Fact)] : await LedgerAsync(connection, report, session);
        return (pinned, report.Engine(facts).Rows(figure));
    }

    /// <summary>Every case within reach of the report's month as the ledger stands, labels, flags and the population decided.</summary>
    internal static async Task<IReadOnlyList<ComplaintFact>> LedgerAsync(NpgsqlConnection connection, MonthReport report, CommandSession session)
    {
        RunRules rules = RunRules.Load(session.Home, report.Taxonomy.Id, report.Source);
        string? model = report.Lineage.Models.Count == 0 ? null : report.Lineage.Models[0].ModelId;
        await using NpgsqlTransaction snapshot = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, session.Cancellation);
        FlaggedLedger ledger = await FlaggedLedger.LoadAsync(
            connection, KeyRing.Open(session.Home), report.Source, model, rules, LedgerReach.From(report.Month, rules), session.Cancellation);
        IReadOnlySet<long> major = CaseFindings.Major(GroupFinder.Find(CaseFindings.Sought(ledger, report.Month), rules.Rules.Value.Group), rules.Rules.Value);
        return [.. ledger.WithMajor(major).Facts.Select(f => f.Fact)];
    }

    private static MeasureWords Words(MonthReport report) => new(report.Taxonomy, report.Regulatory?.Rules.ViewsOf(report.Taxonomy.Id) ?? []);

    private static Measure Measure(Figure figure) => MeasureCatalog.Find(figure.Key[..figure.Key.IndexOf('/', StringComparison.Ordinal)]);
}
