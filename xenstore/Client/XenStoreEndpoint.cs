namespace Actors.XenStore;

/// <summary>The location of a xenstore: the unix socket of a daemon, or the kernel's device that reaches it from any domain.</summary>
public sealed record XenStoreEndpoint
{
    private const string SocketScheme = "unix:";
    private const string DeviceScheme = "xenbus:";
    private const string Device = "/dev/xen/xenbus";

    private XenStoreEndpoint(string path, bool isDevice) => (Path, IsDevice) = (path, isDevice);

    /// <summary>The path of the socket or the device.</summary>
    public string Path { get; }

    /// <summary>Whether the endpoint is the kernel's device rather than a socket.</summary>
    public bool IsDevice { get; }

    /// <summary>Creates an endpoint for the unix socket of a daemon.</summary>
    public static XenStoreEndpoint Socket(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new XenStoreEndpoint(path, isDevice: false);
    }

    /// <summary>Creates an endpoint for the kernel's device, usually <c>/dev/xen/xenbus</c>.</summary>
    public static XenStoreEndpoint XenBus(string path = Device)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new XenStoreEndpoint(path, isDevice: true);
    }

    /// <summary>Parses <c>unix:PATH</c>, <c>xenbus:PATH</c>, or a path alone. A path alone is a device if it is in <c>/dev</c> or <c>/proc</c>.</summary>
    /// <exception cref="FormatException">The text has none of these forms.</exception>
    public static XenStoreEndpoint Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.StartsWith(SocketScheme, StringComparison.Ordinal) && text.Length > SocketScheme.Length)
            return Socket(text[SocketScheme.Length..]);
        if (text.StartsWith(DeviceScheme, StringComparison.Ordinal) && text.Length > DeviceScheme.Length)
            return XenBus(text[DeviceScheme.Length..]);
        if (text.StartsWith('/'))
            return FromPath(text);
        throw new FormatException($"'{text}' is not the location of a xenstore. Write unix:PATH for a socket, xenbus:PATH for a device, or an absolute path.");
    }

    /// <summary>
    /// Finds the xenstore as libxenstore does: <c>$XENSTORED_PATH</c>, whether it exists or not; otherwise the first that exists of
    /// <c>$XENSTORED_RUNDIR/socket</c> (or, if that is not set, <c>/run/xenstored/socket</c> and <c>/var/run/xenstored/socket</c>) and
    /// <c>/dev/xen/xenbus</c>.
    /// </summary>
    /// <exception cref="XenStoreConnectionException">None exists. The message lists the paths.</exception>
    public static XenStoreEndpoint Find() => Find(Environment.GetEnvironmentVariable, File.Exists);

    /// <inheritdoc/>
    public override string ToString() => (IsDevice ? DeviceScheme : SocketScheme) + Path;

    internal static XenStoreEndpoint Find(Func<string, string?> variable, Func<string, bool> exists)
    {
        if (variable("XENSTORED_PATH") is { Length: > 0 } path)
            return FromPath(path);
        string[] sockets = variable("XENSTORED_RUNDIR") is { Length: > 0 } folder
            ? [$"{folder}/socket"]
            : ["/run/xenstored/socket", "/var/run/xenstored/socket"];
        if (sockets.FirstOrDefault(exists) is { } socket)
            return Socket(socket);
        if (exists(Device))
            return XenBus();
        throw new XenStoreConnectionException(
            $"No xenstore was found: none of {string.Join(", ", sockets)} and {Device} exists. "
            + "Start xenstored, or set XENSTORED_PATH to the path of its socket.",
            RequestFate.NotSent);
    }

    private static XenStoreEndpoint FromPath(string path) =>
        path.StartsWith("/dev/", StringComparison.Ordinal) || path.StartsWith("/proc/", StringComparison.Ordinal) ? XenBus(path) : Socket(path);
}
