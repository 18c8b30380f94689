using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Actors.Dispatch.Domains;
using Actors.Dispatch.State;
using Actors.Host.CommandLine;
using Actors.Host.Control;
using Actors.Sdk;
using Actors.Sdk.Text;
using Actors.XenStore;

namespace Actors.Host.Commands;

/// <summary><c>actors mem-set</c>: writes a domain's target, and says how it goes.</summary>
internal static class MemSetCommand
{
    private static readonly TimeSpan FirstWord = TimeSpan.FromMilliseconds(500);

    public static Command Make()
    {
        var domain = new Argument<string>("DOMAIN") { Description = "A domid or a name" };
        var size = new Argument<Kib>("SIZE") { Description = "The footprint: KiB, or with a suffix k, m, g, t", CustomParser = Size };
        var wait = new Option<double?>("--wait")
        {
            Description = "Wait for the outcome, at most so many seconds",
            HelpName = "SECONDS",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var store = new StoreOptions();
        var command = new Command("mem-set", "Set the footprint that a domain should have") { domain, size, wait };
        store.AddTo(command);
        command.SetAction((arguments, cancellation) => Terminal.GuardAsync(async () =>
        {
            await using var connection = await store.ConnectAsync(arguments, cancellation);
            var found = await StoreOptions.FindDomainAsync(connection, arguments.GetRequiredValue(domain), cancellation);
            TimeSpan? limit = arguments.GetResult(wait) is null ? FirstWord
                : arguments.GetValue(wait) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
            var answer = await SetAsync(connection, found.Domid, arguments.GetValue(size), limit, arguments.GetResult(wait) is not null, cancellation);
            if (store.Json(arguments))
                Terminal.Json(answer, CommandJson.Default.TargetAnswer);
            else
                Print(found.Name.Length > 0 ? found.Name : $"domain {found.Domid}", answer);
            return answer.Outcome is "short" or "unable" or "failed" or "superseded" or "quarantined" or "timeout" ? ExitCode.Failed : ExitCode.Ok;
        }));
        return command;
    }

    private static async Task<TargetAnswer> SetAsync(
        XenStoreClient store, int domid, Kib target, TimeSpan? limit, bool untilFinal, CancellationToken cancellation)
    {
        var staticMax = await store.TryReadTextAsync($"{PolicyKeys.Domain(domid)}/{DomainKeys.StaticMax}", cancellation);
        if (long.TryParse(staticMax, NumberStyles.None, CultureInfo.InvariantCulture, out var most) && target.Value > most)
            throw new CommandException(ExitCode.Failed, $"{target} ({target.Value} KiB) is above the domain's static-max of {new Kib(most)}; nothing was written");

        await using var watch = new StateWatch(store, domid);
        var before = await watch.StartAsync(cancellation);
        await store.WriteTextAsync(PolicyKeys.Of(domid, PolicyKeys.Target), target.Value.ToString(CultureInfo.InvariantCulture), cancellation);
        var state = await watch.WaitAsync(
            state => state.Serial > before && (!untilFinal || state.Final || state.Target != target), limit, cancellation);
        var unheard = untilFinal ? "timeout" : "written";
        return state switch
        {
            null when !(await PublishedHost.ReadAsync(store, cancellation)).Running => new TargetAnswer(
                domid, target.Value, null, unheard, "", 0, "no actors daemon is running here; the target is kept, and acted on when one starts"),
            null => new TargetAnswer(domid, target.Value, null, unheard, "", 0, $"no outcome within {limit!.Value.TotalSeconds:0.#} s; 'actors list' shows how it goes"),
            { Target: var other } when other is not null && other != target => new TargetAnswer(
                domid, target.Value, state.Footprint?.Value, "superseded", "", 0, $"another target took its place: {other}"),
            _ => new TargetAnswer(domid, target.Value, state.Footprint?.Value, state.Outcome, state.Actor, state.Step, state.Reason),
        };
    }

    private static void Print(string name, TargetAnswer answer)
    {
        var footprint = answer.FootprintKib is { } kib ? $", footprint {new Kib(kib)}" : "";
        var how = (answer.Outcome, answer.Actor) switch
        {
            (StateKey.Running, _) => "is being worked on",
            (StateKey.External, var actor) => $"is left to the external actor '{actor}'",
            (var outcome, "") => outcome,
            var (outcome, actor) => $"{outcome} by {actor}",
        };
        Console.WriteLine($"{name}: target {new Kib(answer.TargetKib)} {how}{footprint}");
        if (answer.Reason.Length > 0)
            Terminal.Talk(answer.Reason);
    }

    private static Kib Size(ArgumentResult argument)
    {
        var (value, error) = SizeText.Parse(argument.Tokens[0].Value);
        if (error is not null)
            argument.AddError($"SIZE '{argument.Tokens[0].Value}': {error}; a plain number is KiB");
        return value;
    }
}
