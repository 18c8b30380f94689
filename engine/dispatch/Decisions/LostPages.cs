using Actors.Sdk;

namespace Actors.Dispatch.Decisions;

/// <summary>Whether a domain has lost memory with its pager. Pure.</summary>
internal static class LostPages
{
    /// <summary>Returns what was lost, and what to do; <see langword="null"/> if nothing was.</summary>
    /// <param name="info">The domain.</param>
    /// <param name="running">Whether its pager is running.</param>
    /// <param name="fault">Why the pager ended, if that is known.</param>
    /// <param name="ours">Whether an actor of this host had paged the domain.</param>
    public static string? Describe(DomainInfo info, bool running, string? fault, bool ours) =>
        info.PagedPages == Pages.Zero || running || (fault is null && !ours)
            ? null
            : $"the pager ended unexpectedly: {fault ?? "it gave no reason; check its log"}; the {info.PagedPages.ToKib()} that it had paged out are lost, "
                + "and the guest crashes when it touches them: restart the guest";
}
