using Actors.Sdk;

namespace Actors.Sim.Memory;

/// <summary>How many pages of a domain are shared, by content.</summary>
internal sealed class SharedPages
{
    private readonly Dictionary<Content, Pages> _of = [];

    /// <summary>The group in which the domain shares pages; <see langword="null"/> while it shares none.</summary>
    public string? Group { get; set; }

    /// <summary>Shared pages that the guest has written to since it began to share.</summary>
    public Pages TakenBack { get; set; }

    /// <summary>Pages of images that the guest has written to; no other domain has the same pages.</summary>
    public Pages Written { get; set; }

    /// <summary>The contents that are shared, ordered by when they were first shared.</summary>
    public IEnumerable<Content> Contents => _of.Where(entry => entry.Value > Pages.Zero).Select(entry => entry.Key);

    public Pages Of(Content content) => _of.GetValueOrDefault(content);

    public void Add(Content content, Pages pages)
    {
        if (pages != Pages.Zero)
            _of[content] = Of(content) + pages;
    }
}
