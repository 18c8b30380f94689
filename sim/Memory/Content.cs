namespace Actors.Sim.Memory;

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
