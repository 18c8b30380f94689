using System.Buffers;
using System.Globalization;

namespace Actors.XenStore.Protocol;

/// <summary>The rules for paths, as C xenstored applies them (<c>docs/misc/xenstore.txt</c>, and its observed behaviour).</summary>
internal static class PathRules
{
    public const string Root = "/";
    public const string IntroduceDomain = "@introduceDomain";
    public const string ReleaseDomain = "@releaseDomain";

    private const string DomainPrefix = "/local/domain/";

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-/_@");

    /// <summary>Returns the home of a domain, where its relative paths start.</summary>
    public static string HomeOf(long domid) => string.Create(CultureInfo.InvariantCulture, $"{DomainPrefix}{domid}");

    /// <summary>Returns whether a path is relative to the domain's home.</summary>
    public static bool IsRelative(ReadOnlySpan<char> path) => path is not ['/' or '@', ..];

    /// <summary>Returns whether a path is special: it can be watched, but it is not a node.</summary>
    public static bool IsSpecial(ReadOnlySpan<char> path) => path is ['@', ..];

    /// <summary>Returns the absolute form of a path.</summary>
    public static string Resolve(string path, int domid) => IsRelative(path) ? $"{HomeOf(domid)}/{path}" : path;

    /// <summary>Returns whether an absolute path is a valid path of a node.</summary>
    public static bool IsNode(ReadOnlySpan<char> path)
    {
        if (path is not ['/', ..] || (path is [.., '/'] && path.Length > 1))
            return false;
        return CountedLength(path) <= Wire.RelativePathMax
            && !path.ContainsAnyExcept(Allowed)
            && !path.Contains("//", StringComparison.Ordinal);
    }

    /// <summary>Returns the length of a path without the home of a domain, which does not count against the limit.</summary>
    public static int CountedLength(ReadOnlySpan<char> path) => path.Length - HomeLength(path);

    /// <summary>Returns whether an absolute path can be watched.</summary>
    public static bool IsWatchable(ReadOnlySpan<char> path) =>
        IsSpecial(path) ? path.Length <= Wire.RelativePathMax : IsNode(path);

    /// <summary>Returns the path of a node's parent. The root is its own parent.</summary>
    public static ReadOnlySpan<char> Parent(ReadOnlySpan<char> path)
    {
        var slash = path.LastIndexOf('/');
        return slash > 0 ? path[..slash] : Root;
    }

    /// <summary>Returns the last name of a path.</summary>
    public static ReadOnlySpan<char> Name(ReadOnlySpan<char> path) => path[(path.LastIndexOf('/') + 1)..];

    /// <summary>Returns the length of the prefix that does not count: a path below a domain's home may be as long as any other path.</summary>
    private static int HomeLength(ReadOnlySpan<char> path)
    {
        if (!path.StartsWith(DomainPrefix, StringComparison.Ordinal))
            return 0;
        var digits = path[DomainPrefix.Length..].IndexOfAnyExceptInRange('0', '9');
        return digits is > 0 and <= 5 && path[DomainPrefix.Length + digits] == '/' ? DomainPrefix.Length + digits + 1 : 0;
    }
}
