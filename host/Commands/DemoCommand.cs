using System.CommandLine;
using Actors.Cli.CommandLine;
using Actors.Cli.Presentation;
using Actors.Host.Demo;
using Actors.Sim.Clock;

namespace Actors.Host.Commands;

/// <summary><c>actors demo</c>: runs five domains on a simulated host, from the targets to the outcomes.</summary>
internal static class DemoCommand
{
    public static Command Make()
    {
        var json = new Option<bool>("--json") { Description = "Print only the outcomes, as JSON" };
        var realtime = new Option<bool>("--realtime") { Description = "Run at the speed of the real clock" };
        var seed = CheckedOptions.Number("--seed", 0, int.MaxValue, byDefault: 1);
        seed.Description = "The random seed; the same seed gives the same run";
        var command = new Command("demo", "Run five domains on a simulated host, and end when all targets have an outcome") { json, realtime, seed };
        command.SetAction(arguments =>
        {
            var view = arguments.GetValue(json) ? null : new DemoView(Screen.Standard());
            view?.Begin();
            var report = new DemoRun(arguments.GetValue(seed), view).Play(arguments.GetValue(realtime) ? Pace.Real : Pace.Virtual);
            if (view is null)
                Terminal.Json(report, CommandJson.Default.DemoReport);
            else
                view.End(report);
            return ExitCode.Ok;
        });
        return command;
    }
}
