using Actors.Cli.CommandLine;

namespace Actors.Host.Tests.CommandLine;

internal sealed class ProgressLineTests
{
    [Test]
    public void The_text_is_overwritten_and_the_line_is_empty_at_the_end()
    {
        using var terminal = new StringWriter();
        using (var line = new ProgressLine(terminal, () => 80))
        {
            line.Show("700 MiB");
            line.Show("700 MiB");
            line.Show("600 MiB");
        }

        Assert.That(terminal.ToString(), Is.EqualTo("\r\e[K700 MiB\r\e[K600 MiB\r\e[K"));
    }

    [Test]
    public void A_line_that_was_never_shown_leaves_nothing_behind()
    {
        using var terminal = new StringWriter();
        new ProgressLine(terminal, () => 80).Dispose();

        Assert.That(terminal.ToString(), Is.Empty);
    }

    [Test]
    public void A_text_is_cut_to_the_width_of_the_terminal_and_cannot_control_it()
    {
        using var terminal = new StringWriter();
        using var line = new ProgressLine(terminal, () => 20);

        line.Show("web\e[2J and much more than fits");

        Assert.That(terminal.ToString(), Is.EqualTo(@"" + "\r\e[K" + @"web\x1b[2J and muc…"));
    }
}
