namespace Actors.Sdk;

/// <summary>A call to the hypervisor failed.</summary>
/// <param name="call">The call that failed, for example <c>XEN_DOMCTL_max_mem</c>.</param>
/// <param name="errno">The Linux error number that the call returned.</param>
/// <param name="message">What the error means, for people to read.</param>
public class HypervisorException(string call, int errno, string message) : Exception($"{call}: {message} (errno {errno})")
{
    /// <summary>The call that failed.</summary>
    public string Call { get; } = call;

    /// <summary>The Linux error number.</summary>
    public int Errno { get; } = errno;
}

/// <summary>The domain no longer exists: it was destroyed or rebooted between two calls.</summary>
/// <param name="domid">The number of the domain.</param>
public sealed class DomainGoneException(int domid) : Exception($"domain {domid} does not exist (any more)")
{
    /// <summary>The number of the domain.</summary>
    public int Domid { get; } = domid;
}
