namespace Actors.Sdk;

/// <summary>
/// The ceiling of a domain's allocation (<c>XEN_DOMCTL_max_mem</c>). Raise it before raising a target and lower it after lowering
/// one: a Linux guest whose <c>memory/target</c> is above its max_mem stays stuck until a different target comes.
/// </summary>
public interface IMaxMem
{
    /// <summary>Sets the ceiling. Below what the domain holds it takes nothing away; it only stops growth.</summary>
    ValueTask SetMaxMemAsync(Kib maxMem, CancellationToken cancellation = default);
}
