using Actors.Loading.Containment;
using Actors.Loading.Files;
using Actors.Sdk.Testing;

namespace Actors.Host.Conformance;

/// <summary>
/// Checks a built plugin against the rules on the simulated host. The plugin is loaded again for each rule, so that no rule sees what
/// an earlier one left in it. The check ends whatever the plugin does.
/// </summary>
internal sealed class PluginTrial(string folder, TimeSpan limit)
{
    public static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(10);

    private readonly PluginHealth _unobserved = new(folder, TimeProvider.System);

    /// <summary>Checks all rules for all actors of the plugin, and for the plugin itself.</summary>
    /// <exception cref="PluginException">The plugin cannot be loaded.</exception>
    public IEnumerable<PluginFinding> Run()
    {
        UnobservedErrors.Catch();
        using var plugins = new UncontainedPlugins(folder, _unobserved);
        var abandoned = false;
        foreach (var name in Names(plugins))
        {
            var trial = new ActorTrial(() => plugins.Load().Actors[name], () => new SimulatedRuleHost(), limit) { Name = name };
            foreach (var rule in ActorRules.All)
                yield return PluginFinding.Of(name, trial.Try(rule));
            abandoned |= trial.Abandoned;
        }
        yield return abandoned
            ? UnloadCheck.Finding(RuleVerdict.Fail, "not checked, because an actor still occupies a thread")
            : UnloadCheck.Try(plugins.Load);
        yield return PluginFinding.Unobserved(_unobserved);
    }

    // Loading runs constructors and initialisers of the plugin, which may throw or hang.
    private IReadOnlyList<string> Names(UncontainedPlugins plugins)
    {
        IReadOnlyList<string> names = [];
        PluginException? problem = null;
        var thread = new Thread(() =>
        {
            try
            {
                names = [.. plugins.Load().Actors.Keys];
            }
            catch (PluginException error)
            {
                problem = error;
            }
            catch (Exception error)
            {
                problem = new PluginException($"{folder}: cannot be loaded: {error.GetType().Name}: {error.Message}", error);
            }
        })
        { IsBackground = true, Name = "plugin being loaded" };
        thread.Start();
        if (!thread.Join(limit))
            throw new PluginException($"{folder}: loading did not end within {limit.TotalSeconds:0} s: a constructor loops forever or blocks");
        return problem is null ? names : throw problem;
    }
}
