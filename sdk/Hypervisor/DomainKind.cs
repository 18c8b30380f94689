namespace Actors.Sdk;

/// <summary>How a domain is virtualised. This decides which mechanisms can act on it.</summary>
public enum DomainKind
{
    /// <summary>Paravirtualised. It has no second-stage page tables, so neither paging nor sharing works.</summary>
    Pv,

    /// <summary>Hardware-assisted without an emulated machine.</summary>
    Pvh,

    /// <summary>Hardware-assisted with a device model.</summary>
    Hvm,
}
