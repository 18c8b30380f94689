using Actors.Cli.Presentation;

namespace Actors.Host.Tests.Presentation;

internal sealed class TerminalLookTests
{
    [TestCase(true, "xterm-256color", null, true)]
    [TestCase(true, "linux", null, true)]
    [TestCase(true, "xterm", "1", false)]
    [TestCase(true, "xterm", "", true)]
    [TestCase(true, "dumb", null, false)]
    [TestCase(true, null, null, false)]
    [TestCase(false, "xterm", null, false)]
    public void Colours_are_for_terminals_that_have_them_and_users_who_want_them(bool terminal, string? term, string? noColour, bool expected)
    {
        var look = Look(terminal, ("TERM", term), ("NO_COLOR", noColour), ("LANG", "C.UTF-8"));

        Assert.That(look.Colours, Is.EqualTo(expected));
        Assert.That(look.Paint("short", Tone.Warning), Is.EqualTo(expected ? "\e[33mshort\e[0m" : "short"));
    }

    [TestCase("C.UTF-8", null, "xterm", false)]
    [TestCase("de_DE.utf8", null, "xterm", false)]
    [TestCase("C.UTF-8", "C", "xterm", true)]
    [TestCase("C", "en_US.UTF-8", "xterm", false)]
    [TestCase(null, null, "xterm", true)]
    [TestCase("C.UTF-8", null, "linux", true)]
    [TestCase("C.UTF-8", null, "vt220", true)]
    public void A_terminal_gets_ASCII_where_the_locale_or_the_terminal_has_no_more(string? lang, string? all, string term, bool expected) =>
        Assert.That(Look(true, ("LANG", lang), ("LC_ALL", all), ("TERM", term)).Ascii, Is.EqualTo(expected));

    [Test]
    public void A_pipe_gets_the_text_as_it_is() => Assert.That(Look(false, ("LC_ALL", "C")).Text("büro…"), Is.EqualTo("büro…"));

    [Test]
    public void In_ASCII_a_foreign_letter_is_a_number() => Assert.That(new TerminalLook(false, Ascii: true).Text("büro 猫…"), Is.EqualTo(@"b\u{fc}ro \u{732b}..."));

    private static TerminalLook Look(bool terminal, params (string Name, string? Value)[] variables) =>
        TerminalLook.Of(terminal, ascii: false, name => variables.FirstOrDefault(variable => variable.Name == name).Value);
}
