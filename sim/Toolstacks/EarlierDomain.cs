using Actors.Sdk;
using Actors.Sim.Domains;

namespace Actors.Sim.Toolstacks;

/// <summary>A domain of an earlier machine, as it was when that machine was last recorded.</summary>
/// <param name="Domid">Its number, which it keeps.</param>
/// <param name="Uuid">Its UUID.</param>
/// <param name="State">Its state.</param>
/// <param name="Size">Its size.</param>
/// <param name="Paging">Whether it has a pager.</param>
/// <param name="Booted">When its guest began, by the new machine's clock; <see langword="null"/> when it had not.</param>
/// <param name="TmemFrozen">Whether its tmem pools take no page.</param>
/// <param name="TmemCap">The most that they may hold.</param>
/// <param name="TmemWeight">The weight of its tmem pools.</param>
internal sealed record EarlierDomain(
    int Domid, Guid Uuid, DomainState State, DomainSize Size, bool Paging, TimeSpan? Booted, bool TmemFrozen, Kib? TmemCap, int TmemWeight);
