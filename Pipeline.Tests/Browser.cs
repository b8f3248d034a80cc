using Microsoft.Playwright;

namespace Pipeline.Tests;

/// <summary>A test in a real Chromium (Debian's). Where there is none it is skipped and counted as such: <c>test.sh</c> installs it.</summary>
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute() => Skip = Browser.Executable is null ? "no chromium: install it (apt-get install chromium) or name it in PIPELINE_CHROMIUM" : null!;
}

/// <summary>Chromium without a window, driven by Playwright; one for each test that wants it.</summary>
public sealed class Browser : IAsyncDisposable
{
    private readonly IPlaywright playwright;
    private readonly IBrowser browser;

    private Browser(IPlaywright playwright, IBrowser browser)
    {
        this.playwright = playwright;
        this.browser = browser;
    }

    /// <value>Null: there is none.</value>
    public static string? Executable { get; } = new[] { Environment.GetEnvironmentVariable("PIPELINE_CHROMIUM"), "/usr/bin/chromium", "/usr/bin/chromium-browser" }
        .FirstOrDefault(File.Exists);

    public static async Task<Browser> StartAsync()
    {
        IPlaywright playwright = await Playwright.CreateAsync();
        // Its sandbox needs rights that a container's root has not; what it opens is this machine's own page.
        return new Browser(playwright, await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Executable, Args = ["--no-sandbox", "--disable-dev-shm-usage"] }));
    }

    /// <summary>A page of 1,280 × 900 in a session of its own: no cookies of another.</summary>
    public async Task<IPage> PageAsync(bool isDark = false, int width = 1280)
    {
        IBrowserContext context = await browser.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = 900 },
            ColorScheme = isDark ? ColorScheme.Dark : ColorScheme.Light,
            AcceptDownloads = true,
        });
        return await context.NewPageAsync();
    }

    /// <summary>For people who want to look: written where PIPELINE_SCREENSHOTS says, else nowhere.</summary>
    public static async Task ShotAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("PIPELINE_SCREENSHOTS") is { Length: > 0 } folder)
        {
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, name + ".png"), FullPage = true });
        }
    }

    public async ValueTask DisposeAsync()
    {
        await browser.DisposeAsync();
        playwright.Dispose();
    }
}
