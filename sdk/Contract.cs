namespace Actors.Sdk;

/// <summary>The version of this contract. A plugin states it in its manifest.</summary>
public static class Contract
{
    /// <summary>
    /// The major and minor version. A host loads plugins with its own major version and a minor version that is not newer than its own.
    /// A minor version may add members; only a major version may change or remove them.
    /// </summary>
    public static Version Version { get; } = new(1, 1);
}
