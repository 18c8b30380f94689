using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Actors.Cli.CommandLine;
using Actors.Cli.Control;
using Actors.Cli.Presentation;
using Actors.Dispatch.DryRuns;
using Actors.Dispatch.Registry;
using Actors.Sdk;
using Actors.Sdk.Text;

namespace Actors.Host.Commands.Policies;

/// <summary><c>actors policy explain</c>: a dry run of a target. <c>actors explain</c> reports what has been done.</summary>
internal static class PolicyExplainCommand
{
    public static Command Make()
    {
        var domain = new Argument<string>("DOMAIN") { Description = "A domid or a name" };
        var target = new Option<Kib?>("--target")
        {
            Description = "The target to try; the current target if omitted. A plain number is KiB; 512m and 2g also work",
            HelpName = "SIZE",
            CustomParser = argument =>
            {
                var (size, error) = SizeText.Parse(argument.Tokens[0].Value);
                if (error is null)
                    return size;
                argument.AddError($"'{argument.Tokens[0].Value}': {error}");
                return null;
            },
        };
        var store = new StoreOptions();
        var command = new Command("explain", "A dry run: show what would be done with a target now, by which actor and why; nothing is written ('actors explain' shows what was done)") { domain, target };
        store.AddTo(command);
        command.SetAction((arguments, cancellation) => Terminal.GuardAsync(async () =>
        {
            await using var connection = await store.ConnectAsync(arguments, cancellation);
            var (domid, name) = await StoreOptions.FindDomainAsync(connection, arguments.GetRequiredValue(domain), cancellation);
            string[] request = [domid.ToString(CultureInfo.InvariantCulture), .. arguments.GetValue(target) is { } size ? [size.Value.ToString(CultureInfo.InvariantCulture)] : Array.Empty<string>()];
            var dryRun = (await ControlClient.RequestAsync(connection, DryRunRequest.Verb, request, cancellation)).Deserialize(DryRunJson.Default.DryRun)!;
            if (store.Json(arguments))
                Terminal.Json(dryRun, DryRunJson.Default.DryRun);
            else
                Print(domid, name, dryRun);
            return ExitCode.Ok;
        }));
        return command;
    }

    private static void Print(int domid, string name, DryRun dry)
    {
        Terminal.Line($"{(name.Length > 0 ? Terminal.Value(name) : "domain")} (domain {domid}), a dry run: nothing is written");
        Screen.Field("footprint", $"{new Kib(dry.FootprintKib)}{(dry.Engaged.Count > 0 ? $"; engaged: {string.Join(", ", dry.Engaged)}" : "")}");
        Screen.Field("target", long.TryParse(dry.Target, NumberStyles.None, CultureInfo.InvariantCulture, out var kib) ? $"{new Kib(kib)} ({kib} KiB)" : Terminal.Value(dry.Target ?? "none"));
        Screen.Field("actor key", Terminal.Value(dry.ActorKey ?? "absent"));
        if (dry.By is not null)
            Screen.Field("by", dry.By);
        Screen.Field("would do", dry.Verdict);
        if (dry.Why is not null)
            Screen.Field("why", dry.Why);
        foreach (var step in dry.Steps)
            Screen.Field(step.Step > 0 ? $"step {step.Step}" : "step", $"{step.Actor}: {Describe(step)}");
        foreach (var note in dry.Notes)
            Screen.Field("note", note);
    }

    private static string Describe(DryStep step)
    {
        static string Length(double seconds) => DurationText.Format(TimeSpan.FromSeconds(seconds));
        var limits = new List<string>();
        if (step.TargetKib is { } target)
            limits.Add($"to {new Kib(target)}");
        if (step.TimeoutSeconds is { } timeout)
            limits.Add($"for at most {Length(timeout)}");
        if (step.StallSeconds is { } stall)
            limits.Add($"until it has stalled for {Length(stall)}");
        return step.Verdict switch
        {
            StepPreview.Tries => limits.Count == 0 ? "tried without a time limit" : $"tried {string.Join(", ", limits)}",
            StepPreview.Skips => step.Reason,
            StepPreview.Unable => $"unable now: {step.Reason}",
            _ => $"{step.Verdict}: {step.Reason}",
        };
    }
}
