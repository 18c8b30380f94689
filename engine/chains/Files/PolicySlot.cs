using Actors.Dispatch.Registry;

namespace Actors.Chains.Files;

/// <summary>The file of a policy, and what was loaded from it.</summary>
internal sealed record PolicySlot(string Path)
{
    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);
    public string? Hash { get; init; }

    /// <summary>Whether the policy was never loaded completely, because its script waits for the compiler.</summary>
    public bool Compiling => Hash is null;

    /// <summary>The version that serves; <see langword="null"/> if none does.</summary>
    public PolicyVersion? Serving { get; init; }
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>The first problem, with the name of the file but without its folder, because guests can read it.</summary>
    public string? FirstProblem { get; init; }

    public PolicyStatus Status(IReadOnlyList<string> warnings) => new()
    {
        Name = Name,
        Kind = PolicyFile.KindOf(Path) == PolicyFileKind.Script ? "script" : "yaml",
        File = Path,
        Description = Serving?.Description ?? "",
        Steps = Serving?.Steps ?? [],
        FileVersion = Hash ?? "-",
        Serving = Serving?.Hash,
        Coming = Compiling,
        Since = Serving?.Since,
        Problems = Problems,
        Warnings = warnings,
        Quarantined = Serving?.Health.Quarantined,
    };
}
