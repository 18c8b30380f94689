using Actors.Loading.Compatibility;
using Actors.Loading.Files;

namespace Actors.Loading.Reload;

/// <summary>A plugin's folder: the version that serves from it, the one before, and what was found in it last.</summary>
internal sealed class PluginSlot(string folder)
{
    public string Folder { get; } = folder;

    public string Name => Path.GetFileName(Folder);

    public string Id => Current?.Manifest.Id ?? Found?.Manifest?.Id ?? Name;

    /// <summary>The version that serves.</summary>
    public Generation? Current { get; set; }

    /// <summary>The version that served before, for a rollback.</summary>
    public Candidate? Before { get; set; }

    /// <summary>What was found in the folder at the last check.</summary>
    public Candidate? Found { get; set; }

    /// <summary>Why what was found does not serve: the verdict, or why it could not be loaded.</summary>
    public Verdict Verdict { get; set; } = Verdict.Of(Fit.Fits);

    /// <summary>The first problem of what was found, while another version serves; else <see langword="null"/>.</summary>
    public string? FolderProblem => Current is not null && Verdict.Problems.Count > 0 ? $"{Name}: {Verdict.Problems[0]}" : null;

    /// <summary>A line for the log about each problem of what was found.</summary>
    public IEnumerable<string> Warnings => Verdict.Problems.Select(problem =>
        $"{Folder}: {(Found!.Verdict.Fits ? "" : $"{Verdict.Word}: ")}{problem}{(Current is { } serving ? $"; version {serving.Manifest.Version} keeps serving" : "")}");

    /// <summary>The problems of the newest settings; then the version that serves has older ones.</summary>
    public IReadOnlyList<string> SettingsProblems { get; set; } = [];

    /// <summary>Whether another plugin carries the same actor or has the same id. This one can be loaded when that one is removed.</summary>
    public bool Waits { get; set; }

    /// <summary>How many versions were loaded from here.</summary>
    public int Loaded { get; set; }

    /// <summary>What was found fits, but cannot be loaded.</summary>
    public void Reject(string problem, bool waits = false) => (Verdict, Waits) = (new Verdict(Fit.Fits, [problem]), waits);

    /// <summary>Whether the plugin was removed: the folder, its manifest or its DLL is gone.</summary>
    public bool IsRemoved(Candidate found)
    {
        var listing = PluginListing.Of(Folder);
        return listing is null || (Current is { } serving && Candidate.IsRemoved(listing, serving.Manifest) && Candidate.IsRemoved(listing, found.Manifest ?? serving.Manifest));
    }

    public bool Serves(string actor) => Current?.Manifest.Actors.Contains(actor) == true;
}
