using System.CommandLine;
using Actors.Host.CommandLine;
using Actors.Host.Demo;
using Actors.Sim.Clock;

namespace Actors.Host.Commands;

/// <summary><c>actors demo</c>: five domains on a simulated host, from the targets to the outcomes.</summary>
internal static class DemoCommand
{
    public static Command Make()
    {
        var json = new Option<bool>("--json") { Description = "Print the outcomes as JSON, and nothing else" };
        var realtime = new Option<bool>("--realtime") { Description = "Let one virtual second take one second" };
        var seed = new Option<int>("--seed") { Description = "The seed of all chance; the same one gives the same run", DefaultValueFactory = _ => 1 };
        seed.Validators.Add(result =>
        {
            if (result.Errors.Any() || result.GetValueOrDefault<int>() >= 0)
                return;
            result.AddError("--seed must be 0 or more");
        });
        var command = new Command("demo", "Play five domains on a simulated host; ends by itself") { json, realtime, seed };
        command.SetAction(arguments =>
        {
            var view = arguments.GetValue(json) ? null : new DemoView();
            if (view is not null)
                DemoView.Begin();
            var report = new DemoRun(arguments.GetValue(seed), view).Play(arguments.GetValue(realtime) ? Pace.Real : Pace.Virtual);
            if (view is null)
                Terminal.Json(report, CommandJson.Default.DemoReport);
            else
                DemoView.End(report);
            return ExitCode.Ok;
        });
        return command;
    }
}
