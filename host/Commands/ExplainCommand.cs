using System.CommandLine;
using System.Globalization;
using Actors.Cli.Commands;
using Actors.Cli.Control;
using Actors.Dispatch.Decisions;
using Actors.Dispatch.Journal;
using Actors.Dispatch.Snapshots;
using Actors.Dispatch.State;
using Actors.Cli.CommandLine;
using Actors.Host.Control;
using Actors.Sdk;
using Actors.XenStore;

namespace Actors.Host.Commands;

/// <summary><c>actors explain</c>: shows a domain's keys, what they mean, and why its last target ended as it did.</summary>
internal static class ExplainCommand
{
    public static Command Make()
    {
        var domain = new Argument<string>("DOMAIN") { Description = "A domid or a domain name" };
        var store = new StoreOptions();
        var command = new Command("explain", "Explain a domain's target, the actor that works on it, and the reason for the outcome") { domain };
        store.AddTo(command);
        command.SetAction((arguments, cancellation) => Terminal.GuardAsync(async () =>
        {
            await using var connection = await store.ConnectAsync(arguments, cancellation);
            var (domid, name) = await StoreOptions.FindDomainAsync(connection, arguments.GetRequiredValue(domain), cancellation);
            var explanation = await ExplainAsync(connection, domid, name, cancellation);
            if (store.Json(arguments))
                Terminal.Json(explanation, CommandJson.Default.Explanation);
            else
                Print(explanation);
            return ExitCode.Ok;
        }));
        return command;
    }

    private static async Task<Explanation> ExplainAsync(IXenStore store, int domid, string name, CancellationToken cancellation)
    {
        var snapshot = await SnapshotReader.ReadKeysAsync(store, domid, known: null, cancellation);
        var host = await PublishedHost.ReadAsync(store, cancellation);
        var state = await StateStore.TryReadAsync(store, domid, cancellation);
        IReadOnlyList<JournalEntry> journal = [];
        var journalProblem = state is null || host.Journal.Length == 0 ? null : JournalAccess.Read(host.Journal, out journal);
        var entry = journal.LastOrDefault(entry => entry.Domid == domid && entry.Serial == state!.Serial);
        return new Explanation(
            domid, name, snapshot.Target, snapshot.TargetPermissions?.ToString(), snapshot.Settings.Actor, host.Meaning(snapshot.Settings.Actor),
            snapshot.StaticMax, FloorOf(snapshot), snapshot.Settings.Timeout, VerdictOf(snapshot, state),
            state is null ? null : StateOf(state), entry?.Why, entry?.Steps ?? [], entry?.Shadows ?? [], journalProblem);
    }

    private static string FloorOf(DomainSnapshot snapshot) => (snapshot.Settings.Floor, snapshot.StaticMax) switch
    {
        ({ } floor, _) => $"{floor} KiB (memory-policy/floor)",
        (_, { } text) when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var kib) =>
            $"{Floors.Default(new Kib(kib), snapshot.Domid).Value} KiB (default for static-max, unless the policy sets one)",
        _ => "unknown: memory/static-max is missing",
    };

    private static string VerdictOf(DomainSnapshot snapshot, StateKey? state) => (snapshot.Target, state) switch
    {
        (null, _) => "no target is set; 'actors mem-set' sets one",
        (_, null) => "the daemon has not acted on the target yet",
        var (_, known) => known.Reason,
    };

    private static string StateOf(StateKey state)
    {
        var by = state.Actor.Length > 0 ? $" by {state.Actor}" : "";
        var step = state.Step > 0 ? $", step {state.Step}" : "";
        return $"{state.Outcome}{by}{step}, footprint {state.Footprint?.ToString() ?? "unknown"}, since {state.Since.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC, serial {state.Serial}"
            + (state.Engaged.Count > 0 ? $", engaged: {string.Join(", ", state.Engaged)}" : "");
    }

    private static void Print(Explanation explanation)
    {
        Terminal.Line($"{(explanation.Name.Length > 0 ? explanation.Name : "domain")} (domain {explanation.Domid})");
        Line("target", explanation.Target is null ? "none" : $"{explanation.Target} KiB, permissions {explanation.TargetPermissions}");
        Line("actor key", $"{explanation.ActorKey ?? "absent"}: {explanation.Meaning}");
        Line("static-max", explanation.StaticMax is null ? "missing" : $"{explanation.StaticMax} KiB");
        Line("floor", explanation.Floor);
        Line("timeout", explanation.Timeout is null ? "the one of the policy" : $"{explanation.Timeout} s for the first step (memory-policy/timeout)");
        Line("state", explanation.State ?? "none: no daemon has written it yet");
        Line("reason", explanation.Verdict);
        if (explanation.Why is { } why)
            Line("why", why);
        if (explanation.JournalProblem is { } problem)
            Line("journal", problem);
        foreach (var step in explanation.Steps)
            Line($"step {step.Step}", string.Create(CultureInfo.InvariantCulture, $"{step.Actor}: {step.Outcome} after {step.Seconds:0.#} s at {new Kib(step.FootprintKib)}: {step.Reason}"));
        foreach (var shadow in explanation.Shadows)
            Line("shadow", $"{shadow.Policy}: {shadow.Difference ?? $"would do the same: {shadow.Plan}"}");
    }

    private static void Line(string label, string text) => Terminal.Line($"  {label,-11}{text}");
}
