using Actors.Loading.Compatibility;

namespace Actors.Loading.Reload;

/// <summary>A plugin's folder: who serves from it, what was there before, and what was found in it last.</summary>
internal sealed class PluginSlot(string folder)
{
    public string Folder { get; } = folder;

    public string Name => Path.GetFileName(Folder);

    public string Id => Current?.Manifest.Id ?? Found?.Manifest?.Id ?? Name;

    /// <summary>Who serves.</summary>
    public Generation? Current { get; set; }

    /// <summary>What served before, for a rollback.</summary>
    public Candidate? Before { get; set; }

    /// <summary>What was found in the folder when it was judged last.</summary>
    public Candidate? Found { get; set; }

    /// <summary>Why what was found does not serve: the verdict, or what came of loading it.</summary>
    public Verdict Verdict { get; set; } = Verdict.Of(Fit.Fits);

    /// <summary>Another plugin carries the same actor: once that one goes, this may come.</summary>
    public bool Waits { get; set; }

    /// <summary>How many were loaded from here.</summary>
    public int Loaded { get; set; }

    public bool Serves(string actor) => Current?.Manifest.Actors.Contains(actor) == true;
}
