using System.Buffers;
using System.Globalization;

namespace Actors.XenStore.Protocol;

/// <summary>Which paths there are, as C xenstored decides it (<c>docs/misc/xenstore.txt</c>, and its measured behaviour).</summary>
internal static class PathRules
{
    public const string Root = "/";
    public const string IntroduceDomain = "@introduceDomain";
    public const string ReleaseDomain = "@releaseDomain";

    private const string DomainPrefix = "/local/domain/";

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-/_@");

    /// <summary>The home of a domain, which its relative paths begin from.</summary>
    public static string HomeOf(long domid) => string.Create(CultureInfo.InvariantCulture, $"{DomainPrefix}{domid}");

    /// <summary>Whether a path needs the domain's home before it.</summary>
    public static bool IsRelative(ReadOnlySpan<char> path) => path is not ['/' or '@', ..];

    /// <summary>Whether it is one of the special paths, which can be watched and are no nodes.</summary>
    public static bool IsSpecial(ReadOnlySpan<char> path) => path is ['@', ..];

    /// <summary>A path with the domain's home before it where it is relative.</summary>
    public static string Resolve(string path, int domid) => IsRelative(path) ? $"{HomeOf(domid)}/{path}" : path;

    /// <summary>Whether an absolute path can be a node's.</summary>
    public static bool IsNode(ReadOnlySpan<char> path)
    {
        if (path is not ['/', ..] || (path is [.., '/'] && path.Length > 1))
            return false;
        return path.Length - HomeLength(path) <= Wire.RelativePathMax
            && !path.ContainsAnyExcept(Allowed)
            && !path.Contains("//", StringComparison.Ordinal);
    }

    /// <summary>Whether an absolute path can be watched.</summary>
    public static bool IsWatchable(ReadOnlySpan<char> path) =>
        IsSpecial(path) ? path.Length <= Wire.RelativePathMax : IsNode(path);

    /// <summary>The path of the node that a node is in; the root is its own parent.</summary>
    public static ReadOnlySpan<char> Parent(ReadOnlySpan<char> path)
    {
        var slash = path.LastIndexOf('/');
        return slash > 0 ? path[..slash] : Root;
    }

    /// <summary>The last name of a path.</summary>
    public static ReadOnlySpan<char> Name(ReadOnlySpan<char> path) => path[(path.LastIndexOf('/') + 1)..];

    /// <summary>A path relative to a domain's home may be as long as one without a home; so the home is not counted.</summary>
    private static int HomeLength(ReadOnlySpan<char> path)
    {
        if (!path.StartsWith(DomainPrefix, StringComparison.Ordinal))
            return 0;
        var digits = path[DomainPrefix.Length..].IndexOfAnyExceptInRange('0', '9');
        return digits is > 0 and <= 5 && path[DomainPrefix.Length + digits] == '/' ? DomainPrefix.Length + digits + 1 : 0;
    }
}
