using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Actors.Sdk.Text;

namespace Actors.Host.Tests.Text;

internal sealed class PrintableTests
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [TestCase("web-1", "web-1")]
    [TestCase("Grüße, 世界 🙂", "Grüße, 世界 🙂")]
    [TestCase("a\nb\r\tc", @"a\nb\r\tc")]
    [TestCase("\u001b[2Jgone\u0007", @"\x1b[2Jgone\x07")]
    [TestCase("\u009b31m", @"\x9b31m", TestName = "A control character beyond ASCII starts a sequence as well")]
    [TestCase("abc\u202edcba", @"abc\u{202e}dcba", TestName = "Text that is written backwards is shown as it is")]
    [TestCase("a\u200bb\u2028c\u2029d\u0085e", @"a\u{200b}b\u{2028}c\u{2029}d\x85e")]
    [TestCase(null, "")]
    public void Foreign_text_is_shown_on_one_line_without_control_characters(string? text, string shown) =>
        Assert.That(Printable.Of(text), Is.EqualTo(shown));

    [Test]
    public void Half_a_character_is_replaced() => Assert.That(Printable.Of("a" + '\ud800'), Is.EqualTo("a\ufffd"));

    [Test]
    public void Json_stays_the_same_document_without_unprintable_characters()
    {
        var text = "a\u001b\u202e\u2028" + char.ConvertFromUtf32(0xe0001) + "世\"";
        var json = JsonSerializer.Serialize(text, Relaxed);

        var shown = Printable.Json(json);

        Assert.That(shown, Is.EqualTo("\"a\\u001B\\u202e\\u2028\\uDB40\\uDC01世\\\"\""));
        Assert.That(JsonSerializer.Deserialize<string>(shown), Is.EqualTo(text));
    }

    [Test]
    public void A_long_text_is_cut_and_an_escape_is_never_cut_in_half() => Assert.Multiple(() =>
    {
        Assert.That(Printable.Of(new string('x', 600)), Is.EqualTo(new string('x', 500) + "…"));
        Assert.That(Printable.Of("abc\u001b[0m", limit: 5), Is.EqualTo("abc…"));
    });

    [Test]
    public void No_character_gets_through_that_moves_a_cursor_or_breaks_a_line()
    {
        var all = new StringBuilder();
        for (var code = 0; code <= 0x10ffff; code++)
        {
            if (Rune.IsValid(code))
                all.Append(new Rune(code).ToString());
        }

        var shown = Printable.Of(all.ToString(), int.MaxValue);

        Assert.That(shown.EnumerateRunes().Select(Rune.GetUnicodeCategory), Has.None.AnyOf(
            UnicodeCategory.Control, UnicodeCategory.Format, UnicodeCategory.LineSeparator, UnicodeCategory.ParagraphSeparator, UnicodeCategory.Surrogate));
    }
}
