using Actors.Dispatch.Registry;
using FsCheck;
using FsCheck.Fluent;

namespace Actors.Host.Tests.Plan;

internal sealed class ActorKeyTests
{
    [TestCase(null, true, "", "")]
    [TestCase("xl", true, "", "")]
    [TestCase("xl:paging", true, "paging", "")]
    [TestCase("balloon", false, "balloon", "")]
    [TestCase("tmem:cap=512", false, "tmem", "cap=512")]
    [TestCase("a:b:c", false, "a", "b:c")]
    public void It_reads_as_the_proposal_says(string? text, bool isXl, string name, string argument) =>
        Assert.That(ActorKey.Parse(text), Is.EqualTo((new ActorKey(isXl, name, argument), (string?)null)));

    [TestCase("", "empty")]
    [TestCase("xl:", "malformed")]
    [TestCase("xl:a:b", "malformed")]
    [TestCase(":x", "malformed")]
    [TestCase("two words", "malformed")]
    [TestCase("line\nbreak", "malformed")]
    public void What_does_not_fit_is_refused_with_what_would(string text, string word) =>
        Assert.That(ActorKey.Parse(text).Error, Does.Contain(word).And.Contain("xl"));

    [Test]
    public void Whatever_a_key_holds_it_is_a_key_or_one_clean_line_of_error() => Prop.ForAll<string>(text =>
    {
        var (key, error) = ActorKey.Parse(text);
        return key is not null ? key.ToString() == (text ?? "xl") : !error!.Any(char.IsControl);
    }).QuickCheckThrowOnFailure();
}
