using Actors.Sdk;

namespace Actors.Sim;

/// <summary>What is in a page, as far as others may have the same: nothing but zeroes, or a page of an image. All else is private.</summary>
/// <param name="Image">The image's name; empty for zeroes.</param>
internal readonly record struct Content(string Image)
{
    private static readonly PageClass[] Zeroed = [PageClass.Free];
    private static readonly PageClass[] Read = [PageClass.InactiveCache, PageClass.ActiveCache, PageClass.Hot];

    public static Content Zero => new("");

    /// <summary>Where a guest has such pages; the working set last, because it will be written to soonest.</summary>
    public IReadOnlyList<PageClass> Classes => Image.Length == 0 ? Zeroed : Read;

    public override string ToString() => Image.Length == 0 ? "zero" : $"image {Image}";
}

/// <summary>What a guest has in its pages; the rest is private.</summary>
internal sealed record ContentSpec
{
    /// <summary>How much of its free memory is zero; what was used and freed is scrubbed.</summary>
    public Kib Zero { get; init; }

    /// <summary>How much of an image it has read, in its file cache and its working set. All guests have the same first pages of an image.</summary>
    public IReadOnlyList<(string Name, Kib Size)> Images { get; init; } = [];

    /// <summary>How many pages of each content are in a guest's memory, shared or not.</summary>
    /// <param name="memory">The memory.</param>
    /// <param name="written">Pages of images that the guest has written to: they are private for good.</param>
    public IEnumerable<(Content Content, Pages Held)> In(GuestMemory memory, Pages written)
    {
        if (Zero > Kib.Zero)
            yield return (Content.Zero, Pages.Min(Zero.ToPages(), InMemory(Content.Zero)));
        var images = Images.Aggregate(Pages.Zero, (sum, image) => sum + image.Size.ToPages()) - written;
        var left = Pages.Min(images, InMemory(new Content(nameof(Images))));
        foreach (var (name, size) in Images)
        {
            var content = new Content(name);
            var held = Pages.Max(Pages.Zero, Pages.Min(size.ToPages(), left));
            left -= held;
            yield return (content, held);
        }

        Pages InMemory(Content content) =>
            content.Classes.Aggregate(Pages.Zero, (sum, kind) => sum + memory.Of(kind) - memory.PagedOutOf(kind));
    }
}
