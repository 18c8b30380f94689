using System.Globalization;
using System.Text;
using Actors.XenStore.Client;
using Actors.XenStore.Protocol;

namespace Actors.XenStore;

/// <content>What a toolstack tells and asks a daemon about domains, and about itself.</content>
public sealed partial class XenStoreClient
{
    /// <inheritdoc/>
    public ValueTask IntroduceAsync(int domid, ulong frame, uint eventChannel, CancellationToken cancellation = default) =>
        _session.TellAsync(OfDomain(MessageType.Introduce, domid, $"{frame}\0{eventChannel}\0"), cancellation);

    /// <inheritdoc/>
    public ValueTask ReleaseAsync(int domid, CancellationToken cancellation = default) =>
        _session.TellAsync(OfDomain(MessageType.Release, domid), cancellation);

    /// <summary>Whether the store has been told of a domain.</summary>
    public ValueTask<bool> IsDomainIntroducedAsync(int domid, CancellationToken cancellation = default) =>
        _session.AskAsync(OfDomain(MessageType.IsDomainIntroduced, domid), Replies.Truth, cancellation);

    /// <summary>Where a domain's relative paths begin: <c>/local/domain/DOMID</c>.</summary>
    public ValueTask<string> GetDomainPathAsync(int domid, CancellationToken cancellation = default) =>
        _session.AskAsync(OfDomain(MessageType.GetDomainPath, domid), Replies.Text, cancellation);

    /// <summary>Tells the store that a domain which was shut down runs again, so that its next end fires <c>@releaseDomain</c> anew.</summary>
    public ValueTask ResumeAsync(int domid, CancellationToken cancellation = default) =>
        _session.TellAsync(OfDomain(MessageType.Resume, domid), cancellation);

    /// <summary>Gives a domain the rights of another one to their nodes, as a device model's domain needs them.</summary>
    /// <param name="domid">Who gets the rights.</param>
    /// <param name="target">Whose rights.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public ValueTask SetTargetAsync(int domid, int target, CancellationToken cancellation = default) =>
        _session.TellAsync(OfDomain(MessageType.SetTarget, domid, $"{target}\0"), cancellation);

    /// <summary>
    /// Removes every watch of this client, of all its queues, and on some daemons ends its open transactions
    /// (for a kernel that has replaced another, as kexec does).
    /// </summary>
    public async ValueTask ResetWatchesAsync(CancellationToken cancellation = default)
    {
        await _session.TellAsync(new Query(MessageType.ResetWatches, ""), cancellation).ConfigureAwait(false);
        _session.Watches.Clear();
    }

    /// <summary>Sends the daemon a command of its own, such as <c>help</c>, which lists them.</summary>
    /// <returns>What it answers.</returns>
    public ValueTask<string> ControlAsync(string command, IReadOnlyList<string> arguments, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(arguments);
        var tail = Encoding.UTF8.GetBytes(string.Concat(arguments.Select(argument => argument + "\0")));
        return _session.AskAsync(new Query(MessageType.Control, command, tail), Replies.Text, cancellation);
    }

    private static Query OfDomain(MessageType type, int domid, FormattableString? more = null) =>
        new(type, domid.ToString(CultureInfo.InvariantCulture), Encoding.ASCII.GetBytes(more is null ? "" : FormattableString.Invariant(more)));
}
