using Actors.Sdk;
using Actors.Sim.Clock;
using Actors.Sim.Domains;
using Actors.Sim.Memory;
using Actors.Sim.Specs;

namespace Actors.Sim.Sharing;

/// <summary>Shares and unshares the pages of one domain, batch by batch, at the machine's sharing rate.</summary>
internal sealed class SimulatedSharing(
    SimulatedDomain domain, SimulationClock clock, HostSpec host, SharedFrames common, SharingGroups groups, Func<IEnumerable<SimulatedDomain>> domains)
    : ISharing
{
    private static readonly Pages LargestBatch = new(4096);

    private Random? _noise;

    private Rate Rate => host.SharingRate;

    public async ValueTask<SharingStatus> InspectAsync(CancellationToken cancellation = default)
    {
        SharingStatus? status = null;
        await clock.CallAsync(async () =>
        {
            Check();
            var group = await groups.OfAsync(domain, cancellation);
            var contents = domain.Shared.Contents.ToList();
            status = new SharingStatus
            {
                Group = group,
                Partners = Partners(contents).Count(),
                Shared = domain.Memory.Shared,
                Contents = [.. contents.Select(content => content.ToString())],
                Freed = contents.Aggregate(Pages.Zero, (sum, content) => sum + Freed(content)),
                TakenBack = domain.Shared.TakenBack,
            };
        });
        return status!;
    }

    public ValueTask<Pages> ShareAsync(Pages most, CancellationToken cancellation = default) => BatchesAsync(most, ShareBatchAsync, cancellation);

    public ValueTask<Pages> UnshareAsync(Pages most, CancellationToken cancellation = default) =>
        BatchesAsync(most, (batch, _) => new(common.Unshare(domain, batch)), cancellation);

    private async ValueTask<Pages> ShareBatchAsync(Pages batch, CancellationToken cancellation)
    {
        if (domain.Spec.Passthrough)
            throw new MechanismException("sharing is refused while a device is passed through to the domain (EXDEV)");
        if (await groups.OfAsync(domain, cancellation) is not { } group)
            return Pages.Zero;
        var members = await groups.MembersAsync(group, domains().Where(SharingSupport.CanShare), cancellation);
        await TakeBackFromOthersAsync(group, cancellation);
        Check();
        // A domain that still shares with another group, or was destroyed in the meantime, takes no part.
        members.RemoveAll(member => member.Gone.IsCancellationRequested || (member.Memory.Shared > Pages.Zero && member.Shared.Group != group));
        return members.Remove(domain) ? common.Share(domain, group, members, batch) : Pages.Zero;
    }

    /// <summary>
    /// A domain that was moved to another group stops sharing with the old one, as far as there is memory for its own copies.
    /// </summary>
    private async ValueTask TakeBackFromOthersAsync(string group, CancellationToken cancellation)
    {
        foreach (var sharer in common.Sharers.ToList())
            if ((sharer == domain || sharer.Shared.Group == group) && await groups.OfAsync(sharer, cancellation) != sharer.Shared.Group)
                common.Unshare(sharer, sharer.Memory.Shared);
    }

    private async ValueTask<Pages> BatchesAsync(Pages most, Func<Pages, CancellationToken, ValueTask<Pages>> move, CancellationToken cancellation)
    {
        var moved = Pages.Zero;
        await clock.CallAsync(async () =>
        {
            while (moved < most)
            {
                Check();
                cancellation.ThrowIfCancellationRequested();
                var here = await move(Pages.Min(most - moved, Rate.Batch(LargestBatch)), cancellation);
                if (here <= Pages.Zero)
                    break;
                moved += here;
                await Task.Delay(Rate.TimeFor(here, _noise ??= host.Seed.For($"sharing of {domain.Spec.Name}")), clock, cancellation);
            }
        });
        return moved;
    }

    private IEnumerable<SimulatedDomain> Partners(IReadOnlyCollection<Content> contents) => domain.Shared.Group is not { } group
        ? []
        : common.In(group).Where(other => other != domain && contents.Any(content => other.Shared.Of(content) > Pages.Zero));

    /// <summary>
    /// This domain's part of the memory that sharing a content saves. The remainder of the division is assigned to no domain.
    /// </summary>
    private Pages Freed(Content content)
    {
        var group = domain.Shared.Group!;
        var shared = common.In(group).Aggregate(Pages.Zero, (sum, sharer) => sum + sharer.Shared.Of(content));
        return new Pages((shared - common.FramesOf(group, content)).Value * domain.Shared.Of(content).Value / shared.Value);
    }

    private void Check()
    {
        if (domain.Gone.IsCancellationRequested)
            throw new DomainGoneException(domain.Domid);
    }
}
