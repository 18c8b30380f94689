namespace Actors.XenStore.Embedded;

/// <summary>
/// Receives every change of a node when it takes effect, before the caller that made it gets its reply. The store calls the
/// methods while it is locked: they must be quick, must not use the store and must not throw.
/// </summary>
public interface INodeObserver
{
    /// <summary>A node was created, or its value or permissions were set, even to the same value. Parents that are created with a node are reported after it.</summary>
    /// <param name="path">The absolute path.</param>
    /// <param name="value">The value, which is valid only during the call.</param>
    /// <param name="permissions">The permissions. The first entry is the owner's.</param>
    void Changed(string path, ReadOnlySpan<byte> value, NodePermissions permissions);

    /// <summary>A node was removed. The nodes below it are reported before it.</summary>
    /// <param name="path">The absolute path.</param>
    void Removed(string path);
}
