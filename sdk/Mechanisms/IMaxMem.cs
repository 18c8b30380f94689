namespace Actors.Sdk;

/// <summary>
/// The limit of a domain's allocation (<c>XEN_DOMCTL_max_mem</c>). Raise it before you raise a target, and lower it after you have lowered
/// one: a Linux guest whose <c>memory/target</c> is above its max_mem stays stuck until a different target is written.
/// </summary>
public interface IMaxMem
{
    /// <summary>Sets the limit. If it is below what the domain holds, the domain keeps its memory and only stops growing.</summary>
    ValueTask SetMaxMemAsync(Kib maxMem, CancellationToken cancellation = default);
}
