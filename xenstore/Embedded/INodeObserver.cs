namespace Actors.XenStore.Embedded;

/// <summary>
/// Is told of every change of a node that becomes true, before the one who made it has its answer. Called while the store is
/// locked: it must be quick, must not use the store and must not throw.
/// </summary>
public interface INodeObserver
{
    /// <summary>A node was made, or was given a value or permissions, be they the same as before. Those above it that are made with it come after it.</summary>
    /// <param name="path">Absolute.</param>
    /// <param name="value">Valid during the call.</param>
    /// <param name="permissions">The owner's entry first.</param>
    void Changed(string path, ReadOnlySpan<byte> value, NodePermissions permissions);

    /// <summary>A node was removed. Those below it were told before.</summary>
    /// <param name="path">Absolute.</param>
    void Removed(string path);
}
