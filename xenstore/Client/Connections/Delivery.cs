namespace Actors.XenStore.Client;

/// <summary>A message that was read, and whom to tell. Nobody, when it is empty.</summary>
internal readonly struct Delivery
{
    private readonly Request? _request;
    private readonly WatchRegistration? _registration;
    private readonly string? _path;

    /// <summary>The answer to a request.</summary>
    public Delivery(Request request) => _request = request;

    /// <summary>An event of a watch.</summary>
    public Delivery(WatchRegistration registration, string path) => (_registration, _path) = (registration, path);

    /// <summary>May run callers' continuations, and so may take any time.</summary>
    public void Deliver()
    {
        _request?.Deliver();
        _registration?.Queue.Enqueue(_registration, _path!);
    }
}
