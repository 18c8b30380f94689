using Actors.Isolation.Child;
using Actors.Isolation.Messages;
using Actors.Isolation.Remote;
using Actors.Isolation.Sandbox;
using Actors.Isolation.Wire;
using Actors.Loading.Compatibility;
using Actors.Loading.Containment;
using Actors.Loading.Files;
using Actors.Loading.LoadContexts;
using Actors.Loading.Metrics;
using Actors.Sdk;

namespace Actors.Loading.Child;

/// <summary>Answers the daemon's requests with the actors of one plugin.</summary>
/// <param name="parent">The daemon's process.</param>
/// <param name="connection">The connection to the daemon.</param>
internal sealed class PluginServer(int parent, Func<WireConnection> connection) : IChildServer
{
    // How soon the daemon knows of metrics that change outside of a call.
    private static readonly TimeSpan ReportAfter = TimeSpan.FromSeconds(1);

    private LoadedPlugin? _plugin;
    private TimeProvider _time = TimeProvider.System;

    public ValueTask<ReadOnlyMemory<byte>> AnswerAsync(Frame frame, CancellationToken cancellation) =>
        new(Task.Run(() => ServeAsync(frame, cancellation), CancellationToken.None));

    /// <summary>Reports an error that no call has.</summary>
    public void HandleUnobserved(Exception error) => connection().Send(Verb.Fault, Body.Of(new FaultBody(Faults.OutsideCall(error)), WireJson.Default.FaultBody));

    private async Task<ReadOnlyMemory<byte>> ServeAsync(Frame frame, CancellationToken cancellation)
    {
        switch (frame.Verb)
        {
            case Verb.Load:
                return Body.Of(Load(Body.Read(frame, WireJson.Default.LoadBody)), WireJson.Default.LoadedBody);
            case Verb.Reach:
                var reach = Body.Read(frame, WireJson.Default.CallBody);
                var reached = ActorOf(reach).ReachAsync(DomainOf(frame, reach), Bodies.Request(reach.Request!), cancellation);
                var returned = await (reached ?? throw NoTask());
                ReportMetrics();
                return returned is { } outcome ? Body.Of(Bodies.Of(outcome), WireJson.Default.OutcomeBody) : default;
            case Verb.Release:
                var release = Body.Read(frame, WireJson.Default.CallBody);
                await (ActorOf(release).ReleaseAsync(DomainOf(frame, release), cancellation) ?? throw NoTask());
                ReportMetrics();
                return default;
            case Verb.Dispose:
                try
                {
                    foreach (var actor in _plugin?.Actors.Values ?? [])
                        await actor.DisposeAsync();
                }
                finally
                {
                    await (_plugin?.EndMechanismsAsync() ?? Task.CompletedTask);
                }
                return default;
            case Verb.Configure:
                var settings = Body.Read(frame, WireJson.Default.ConfigureBody).Settings;
                return Body.Of(new ProblemsBody(_plugin is null ? [] : await _plugin.ConfigureAsync(settings)), WireJson.Default.ProblemsBody);
            case Verb.DomainAppeared or Verb.DomainDisappeared:
                var domain = Bodies.Identity(Body.Read(frame, WireJson.Default.DomainBody));
                await (_plugin?.NotifyAsync(domain, frame.Verb == Verb.DomainAppeared, cancellation) ?? Task.CompletedTask);
                ReportMetrics();
                return default;
            case Verb.EndDomain:
                await (_plugin?.EndDomainAsync(Bodies.Identity(Body.Read(frame, WireJson.Default.DomainBody)), cancellation) ?? Task.CompletedTask);
                ReportMetrics();
                return default;
            case Verb.Probe:
                return default;
            default:
                throw new WireException($"the daemon requested '{frame.Verb}'");
        }
    }

    private void ReportChanges(MetricTable metrics)
    {
        var timer = new Timer(_ => ReportMetrics(), null, ReportAfter, Timeout.InfiniteTimeSpan);
        metrics.FirstChange = () => timer.Change(ReportAfter, Timeout.InfiniteTimeSpan);
    }

    // Sends the metrics, if they have changed.
    private void ReportMetrics()
    {
        if (_plugin?.MetricTable is { } metrics && metrics.TakeChanged())
            connection().Send(Verb.Metrics, Body.Of(new MetricsBody(metrics.All), WireJson.Default.MetricsBody));
    }

    // What decides whether the plugin is what the daemon checked runs before the limits, as the daemon's user; the plugin's code after them. Its
    // files stay the daemon's, so that it cannot change them.
    private LoadedBody Load(LoadBody load)
    {
        try
        {
            var image = PluginListing.Of(load.Folder) is { } listing ? PluginImage.Read(listing) : throw new PluginException("its folder is gone");
            if (image.Hash != load.Hash)
                throw new PluginException("its folder changed after it was checked; it is read again when it has settled");
            var (manifest, verdict) = Judge.Try(image, HostCompatibility.Here);
            if (!verdict.Fits)
                throw new PluginException(verdict.Line);
            if (load.Speed != 1)
                _time = new FastTime(load.Speed);
            IReadOnlyList<string> missing = [];
            _plugin = LoadedPlugin.Load(image, manifest!, _ => missing = Confinement.Apply(load.Limits, parent), load.Settings, forEveryone: load.Limits.User is not null);
            ReportChanges(_plugin.MetricTable!);
            return new LoadedBody(missing) { ObservesDomains = _plugin.ObservesDomains, OwnMechanisms = _plugin.OwnMechanisms };
        }
        catch (PluginException error)
        {
            throw new RemoteException(new ErrorBody { Kind = ErrorKind.NotLoaded, Message = error.Message });
        }
    }

    private IActor ActorOf(CallBody call) => _plugin?.Actors.GetValueOrDefault(call.Actor) ?? throw new WireException($"there is no actor '{call.Actor}' here");

    private RemoteDomain DomainOf(Frame frame, CallBody call) => new(connection(), frame.Number, call, _time);

    private static RemoteException NoTask() => new(new ErrorBody { Kind = ErrorKind.Rule, Message = Faults.NoTask });
}
