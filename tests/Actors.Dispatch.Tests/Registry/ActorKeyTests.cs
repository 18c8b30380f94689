using Actors.Dispatch.Registry;
using FsCheck;
using FsCheck.Fluent;

namespace Actors.Dispatch.Tests.Registry;

internal sealed class ActorKeyTests
{
    private static readonly string Longest = new('a', 64);

    [TestCase(null, true, "", "", "xl")]
    [TestCase("xl", true, "", "", "xl")]
    [TestCase("xl:paging", true, "paging", "", "xl:paging")]
    [TestCase("xl:balloon-then-paging", true, "balloon-then-paging", "", "xl:balloon-then-paging")]
    [TestCase("balloon", false, "balloon", "", "balloon")]
    [TestCase("XL", false, "XL", "", "XL")]
    [TestCase("xlate", false, "xlate", "", "xlate")]
    [TestCase("tmem:cap=512", false, "tmem", "cap=512", "tmem:cap=512")]
    [TestCase("a:b:c", false, "a", "b:c", "a:b:c")]
    [TestCase("a: b", false, "a", " b", "a: b")]
    public void A_valid_key_is_parsed_into_its_parts(string? text, bool isXl, string name, string argument, string written)
    {
        var (key, error) = ActorKey.Parse(text);

        Assert.That((key, error), Is.EqualTo((new ActorKey(isXl, name, argument), (string?)null)));
        Assert.That(key!.ToString(), Is.EqualTo(written));
    }

    [TestCase("", "the actor key is empty: remove it for the default policy, or write 'xl', 'xl:POLICY' or 'ACTOR'")]
    [TestCase("xl:", "the actor key 'xl:' is malformed: expected 'xl', 'xl:POLICY', 'ACTOR' or 'ACTOR:ARGUMENT'")]
    [TestCase(":x", "the actor key ':x' is malformed: expected 'xl', 'xl:POLICY', 'ACTOR' or 'ACTOR:ARGUMENT'")]
    [TestCase("two words", "the actor key 'two words' is malformed: expected 'xl', 'xl:POLICY', 'ACTOR' or 'ACTOR:ARGUMENT'")]
    [TestCase("line\nbreak", "the actor key 'line\\nbreak' is malformed: expected 'xl', 'xl:POLICY', 'ACTOR' or 'ACTOR:ARGUMENT'")]
    [TestCase("balloon\n", "the actor key 'balloon\\n' is malformed: expected 'xl', 'xl:POLICY', 'ACTOR' or 'ACTOR:ARGUMENT'")]
    [TestCase("xl:a:b", "the actor key 'xl:a:b' is malformed: 'xl:' takes the name of one policy or actor")]
    public void A_malformed_key_is_rejected_with_what_is_expected(string text, string error) =>
        Assert.That(ActorKey.Parse(text), Is.EqualTo(((ActorKey?)null, error)));

    [Test]
    public void Names_have_at_most_64_letters_and_arguments_256()
    {
        string[] valid = [Longest, $"xl:{Longest}", $"{Longest}:{new string('b', 256)}"];
        string[] tooLong = [$"{Longest}a", $"xl:{Longest}a", $"a:{new string('b', 257)}"];
        Assert.Multiple(() =>
        {
            Assert.That(valid.Select(text => ActorKey.Parse(text).Error), Is.All.Null);
            Assert.That(tooLong.Select(text => ActorKey.Parse(text).Key), Is.All.Null);
        });
    }

    [Test]
    public void An_error_quotes_at_most_64_letters() =>
        Assert.That(ActorKey.Parse(new string('/', 5000)).Error, Does.StartWith($"the actor key '{new string('/', 64)}…' is malformed"));

    [Test]
    public void Any_text_is_a_key_or_gives_one_printable_line_of_error() => Prop.ForAll<string>(text =>
    {
        var (key, error) = ActorKey.Parse(text);
        return key is not null ? key.ToString() == (text ?? "xl") : !error!.Any(char.IsControl);
    }).QuickCheckThrowOnFailure();
}
