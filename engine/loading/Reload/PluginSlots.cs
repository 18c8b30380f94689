using Actors.Loading.Compatibility;
using Actors.Loading.Files;
using Actors.Sdk.Text;

namespace Actors.Loading.Reload;

/// <summary>The plugins' folders by their paths.</summary>
internal sealed class PluginSlots
{
    private readonly Dictionary<string, PluginSlot> _slots = [];

    public IEnumerable<string> Folders => _slots.Keys;

    public IReadOnlyList<PluginSlot> ByName => [.. _slots.Values.OrderBy(slot => slot.Name, StringComparer.Ordinal)];

    public PluginSlot? TryGet(string folder) => _slots.GetValueOrDefault(folder);

    /// <summary>Returns the slot of a folder, and creates it if there is none.</summary>
    public PluginSlot Of(string folder)
    {
        if (!_slots.TryGetValue(folder, out var slot))
            _slots[folder] = slot = new PluginSlot(folder);
        return slot;
    }

    /// <summary>The slot in which a version serves; <see langword="null"/> if it serves no more.</summary>
    public PluginSlot? Serving(Generation version) => _slots.Values.FirstOrDefault(slot => slot.Current == version);

    public void Forget(string folder) => _slots.Remove(folder);

    /// <summary>Finds a plugin by its id, or by the name of its folder.</summary>
    /// <exception cref="PluginException">There is no such plugin; the message lists the known ones.</exception>
    public PluginSlot Find(string name)
    {
        var known = _slots.Values.ToList();
        return known.FirstOrDefault(slot => slot.Id == name) ?? known.FirstOrDefault(slot => slot.Name == name)
            ?? throw new PluginException(Suggestion.For(name, known.Select(slot => slot.Id)) is { } meant
                ? $"there is no plugin '{name}'; did you mean '{meant}'?"
                : $"there is no plugin '{name}'; known: {(known.Count == 0 ? "none" : string.Join(", ", known.Select(slot => slot.Id).Order(StringComparer.Ordinal)))}");
    }

    /// <summary>Why a plugin cannot serve beside the others; <see langword="null"/> when it can.</summary>
    public string? FindConflict(PluginSlot slot, Manifest manifest)
    {
        var others = _slots.Values.Where(other => other != slot && other.Current is not null).ToList();
        if (others.FirstOrDefault(other => other.Current!.Manifest.Id == manifest.Id) is { } same)
            return $"the plugin '{manifest.Id}' is already loaded from '{same.Folder}'; remove one of the two folders";
        return manifest.Actors.Select(actor => (actor, other: others.FirstOrDefault(other => other.Serves(actor)))).FirstOrDefault(pair => pair.other is not null)
            is (var actor, { } carrier)
            ? $"the plugin '{carrier.Id}' already provides the actor '{actor}'; remove one of the two"
            : null;
    }
}
