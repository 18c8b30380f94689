namespace Actors.Chains.Scripts.Running;

/// <summary>Whose fault it is that there is no memory.</summary>
internal static class MemoryShortage
{
    /// <summary>
    /// Whether most of the memory is free, so that the script requested far more at once than a script may allocate in total. Otherwise, any
    /// run may hold the memory, and nobody knows which.
    /// </summary>
    public static bool IsOwn(OutOfMemoryException _) => GC.GetTotalMemory(forceFullCollection: true) < GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2;
}
