using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using Actors.Cli.CommandLine;
using Actors.Cli.Control;
using Actors.Cli.TargetWaits;
using Actors.Dispatch.Domains;
using Actors.Dispatch.DryRuns;
using Actors.Dispatch.Snapshots;
using Actors.Dispatch.State;
using Actors.Sdk;
using Actors.Sdk.Text;
using Actors.XenStore;

namespace Actors.Cli.Commands;

/// <summary><c>actors mem-set</c>: writes a domain's target, and reports what comes of it.</summary>
internal static class MemSetCommand
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(30);
    private static readonly TimeSpan FirstReportWithin = TimeSpan.FromMilliseconds(500);

    public static Command Make()
    {
        var domain = new Argument<string>("DOMAIN") { Description = "A domid or a domain name" };
        var size = new Argument<Kib>("SIZE") { Description = "The target footprint in KiB, or with a suffix k, m, g, t", CustomParser = Size };
        var wait = CheckedOptions.Seconds("--wait", LongestWait);
        (wait.Description, wait.HelpName) = ("Wait for the outcome, forever or for at most SECONDS", "SECONDS");
        var store = new StoreOptions();
        var command = new Command("mem-set", "Set the target footprint of a domain") { domain, size, wait };
        store.AddTo(command);
        command.SetAction((arguments, cancellation) => Terminal.GuardAsync(async () =>
        {
            await using var connection = await store.ConnectAsync(arguments, cancellation);
            var found = await StoreOptions.FindDomainAsync(connection, arguments.GetRequiredValue(domain), cancellation);
            var untilFinal = arguments.GetResult(wait) is not null;
            var name = found.Name.Length > 0 ? found.Name : $"domain {found.Domid}";
            using var line = untilFinal ? ProgressLine.TryOpen() : null;
            var (result, exitCode) = await SetAsync(
                connection, found.Domid, arguments.GetValue(size), untilFinal ? arguments.GetValue(wait) : FirstReportWithin, untilFinal,
                line is null ? null : text => line.Show($"{name}: {text}"), cancellation);
            line?.Dispose();
            if (store.Json(arguments))
                Terminal.Json(result, CommandJson.Default.TargetResult);
            else
                Print(name, result);
            return exitCode;
        }));
        return command;
    }

    private static async Task<(TargetResult Result, int ExitCode)> SetAsync(
        XenStoreClient store, int domid, Kib target, TimeSpan? limit, bool untilFinal, Action<string>? show, CancellationToken cancellation)
    {
        var host = await PublishedHost.ReadAsync(store, cancellation);
        var check = await CheckAsync(store, host, domid, target, cancellation);
        if (check.Refusal is { } refusal)
            throw new CommandException(ExitCode.Failed, $"{refusal}; nothing was written");

        await using var wait = new TargetWait(
            store, domid, TimeProvider.System,
            async stop => ControlClient.Listens(host.Control) || (host = await PublishedHost.ReadAsync(store, stop)).Running);
        var before = await wait.StartAsync(cancellation);
        cancellation.ThrowIfCancellationRequested();
        // Not cancelled, so that it is known whether the target was written.
        await store.WriteTextAsync(PolicyKeys.Of(domid, PolicyKeys.Target), target.Value.ToString(CultureInfo.InvariantCulture), CancellationToken.None);
        if (check.External is { } external)
            return (new TargetResult(domid, target.Value, null, StateKey.External, external, 0, "the daemon leaves this domain to an external actor"), ExitCode.Ok);
        if (!host.Running)
        {
            const string NoDaemon = "no actors daemon is running here; the target stays in xenstore, and the next daemon acts on it";
            return (new TargetResult(domid, target.Value, null, untilFinal ? WaitEnd.Unreachable : "written", "", 0, NoDaemon), untilFinal ? ExitCode.Unreachable : ExitCode.Ok);
        }
        var end = await WaitAsync(store, domid, wait, new WaitRules(target, before, untilFinal), limit, show, cancellation);
        return (new TargetResult(domid, target.Value, end.State?.Footprint?.Value, end.Outcome, end.State?.Actor ?? "", end.State?.Step ?? 0, end.Reason), end.ExitCode);
    }

    private static async Task<WaitEnd> WaitAsync(
        XenStoreClient store, int domid, TargetWait wait, WaitRules rules, TimeSpan? limit, Action<string>? show, CancellationToken cancellation)
    {
        var begun = TimeProvider.System.GetTimestamp();
        try
        {
            var progress = new WaitProgress(rules.Target, show is null ? [] : await StepsAsync(store, domid, cancellation));
            return await wait.RunAsync(rules, limit, state =>
            {
                var elapsed = TimeProvider.System.GetElapsedTime(begun);
                progress = progress.Observe(state, elapsed);
                show?.Invoke(progress.Describe(elapsed));
            }, cancellation);
        }
        catch (OperationCanceledException)
        {
            throw new CommandException(ExitCode.Failed, "interrupted; the target stays, and the daemon continues to work towards it");
        }
    }

    // The steps only serve the display, so the wait does not depend on them.
    private static async Task<IReadOnlyList<DryStep>> StepsAsync(XenStoreClient store, int domid, CancellationToken cancellation)
    {
        try
        {
            var plan = await ControlClient.RequestAsync(store, DryRunRequest.Verb, [domid.ToString(CultureInfo.InvariantCulture)], cancellation);
            return plan.Deserialize(DryRunJson.Default.DryRun)!.Steps;
        }
        catch (CommandException)
        {
            return [];
        }
    }

    // The daemon knows the floor and the actor. Without it, the keys of the domain are all that can be checked.
    private static async Task<TargetCheck> CheckAsync(XenStoreClient store, PublishedHost host, int domid, Kib target, CancellationToken cancellation)
    {
        try
        {
            string[] arguments = [domid.ToString(CultureInfo.InvariantCulture), target.Value.ToString(CultureInfo.InvariantCulture)];
            var answer = await ControlClient.RequestAsync(host, TargetCheck.Verb, arguments, cancellation);
            return answer.Deserialize(TargetCheckJson.Default.TargetCheck)!;
        }
        catch (CommandException)
        {
            var shown = $"the target {target} ({target.Value} KiB)";
            var snapshot = await SnapshotReader.ReadKeysAsync(store, domid, known: null, cancellation);
            if (StoredAmount.Parse(snapshot.StaticMax) is { } most && target > most)
                return new TargetCheck($"{shown} is above the domain's static-max of {most}", null);
            var floor = (await SettingsView.ReadAsync(store, snapshot, host, cancellation)).FloorKib;
            return floor.Value is { } least && target.Value < least
                ? new TargetCheck($"{shown} is below the floor of {new Kib(least)} ({floor.Source}); the key memory-policy/floor can set a lower one", null)
                : new TargetCheck(null, null);
        }
    }

    private static void Print(string name, TargetResult result)
    {
        var footprint = result.FootprintKib is { } kib ? $", footprint {new Kib(kib)}" : "";
        var how = (result.Outcome, result.Actor) switch
        {
            (StateKey.Running, _) => "is in progress",
            (StateKey.External, var actor) => $"is left to the external actor '{actor}'",
            (WaitEnd.Timeout, _) => "was not reached in time",
            (WaitEnd.Removed, _) => "was removed",
            (WaitEnd.DomainGone, _) => "is obsolete",
            (WaitEnd.Unreachable, _) => "is written, but no daemon acts on it",
            (var outcome, "") => outcome,
            var (outcome, actor) => $"{outcome} by {actor}",
        };
        Terminal.Line($"{name}: target {new Kib(result.TargetKib)} {how}{footprint}");
        if (result.Reason.Length > 0)
            Terminal.Message(result.Reason);
    }

    private static Kib Size(ArgumentResult argument)
    {
        var (value, error) = SizeText.Parse(argument.Tokens[0].Value);
        if (error is not null)
            argument.AddError($"SIZE '{Printable.Of(argument.Tokens[0].Value, 64)}': {error}; a plain number is KiB");
        return value;
    }
}
