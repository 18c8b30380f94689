namespace Actors.Cli.Settings;

/// <summary>The default paths: system folders for root, and the user's own folders for other users.</summary>
internal static class HostPaths
{
    public static string Socket => Path.Combine(Runtime, "xenstored.socket");

    public static string ControlSocket => Path.Combine(Runtime, "control.socket");

    public static string Lock => Path.Combine(Runtime, "lock");

    public static string Journal => Path.Combine(State, "journal.jsonl");

    /// <summary>The settings of domains, by UUID.</summary>
    public static string Settings => Path.Combine(State, "settings");

    /// <summary>The copies of the last good version of policies and of the configuration.</summary>
    public static string LastGood => Path.Combine(State, "last-good");

    /// <summary>The default configuration file of root's daemon, which need not exist; <see langword="null"/> for other users.</summary>
    public static string? Configuration => Environment.IsPrivilegedProcess ? "/etc/actors/actors.yaml" : null;

    /// <summary>A folder next to the program. If it is a link, the folder that it points to, because operators know that path.</summary>
    public static string Beside(string name)
    {
        var folder = new DirectoryInfo(Path.Combine(AppContext.BaseDirectory, name));
        return folder.LinkTarget is null ? folder.FullName : folder.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
    }

    /// <summary>The record of the plugins whose code works in the daemon's process.</summary>
    public static string Markers => Path.Combine(State, "in-progress");

    /// <summary>The folder of compiled scripts.</summary>
    public static string Scripts => Path.Combine(Cache, "scripts");

    private static string Cache => Environment.IsPrivilegedProcess
        ? "/var/cache/actors"
        : Path.Combine(Variable("XDG_CACHE_HOME") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"), "actors");

    private static string Runtime => Environment.IsPrivilegedProcess
        ? "/run/actors"
        : Path.Combine(Variable("XDG_RUNTIME_DIR") ?? Path.Combine(Path.GetTempPath(), $"actors-{Environment.UserName}"), "actors");

    private static string State => Environment.IsPrivilegedProcess
        ? "/var/lib/actors"
        : Path.Combine(Variable("XDG_STATE_HOME") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local/state"), "actors");

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
