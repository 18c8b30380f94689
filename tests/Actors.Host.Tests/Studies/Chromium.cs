using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Actors.Host.Tests.Studies;

/// <summary>A browser without a window, which measures pages.</summary>
internal static partial class Chromium
{
    private const string Program = "/usr/bin/chromium";

    // Written next to the page: a page may look into another one of its folder.
    private const string Frame = """
        <!DOCTYPE html><iframe id="frame" style="border:0" width="WIDTH" height="3000" src="PAGE"></iframe>
        <script>
        frame.onload = () => {
          const [page, root] = [frame.contentWindow, frame.contentDocument.documentElement];
          const seen = [...root.querySelectorAll('main *')].filter(part => !part.closest('.scroll, .hidden, svg') || part.matches('.scroll, svg'));
          const wide = seen.filter(part => part.getBoundingClientRect().right > page.innerWidth + 1).length;
          const small = [...root.querySelectorAll('svg.chart text')].filter(part => part.getBoundingClientRect().height < 9).length;
          document.body.dataset.measured = [root.scrollWidth, page.innerWidth, wide, small, page.performance.getEntriesByType('resource').length].join(' ');
        };
        </script>
        """;

    /// <summary>Measures a page in a window of some width.</summary>
    public static PageMeasures Measure(string page, int width)
    {
        if (!File.Exists(Program) && Environment.GetEnvironmentVariable("CI") != "true")
            Assert.Ignore("needs chromium (apt: chromium)");
        using var folder = new ScratchFolder();
        var (file, frame) = (Path.Combine(folder.Path, "page.html"), Path.Combine(folder.Path, "frame.html"));
        File.WriteAllText(file, page);
        File.WriteAllText(frame, Frame.Replace("WIDTH", $"{width}", StringComparison.Ordinal).Replace("PAGE", "page.html", StringComparison.Ordinal));
        var start = new ProcessStartInfo(Program)
        {
            ArgumentList =
            {
                "--headless=new", "--no-sandbox", "--disable-gpu", $"--user-data-dir={Path.Combine(folder.Path, "profile")}", "--allow-file-access-from-files",
                "--virtual-time-budget=5000", "--window-size=1400,3000", "--dump-dom", frame,
            },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var browser = Process.Start(start)!;
        var messages = browser.StandardError.ReadToEndAsync();
        var dom = browser.StandardOutput.ReadToEnd();
        browser.WaitForExit();
        var measured = Measured().Match(dom);
        Assert.That(measured.Success, $"chromium measured nothing: {messages.Result}\n{dom}");
        int Number(int index) => int.Parse(measured.Groups[index].ValueSpan, CultureInfo.InvariantCulture);
        return new PageMeasures(Number(1), Number(2), Number(3), Number(4), Number(5));
    }

    [GeneratedRegex("data-measured=\"(\\d+) (\\d+) (\\d+) (\\d+) (\\d+)\"")]
    private static partial Regex Measured();
}

/// <summary>What the browser measured.</summary>
/// <param name="ContentWidth">How wide the content is.</param>
/// <param name="WindowWidth">How wide the window is.</param>
/// <param name="PartsOutside">How many parts of the page are cut at its right side.</param>
/// <param name="TinyTexts">How many texts of charts are too small to read.</param>
/// <param name="Requests">How many files the page has loaded.</param>
internal sealed record PageMeasures(int ContentWidth, int WindowWidth, int PartsOutside, int TinyTexts, int Requests);
