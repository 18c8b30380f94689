using System.Collections.Immutable;

namespace Actors.XenStore.Tests.Embedded.Model;

/// <summary>A node of the model. Every change gives it a new version.</summary>
internal sealed record ModelNode(string Value, NodePermissions Permissions, ImmutableList<string> Children, long Version);

/// <summary>
/// A change of a node. Domains that can read it before or after the change see the event. If it is exact, only watches of exactly this path fire.
/// Access to the parent is enough, except for a node that a transaction has removed.
/// </summary>
internal sealed record Change(string Path, bool Exact, NodePermissions After, NodePermissions? Before, bool IsRemovedByTransaction = false);
