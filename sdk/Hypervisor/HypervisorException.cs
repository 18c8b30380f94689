namespace Actors.Sdk;

/// <summary>A call to the hypervisor failed.</summary>
/// <param name="call">Which call, for example <c>XEN_DOMCTL_max_mem</c>.</param>
/// <param name="errno">The Linux error number that it gave.</param>
/// <param name="message">What it means, for a person.</param>
public class HypervisorException(string call, int errno, string message) : Exception($"{call}: {message} (errno {errno})")
{
    /// <summary>Which call.</summary>
    public string Call { get; } = call;

    /// <summary>The Linux error number.</summary>
    public int Errno { get; } = errno;
}

/// <summary>The domain is gone: destroyed or rebooted between two calls.</summary>
/// <param name="domid">Which domain.</param>
public sealed class DomainGoneException(int domid) : Exception($"domain {domid} does not exist (any more)")
{
    /// <summary>Which domain.</summary>
    public int Domid { get; } = domid;
}
