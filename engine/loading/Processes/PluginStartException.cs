using Actors.Isolation.Processes;
using Actors.Loading.Files;

namespace Actors.Loading.Processes;

/// <summary>Thrown when the process of a plugin ended before the plugin was loaded.</summary>
internal sealed class PluginStartException(EndOfProcess end) : PluginException($"cannot be loaded: its process {end.Describe()}")
{
    public EndOfProcess End => end;
}
