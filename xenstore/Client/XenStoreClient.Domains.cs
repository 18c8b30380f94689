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

    /// <inheritdoc/>
    public ValueTask<bool> IsDomainIntroducedAsync(int domid, CancellationToken cancellation = default) =>
        _session.RequestAsync(OfDomain(MessageType.IsDomainIntroduced, domid), Replies.Boolean, cancellation);

    /// <inheritdoc/>
    public ValueTask<string> GetDomainPathAsync(int domid, CancellationToken cancellation = default) =>
        _session.RequestAsync(OfDomain(MessageType.GetDomainPath, domid), Replies.Text, cancellation);

    /// <inheritdoc/>
    public ValueTask ResumeAsync(int domid, CancellationToken cancellation = default) =>
        _session.ExecuteAsync(OfDomain(MessageType.Resume, domid), cancellation);

    /// <inheritdoc/>
    public ValueTask SetTargetAsync(int domid, int target, CancellationToken cancellation = default)
    {
        var query = OfDomain(MessageType.SetTarget, domid, $"{target}\0");
        return Domids.IsValid(target) ? _session.ExecuteAsync(query, cancellation) : throw query.Rejected(XenStoreError.Invalid);
    }

    /// <inheritdoc/>
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

    private static Query OfDomain(MessageType type, int domid, FormattableString? more = null)
    {
        var text = domid.ToString(CultureInfo.InvariantCulture);
        var query = new Query(type, text, Encoding.ASCII.GetBytes(more is null ? "" : FormattableString.Invariant(more)));
        return Domids.IsValid(domid) ? query : throw query.Rejected(XenStoreError.Invalid);
    }
}
