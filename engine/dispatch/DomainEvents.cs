using Actors.Dispatch.Domains;
using Actors.Sdk;

namespace Actors.Dispatch;

/// <summary>What an event below <c>/local/domain/X</c> means. Guests and toolstacks write many other keys there. Pure.</summary>
internal static class DomainEvents
{
    public const string Memory = "memory";

    /// <summary>The key, relative to the domain. It is empty for the domain itself, whose watch fires when it is added.</summary>
    public static ReadOnlySpan<char> KeyOf(string path)
    {
        var rest = path.AsSpan($"{PolicyKeys.Domains}/".Length);
        return rest.IndexOf('/') is >= 0 and var end ? rest[(end + 1)..] : [];
    }

    /// <summary>Whether the folder of the policy keys may have been removed.</summary>
    public static bool MayEndFolder(ReadOnlySpan<char> key) => key.Length == 0 || key is PolicyKeys.Folder;

    public static KeyChange ChangeAt(ReadOnlySpan<char> key) => key switch
    {
        [] => KeyChange.Domain | KeyChange.BalloonTarget,
        Memory => KeyChange.Settings | KeyChange.BalloonTarget,
        DomainKeys.BalloonTarget => KeyChange.BalloonTarget,
        PolicyKeys.Folder or PolicyKeys.Name or DomainKeys.StaticMax => KeyChange.Settings,
        DomainKeys.FeatureBalloon => KeyChange.Driver,
        _ => key.StartsWith($"{PolicyKeys.Folder}/") ? ChangeBelowFolder(key[(PolicyKeys.Folder.Length + 1)..]) : KeyChange.None,
    };

    // Everything else there is written by the host and its actors.
    private static KeyChange ChangeBelowFolder(ReadOnlySpan<char> key) => key switch
    {
        PolicyKeys.Target => KeyChange.Target,
        PolicyKeys.Actor or PolicyKeys.Timeout or PolicyKeys.Floor or PolicyKeys.Min or PolicyKeys.Max or PolicyKeys.Share
            or PolicyKeys.SharingGroup or PolicyKeys.LeftAlone => KeyChange.Settings,
        _ => KeyChange.None,
    };
}
