namespace Actors.Sdk;

/// <summary>The version of this contract, which a plugin names in its manifest.</summary>
public static class Contract
{
    /// <summary>
    /// Major and minor. A host takes plugins of its own major whose minor is not above its own: members may be added with a minor,
    /// and are changed or removed with a major alone.
    /// </summary>
    public static Version Version { get; } = new(1, 0);
}
