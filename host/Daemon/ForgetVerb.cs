using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Actors.Cli.CommandLine;
using Actors.Cli.Control;
using Actors.Dispatch.Domains;
using Actors.Dispatch.Settings;
using Actors.Sdk;
using Actors.Sdk.Text;
using Actors.XenStore;

namespace Actors.Host.Daemon;

/// <summary>The result of <c>actors forget</c>.</summary>
/// <param name="Uuid">The domain.</param>
/// <param name="Name">Its name.</param>
/// <param name="Domid">Its domid; <see langword="null"/> when it does not run.</param>
/// <param name="Dropped">The settings that were dropped; empty when there were none.</param>
internal sealed record ForgottenSettings(Guid Uuid, string Name, int? Domid, IReadOnlyList<ForgottenKey> Dropped);

/// <summary>A setting that was dropped.</summary>
/// <param name="Key">The key below <c>memory-policy</c>.</param>
/// <param name="Value">Its value, as it was in xenstore.</param>
internal sealed record ForgottenKey(string Key, string Value);

/// <summary>The request behind <c>actors forget</c>: drops the settings of a domain that runs or that has ended.</summary>
internal sealed class ForgetVerb(HostServices services, SettingsArchive archive)
{
    public const string Verb = "forget";

    private const int LongestName = 64;

    /// <param name="arguments">A domid, a domain name or a UUID.</param>
    /// <param name="cancellation">Cancels the request.</param>
    public async Task<ControlAnswer> AnswerAsync(IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        var domain = await FindAsync(arguments[0], cancellation);
        var dropped = domain.Domid is { } domid ? await RemoveKeysAsync(domid, cancellation) : [];
        // The domain's mailbox sees the removal as well, but later.
        if (archive.Forget(domain.Uuid) is { } record)
            dropped = [.. dropped.UnionBy(record.Keys.Select(key => new ForgottenKey(key.Key, key.Value)), key => key.Key)];
        var result = new ForgottenSettings(domain.Uuid, domain.Name, domain.Domid, dropped);
        return ControlAnswer.Ok(JsonSerializer.SerializeToElement(result, ForgetJson.Default.ForgottenSettings));
    }

    private async Task<(Guid Uuid, string Name, int? Domid)> FindAsync(string text, CancellationToken cancellation)
    {
        var running = new List<(Guid Uuid, string Name, int? Domid)>();
        foreach (var info in (await services.Hypervisor.ListDomainsAsync(cancellation)).Where(info => info.State != DomainState.Dying))
            running.Add((info.Uuid, await services.Store.TryReadTextAsync(PolicyKeys.NameOf(info.Domid), cancellation) ?? "", info.Domid));
        var ended = archive.All.Where(record => running.All(domain => domain.Uuid != record.Uuid)).Select(record => (record.Uuid, record.Name, (int?)null));
        List<(Guid Uuid, string Name, int? Domid)> all = [.. running, .. ended];
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var domid) && running.Any(domain => domain.Domid == domid))
            return running.First(domain => domain.Domid == domid);
        if (Guid.TryParse(text, out var uuid) && all.Any(domain => domain.Uuid == uuid))
            return all.First(domain => domain.Uuid == uuid);
        var named = all.Where(domain => domain.Name == text).ToList();
        if (named.Any(domain => domain.Domid is not null))
            named.RemoveAll(domain => domain.Domid is null);
        return named.Count switch
        {
            1 => named[0],
            > 1 => throw new CommandException(ExitCode.Failed,
                $"several domains are named '{Printable.Of(text, LongestName)}': {string.Join(", ", named.Select(domain => domain.Uuid))}; use the UUID"),
            _ => throw new CommandException(ExitCode.Failed, Unknown(text, all.Select(domain => domain.Name).Where(name => name.Length > 0))),
        };
    }

    private static string Unknown(string text, IEnumerable<string> names)
    {
        var shown = $"no domain '{Printable.Of(text, LongestName)}' runs, and no settings are stored for one";
        return Suggestion.For(text, names) is { } meant ? $"{shown}; did you mean '{Printable.Of(meant, LongestName)}'?" : shown;
    }

    private async Task<List<ForgottenKey>> RemoveKeysAsync(int domid, CancellationToken cancellation)
    {
        var removed = new List<ForgottenKey>();
        // The target is the first one to go, so that none of the others is acted on.
        foreach (var key in StoredKeys.All.Reverse())
        {
            if (await services.Store.TryReadTextAsync(PolicyKeys.Of(domid, key), cancellation) is not { } value)
                continue;
            await services.Store.RemoveAsync(PolicyKeys.Of(domid, key), cancellation);
            removed.Add(new ForgottenKey(key, value));
        }
        return removed;
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ForgottenSettings))]
internal sealed partial class ForgetJson : JsonSerializerContext;
