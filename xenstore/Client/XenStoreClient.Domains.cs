using System.Globalization;
using System.Text;
using Actors.XenStore.Client;
using Actors.XenStore.Protocol;

namespace Actors.XenStore;

/// <content>The requests of a toolstack about domains and about the daemon.</content>
public sealed partial class XenStoreClient
{
    /// <inheritdoc/>
    public ValueTask IntroduceAsync(int domid, ulong frame, uint eventChannel, CancellationToken cancellation = default) =>
        _session.ExecuteAsync(OfDomain(MessageType.Introduce, domid, $"{frame}\0{eventChannel}\0"), cancellation);

    /// <inheritdoc/>
    public ValueTask ReleaseAsync(int domid, CancellationToken cancellation = default) =>
        _session.ExecuteAsync(OfDomain(MessageType.Release, domid), cancellation);

    /// <summary>Returns whether a domain is introduced.</summary>
    public ValueTask<bool> IsDomainIntroducedAsync(int domid, CancellationToken cancellation = default) =>
        _session.RequestAsync(OfDomain(MessageType.IsDomainIntroduced, domid), Replies.Boolean, cancellation);

    /// <summary>Returns the path where a domain's relative paths start: <c>/local/domain/DOMID</c>.</summary>
    public ValueTask<string> GetDomainPathAsync(int domid, CancellationToken cancellation = default) =>
        _session.RequestAsync(OfDomain(MessageType.GetDomainPath, domid), Replies.Text, cancellation);

    /// <summary>Informs the store that a domain that was shut down runs again, so that its next shutdown fires <c>@releaseDomain</c> again.</summary>
    public ValueTask ResumeAsync(int domid, CancellationToken cancellation = default) =>
        _session.ExecuteAsync(OfDomain(MessageType.Resume, domid), cancellation);

    /// <summary>Gives a domain the rights of another domain, as the domain of a device model needs them.</summary>
    /// <param name="domid">The domain that gets the rights.</param>
    /// <param name="target">The domain whose rights it gets.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    public ValueTask SetTargetAsync(int domid, int target, CancellationToken cancellation = default) =>
        _session.ExecuteAsync(OfDomain(MessageType.SetTarget, domid, $"{target}\0"), cancellation);

    /// <summary>
    /// Removes every watch of this client in all its queues. Some daemons also end its open transactions. (A kernel uses this request
    /// after it has replaced another one, as kexec does.)
    /// </summary>
    public async ValueTask ResetWatchesAsync(CancellationToken cancellation = default)
    {
        await _session.ExecuteAsync(new Query(MessageType.ResetWatches, ""), cancellation).ConfigureAwait(false);
        _session.Watches.Clear();
    }

    /// <summary>Sends a control command to the daemon, such as <c>help</c>, which lists all commands.</summary>
    /// <returns>The reply of the daemon.</returns>
    public ValueTask<string> ControlAsync(string command, IReadOnlyList<string> arguments, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(arguments);
        var tail = Encoding.UTF8.GetBytes(string.Concat(arguments.Select(argument => argument + "\0")));
        return _session.RequestAsync(new Query(MessageType.Control, command, tail), Replies.Text, cancellation);
    }

    private static Query OfDomain(MessageType type, int domid, FormattableString? more = null) =>
        new(type, domid.ToString(CultureInfo.InvariantCulture), Encoding.ASCII.GetBytes(more is null ? "" : FormattableString.Invariant(more)));
}
