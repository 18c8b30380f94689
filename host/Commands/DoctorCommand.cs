using System.CommandLine;
using Actors.Cli.CommandLine;
using Actors.Host.Doctor;
using Actors.Host.Platforms;

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
            var findings = await HostCheck.RunAsync(Dom0.Detect(), cancellation);
            if (arguments.GetValue(json))
                Terminal.Json(findings, CommandJson.Default.IReadOnlyListDoctorFinding);
            else
                Print(findings);
            return findings.Any(finding => finding.Status == FindingStatus.Bad) ? ExitCode.Failed : ExitCode.Ok;
        }));
        return command;
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
