using System.Text.Json.Serialization;
using Actors.Sdk;
using Actors.XenStore;

namespace Actors.Sim.Persistence;

/// <summary>One line of a <see cref="MachineFile"/>. The last line for a node or a domain counts.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "is")]
[JsonDerivedType(typeof(MachineHeader), "machine")]
[JsonDerivedType(typeof(MachineComplete), "complete")]
[JsonDerivedType(typeof(MachineProgress), "moment")]
[JsonDerivedType(typeof(DomainEntry), "domain")]
[JsonDerivedType(typeof(DomainGone), "domain-gone")]
[JsonDerivedType(typeof(NodeEntry), "node")]
[JsonDerivedType(typeof(NodeGone), "node-gone")]
internal abstract record MachineEntry;

/// <summary>The first line: the version of the file, and the scenario.</summary>
/// <param name="Version">The version of the file format.</param>
/// <param name="Scenario">The fingerprint of the scenario that the machine plays.</param>
internal sealed record MachineHeader(int Version, string Scenario) : MachineEntry
{
    public const int Known = 2;
}

/// <summary>The end mark: all entries of the machine are above it, and what follows happened later.</summary>
internal sealed record MachineComplete : MachineEntry;

/// <summary>The progress of the machine.</summary>
/// <param name="Elapsed">The time since the scenario began.</param>
/// <param name="Events">How many events of the scenario have begun.</param>
/// <param name="LastDomid">The highest domid that was assigned.</param>
internal sealed record MachineProgress(TimeSpan Elapsed, int Events, int LastDomid) : MachineEntry;

/// <summary>A domain as the hypervisor sees it. Amounts are pages.</summary>
/// <param name="Domid">Its number.</param>
/// <param name="Name">Its name in the scenario.</param>
/// <param name="Uuid">Its UUID.</param>
/// <param name="State">Its state.</param>
/// <param name="Populated">The pages outside its balloon.</param>
/// <param name="PagedOut">How many of those its pager has paged out.</param>
/// <param name="MaxPages">Its max_mem.</param>
/// <param name="Paging">Whether it has a pager.</param>
/// <param name="Booted">When its guest booted, since the start of the scenario; <see langword="null"/> when it has not.</param>
/// <param name="TmemPersistent">The persistent pages of its tmem pools. Ephemeral pages may be lost and are not recorded.</param>
/// <param name="TmemFrozen">Whether its tmem pools are frozen.</param>
/// <param name="TmemCap">The most that its tmem pools may hold, in KiB.</param>
/// <param name="TmemWeight">The weight of its tmem pools.</param>
/// <param name="Discarded">How many of its pages were discarded to keep a limit; the actor sets the limit again.</param>
/// <remarks>Shared pages are each domain's own again after a crash; the sharing actor shares them again.</remarks>
internal sealed record DomainEntry(
    int Domid, string Name, Guid Uuid, DomainState State, long Populated, long PagedOut, long MaxPages, bool Paging, TimeSpan? Booted,
    long TmemPersistent = 0, bool TmemFrozen = false, long? TmemCap = null, int TmemWeight = 1,
    long Discarded = 0) : MachineEntry;

/// <summary>A domain was destroyed.</summary>
internal sealed record DomainGone(int Domid) : MachineEntry;

/// <summary>A node of the xenstore.</summary>
/// <param name="Path">The absolute path.</param>
/// <param name="Value">Its bytes as Latin-1, so that every byte can be stored and text is readable.</param>
/// <param name="Permissions">The permissions; the owner's come first.</param>
internal sealed record NodeEntry(string Path, string Value, IReadOnlyList<NodePermission> Permissions) : MachineEntry;

/// <summary>A node was removed.</summary>
internal sealed record NodeGone(string Path) : MachineEntry;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(MachineEntry))]
internal sealed partial class MachineJson : JsonSerializerContext;
