using System.CommandLine;
using Npgsql;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Steps;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complaints;
using Pipeline.Models.Text;

namespace Pipeline.Jobs.Publishing;

/// <summary><c>editions</c>: every edition with its state, and the months whose inputs have changed since.</summary>
internal static class EditionsCommand
{
    public static Command Create()
    {
        Option<string?> month = new("--month") { Description = "Only this month, YYYY-MM / 只看某月" };
        Option<string?> source = MonthOptions.Source();
        return new Command(
            "editions",
            "Editions with their state; months whose inputs changed since, and why / 各月版次、状态与是否需重跑\n  e.g. pipeline editions --month 2026-10")
        {
            month, source,
        }.Runs(async (parsed, session) =>
        {
            await using Database database = await Database.OpenAsync(session);
            return await ListAsync(database, parsed.GetValue(source), parsed.GetValue(month) is { } text ? MonthOptions.ParseMonth(text) : null, session);
        });
    }

    internal static async Task<int> ListAsync(Database database, string? source, ReportingMonth? month, CommandSession session)
    {
        await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync(session.Cancellation);
        IReadOnlyList<ListedEdition> editions = await EditionList.LoadAsync(connection, source, month, session.Cancellation);
        Print(await EditionList.CompareAsync(connection, editions, session), session);
        return editions.Count == 0 ? ExitCodes.NothingToDo : ExitCodes.Done;
    }

    private static void Print(ComparedEditions compared, CommandSession session)
    {
        (IReadOnlyList<ListedEdition> editions, IReadOnlySet<string> standing, IReadOnlyList<StaleMonth> stale) = compared;
        session.Document(new
        {
            Editions = editions.Select(e => new { Month = e.Month.ToString(), e.Source, e.Edition, e.RunId, e.State, Stands = standing.Contains(e.RunId), e.AsOf, e.PublishedBy, e.PublishedAt, e.Note }),
            Stale = stale.Select(s => new
            {
                Month = s.Month.ToString(),
                s.Source,
                s.Edition,
                s.Complaints,
                Causes = s.Causes.Select(c => new { Kind = c.Kind.ToString().ToLowerInvariant(), c.Name, c.Old, c.New }),
            }),
        });
        foreach (ListedEdition edition in editions)
        {
            string state = edition.State switch
            {
                "published" => session.Say(
                    $"已发布 {edition.PublishedBy} {edition.PublishedAt:yyyy-MM-dd HH:mm}", $"published by {edition.PublishedBy} {edition.PublishedAt:yyyy-MM-dd HH:mm} UTC"),
                "superseded" => session.Say("草稿，已被取代", "draft, superseded"),
                _ => session.Say("草稿", "draft"),
            };
            state += standing.Contains(edition.RunId) ? session.Say("，与现有数据一致", ", stands") : "";
            string line = $"{edition.Month}  {edition.Source,-12} {edition.Edition,3}  {edition.RunId}  {edition.AsOf:yyyy-MM-dd}  {state}";
            session.Line(line, line);
        }
        foreach (StaleMonth month in stale)
        {
            Bilingual causes = InputWords.Of(month.Causes);
            session.Line(
                $"{month.Month}（{month.Source}）第 {month.Edition} 版之后输入有变（其中该月投诉 {month.Complaints} 件来自新文件）：{causes.Zh}。重新运行：pipeline run --month {month.Month} --source {month.Source}",
                $"{month.Month} ({month.Source}): inputs have changed since edition {month.Edition} ({month.Complaints} complaints of the month came from new files): {causes.En}. Run again: pipeline run --month {month.Month} --source {month.Source}");
        }
        foreach ((ListedEdition stands, ListedEdition newest) in compared.TakenBack)
        {
            session.Line(
                $"{stands.Month}（{stands.Source}）第 {newest.Edition} 版所依据的内容已撤回，第 {stands.Edition} 版重新有效；请勿再使用第 {newest.Edition} 版的报表。",
                $"{stands.Month} ({stands.Source}): what edition {newest.Edition} counts was taken back, edition {stands.Edition} stands again; the workbooks of edition {newest.Edition} are not to be used.");
        }
        session.Line($"共 {editions.Count} 个版次，{stale.Count} 个月需重新运行。", $"{editions.Count} editions, {stale.Count} months to run again.");
    }
}
