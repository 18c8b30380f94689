using Actors.Dispatch.Registry;
using FsCheck;
using FsCheck.Fluent;

namespace Actors.Host.Tests.Dispatch.Registry;

internal sealed class ActorKeyTests
{
    [TestCase(null, true, "", "")]
    [TestCase("xl", true, "", "")]
    [TestCase("xl:paging", true, "paging", "")]
    [TestCase("balloon", false, "balloon", "")]
    [TestCase("tmem:cap=512", false, "tmem", "cap=512")]
    [TestCase("a:b:c", false, "a", "b:c")]
    public void A_valid_key_is_parsed_into_its_parts(string? text, bool isXl, string name, string argument) =>
        Assert.That(ActorKey.Parse(text), Is.EqualTo((new ActorKey(isXl, name, argument), (string?)null)));

    [TestCase("", "empty")]
    [TestCase("xl:", "malformed")]
    [TestCase("xl:a:b", "malformed")]
    [TestCase(":x", "malformed")]
    [TestCase("two words", "malformed")]
    [TestCase("line\nbreak", "malformed")]
    public void A_malformed_key_is_rejected_with_what_is_expected(string text, string word) =>
        Assert.That(ActorKey.Parse(text).Error, Does.Contain(word).And.Contain("xl"));

    [Test]
    public void Any_text_is_a_key_or_gives_one_printable_line_of_error() => Prop.ForAll<string>(text =>
    {
        var (key, error) = ActorKey.Parse(text);
        return key is not null ? key.ToString() == (text ?? "xl") : !error!.Any(char.IsControl);
    }).QuickCheckThrowOnFailure();
}
