using Actors.Loading.Compatibility;

namespace Actors.Loading.Tests.Compatibility;

internal sealed class VerdictTests
{
    [TestCase(Fit.Fits, true, "fits")]
    [TestCase(Fit.TooNew, false, "too new")]
    [TestCase(Fit.TooOld, false, "too old")]
    [TestCase(Fit.NotAPlugin, false, "not a plugin")]
    [TestCase(Fit.NotTrusted, false, "not trusted")]
    public void A_verdict_has_a_word(Fit fit, bool fits, string word)
    {
        var verdict = Verdict.Of(fit);
        Assert.That((verdict.Fits, verdict.Word, verdict.Line), Is.EqualTo((fits, word, word)));
    }

    [Test]
    public void Its_line_shows_the_first_problem_and_counts_the_others() => Assert.Multiple(() =>
    {
        Assert.That(Verdict.Of(Fit.TooNew, "a").Line, Is.EqualTo("too new: a"));
        Assert.That(Verdict.Of(Fit.TooNew, "a", "b", "c").Line, Is.EqualTo("too new: a (and 2 more problems; 'actors plugin validate' shows them)"));
    });

    [Test]
    public void Problems_that_matter_more_come_first_and_decide()
    {
        var verdict = Verdict.Of(Fit.TooNew, "a");

        Assert.That(verdict.After(Fit.NotTrusted, []), Is.SameAs(verdict));
        var after = verdict.After(Fit.NotTrusted, ["b", "c"]);
        Assert.That((after.Fit, string.Join(' ', after.Problems)), Is.EqualTo((Fit.NotTrusted, "b c a")));
    }
}
