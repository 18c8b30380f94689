using System.CommandLine;
using Actors.Cli.CommandLine;
using Actors.Cli.Presentation;
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
        var ascii = TableOptions.AsciiOption();
        var command = new Command("doctor", "Check this host, and show what is missing and what to do about it") { json, ascii };
        command.SetAction((arguments, cancellation) => Terminal.GuardAsync(async () =>
        {
            IReadOnlyList<DoctorFinding> findings = [.. await HostCheck.RunAsync(Dom0.Detect(), cancellation), .. OfConfiguration(ConfigurationFile.Default)];
            if (arguments.GetValue(json))
                Terminal.Json(findings, CommandJson.Default.IReadOnlyListDoctorFinding);
            else
                Print(findings, Screen.Standard(arguments.GetValue(ascii)));
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

    private static void Print(IReadOnlyList<DoctorFinding> findings, Screen screen)
    {
        foreach (var finding in findings)
        {
            screen.Print($"{WordOf(finding.Status),-6} {finding.Subject,-15} ", finding.Text, leadTone: finding.Status switch
            {
                FindingStatus.Bad => Tone.Trouble,
                FindingStatus.Missing => Tone.Warning,
                _ => Tone.Plain,
            });
            if (finding.Advice.Length > 0)
                screen.Print($"{"",-23}-> ", finding.Advice);
        }
    }

    private static string WordOf(FindingStatus status) => status switch { FindingStatus.Ok => "ok", FindingStatus.Missing => "lacks", _ => "bad" };
}
