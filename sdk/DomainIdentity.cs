namespace Actors.Sdk;

/// <summary>The identity of a domain.</summary>
/// <param name="Domid">The number of the domain. It changes with every reboot and migration.</param>
/// <param name="Uuid">The handle of the domain. It survives reboots and migrations.</param>
/// <param name="Name">The name, from <c>/local/domain/X/name</c>; empty if the domain has none.</param>
public sealed record DomainIdentity(int Domid, Guid Uuid, string Name)
{
    /// <summary>The identity for people to read: <c>web-1 (domain 7)</c>.</summary>
    public override string ToString() => Name.Length == 0 ? $"domain {Domid}" : $"{Name} (domain {Domid})";
}
