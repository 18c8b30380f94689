using Actors.XenStore.Protocol;

namespace Actors.XenStore.Embedded;

/// <summary>
/// The operations of a session on the nodes that it sees, with the rules and errors of C xenstored (<see langword="null"/> is success).
/// Paths are absolute. The caller must hold the lock.
/// </summary>
internal static class NodeOperations
{
    /// <summary>Finds a node that the session may access. Otherwise returns the error, which reveals no more than the session may know.</summary>
    public static XenStoreError? Find(Session session, NodeView view, ReadOnlySpan<char> path, NodeAccess access, out Node node)
    {
        node = null!;
        view.Begin();
        if (!PathRules.IsNode(path) || (session.Domain.IsGuest && PathRules.CountedLength(path) > view.Quota.PathMax))
            return XenStoreError.Invalid;
        var found = view.Get(path);
        if (found is not null && session.May(access, found))
        {
            node = found;
            return null;
        }
        return view.Failure ?? Hidden(session, view, path, access, found is null ? XenStoreError.NotFound : XenStoreError.AccessDenied);
    }

    public static XenStoreError? Write(Session session, NodeView view, ReadOnlySpan<char> path, byte[] value)
    {
        var error = Find(session, view, path, NodeAccess.Write, out var node);
        if (error == XenStoreError.NotFound)
            error = Create(session, view, path, value, out node);
        else if (error is null)
            error = Replace(session, view, node, node with { Value = value });
        if (error is null)
            view.Fire(node.Path, node, exact: false);
        return error;
    }

    public static XenStoreError? MakeDirectory(Session session, NodeView view, ReadOnlySpan<char> path)
    {
        var error = Find(session, view, path, NodeAccess.Write, out var node);
        if (error != XenStoreError.NotFound)
            return error;
        error = Create(session, view, path, [], out node);
        if (error is null)
            view.Fire(node.Path, node, exact: false);
        return error;
    }

    public static XenStoreError? Remove(Session session, NodeView view, ReadOnlySpan<char> path)
    {
        var error = Find(session, view, path, NodeAccess.Write, out var node);
        if (error == XenStoreError.NotFound)
            return view.Get(PathRules.Parent(path)) is null ? view.Failure ?? error : null;
        if (error is null && path is PathRules.Root)
            error = XenStoreError.Invalid;
        return error ?? Remove(view, node);
    }

    /// <summary>Removes a node other than the root, and everything below it, without checking permissions.</summary>
    public static XenStoreError? Remove(NodeView view, Node node)
    {
        var parent = view.Get(PathRules.Parent(node.Path));
        if (parent is null)
            return view.Failure ?? XenStoreError.Invalid;
        if (RemoveTree(view, node, node) is { } error)
            return error;
        var left = parent.Children.Remove(PathRules.Name(node.Path));
        if (left == parent.Children)
            return XenStoreError.Io;
        view.Put(parent with { Children = left });
        return view.Failure;
    }

    public static XenStoreError? SetPermissions(
        Session session, NodeView view, DomainTable domains, ReadOnlySpan<char> path, NodePermissions permissions)
    {
        var guest = session.Domain.IsGuest;
        if (permissions.Entries.Any(entry => !entry.IsValid))
            return XenStoreError.Invalid;
        if (guest && permissions.Entries.Count > view.Quota.Permissions)
            return XenStoreError.NoSpace;
        // Entries for domains that do not exist are kept and apply to no domain. But the owner must exist.
        foreach (var entry in permissions.Entries.Skip(1))
            domains.TryGetOrAdd(entry.Domid);
        if (!domains.TryGetOrAdd(permissions.Owner))
            return XenStoreError.NotFound;
        if (PathRules.IsSpecial(path))
            return SetSpecialPermissions(session, domains, path, permissions);
        if (Find(session, view, path, NodeAccess.Write, out var node) is { } error)
            return error;
        if (!session.Owns(node.Permissions))
            return Hidden(session, view, path, NodeAccess.Write, XenStoreError.AccessDenied);
        if (guest && permissions.Owner != node.Permissions.Owner)
            return XenStoreError.NotPermitted;
        var changed = node with { Permissions = permissions, PermissionsSince = domains.Generation + 1 };
        if (Replace(session, view, node, changed) is { } failure)
            return failure;
        view.Count(node.Permissions.Owner, -1);
        view.Count(permissions.Owner, 1);
        view.Fire(node.Path, changed, exact: false, before: node);
        return null;
    }

