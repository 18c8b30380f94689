using Actors.Dispatch.State;

namespace Actors.Cli.TargetWaits;

/// <summary>How the wait for a target ended.</summary>
/// <param name="Outcome">The outcome in the domain's state, or one of the constants here.</param>
/// <param name="State">The state that ended the wait; <see langword="null"/> if something else ended it.</param>
/// <param name="Reason">The reason, in one line that an operator can act on.</param>
/// <param name="ExitCode">The exit code of the command.</param>
internal sealed record WaitEnd(string Outcome, StateKey? State, string Reason, int ExitCode)
{
    public const string Superseded = "superseded";
    public const string Removed = "removed";
    public const string DomainGone = "gone";
    public const string Unreachable = "unreachable";
    public const string Timeout = "timeout";
}
