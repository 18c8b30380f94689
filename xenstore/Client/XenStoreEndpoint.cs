namespace Actors.XenStore;

/// <summary>Where a xenstore is: a daemon's unix socket, or the kernel's device that reaches it from any domain.</summary>
public sealed record XenStoreEndpoint
{
    private const string SocketScheme = "unix:";
    private const string DeviceScheme = "xenbus:";
    private const string Device = "/dev/xen/xenbus";

    private XenStoreEndpoint(string path, bool isDevice) => (Path, IsDevice) = (path, isDevice);

    /// <summary>The path of the socket or of the device.</summary>
    public string Path { get; }

    /// <summary>Whether it is the kernel's device, and not a socket.</summary>
    public bool IsDevice { get; }

    /// <summary>A daemon's unix socket.</summary>
    public static XenStoreEndpoint Socket(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new XenStoreEndpoint(path, isDevice: false);
    }

    /// <summary>The kernel's device, as a rule <c>/dev/xen/xenbus</c>.</summary>
    public static XenStoreEndpoint XenBus(string path = Device)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new XenStoreEndpoint(path, isDevice: true);
    }

    /// <summary>Reads <c>unix:PATH</c>, <c>xenbus:PATH</c>, or a path alone, which is a device when it lies in <c>/dev</c> or <c>/proc</c>.</summary>
    /// <exception cref="FormatException">It is none of these.</exception>
    public static XenStoreEndpoint Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.StartsWith(SocketScheme, StringComparison.Ordinal) && text.Length > SocketScheme.Length)
            return Socket(text[SocketScheme.Length..]);
        if (text.StartsWith(DeviceScheme, StringComparison.Ordinal) && text.Length > DeviceScheme.Length)
            return XenBus(text[DeviceScheme.Length..]);
        if (text.StartsWith('/'))
            return FromPath(text);
        throw new FormatException($"'{text}' names no xenstore: write unix:PATH for a socket, xenbus:PATH for a device, or an absolute path.");
    }

    /// <summary>
    /// Finds the xenstore as libxenstore does: <c>$XENSTORED_PATH</c>; else <c>$XENSTORED_RUNDIR/socket</c>, or
    /// <c>/run/xenstored/socket</c> and <c>/var/run/xenstored/socket</c>; and last <c>/dev/xen/xenbus</c>. The first that exists is taken,
    /// and <c>$XENSTORED_PATH</c> whether it exists or not.
    /// </summary>
    /// <exception cref="XenStoreConnectionException">There is none; the message says where it looked.</exception>
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
            $"There is no xenstore here: none of {string.Join(", ", sockets)} and {Device} exists. "
            + "Start xenstored, or give the path of its socket in XENSTORED_PATH.",
            RequestFate.NotSent);
    }

    private static XenStoreEndpoint FromPath(string path) =>
        path.StartsWith("/dev/", StringComparison.Ordinal) || path.StartsWith("/proc/", StringComparison.Ordinal) ? XenBus(path) : Socket(path);
}
