using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Npgsql;
using Pipeline.Jobs.Publishing;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Steps;
using Pipeline.Jobs.Store;
using Pipeline.Models.Text;
using Pipeline.Reports;

namespace Pipeline.Jobs.Scheduling;

/// <summary>
/// What a node serves over HTTP, on loopback: whether it lives, whether it is ready, and the first page for people, signed in by a token.
/// Nothing of a complaint is on the page; workbooks are those that were approved, or made again from the kept report of a draft.
/// </summary>
internal sealed class FirstPage(Database database, CommandSession session, SchedulePlan plan)
{
    private const string Cookie = "pipeline_token";
    private const string LanguageCookie = "pipeline_language";
    private const int TasksShown = 40;
    private const int MonthsShown = 36;

    /// <value>What signs in to the page; new with each start.</value>
    public string Token { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));

    public void Map(WebApplication application, NodeLoop loop, NodeIdentity me)
    {
        application.Use(async (context, next) =>
        {
            IHeaderDictionary headers = context.Response.Headers;
            headers.ContentSecurityPolicy = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
            headers.XContentTypeOptions = "nosniff";
            headers.XFrameOptions = "DENY";
            headers["Referrer-Policy"] = "no-referrer";
            headers.CacheControl = "no-store";
            // A page elsewhere that resolves its own name to this machine must not read it.
            if (context.Request.Host.Host is not ("localhost" or "127.0.0.1" or "::1" or "[::1]"))
            {
                context.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
                return;
            }
            await next(context);
        });
        application.MapGet("/health/live", (HttpContext context) => JsonAsync(context, 200, new { State = "live", me.Node, me.ProgramVersion }));
        application.MapGet("/health/ready", async (HttpContext context) =>
        {
            List<string> wrong = loop.IsInTouch ? await LateJobsAsync(context.RequestAborted) : ["the database has not answered this node for 15 seconds"];
            await JsonAsync(context, wrong.Count == 0 ? 200 : 503, new { State = wrong.Count == 0 ? "ready" : "not_ready", Wrong = wrong });
        });
        application.MapGet("/page.css", (HttpContext context) => AssetAsync(context, "page.css", "text/css; charset=utf-8"));
        application.MapGet("/page.js", (HttpContext context) => AssetAsync(context, "page.js", "text/javascript; charset=utf-8"));
        application.MapPost("/sign-in", SignInAsync);
        application.MapGet("/", PageAsync);
        application.MapGet("/workbooks/{run}/{kind}", WorkbookAsync);
    }

    private async Task PageAsync(HttpContext context)
    {
        string? language = context.Request.Query["lang"];
        if (language is "zh" or "en")
        {
            context.Response.Cookies.Append(LanguageCookie, language, new CookieOptions { SameSite = SameSiteMode.Strict, MaxAge = TimeSpan.FromDays(365) });
        }
        if (context.Request.Query.TryGetValue("token", out Microsoft.Extensions.Primitives.StringValues given))
        {
            // Out of the address at once: it must not stay in the history.
            if (IsToken(given.ToString()))
            {
                SetCookie(context);
            }
            context.Response.Redirect(language is "zh" or "en" ? $"/?lang={language}" : "/");
            return;
        }
        Language of = LanguageOf(context, language);
        if (!IsSignedIn(context))
        {
            await HtmlAsync(context, StatusCodes.Status401Unauthorized, FirstPageHtml.SignIn(of, isWrong: false));
            return;
        }
        StatusView view = await StatusView.ReadAsync(database.Source, plan.Calendar, session.Time.GetUtcNow(), TasksShown, MonthsShown, context.RequestAborted);
        await HtmlAsync(context, StatusCodes.Status200OK, FirstPageHtml.Status(view, of, session.Time.GetUtcNow(), plan));
    }

    private async Task SignInAsync(HttpContext context)
    {
        IFormCollection form = await context.Request.ReadFormAsync(context.RequestAborted);
        if (!IsToken(form["token"].ToString().Trim()))
        {
            await HtmlAsync(context, StatusCodes.Status401Unauthorized, FirstPageHtml.SignIn(LanguageOf(context, null), isWrong: true));
            return;
        }
        SetCookie(context);
        context.Response.Redirect("/");
    }

    private async Task WorkbookAsync(HttpContext context, string run, string kind)
    {
        if (!IsSignedIn(context))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }
        Language of = LanguageOf(context, context.Request.Query["lang"]);
        await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync(context.RequestAborted);
        if (!WorkbookKinds.All.Contains(kind) || await RunLedger.FindAsync(connection, run, context.RequestAborted) is not { } report)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        WorkbookFile file = (await PublishedEditions.FilesAsync(connection, report, [kind], of, context.RequestAborted)).Single();
        context.Response.ContentType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
        context.Response.Headers.ContentDisposition = $"attachment; filename=\"{file.FileName}\"";
        await context.Response.Body.WriteAsync(file.Bytes, context.RequestAborted);
    }

    /// <summary>In constant time: how long it takes tells nothing of how much was right.</summary>
    private bool IsToken(string given) => CryptographicOperations.FixedTimeEquals(
        SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(Encoding.UTF8.GetBytes(Token)));

    private bool IsSignedIn(HttpContext context) => context.Request.Cookies.TryGetValue(Cookie, out string? value) && IsToken(value);

    private void SetCookie(HttpContext context) =>
        context.Response.Cookies.Append(Cookie, Token, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict, Path = "/" });

    private Language LanguageOf(HttpContext context, string? asked) =>
        (asked is "zh" or "en" ? asked : context.Request.Cookies[LanguageCookie]) switch
        {
            "zh" => Language.Zh,
            "en" => Language.En,
            _ => session.Language,
        };

    /// <summary>Jobs whose last success lies further back than the schedule file allows (<c>ready_within_hours</c>).</summary>
    private async Task<List<string>> LateJobsAsync(CancellationToken cancellation)
    {
        List<string> late = [];
        try
        {
            await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync(cancellation);
            foreach (JobSpec spec in (await RecurringJobs.ListAsync(connection, cancellation)).Select(j => j.Spec).Where(s => s.ReadyWithinHours is not null))
            {
                await using NpgsqlCommand command = new(
                    "select max(finished_at) > clock_timestamp() - make_interval(hours => $2) from task where job = $1 and state = 'done'", connection)
                {
                    Parameters = { new() { Value = spec.Name }, new() { Value = spec.ReadyWithinHours!.Value } },
                };
                if (await command.ExecuteScalarAsync(cancellation) is not true)
                {
                    late.Add($"no success of '{spec.Name}' within {spec.ReadyWithinHours} hours");
                }
            }
        }
        catch (NpgsqlException)
        {
            late.Add("the database does not answer");
        }
        return late;
    }

    private static Task AssetAsync(HttpContext context, string name, string type)
    {
        context.Response.ContentType = type;
        return context.Response.WriteAsync(Sql.Text($"Pipeline.Jobs.Scheduling.{name}"), context.RequestAborted);
    }

    private static Task HtmlAsync(HttpContext context, int status, string html)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/html; charset=utf-8";
        return context.Response.WriteAsync(html, context.RequestAborted);
    }

    private static Task JsonAsync(HttpContext context, int status, object document)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        return context.Response.WriteAsync(System.Text.Json.JsonSerializer.Serialize(document, StoredJson.Values), context.RequestAborted);
    }
}
