using System.Diagnostics.CodeAnalysis;

namespace Actors.XenStore.Client;

/// <summary>
/// The requests that wait for a reply, by their id. Daemons reply in order, but the kernel's device replies to some requests itself,
/// before earlier ones that it forwarded. So the id finds the request of a reply.
/// </summary>
internal sealed class PendingRequests
{
    private Request?[] _slots = new Request?[64];
    private uint _lastId;

    public int Count { get; private set; }

    /// <summary>Adds a request and assigns its id.</summary>
    public void Add(Request request)
    {
        if (Count > _slots.Length / 2)
            Grow();
        // 0 is the id of watch events.
        do
            _lastId++;
        while (_lastId == 0 || Slot(_lastId) is not null);
        request.Id = _lastId;
        Slot(_lastId) = request;
        Count++;
    }

    public bool TryTake(uint id, [NotNullWhen(true)] out Request? request)
    {
        ref var slot = ref Slot(id);
        request = slot;
        if (request is null || request.Id != id)
            return false;
        slot = null;
        Count--;
        return true;
    }

    /// <summary>Removes all requests and returns them in the order in which they were added.</summary>
    public IReadOnlyList<Request> TakeAll()
    {
        Request[] all = [.. _slots.OfType<Request>().OrderBy(request => request.Id - _lastId - 1)];
        Array.Clear(_slots);
        Count = 0;
        return all;
    }

    private ref Request? Slot(uint id) => ref _slots[id & (uint)(_slots.Length - 1)];

    private void Grow()
    {
        var old = _slots;
        _slots = new Request?[old.Length * 2];
        foreach (var request in old.OfType<Request>())
            Slot(request.Id) = request;
    }
}
