namespace Actors.Dispatch.Registry;

/// <summary>The part of a reason that says that the file of the serving policy, or the folder of the plugin that acted, is broken. Pure.</summary>
internal static class BrokenFileNote
{
    private const string Start = "; the last good version of the ";

    /// <summary>Returns the reason with the note that is true now, or without one.</summary>
    /// <param name="reason">The reason of an outcome, with or without a note.</param>
    /// <param name="actor">The policy or actor that received the target.</param>
    /// <param name="plugin">The plugin's actor that acted last; <see langword="null"/> if none did.</param>
    public static string Update(string reason, ActorEntry actor, PluginEntry? plugin)
    {
        var start = reason.IndexOf(Start, StringComparison.Ordinal);
        var own = start < 0 ? reason : reason[..start];
        if (actor is PolicyEntry { FileProblem: { } file })
            own += $"{Start}policy serves, because its file is broken: {file}";
        if ((plugin ?? actor as PluginEntry) is { FolderProblem: { } folder })
            own += $"{Start}plugin serves, because its folder is broken: {folder}";
        return own;
    }
}
