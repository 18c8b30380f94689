namespace Actors.Sdk;

/// <summary>Who a domain is.</summary>
/// <param name="Domid">Its number; another one after each reboot and migration.</param>
/// <param name="Uuid">Its handle; stays.</param>
/// <param name="Name">Its name, from <c>/local/domain/X/name</c>; empty when it has none.</param>
public sealed record DomainIdentity(int Domid, Guid Uuid, string Name)
{
    /// <summary>For a person: <c>web-1 (domain 7)</c>.</summary>
    public override string ToString() => Name.Length == 0 ? $"domain {Domid}" : $"{Name} (domain {Domid})";
}
