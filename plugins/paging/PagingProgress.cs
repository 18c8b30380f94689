using Actors.Sdk;

namespace Actors.Paging;

/// <summary>The smallest distance from the target so far, and the timestamp at which it was reached. Pure.</summary>
internal readonly record struct PagingProgress(Kib Nearest, long LastNearer)
{
    public PagingProgress Observe(Kib distance, long timestamp) => distance < Nearest ? new(distance, timestamp) : this;
}
