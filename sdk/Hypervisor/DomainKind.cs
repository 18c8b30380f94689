namespace Actors.Sdk;

/// <summary>How a domain is virtualised; it decides which mechanisms can act on it.</summary>
public enum DomainKind
{
    /// <summary>Paravirtualised: no second-stage page tables, so no paging and no sharing.</summary>
    Pv,

    /// <summary>Hardware-assisted without an emulated machine.</summary>
    Pvh,

    /// <summary>Hardware-assisted with a device model.</summary>
    Hvm,
}
