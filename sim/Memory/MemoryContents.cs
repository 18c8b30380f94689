using Actors.Sdk;
using Actors.Sim.Specs;

namespace Actors.Sim.Memory;

/// <summary>Finds out how much of a guest's memory has contents that other guests may have as well.</summary>
internal static class MemoryContents
{
    /// <summary>How many pages of each content are in a guest's memory, shared or not.</summary>
    /// <param name="spec">What the guest has in its pages.</param>
    /// <param name="memory">The memory.</param>
    /// <param name="written">Pages of images that the guest has written to; they are private from then on.</param>
    public static IEnumerable<(Content Content, Pages Held)> In(ContentSpec spec, GuestMemory memory, Pages written)
    {
        if (spec.Zero > Kib.Zero)
            yield return (Content.Zero, Pages.Min(spec.Zero.ToPages(), InMemory(Content.Zero)));
        var images = spec.Images.Aggregate(Pages.Zero, (sum, image) => sum + image.Size.ToPages()) - written;
        var left = Pages.Min(images, InMemory(new Content("any image")));
        foreach (var (name, size) in spec.Images)
        {
            var content = new Content(name);
            var held = Pages.Max(Pages.Zero, Pages.Min(size.ToPages(), left));
            left -= held;
            yield return (content, held);
        }

        Pages InMemory(Content content) =>
            content.Classes.Aggregate(Pages.Zero, (sum, kind) => sum + memory.Of(kind) - memory.PagedOutOf(kind) - memory.DiscardedOf(kind));
    }
}
