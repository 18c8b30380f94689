namespace Actors.Host.Platforms;

/// <summary>Whether this is the control domain of a Xen host, and how that is known.</summary>
/// <param name="Is">Whether it is.</param>
/// <param name="Evidence">What says so, for a person.</param>
internal sealed record Dom0(bool Is, string Evidence)
{
    private const string Capabilities = "/proc/xen/capabilities";
    private const string Type = "/sys/hypervisor/type";
    private const string Uuid = "/sys/hypervisor/uuid";

    public static Dom0 Look() => Look(Read);

    /// <param name="read">The text of a file; <see langword="null"/> when it cannot be read.</param>
    public static Dom0 Look(Func<string, string?> read)
    {
        if (read(Capabilities) is { Length: > 0 } capabilities)
        {
            return capabilities.Contains("control_d", StringComparison.Ordinal)
                ? new Dom0(true, $"{Capabilities} says control_d")
                : new Dom0(false, $"{Capabilities} has no control_d: this is a guest");
        }
        if (read(Type)?.Trim() != "xen")
            return new Dom0(false, $"there is no Xen under this system ({Type} does not say so)");
        // xenfs need not be mounted. The control domain alone has a handle of zeros, unless its toolstack gave it one.
        return Guid.TryParse(read(Uuid)?.Trim(), out var handle) && handle == Guid.Empty
            ? new Dom0(true, $"{Uuid} is that of a control domain")
            : new Dom0(false, $"{Capabilities} is missing and {Uuid} is not a control domain's; in a dom0, mount it: 'mount -t xenfs xenfs /proc/xen'");
    }

    private static string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
