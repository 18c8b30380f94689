
namespace Actors.Chains.Files;

/// <summary>How it stands with one policy's file, for <c>actors policy list</c>.</summary>
internal sealed record PolicyStatus
{
    public required string Name { get; init; }

    /// <summary><c>yaml</c> or <c>script</c>.</summary>
    public required string Kind { get; init; }

    public required string File { get; init; }
    public string Description { get; init; } = "";

    /// <summary>Every actor and policy that it can name.</summary>
    public IReadOnlyList<string> Steps { get; init; } = [];

    /// <summary>The version in the file, by its content.</summary>
    public required string FileVersion { get; init; }

    /// <summary>The version that serves: the file's, or the last good one; <see langword="null"/> when none does.</summary>
    public string? Serving { get; init; }

    /// <summary>Its script is being compiled, and serves when that is done.</summary>
    public bool Coming { get; init; }

    public DateTimeOffset? Since { get; init; }

    /// <summary>What is wrong with the file; while there is something, the last good version serves on.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>What may come to nothing: a step that names nobody, yet.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Why the serving version is out of service; <see langword="null"/> while it serves.</summary>
    public string? Quarantined { get; init; }

    /// <summary>The last good version serves in the place of the file's.</summary>
    public bool Behind => Serving is not null && Problems.Count > 0;
}
