using Actors.Dispatch.Domains;
using Actors.Dispatch.DryRuns;
using Actors.Dispatch.Registry;
using Actors.Sdk;

namespace Actors.Dispatch.Tests.DryRuns;

internal sealed class ShadowRulesTests
{
    [TestCase("balloon 30", "balloon 30", "balloon", null)]
    [TestCase("balloon 30, paging", "balloon 30", "balloon", null)]
    [TestCase("paging", "balloon 30", "balloon", "would begin with paging instead of balloon")]
    [TestCase("paging 60", "balloon 30", "balloon", "would begin with paging (1m) instead of balloon")]
    [TestCase("balloon 60", "balloon 30", "balloon", "would give balloon 1m instead of 30s")]
    [TestCase("balloon", "balloon 30", "balloon", "would give balloon as long as it takes instead of 30s")]
    [TestCase("balloon 30, tmem, paging", "balloon 30, paging", "balloon, paging", "would continue with tmem after balloon, instead of paging")]
    [TestCase("balloon 30", "balloon 30, paging", "balloon, paging", "would end after balloon, where paging was tried")]
    [TestCase("outer/balloon 30", "balloon 30", "balloon", null)]
    [TestCase("", "balloon 30", "balloon", "would do nothing, where balloon was tried")]
    public void The_first_difference_is_reported(string shadow, string served, string ran, string? difference) =>
        Assert.That(ShadowRules.Difference(Choice(shadow), Choice(served), Ran(ran)), Is.EqualTo(difference));

    [Test]
    public void A_floor_that_only_the_shadow_has_is_reported() =>
        Assert.That(ShadowRules.Difference(ShadowChoice.Refuses("below the floor"), Choice("balloon"), Ran("balloon")), Is.EqualTo("would refuse: below the floor"));

    [Test]
    public void A_floor_that_the_shadow_does_not_have_is_reported() =>
        Assert.That(ShadowRules.Difference(Choice("balloon 30, paging"), ShadowChoice.Refuses("below the floor"), []), Is.EqualTo("would act: balloon (30s), then paging"));

    [Test]
    public void Two_refusals_are_no_difference() =>
        Assert.That(ShadowRules.Difference(ShadowChoice.Refuses("a"), ShadowChoice.Refuses("b"), []), Is.Null);

    [Test]
    public void A_skipped_step_did_not_run() =>
        Assert.That(ShadowRules.Difference(Choice("paging"), Choice("paging"), [Result("balloon") with { Skipped = true }, Result("paging")]), Is.Null);

    private static ShadowChoice Choice(string steps) => new(new RunPreview([.. Split(steps).Select(Step)], []));

    private static StepPreview Step(string text, int index)
    {
        var words = text.Split(' ');
        var limits = new TimeLimits(words.Length > 1 ? TimeSpan.FromSeconds(int.Parse(words[1], null)) : null, null);
        return new StepPreview(index + 1, words[0], StepPreview.Tries, limits, "");
    }

    private static StepResult[] Ran(string steps) => [.. Split(steps).Select(Result)];

    private static StepResult Result(string actor) => new(1, actor, Outcome.Short(Kib.Zero, ""), TimeSpan.Zero);

    private static string[] Split(string text) => text.Split(", ", StringSplitOptions.RemoveEmptyEntries);
}
