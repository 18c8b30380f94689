using Actors.Cli.Presentation;

namespace Actors.Host.Tests.Presentation;

internal sealed class ScreenTests
{
    [Test]
    public void A_text_continues_below_its_own_beginning() => Assert.That(Printed(34, "bad    journal  ", "there is no room for another line"), Is.EqualTo(
        "bad    journal  there is no room\n                for another line\n"));

    [Test]
    public void A_pipe_gets_one_line() => Assert.That(Printed(null, "bad    journal  ", "there is no room for another line"), Is.EqualTo(
        "bad    journal  there is no room for another line\n"));

    [Test]
    public void A_text_with_line_breaks_remains_one_text() => Assert.That(Printed(80, "", "a\nb\e[2J"), Is.EqualTo(@"a\nb\x1b[2J" + "\n"));

    private static string Printed(int? width, string lead, string text)
    {
        using var output = new StringWriter();
        new Screen(output, new TerminalLook(false, false), width).Print(lead, text);
        return output.ToString();
    }
}
