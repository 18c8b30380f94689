namespace Actors.Sim.Memory;

/// <summary>
/// The content of a page that other domains may have as well: only zeroes, or a page of an image. Every other page is private.
/// </summary>
/// <param name="Image">The image's name; empty for zeroes.</param>
internal readonly record struct Content(string Image)
{
    private static readonly PageClass[] Zeroed = [PageClass.Free];
    private static readonly PageClass[] Read = [PageClass.InactiveCache, PageClass.ActiveCache, PageClass.Hot];

    public static Content Zero => new("");

    /// <summary>The classes in which a guest has such pages. The working set comes last because it is written to soonest.</summary>
    public IReadOnlyList<PageClass> Classes => Image.Length == 0 ? Zeroed : Read;

    public override string ToString() => Image.Length == 0 ? "zero" : $"image {Image}";
}
