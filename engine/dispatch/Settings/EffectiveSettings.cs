using System.Globalization;
using Actors.Dispatch.Domains;
using Actors.Dispatch.Registry;
using Actors.Dispatch.Snapshots;

namespace Actors.Dispatch.Settings;

/// <summary>A setting of a domain.</summary>
/// <param name="Value">The text, as in the key: amounts in KiB, times in seconds; <see langword="null"/> if nothing sets it.</param>
/// <param name="Source">What sets it.</param>
internal sealed record Setting(string? Value, string Source)
{
    public const string Default = "default";

    public bool IsDefault => Value is null;

    public override string ToString() => Value is null ? Default : $"{Value} ({Source})";
}

/// <summary>The settings in effect for a domain: its own key, else its class, else the default. Pure.</summary>
internal sealed record EffectiveSettings(Setting Actor, Setting Timeout, Setting Floor, Setting Min, Setting Max, Setting Share)
{
    /// <summary>The share of a domain that has none.</summary>
    public const int DefaultShare = 1000;

    public const int MaxShare = 1_000_000;

    /// <param name="keys">The domain's own keys.</param>
    /// <param name="itsClass">The class of the domain; <see langword="null"/> if it has none.</param>
    public static EffectiveSettings Of(DomainSettings keys, DomainClass? itsClass)
    {
        Setting Choose(string key, string? own, object? ofClass) => own is not null ? new Setting(own, $"{PolicyKeys.Folder}/{key}")
            : ofClass is not null ? new Setting(Convert.ToString(ofClass, CultureInfo.InvariantCulture), itsClass!.ToString())
            : new Setting(null, Setting.Default);
        return new EffectiveSettings(
            Choose(PolicyKeys.Actor, keys.Actor, itsClass?.Actor),
            Choose(PolicyKeys.Timeout, keys.Timeout, itsClass?.TimeoutSeconds),
            Choose(PolicyKeys.Floor, keys.Floor, itsClass?.FloorKib),
            Choose(PolicyKeys.Min, keys.Min, itsClass?.MinKib),
            Choose(PolicyKeys.Max, keys.Max, itsClass?.MaxKib),
            Choose(PolicyKeys.Share, keys.Share, itsClass?.Share));
    }

    /// <summary>The settings of the domain of a snapshot.</summary>
    public static EffectiveSettings Of(DomainSnapshot snapshot, DomainClasses classes) =>
        Of(snapshot.Settings, classes.Find(snapshot.Domid, snapshot.Settings.Name, snapshot.Info?.Uuid ?? Guid.Empty));

    /// <summary>The problems of the settings that only controllers use.</summary>
    public IReadOnlyList<string> ControllerProblems()
    {
        var problems = new List<string>();
        foreach (var (name, setting) in new[] { (PolicyKeys.Min, Min), (PolicyKeys.Max, Max) })
        {
            if (setting.Value is not null && Number(setting) is null)
                problems.Add($"{setting.Source}: {name} is not a number of KiB in decimal digits");
        }
        if (Share.Value is not null && Number(Share) is not <= MaxShare)
            problems.Add($"{Share.Source}: {PolicyKeys.Share} is not a number from 0 to {MaxShare}");
        if (Number(Min) is { } min && Number(Max) is { } max && min > max)
            problems.Add($"min {min} KiB ({Min.Source}) is above max {max} KiB ({Max.Source})");
        return problems;
    }

    private static long? Number(Setting setting) => StoredAmount.Parse(setting.Value)?.Value;
}
