using Actors.Host.Plugins;
using Actors.Sdk.Testing;

namespace Actors.Host.Conformance;

/// <summary>
/// Holds a built plugin to the rules, on the simulated host. Each rule gets the plugin loaded anew, so that none sees what another left
/// in it. Whatever the plugin does, this ends.
/// </summary>
internal sealed class PluginTrial(string folder, TimeSpan patience)
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Tries all rules on all actors of the plugin, and on the plugin itself.</summary>
    /// <exception cref="PluginException">It cannot be loaded.</exception>
    public IEnumerable<PluginFinding> Run()
    {
        using var stray = new StrayErrors();
        var soundToUnload = true;
        foreach (var name in Names())
        {
            var trial = new ActorTrial(() => Plugin.Load(folder).Actors[name], () => new SimulatedWorld(), patience);
            foreach (var rule in ActorRules.All)
                yield return PluginFinding.Of(name, trial.Try(rule));
            soundToUnload &= !trial.LeftBehind;
        }
        yield return soundToUnload
            ? Unloading.Try(folder)
            : Unloading.Finding(RuleVerdict.Fail, "not tried, because it is still at work on a thread that it did not give back");
        yield return stray.Finding();
    }

    // Its constructors and initialisers are code of the plugin as well.
    private IReadOnlyList<string> Names()
    {
        IReadOnlyList<string> names = [];
        PluginException? problem = null;
        var thread = new Thread(() =>
        {
            try
            {
                names = [.. Plugin.Load(folder).Actors.Keys];
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
