using System.CommandLine;
using Actors.Host.CommandLine;
using Actors.Host.Doctor;
using Actors.Host.Platforms;

namespace Actors.Host.Commands;

/// <summary><c>actors doctor</c>: what this host offers, what is missing, and what to do about it.</summary>
internal static class DoctorCommand
{
    public static Command Make()
    {
        var json = new Option<bool>("--json") { Description = "Print JSON" };
        var command = new Command("doctor", "Tell what this host offers, what is missing, and what to do about it") { json };
        command.SetAction((arguments, cancellation) => Terminal.GuardAsync(async () =>
        {
            var findings = await Examination.LookAsync(Dom0.Look(), cancellation);
            if (arguments.GetValue(json))
                Terminal.Json(findings, CommandJson.Default.IReadOnlyListDoctorFinding);
            else
                Print(findings);
            return findings.Any(finding => finding.Standing == Standing.Bad) ? ExitCode.Failed : ExitCode.Ok;
        }));
        return command;
    }

    private static void Print(IReadOnlyList<DoctorFinding> findings)
    {
        foreach (var finding in findings)
        {
            Console.WriteLine($"{finding.Standing.ToString().ToLowerInvariant(),-6} {finding.Subject,-15} {finding.Says}");
            if (finding.Advice.Length > 0)
                Console.WriteLine($"{"",-22} -> {finding.Advice}");
        }
    }
}
