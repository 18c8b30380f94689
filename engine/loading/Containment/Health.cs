namespace Actors.Loading.Containment;

/// <summary>How foreign code (a plugin or a script) has behaved, and whether it serves. Pure.</summary>
internal sealed record Health
{
    /// <summary>The number of faults without a success in between that puts it out of service.</summary>
    public const int FaultsAllowed = 3;

    /// <summary>Faults since the last success.</summary>
    public int InARow { get; init; }

    /// <summary>All faults.</summary>
    public int Total { get; init; }

    /// <summary>How often somebody else ended its process since the last success. This is no fault.</summary>
    public int Kills { get; init; }

    public string LastKill { get; init; } = "";

    public string LastFault { get; init; } = "";

    public DateTimeOffset? LastFaultAt { get; init; }

    /// <summary>Why the code is out of service; <see langword="null"/> while it serves.</summary>
    public string? Quarantine { get; init; }

    public bool Serves => Quarantine is null;

    /// <summary>One word for a table.</summary>
    public string State => Serves ? "serving" : "quarantined";

    public Health Served() => this with { InARow = 0, Kills = 0 };

    public Health Killed(string what) => this with { Kills = Kills + 1, LastKill = what };

    public Health Faulted(string what, DateTimeOffset at)
    {
        var worse = this with { InARow = InARow + 1, Total = Total + 1, LastFault = what, LastFaultAt = at };
        return worse.Serves && worse.InARow >= FaultsAllowed
            ? worse with { Quarantine = $"{worse.InARow} faults in a row, the last: {what}" }
            : worse;
    }

    /// <summary>The health after a fault that puts the code out of service at once.</summary>
    public Health Banned(string what, DateTimeOffset at)
    {
        var worse = Faulted(what, at);
        return Serves ? worse with { Quarantine = what } : worse;
    }
}
