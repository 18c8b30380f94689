namespace Actors.Dispatch.Registry;

/// <summary>The state of one policy, for <c>actors policy list</c>.</summary>
internal sealed record PolicyStatus
{
    public required string Name { get; init; }

    /// <summary><c>yaml</c> or <c>script</c>.</summary>
    public required string Kind { get; init; }

    public required string File { get; init; }
    public string Description { get; init; } = "";

    /// <summary>The actors and policies that the policy can name.</summary>
    public IReadOnlyList<string> Steps { get; init; } = [];

    /// <summary>The version in the file, from its content.</summary>
    public required string FileVersion { get; init; }

    /// <summary>The version that serves: that of the file, or the last good one; <see langword="null"/> if none does.</summary>
    public string? Serving { get; init; }

    /// <summary>Whether the policy is still being compiled; it serves afterwards.</summary>
    public bool Coming { get; init; }

    /// <summary>When the serving version was loaded.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The problems of the file. While there are any, the last good version keeps serving.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>The steps that name no actor or policy, or none yet.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Why the loaded version is out of service; <see langword="null"/> while it serves.</summary>
    public string? Quarantined { get; init; }

    /// <summary>Whether the last good version serves instead of the one in the file.</summary>
    public bool Behind => Serving is not null && Problems.Count > 0;
}
