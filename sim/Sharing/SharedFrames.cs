using Actors.Sdk;
using Actors.Sim.Domains;
using Actors.Sim.Machine;
using Actors.Sim.Memory;

namespace Actors.Sim.Sharing;

/// <summary>
/// The pages that several domains share. They belong to none of them (but to Xen's dom_cow) and exist once. All domains have the
/// same first pages of an image; one page is enough for all zeroes.
/// </summary>
/// <remarks>
/// A page that only one domain still shares becomes its own again at once, without cost, as far as its max_mem allows. Xen leaves it with
/// dom_cow until it is written to; a footprint would then look smaller than it is, although nothing is saved.
/// </remarks>
internal sealed class SharedFrames(MachineMemory machine)
{
    private readonly List<SimulatedDomain> _domains = [];
    private readonly Dictionary<(string Group, Content Content), Pages> _frames = [];

    /// <summary>How much of the machine all shared pages occupy.</summary>
    public Pages Frames => _frames.Values.Aggregate(Pages.Zero, (sum, frames) => sum + frames);

    /// <summary>The domains that share pages.</summary>
    public IEnumerable<SimulatedDomain> Sharers => _domains.Where(domain => domain.Memory.Shared > Pages.Zero);

    /// <summary>The domains that share pages in a group.</summary>
    public IEnumerable<SimulatedDomain> In(string group) => _domains.Where(domain => domain.Shared.Group == group);

    /// <summary>How much of the machine a content occupies for a group.</summary>
    public Pages FramesOf(string group, Content content) => _frames.GetValueOrDefault((group, content));

    /// <summary>Shares up to <paramref name="most"/> more pages of a domain with the others of its group and returns how many.</summary>
    public Pages Share(SimulatedDomain domain, string group, IReadOnlyCollection<SimulatedDomain> others, Pages most)
    {
        var before = domain.Memory.Shared;
        foreach (var (content, held) in domain.Contents.ToList())
        {
            var left = most - (domain.Memory.Shared - before);
            var goal = Pages.Min(held, domain.Shared.Of(content) + left);
            if (content != Content.Zero)
                goal = RaisePartner(group, content, others, goal);
            Raise(domain, group, content, goal);
            UpdateFrames(group, content);
        }
        return domain.Memory.Shared - before;
    }

    /// <summary>
    /// Gives a domain its own copies of up to <paramref name="most"/> shared pages, as far as there is room, and returns how many.
    /// </summary>
    public Pages Unshare(SimulatedDomain domain, Pages most)
    {
        var left = Pages.Min(most, domain.Room);
        var own = Pages.Zero;
        foreach (var content in domain.Shared.Contents.Reverse().ToList())
        {
            own += Own(domain, content, left - own);
            UpdateFrames(domain.Shared.Group!, content);
        }
        return own;
    }

    /// <summary>Called when a domain has fewer shared pages of a class than before: it wrote to them or gave them to its balloon.</summary>
    private void RemoveLost(SimulatedDomain domain, PageClass kind, Pages lost)
    {
        foreach (var content in domain.Shared.Contents.Reverse().Where(content => content.Classes.Contains(kind)).ToList())
        {
            var here = Pages.Min(lost, domain.Shared.Of(content));
            domain.Shared.Add(content, Pages.Zero - here);
            lost -= here;
            UpdateFrames(domain.Shared.Group!, content);
        }
    }

    /// <summary>Called when a domain is destroyed.</summary>
    private void RemoveDestroyed(SimulatedDomain domain)
    {
        foreach (var content in domain.Shared.Contents.ToList())
        {
            domain.Shared.Add(content, Pages.Zero - domain.Shared.Of(content));
            UpdateFrames(domain.Shared.Group!, content);
        }
        _domains.Remove(domain);
    }

    /// <summary>
    /// Raises the shared pages of another domain to <paramref name="goal"/>, so that there is one to share with, and returns how many
    /// it has.
    /// </summary>
    private Pages RaisePartner(string group, Content content, IReadOnlyCollection<SimulatedDomain> others, Pages goal)
    {
        Pages Held(SimulatedDomain other) => other.Contents.FirstOrDefault(entry => entry.Content == content).Held;
        if (others.MaxBy(other => (Pages.Min(goal, Held(other)), other.Shared.Of(content))) is not { } lender)
            return Pages.Zero;
        Raise(lender, group, content, Pages.Min(goal, Held(lender)));
        return Pages.Min(goal, lender.Shared.Of(content));
    }

    private void Raise(SimulatedDomain domain, string group, Content content, Pages goal)
    {
        if (goal <= domain.Shared.Of(content))
            return;
        domain.Shared.Group = group;
        if (!_domains.Contains(domain))
        {
            _domains.Add(domain);
            domain.SharedLost += (kind, lost) => RemoveLost(domain, kind, lost);
            domain.Destroyed += () => RemoveDestroyed(domain);
        }
        foreach (var kind in content.Classes)
            domain.Shared.Add(content, domain.Share(kind, goal - domain.Shared.Of(content)));
    }

    private static Pages Own(SimulatedDomain domain, Content content, Pages most)
    {
        var left = Pages.Min(most, domain.Shared.Of(content));
        var own = Pages.Zero;
        foreach (var kind in content.Classes.Reverse())
            own += domain.Unshare(kind, left - own);
        domain.Shared.Add(content, Pages.Zero - own);
        return own;
    }

    private void UpdateFrames(string group, Content content)
    {
        machine.Give(FramesOf(group, content));
        var sharers = In(group).Where(domain => domain.Shared.Of(content) > Pages.Zero)
            .OrderByDescending(domain => domain.Shared.Of(content)).ToList();
        var alone = sharers.Count == 0 ? Pages.Zero : Pages.Min(SharedByOneOnly(content, sharers), sharers[0].BelowMaxMem);
        if (alone > Pages.Zero)
            Own(sharers[0], content, alone);
        var frames = sharers.Count == 0 ? Pages.Zero : sharers[0].Shared.Of(content);
        if (content == Content.Zero)
            frames = Pages.Min(frames, new Pages(1));
        machine.Take(frames);
        _frames[(group, content)] = frames;
    }

    /// <summary>How many of its shared pages the first domain shares with no other domain.</summary>
    private static Pages SharedByOneOnly(Content content, List<SimulatedDomain> sharers)
    {
        var most = sharers[0].Shared.Of(content);
        if (content == Content.Zero)
            return sharers.Count == 1 && most == new Pages(1) ? most : Pages.Zero;
        return sharers.Count == 1 ? most : most - sharers[1].Shared.Of(content);
    }
}
