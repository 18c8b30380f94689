using Actors.Dispatch.State;

namespace Actors.Dispatch.Tests.State;

internal sealed class StoreTextTests
{
    [TestCase("abcd", 4, "abcd")]
    [TestCase("abcde", 4, "a…")]
    [TestCase("€€", 6, "€€")]
    [TestCase("€€€", 8, "€…")]
    [TestCase("€€€", 6, "€…")]
    [TestCase("€€€", 5, "…")]
    [TestCase("abcd", 3, "…")]
    [TestCase("abcd", 2, "")]
    [TestCase("", 0, "")]
    [TestCase("a\r\nb", 9, "a\\r\\nb")]
    [TestCase("a\u202eb", 10, "a\\u{202e}b")]
    public void Text_is_cut_to_whole_letters(string text, int bytes, string fitted) =>
        Assert.That(StoreText.Fit(text, bytes), Is.EqualTo(fitted));

    [TestCase("\"\"", 4, "\\\"\\\"")]
    [TestCase("\"\"\"", 5, "\\\"…")]
    [TestCase("\"\"\"", 4, "…")]
    public void Escaped_text_is_cut_between_letters_and_never_after_a_backslash(string text, int bytes, string fitted) =>
        Assert.That(StoreText.FitEscaped(text, bytes), Is.EqualTo(fitted));
}
