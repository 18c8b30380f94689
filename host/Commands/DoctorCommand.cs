using System.CommandLine;
using Actors.Cli.CommandLine;
using Actors.Host.Daemon;
using Actors.Host.Doctor;
using Actors.Host.Platforms;
using Actors.Host.PolicyTests;

namespace Actors.Host.Commands;

/// <summary><c>actors doctor</c>: checks this host and reports what is missing, with advice.</summary>
internal static class DoctorCommand
{
    public static Command Make()
    {
        var json = new Option<bool>("--json") { Description = "Print JSON" };
        var command = new Command("doctor", "Check this host, and show what is missing and what to do about it") { json };
        command.SetAction((arguments, cancellation) => Terminal.GuardAsync(async () =>
        {
            IReadOnlyList<DoctorFinding> findings = [.. await HostCheck.RunAsync(Dom0.Detect(), cancellation), .. OfConfiguration(ConfigurationFile.Default)];
            if (arguments.GetValue(json))
                Terminal.Json(findings, CommandJson.Default.IReadOnlyListDoctorFinding);
            else
                Print(findings);
            return findings.Any(finding => finding.Status == FindingStatus.Bad) ? ExitCode.Failed : ExitCode.Ok;
        }));
        return command;
    }

    private static IEnumerable<DoctorFinding> OfConfiguration(string? file)
    {
        try
        {
            var configuration = ConfigurationFile.Read(file);
            return configuration.PluginSettings is { } settings ? PluginFindings.Of(settings, KnownActors.PluginsIn(configuration.PluginFolder ?? new HostOptions().PluginFolder)) : [];
        }
        catch (CommandException error)
        {
            return [new DoctorFinding("configuration", FindingStatus.Bad, error.Message, "fix the file; until then the daemon uses its last good version, if there is one")];
        }
    }

    private static void Print(IReadOnlyList<DoctorFinding> findings)
    {
        foreach (var finding in findings)
        {
            Terminal.Line($"{finding.Status.ToString().ToLowerInvariant(),-8} {finding.Subject,-15} {finding.Text}");
            if (finding.Advice.Length > 0)
                Terminal.Line($"{"",-24} -> {finding.Advice}");
        }
    }
}
