using System.CommandLine;

namespace Actors.Host.Commands.Scenarios;

/// <summary><c>actors scenario</c>: the commands for scenarios.</summary>
internal static class ScenarioCommand
{
    public static Command Make() => new("scenario", "Test scenarios of the simulated host") { ScenarioTestCommand.Make() };
}
