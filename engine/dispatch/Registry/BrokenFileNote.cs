namespace Actors.Dispatch.Registry;

/// <summary>The part of a reason that says that the file of the serving policy is broken. Pure.</summary>
internal static class BrokenFileNote
{
    private const string Start = "; the last good version of the policy serves, because its file is broken: ";

    /// <summary>Returns the reason with the note that is true now, or without one.</summary>
    public static string Update(string reason, ActorEntry actor)
    {
        var start = reason.IndexOf(Start, StringComparison.Ordinal);
        var own = start < 0 ? reason : reason[..start];
        return actor is PolicyEntry { FileProblem: { } problem } ? own + Start + problem : own;
    }
}
