using Actors.Sdk;

namespace Actors.Balloon;

/// <summary>Gives a guest that cannot reach its target some headroom, and everything if it uses that up at once.</summary>
internal sealed class BalloonRecovery(IDomain domain, BalloonOrder order, DomainInfo start)
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>Relieves a guest that has stopped, and checks that it keeps its headroom.</summary>
    /// <param name="stopped">The guest where it stopped.</param>
    /// <param name="cancellation">Ends the check. The guest keeps its headroom.</param>
    public async Task<Recovered> RelieveAsync(DomainInfo stopped, CancellationToken cancellation)
    {
        if (stopped.State != DomainState.Running || !await order.RelieveAsync(start.Populated))
            return Recovered.Nothing(stopped);
        var check = new ReliefCheck(order.Footprint, order.Footprint - stopped.Populated, start.Populated);
        // A guest that has everything back cannot be relieved further.
        return await FollowAsync(order.Footprint >= start.Populated ? check.Unverified() : check, stopped, cancellation);
    }

    /// <summary>Checks that a guest which was relieved during its run keeps its headroom.</summary>
    public Task<Recovered> VerifyAsync(DomainInfo relieved, CancellationToken cancellation) =>
        FollowAsync(new ReliefCheck(relieved.Populated, Relief.Headroom(relieved.Populated), start.Populated), relieved, cancellation);

    private async Task<Recovered> FollowAsync(ReliefCheck check, DomainInfo info, CancellationToken cancellation)
    {
        var begun = domain.Time.GetTimestamp();
        try
        {
            var ours = true;
            while (ours && !check.IsOver && info.State == DomainState.Running)
            {
                await Task.Delay(CheckInterval, domain.Time, cancellation);
                info = await domain.InspectAsync(cancellation);
                domain.Report(new Progress(info.Footprint, "the guest was relieved; checking that it has memory to spare"));
                check = check.Observe(info.Populated, domain.Time.GetElapsedTime(begun));
                ours = check.Aim == order.Footprint || await order.MoveAsync(check.Aim);
            }
            var target = await domain.Store.ReadKibAsync(DomainKeys.BalloonTarget, cancellation);
            return new Recovered(await domain.InspectAsync(cancellation), check, target, IsForeign: target != order.Written);
        }
        catch (OperationCanceledException) when (check.Stage == ReliefStage.Probing)
        {
            await order.MoveAsync(check.Relieved);
            throw;
        }
    }
}

/// <summary>A guest after its relief.</summary>
/// <param name="Now">The guest now.</param>
/// <param name="Check">The check of its headroom; <see langword="null"/> if it was not relieved.</param>
/// <param name="Target">The value of <c>memory/target</c>.</param>
/// <param name="IsForeign">Whether another program wrote that value.</param>
internal sealed record Recovered(DomainInfo Now, ReliefCheck? Check, Kib? Target, bool IsForeign)
{
    public static Recovered Nothing(DomainInfo now) => new(now, null, null, IsForeign: false);
}
