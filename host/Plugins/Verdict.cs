namespace Actors.Host.Plugins;

/// <summary>Whether a plugin fits this host, decided before any of its code is loaded.</summary>
internal static class Verdict
{
    /// <summary><see langword="null"/> when it fits, else why not and what to do.</summary>
    public static string? Against(Manifest manifest, Version host)
    {
        var wanted = manifest.Contract;
        var both = $"'{manifest.Id}' {manifest.Version} is built for contract {wanted}, and this host has {host}";
        if (wanted.Major < host.Major)
            return $"too old: {both}; get a newer version of the plugin";
        if (wanted.Major > host.Major || wanted.Minor > host.Minor)
            return $"too new: {both}; update the host, or take an older version of the plugin";
        return null;
    }
}
