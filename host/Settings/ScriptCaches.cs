using Actors.Chains.Scripts;
using Actors.Cli.Settings;

namespace Actors.Host.Settings;

/// <summary>The cache of compiled scripts.</summary>
internal static class ScriptCaches
{
    /// <summary>Opens the cache: the user's own, and the one that is shipped with the program.</summary>
    public static ScriptCache Open(Action<string> warn) => new(HostPaths.Scripts, warn, HostPaths.Beside("scripts"));
}
