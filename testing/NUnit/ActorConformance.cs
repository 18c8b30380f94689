using NUnit.Framework;

namespace Actors.Sdk.Testing;

/// <summary>
/// Checks an actor against every rule, on the fakes of this kit. One line is enough: <c>public sealed class CompressConformance :
/// ActorConformance&lt;CompressActor&gt;;</c>. A rule that does not apply to the actor is ignored, with the reason.
/// </summary>
/// <typeparam name="TActor">The actor.</typeparam>
[TestFixture]
public abstract class ActorConformance<TActor> where TActor : IActor, new()
{
    private readonly ActorTrial _trial;
    private readonly List<FakeDomain> _domains = [];
    private FakePluginContext? _plugin;

    /// <summary>Creates the fixture.</summary>
    protected ActorConformance() => _trial = new ActorTrial(Create, () => new FakeWorld(AddDomain));

    /// <summary>Checks one rule.</summary>
    [TestCaseSource(typeof(ActorRuleCases), nameof(ActorRuleCases.All))]
    public void Keeps(ActorRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        var result = _trial.Try(rule);
        if (result.Verdict == RuleVerdict.NotApplicable)
            Assert.Ignore($"not applicable: {result.Detail}");
        Assert.That(result.Verdict, Is.EqualTo(RuleVerdict.Pass), $"{result.Detail} (why this matters: {rule.Why})");
    }

    /// <summary>Prepares what the host offers to an actor that is an <see cref="IPluginPart"/>. Override it to set its settings.</summary>
    protected virtual void Prepare(FakePluginContext plugin)
    {
    }

    /// <summary>Prepares each domain. Override it to add a mechanism or an agent that this kit does not have.</summary>
    protected virtual void Prepare(FakeDomain domain)
    {
    }

    private IActor Create()
    {
        var actor = new TActor();
        if (actor is IPluginPart part)
        {
            var plugin = new FakePluginContext();
            Prepare(plugin);
            part.Attach(plugin);
            // A rule may replace the actor, as a new version of the plugin does: its domains then get the mechanisms of that one.
            _plugin = plugin;
            _domains.ForEach(domain => domain.Plugin = plugin);
        }
        return actor;
    }

    private void AddDomain(FakeDomain domain)
    {
        domain.Plugin = _plugin;
        _domains.Add(domain);
        Prepare(domain);
    }
}
