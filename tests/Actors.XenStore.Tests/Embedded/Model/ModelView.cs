namespace Actors.XenStore.Tests.Embedded.Model;

/// <summary>A second and as simple as possible implementation of the rules of a xenstore.</summary>
internal abstract class ModelView
{
    private static long _version;

    public abstract ModelNode? Get(string path);

    public abstract void Set(string path, ModelNode? node);

    public abstract void Fire(Change change);

    public string? Read(int domid, string path, out ModelNode? node)
    {
        node = Get(path);
        var error = node is null ? "ENOENT" : "EACCES";
        if (node is not null && node.Permissions.For(domid).HasFlag(NodeAccess.Read))
            return null;
        return Allowed(domid, path, NodeAccess.Read) ? error : "EACCES";
    }

    public string? Write(int domid, string path, string value, bool replace = true)
    {
        if (Get(path) is { } node)
        {
            if (!node.Permissions.For(domid).HasFlag(NodeAccess.Write))
                return Denied(domid, path);
            if (replace)
                Change(path, node with { Value = value }, null);
            return null;
        }
        if (!Allowed(domid, path, NodeAccess.Write))
            return "EACCES";
        Make(domid, path);
        Change(path, Get(path)! with { Value = value }, null);
        return null;
    }

    public string? Remove(int domid, string path)
    {
        if (Get(path) is not { } node)
        {
            if (!Allowed(domid, path, NodeAccess.Write))
                return "EACCES";
            return Get(Above(path)) is null ? "ENOENT" : null;
        }
        if (!node.Permissions.For(domid).HasFlag(NodeAccess.Write))
            return Denied(domid, path);
        if (path == "/")
            return "EINVAL";
        // In a transaction the parent may have been removed outside after the node was read. Then the commit will fail.
        if (Get(Above(path)) is not { } parent)
            return "EINVAL";
        if (!RemoveTree(path, node, exact: false) || !parent.Children.Contains(Name(path)))
            return "EIO";
        Set(Above(path), parent with { Children = parent.Children.Remove(Name(path)), Version = ++_version });
        return null;
    }

    public string? SetPermissions(int domid, string path, NodePermissions permissions)
    {
        if (Get(path) is not { } node)
            return Allowed(domid, path, NodeAccess.Write) ? "ENOENT" : "EACCES";
        if (domid != 0 && domid != node.Permissions.Owner)
            return Denied(domid, path);
        if (domid != 0 && permissions.Owner != node.Permissions.Owner)
            return "EPERM";
        Change(path, node with { Permissions = permissions }, node.Permissions);
        return null;
    }

    protected static string Above(string path) => path.LastIndexOf('/') is > 0 and var slash ? path[..slash] : "/";

    private static string Name(string path) => path[(path.LastIndexOf('/') + 1)..];

    /// <summary>Returns whether the nearest existing ancestor allows the access. Only then does the caller see the real error.</summary>
    private bool Allowed(int domid, string path, NodeAccess access)
    {
        do
            path = Above(path);
        while (Get(path) is null);
        return Get(path)!.Permissions.For(domid).HasFlag(access);
    }

    /// <summary>Reads the ancestor too: that does not change the result, but a transaction records the access.</summary>
    private string Denied(int domid, string path)
    {
        Allowed(domid, path, NodeAccess.Write);
        return "EACCES";
    }

    private void Make(int domid, string path)
    {
        if (Get(Above(path)) is null)
            Make(domid, Above(path));
        var parent = Get(Above(path))!;
        Set(Above(path), parent with { Children = parent.Children.Add(Name(path)), Version = ++_version });
        var inherited = domid == 0
            ? parent.Permissions
            : new NodePermissions([parent.Permissions.Entries[0] with { Domid = domid }, .. parent.Permissions.Entries.Skip(1)]);
        Set(path, new ModelNode("", inherited, [], ++_version));
    }

    private bool RemoveTree(string path, ModelNode node, bool exact)
    {
        foreach (var child in node.Children)
            if (Get($"{path}/{child}") is not { } below || !RemoveTree($"{path}/{child}", below, exact: true))
                return false;
        Fire(new Change(path, exact, node.Permissions, null));
        Set(path, null);
        return true;
    }

    private void Change(string path, ModelNode node, NodePermissions? before)
    {
        Set(path, node with { Version = ++_version });
        Fire(new Change(path, false, node.Permissions, before));
    }
}