    private static XenStoreError? SetSpecialPermissions(
        Session session, DomainTable domains, ReadOnlySpan<char> path, NodePermissions permissions)
    {
        if (path is not (PathRules.IntroduceDomain or PathRules.ReleaseDomain))
            return XenStoreError.Invalid;
        if (!session.Owns(path is PathRules.IntroduceDomain ? domains.IntroducePermissions : domains.ReleasePermissions))
            return XenStoreError.AccessDenied;
        if (path is PathRules.IntroduceDomain)
            domains.IntroducePermissions = permissions;
        else
            domains.ReleasePermissions = permissions;
        return null;
    }

    /// <summary>Returns the error that the session may see: without access to the parent it learns only that access is denied.</summary>
    private static XenStoreError? Hidden(
        Session session, NodeView view, ReadOnlySpan<char> path, NodeAccess access, XenStoreError error)
    {
        do
        {
            path = PathRules.Parent(path);
            if (view.Get(path) is { } above)
                return session.May(access, above) ? error : XenStoreError.AccessDenied;
        }
        while (path is not PathRules.Root);
        return view.Failure ?? XenStoreError.AccessDenied;
    }

    private static XenStoreError? Replace(Session session, NodeView view, Node old, Node node)
    {
        if (session.Domain.IsGuest && CheckSize(view, old, node) is { } error)
        {
            view.Fail();
            return error;
        }
        view.Put(node);
        return view.Failure;
    }

    private static XenStoreError? CheckSize(NodeView view, Node? old, Node node) =>
        node.Size >= view.Quota.NodeSize ? XenStoreError.NoSpace
        : view.IsOverMemory(old, node) ? XenStoreError.OutOfMemory
        : null;

    /// <summary>Creates a node and its missing parents. They inherit permissions, but a guest owns the nodes that it creates.</summary>
    private static XenStoreError? Create(Session session, NodeView view, ReadOnlySpan<char> path, byte[] value, out Node node)
    {
        node = null!;
        var missing = new Stack<string>();
        missing.Push(path.ToString());
        Node? above;
        while ((above = view.Get(PathRules.Parent(missing.Peek()))) is null)
        {
            if (view.Failure is not null)
                return view.Failure;
            missing.Push(PathRules.Parent(missing.Peek()).ToString());
        }
        var made = Build(session.Domain, above, missing, value);
        // Like C xenstored, a guest at its quota of nodes can still commit the rest of its transaction; one with a too large node cannot.
        if (session.Domain.IsGuest && view.IsOverQuota(session.Domain, made.Count - 1))
            return XenStoreError.NoSpace;
        if (session.Domain.IsGuest && CheckSizes(view, above, made) is { } error)
        {
            view.Fail();
            return error;
        }
        for (var i = made.Count - 1; i >= 0; i--)
        {
            view.Put(made[i]);
            if (i > 0)
                view.Count(made[i].Permissions.Owner, 1);
        }
        node = made[^1];
        return view.Failure;
    }

    /// <summary>Returns the existing node with its new child, and the new nodes below it from top to bottom.</summary>
    private static List<Node> Build(Domain creator, Node above, Stack<string> missing, byte[] value)
    {
        var permissions = above.Permissions;
        if (creator.IsGuest && permissions.Owner != creator.Domid)
            permissions = new NodePermissions([permissions.Entries[0] with { Domid = creator.Domid }, .. permissions.Entries.Skip(1)]);
        var made = new List<Node> { above };
        while (missing.TryPop(out var path))
        {
            made[^1] = made[^1] with { Children = made[^1].Children.Add(PathRules.Name(path)) };
            made.Add(new Node(path, [], permissions, above.PermissionsSince, ChildNames.Empty, 0));
        }
        made[^1] = made[^1] with { Value = value };
        return made;
    }

    private static XenStoreError? CheckSizes(NodeView view, Node above, List<Node> made)
    {
        foreach (var node in made)
            if (CheckSize(view, node == made[0] ? above : null, node) is { } error)
                return error;
        return null;
    }

    /// <summary>
    /// Removes the children before their parent. The removal of a child fires only the watches of exactly that child; the removal of
    /// the root of the tree also fires the watches above it. In a transaction, a listed child may have been removed outside: that is an
    /// error, and the commit will fail too.
    /// </summary>
    private static XenStoreError? RemoveTree(NodeView view, Node root, Node node)
    {
        foreach (var name in node.Children.ToArray())
        {
            var error = view.Get($"{node.Path}/{name}") is { } child
                ? RemoveTree(view, root, child)
                : view.Failure ?? XenStoreError.Io;
            if (error is not null)
                return error;
        }
        view.Delete(node);
        view.Fire(node.Path, node, exact: node != root);
        view.Count(node.Permissions.Owner, -1);
        return view.Failure;
    }
}
