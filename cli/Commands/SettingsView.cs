using System.Globalization;
using Actors.Cli.Control;
using Actors.Dispatch.Decisions;
using Actors.Dispatch.Domains;
using Actors.Dispatch.Settings;
using Actors.Dispatch.Snapshots;
using Actors.Sdk;
using Actors.Sdk.Text;
using Actors.XenStore;

namespace Actors.Cli.Commands;

/// <summary>A setting that is text, and what sets it.</summary>
internal sealed record TextSetting(string? Value, string Source);

/// <summary>A setting that is a number, and what sets it. The value is absent where the policy decides, or where the text is not a number.</summary>
internal sealed record NumberSetting(long? Value, string Source);

/// <summary>The settings of a domain that count, each with its source.</summary>
internal sealed record SettingsView(
    TextSetting Actor, NumberSetting TimeoutS, NumberSetting FloorKib, NumberSetting MinKib, NumberSetting MaxKib, NumberSetting Share)
{
    private const string DynamicMin = "memory/dynamic-min";
    private const string DynamicMax = "memory/dynamic-max";
    private const int MaxShown = 32;

    /// <summary>What is wrong with the settings of controllers.</summary>
    public IReadOnlyList<string> Problems { get; private init; } = [];

    /// <param name="store">The xenstore.</param>
    /// <param name="snapshot">The keys of the domain.</param>
    /// <param name="host">The classes of the daemon that runs.</param>
    /// <param name="cancellation">Cancels the requests.</param>
    public static async Task<SettingsView> ReadAsync(IXenStore store, DomainSnapshot snapshot, PublishedHost host, CancellationToken cancellation)
    {
        async Task<string?> Key(string key) => await store.TryReadTextAsync($"{PolicyKeys.Domain(snapshot.Domid)}/{key}", cancellation);
        var itsClass = host.Classes.All.Count == 0
            ? null
            : host.Classes.Find(snapshot.Domid, snapshot.Settings.Name, await Key("vm") is { } vm && Guid.TryParse(vm[(vm.LastIndexOf('/') + 1)..], out var uuid) ? uuid : Guid.Empty);
        return Of(EffectiveSettings.Of(snapshot.Settings, itsClass), snapshot, await Key(DynamicMin), await Key(DynamicMax));
    }

    private static SettingsView Of(EffectiveSettings settings, DomainSnapshot snapshot, string? dynamicMin, string? dynamicMax)
    {
        var floor = settings.Floor.IsDefault ? DefaultFloor(snapshot) : Number(settings.Floor);
        var view = new SettingsView(
            new TextSetting(settings.Actor.Value, settings.Actor.Source),
            settings.Timeout.IsDefault ? new NumberSetting(null, "default: the policy's own") : Number(settings.Timeout),
            floor,
            !settings.Min.IsDefault ? Number(settings.Min) : dynamicMin is not null ? Number(new Setting(dynamicMin, DynamicMin)) : floor with { Source = "default: the floor" },
            !settings.Max.IsDefault ? Number(settings.Max) : dynamicMax is not null ? Number(new Setting(dynamicMax, DynamicMax)) : Number(new Setting(snapshot.StaticMax, "default: static-max")),
            settings.Share.IsDefault ? new NumberSetting(EffectiveSettings.DefaultShare, Setting.Default) : Number(settings.Share));
        var problems = settings.ControllerProblems();
        return view with
        {
            Problems = problems.Count == 0 && view.MinKib.Value > view.MaxKib.Value
                ? [$"min {view.MinKib.Value} KiB ({view.MinKib.Source}) is above max {view.MaxKib.Value} KiB ({view.MaxKib.Source})"]
                : problems,
        };
    }

    private static NumberSetting DefaultFloor(DomainSnapshot snapshot) =>
        snapshot.StaticMax is { } text && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var kib)
            ? new NumberSetting(Floors.Default(new Kib(kib), snapshot.Domid).Value, "default for static-max, unless the policy sets one")
            : new NumberSetting(null, "unknown: memory/static-max is missing");

    private static NumberSetting Number(Setting setting) =>
        setting.Value is null || long.TryParse(setting.Value, NumberStyles.None, CultureInfo.InvariantCulture, out _)
            ? new NumberSetting(setting.Value is null ? null : long.Parse(setting.Value, NumberStyles.None, CultureInfo.InvariantCulture), setting.Source)
            : new NumberSetting(null, $"{setting.Source} is '{Printable.Of(setting.Value, MaxShown)}', which is not a number");
}
