using Actors.Loading.Containment;
using Actors.Loading.Files;
using Actors.Sdk.Testing;

namespace Actors.Host.Conformance;

/// <summary>
/// Holds a built plugin to the rules, on the simulated host. Each rule gets the plugin loaded anew, so that none sees what another left
/// in it. Whatever the plugin does, this ends.
/// </summary>
internal sealed class PluginTrial(string folder, TimeSpan patience)
{
    public static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(10);

    private readonly PluginHealth _stray = new(folder, TimeProvider.System);

    /// <summary>Tries all rules on all actors of the plugin, and on the plugin itself.</summary>
    /// <exception cref="PluginException">It cannot be loaded.</exception>
    public IEnumerable<PluginFinding> Run()
    {
        UnobservedErrors.Catch();
        using var plugins = new BarePlugins(folder, _stray);
        var leftBehind = false;
        foreach (var name in Names(plugins))
        {
            var trial = new ActorTrial(() => plugins.Load().Actors[name], () => new SimulatedWorld(), patience);
            foreach (var rule in ActorRules.All)
                yield return PluginFinding.Of(name, trial.Try(rule));
            leftBehind |= trial.Abandoned;
        }
        yield return leftBehind
            ? Unloading.Finding(RuleVerdict.Fail, "not tried, because it is still at work on a thread that it did not give back")
            : Unloading.Try(plugins.Load);
        yield return Stray();
    }

    private PluginFinding Stray() => new(null, "It throws nothing on threads and timers of its own",
        "an exception there belongs to no run: the host can only count it, and put the plugin out of service",
        _stray.Now.Total == 0 ? RuleVerdict.Pass : RuleVerdict.Fail,
        _stray.Now.Total == 0 ? "" : $"{_stray.Now.Total} times, the last: {_stray.Now.LastFault}");

    // Its constructors and initialisers are code of the plugin as well.
    private IReadOnlyList<string> Names(BarePlugins plugins)
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
        if (!thread.Join(patience))
            throw new PluginException($"{folder}: did not come back from being loaded after {patience.TotalSeconds:0} s: a constructor computes without end, or blocks");
        return problem is null ? names : throw problem;
    }
}
