using System.CommandLine;
using System.Globalization;
using Actors.Cli.CommandLine;
using Actors.Cli.Commands;
using Actors.Cli.Control;
using Actors.Cli.Presentation;
using Actors.Dispatch.Journal;
using Actors.Dispatch.Retries;
using Actors.Dispatch.Snapshots;
using Actors.Dispatch.State;
using Actors.Sdk;
using Actors.Sdk.Text;
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
        var settings = await SettingsView.ReadAsync(store, snapshot, host, cancellation);
        var state = await StateStore.TryReadAsync(store, domid, cancellation);
        IReadOnlyList<JournalEntry> journal = [];
        var journalProblem = state is null || host.Journal.Length == 0 ? null : JournalAccess.Read(host.Journal, out journal);
        var entry = journal.LastOrDefault(entry => entry.Domid == domid && entry.Serial == state!.Serial);
        if (entry is null && journalProblem is null && state is { Final: true, Outcome: not StateKey.External } && host is { Running: true, Journal.Length: > 0 })
            journalProblem = $"{host.Journal} has no entry for this outcome; the daemon's log says whether it could be written";
        return new Explanation(
            domid, name, snapshot.Target, snapshot.TargetPermissions?.ToString(), settings.Actor.Value, host.Meaning(settings.Actor.Value),
            snapshot.StaticMax, Text(settings.FloorKib, " KiB"), EffectiveTimeout(settings), settings, VerdictOf(snapshot, state),
            state is null ? null : StateOf(state), entry?.Why, entry?.Steps ?? [], entry?.Shadows ?? [], journalProblem)
        {
            Waiting = WaitingOf(await WaitingStore.TryReadAsync(store, domid, cancellation), state),
            Superpages = host.Running ? (await CurrentFootprints.ReadAsync(host, cancellation)).Footprints?.SuperpagesOf(domid) : null,
            Thrashing = state is { PageIns: > 0 } ? $"{ThrashingText.Rate(state.PageIns)}: {ThrashingText.Advice}" : null,
        };
    }

    private static string VerdictOf(DomainSnapshot snapshot, StateKey? state) => (snapshot.Target, state) switch
    {
        (null, _) => "no target is set; 'actors mem-set' sets one",
        (_, null) => "the daemon has not acted on the target yet",
        var (_, known) => known.Reason,
    };

    private static string? WaitingOf(Dispatch.Retries.Waiting? waiting, StateKey? state) => waiting is null ? null
        : $"for {WaitingReason.For(waiting, state?.Footprint ?? waiting.Target)}, since {waiting.Since.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC; "
            + $"{Count.Of(waiting.Attempts, "failed attempt")} so far";

    private static string StateOf(StateKey state)
    {
        var by = state.Actor.Length > 0 ? $" by {state.Actor}" : "";
        var step = state.Step > 0 ? $", step {state.Step}" : "";
        return $"{ThrashingText.Outcome(state)}{by}{step}, footprint {state.Footprint?.ToString() ?? "unknown"}, since {state.Since.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC, serial {state.Serial}"
            + (state.Engaged.Count > 0 ? $", engaged: {string.Join(", ", state.Engaged)}" : "");
    }

    private static void Print(Explanation explanation)
    {
        Terminal.Line($"{(explanation.Name.Length > 0 ? Terminal.Value(explanation.Name) : "domain")} (domain {explanation.Domid})");
        Screen.Field("target", explanation.Target is null ? "none" : $"{Terminal.Value(explanation.Target)} KiB, permissions {explanation.TargetPermissions}");
        var settings = explanation.Settings;
        Screen.Field("actor key", settings.Actor is { Value: { } key, Source: var source } ? $"{Terminal.Value(key)} ({source}): {explanation.Meaning}" : $"absent: {explanation.Meaning}");
        Screen.Field("static-max", explanation.StaticMax is null ? "missing" : $"{Terminal.Value(explanation.StaticMax)} KiB");
        Screen.Field("floor", explanation.Floor);
        Screen.Field("timeout", Text(settings.TimeoutS, " s for the first step"));
        Screen.Field("min", Text(settings.MinKib, " KiB"));
        Screen.Field("max", Text(settings.MaxKib, " KiB"));
        Screen.Field("share", Text(settings.Share, ""));
        foreach (var wrong in settings.Problems)
            Screen.Field("problem", wrong);
        Screen.Field("state", explanation.State ?? "none: no daemon has written it yet");
        if (explanation.Thrashing is { } thrashing)
            Screen.Field("thrashing", thrashing);
        if (explanation.Superpages is { } superpages)
            Screen.Field("superpages", superpages);
        Screen.Field("reason", explanation.Verdict);
        if (explanation.Waiting is { } waiting)
            Screen.Field("waiting", waiting);
        if (explanation.Why is { } why)
            Screen.Field("why", why);
        if (explanation.JournalProblem is { } problem)
            Screen.Field("journal", problem);
        foreach (var step in explanation.Steps)
            Screen.Field($"step {step.Step}", string.Create(CultureInfo.InvariantCulture, $"{step.Actor}: {step.Outcome} after {step.Seconds:0.#} s at {new Kib(step.FootprintKib)}: {step.Reason}"));
        foreach (var shadow in explanation.Shadows)
            Screen.Field("shadow", $"{shadow.Policy}: {shadow.Difference ?? $"would do the same: {shadow.Plan}"}");
    }

    private static string? EffectiveTimeout(SettingsView settings) => settings.TimeoutS.Value?.ToString(CultureInfo.InvariantCulture);

    private static string Text(NumberSetting setting, string unit) => setting.Value is { } value ? $"{value}{unit} ({setting.Source})" : setting.Source;
}
