using System.Text.Json;
using Actors.Cli.CommandLine;
using Actors.Cli.Control;
using Actors.Host.Control;
using Actors.Loading;
using Actors.Loading.Files;

namespace Actors.Host.Daemon;

/// <summary>The requests about plugins that the daemon accepts.</summary>
internal static class PluginVerbs
{
    public const string List = "plugin list";
    public const string Inspect = "plugin inspect";
    public const string Reload = "plugin reload";
    public const string RollBack = "plugin rollback";

    public static void AddTo(ControlVerbs verbs, PluginCatalog plugins)
    {
        verbs.Add(List, async (_, cancellation) => Plugins(await plugins.StatusAsync(cancellation)));
        verbs.Add(Reload, (arguments, cancellation) => ReportErrorsAsync(async () => Plugins(await plugins.ReloadAsync(arguments is [var name, ..] ? name : null, cancellation))));
        verbs.Add(RollBack, (arguments, cancellation) => ReportErrorsAsync(async () => Plugins(await plugins.RollBackAsync(arguments[0], cancellation))));
        verbs.Add(Inspect, (arguments, cancellation) => ReportErrorsAsync(async () =>
        {
            var (candidate, status) = await plugins.InspectAsync(arguments[0], cancellation);
            return ControlAnswer.Ok(JsonSerializer.SerializeToElement(PluginInspection.Of(candidate) with { Status = status }, PluginJson.Default.PluginInspection));
        }));
    }

    private static ControlAnswer Plugins(IReadOnlyList<PluginStatus> plugins) =>
        ControlAnswer.Ok(JsonSerializer.SerializeToElement(plugins, PluginJson.Default.IReadOnlyListPluginStatus));

    private static async Task<ControlAnswer> ReportErrorsAsync(Func<Task<ControlAnswer>> request)
    {
        try
        {
            return await request();
        }
        catch (PluginException error)
        {
            throw new CommandException(ExitCode.Failed, error.Message);
        }
    }
}
