using System.Text.Json.Serialization;
using Actors.Sdk;
using Actors.XenStore;

namespace Actors.Sim.Persistence;

/// <summary>One line of a <see cref="MachineFile"/>; the last one of a node or a domain counts.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "is")]
[JsonDerivedType(typeof(MachineHead), "machine")]
[JsonDerivedType(typeof(MachineMoment), "moment")]
[JsonDerivedType(typeof(DomainEntry), "domain")]
[JsonDerivedType(typeof(DomainGone), "domain-gone")]
[JsonDerivedType(typeof(NodeEntry), "node")]
[JsonDerivedType(typeof(NodeGone), "node-gone")]
internal abstract record MachineEntry;

/// <summary>The first line: what it is, and whose.</summary>
/// <param name="Version">Of the file's form.</param>
/// <param name="Scenario">The fingerprint of the scenario that the machine plays.</param>
internal sealed record MachineHead(int Version, string Scenario) : MachineEntry
{
    public const int Known = 1;
}

/// <summary>How far the machine has come.</summary>
/// <param name="Elapsed">Since the scenario began.</param>
/// <param name="Events">How many of its events have begun.</param>
/// <param name="LastDomid">The highest that was given.</param>
internal sealed record MachineMoment(TimeSpan Elapsed, int Events, int LastDomid) : MachineEntry;

/// <summary>A domain as the hypervisor holds it; amounts are pages.</summary>
/// <param name="Domid">Its number.</param>
/// <param name="Name">The scenario's name of it.</param>
/// <param name="Uuid">Its handle.</param>
/// <param name="State">What it does.</param>
/// <param name="Populated">What is outside of its balloon.</param>
/// <param name="PagedOut">What of that its pager holds.</param>
/// <param name="MaxPages">Its ceiling.</param>
/// <param name="Paging">Whether it has a pager.</param>
/// <param name="Booted">When its guest began, since the scenario did; <see langword="null"/> before that.</param>
/// <param name="TmemPersistent">Persistent pages of its tmem pools; what is ephemeral may be lost, and is.</param>
/// <param name="TmemFrozen">Whether these take no page.</param>
/// <param name="TmemCap">The most that they may hold, in KiB.</param>
/// <param name="TmemWeight">Their weight.</param>
/// <remarks>What is shared is each domain's own again after a crash, and found again by who shares.</remarks>
internal sealed record DomainEntry(
    int Domid, string Name, Guid Uuid, DomainState State, long Populated, long PagedOut, long MaxPages, bool Paging, TimeSpan? Booted,
    long TmemPersistent = 0, bool TmemFrozen = false, long? TmemCap = null, int TmemWeight = 1) : MachineEntry;

/// <summary>A domain was destroyed.</summary>
internal sealed record DomainGone(int Domid) : MachineEntry;

/// <summary>A node of the xenstore.</summary>
/// <param name="Path">Absolute.</param>
/// <param name="Value">Its bytes as Latin-1, so that all of them pass and text can be read.</param>
/// <param name="Permissions">The owner's first.</param>
internal sealed record NodeEntry(string Path, string Value, IReadOnlyList<NodePermission> Permissions) : MachineEntry;

/// <summary>A node was removed.</summary>
internal sealed record NodeGone(string Path) : MachineEntry;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(MachineEntry))]
internal sealed partial class MachineJson : JsonSerializerContext;
