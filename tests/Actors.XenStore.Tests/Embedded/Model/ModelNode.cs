using System.Collections.Immutable;

namespace Actors.XenStore.Tests.Embedded.Model;

/// <summary>A node of the model; its version is another one after every change.</summary>
internal sealed record ModelNode(string Value, NodePermissions Permissions, ImmutableList<string> Children, long Version);

/// <summary>
/// That a node has changed: who may see it after or could before may know. If it is exact, only those are told who watch just this path.
/// </summary>
internal sealed record Change(string Path, bool Exact, NodePermissions After, NodePermissions? Before);
