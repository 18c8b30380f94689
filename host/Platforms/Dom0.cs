namespace Actors.Host.Platforms;

/// <summary>Whether this system is the control domain of a Xen host.</summary>
/// <param name="IsDom0">Whether this system is the control domain.</param>
/// <param name="Evidence">The reason for that answer, as text.</param>
internal sealed record Dom0(bool IsDom0, string Evidence)
{
    private const string Capabilities = "/proc/xen/capabilities";
    private const string Type = "/sys/hypervisor/type";
    private const string Uuid = "/sys/hypervisor/uuid";

    public static Dom0 Detect() => Detect(Read);

    /// <param name="read">Returns the text of a file, or <see langword="null"/> when the file cannot be read.</param>
    public static Dom0 Detect(Func<string, string?> read)
    {
        if (read(Capabilities) is { Length: > 0 } capabilities)
        {
            return capabilities.Contains("control_d", StringComparison.Ordinal)
                ? new Dom0(true, $"{Capabilities} says control_d")
                : new Dom0(false, $"{Capabilities} does not say control_d, so this is a guest");
        }
        if (read(Type)?.Trim() != "xen")
            return new Dom0(false, $"this system does not run on Xen ({Type} does not say 'xen')");
        // xenfs may not be mounted. Only the control domain has an all-zero handle, unless its toolstack gave it another one.
        return Guid.TryParse(read(Uuid)?.Trim(), out var handle) && handle == Guid.Empty
            ? new Dom0(true, $"{Uuid} is the one of a control domain")
            : new Dom0(false, $"{Capabilities} is missing and {Uuid} is not the one of a control domain; in a dom0, mount xenfs with 'mount -t xenfs xenfs /proc/xen'");
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
