namespace Actors.Isolation.Messages;

/// <summary>The first frame of a child.</summary>
/// <param name="Build">The build of its program. It must be the daemon's own.</param>
internal sealed record HelloBody(string Build);

/// <summary>The first request to a child: what it loads, after it has limited itself.</summary>
/// <param name="Folder">The folder of the plugin.</param>
/// <param name="Hash">The hash of the folder's content. If it has changed, the child refuses.</param>
/// <param name="Limits">What the child may use.</param>
internal sealed record LoadBody(string Folder, string Hash, LimitsBody Limits)
{
    /// <summary>The seconds on the clock of the domains in a real one: 1, except where a plugin is checked on a simulated host.</summary>
    public int Speed { get; init; } = 1;

    /// <summary>The settings of the plugin; <see langword="null"/> if it has none.</summary>
    public SettingsBody? Settings { get; init; }
}

/// <summary>The body of <c>Configure</c>.</summary>
/// <param name="Settings">The new settings; <see langword="null"/> for none.</param>
internal sealed record ConfigureBody(SettingsBody? Settings);

/// <summary>What a child may use.</summary>
internal sealed record LimitsBody
{
    /// <summary>Private memory, in KiB.</summary>
    public required long MemoryKib { get; init; }

    /// <summary>Open files.</summary>
    public required int Files { get; init; }

    /// <summary>The processor time of its whole life, in seconds; <see langword="null"/> for no limit.</summary>
    public int? ProcessorSeconds { get; init; }

    /// <summary>How many times slower than usual the machine is. The time limits of scripts are multiplied by it.</summary>
    public double Slowness { get; init; } = 1;

    /// <summary>Whether it may use the network.</summary>
    public bool Network { get; init; }

    /// <summary>Whether it may start other programs.</summary>
    public bool Programs { get; init; }

    /// <summary>The user that it becomes; <see langword="null"/> to keep the daemon's.</summary>
    public UserBody? User { get; init; }
}

/// <summary>A user of the system.</summary>
internal sealed record UserBody(string Name, uint Uid, uint Gid);

/// <summary>The reply to <c>Load</c> and <c>Confine</c>: the limits that could not be set, each with the reason.</summary>
internal sealed record LoadedBody(IReadOnlyList<string> MissingLimits)
{
    /// <summary>Whether the plugin wants to be notified of domains.</summary>
    public bool ObservesDomains { get; init; }

    /// <summary>The names of the plugin's own mechanisms.</summary>
    public IReadOnlyList<string> OwnMechanisms { get; init; } = [];
}

/// <summary>A fault outside of any call.</summary>
internal sealed record FaultBody(string What);
