using Actors.Sdk;
using Actors.Sim.Domains;
using Actors.Sim.Machine;
using Actors.Sim.Memory;

namespace Actors.Sim.Sharing;

/// <summary>
/// Pages that several domains have in common: they belong to none of them (Xen's dom_cow) and are there once. Of an image, all have the
/// same first pages; of zeroes, one page is enough for all.
/// </summary>
/// <remarks>
/// A page that one domain alone still has is its own again at once, and for nothing. Xen leaves it with dom_cow until it is written to;
/// then a footprint would look smaller than it is, with nothing saved.
/// </remarks>
internal sealed class CommonPages(MachineMemory machine)
{
    private readonly List<SimulatedDomain> _domains = [];
    private readonly Dictionary<(string Group, Content Content), Pages> _frames = [];

    /// <summary>What all that is shared takes of the machine.</summary>
    public Pages Frames => _frames.Values.Aggregate(Pages.Zero, (sum, frames) => sum + frames);

    /// <summary>Those that share something.</summary>
    public IEnumerable<SimulatedDomain> Sharers => _domains.Where(domain => domain.Memory.Shared > Pages.Zero);

    /// <summary>Those that share within a group.</summary>
    public IEnumerable<SimulatedDomain> In(string group) => _domains.Where(domain => domain.Shared.Group == group);

    /// <summary>What a content takes of the machine in a group.</summary>
    public Pages FramesOf(string group, Content content) => _frames.GetValueOrDefault((group, content));

    /// <summary>Shares up to so many more pages of a domain with the others of its group, and says how many.</summary>
    public Pages Share(SimulatedDomain domain, string group, IReadOnlyCollection<SimulatedDomain> others, Pages most)
    {
        var before = domain.Memory.Shared;
        foreach (var (content, held) in domain.Contents.ToList())
        {
            var left = most - (domain.Memory.Shared - before);
            var goal = Pages.Min(held, domain.Shared.Of(content) + left);
            if (content != Content.Zero)
                goal = Lend(group, content, others, goal);
            Raise(domain, group, content, goal);
            Settle(group, content);
        }
        return domain.Memory.Shared - before;
    }

    /// <summary>Gives a domain its own copies of up to so many, as far as there is room, and says how many.</summary>
    public Pages Unshare(SimulatedDomain domain, Pages most)
    {
        var left = Pages.Min(most, domain.Room);
        var own = Pages.Zero;
        foreach (var content in domain.Shared.Contents.Reverse().ToList())
        {
            own += Own(domain, content, left - own);
            Settle(domain.Shared.Group!, content);
        }
        return own;
    }

    /// <summary>A domain's shared pages of a class are fewer than before: written to, or given to its balloon.</summary>
    private void Lost(SimulatedDomain domain, PageClass kind, Pages lost)
    {
        foreach (var content in domain.Shared.Contents.Reverse().Where(content => content.Classes.Contains(kind)).ToList())
        {
            var here = Pages.Min(lost, domain.Shared.Of(content));
            domain.Shared.Add(content, Pages.Zero - here);
            lost -= here;
            Settle(domain.Shared.Group!, content);
        }
    }

    /// <summary>A domain is destroyed: it needs none of them any more.</summary>
    private void Leave(SimulatedDomain domain)
    {
        foreach (var content in domain.Shared.Contents.ToList())
        {
            domain.Shared.Add(content, Pages.Zero - domain.Shared.Of(content));
            Settle(domain.Shared.Group!, content);
        }
        _domains.Remove(domain);
    }

    /// <summary>Lets another domain have as many pages of an image shared as wanted, so that there is one to share with; says how many it has.</summary>
    private Pages Lend(string group, Content content, IReadOnlyCollection<SimulatedDomain> others, Pages goal)
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
            domain.SharedLost += (kind, lost) => Lost(domain, kind, lost);
            domain.Destroyed += () => Leave(domain);
        }
        foreach (var kind in content.Classes)
            domain.Shared.Add(content, domain.GiveToCommon(kind, goal - domain.Shared.Of(content)));
    }

    private static Pages Own(SimulatedDomain domain, Content content, Pages most)
    {
        var left = Pages.Min(most, domain.Shared.Of(content));
        var own = Pages.Zero;
        foreach (var kind in content.Classes.Reverse())
            own += domain.TakeFromCommon(kind, left - own);
        domain.Shared.Add(content, Pages.Zero - own);
        return own;
    }

    private void Settle(string group, Content content)
    {
        machine.Give(FramesOf(group, content));
        var sharers = In(group).Where(domain => domain.Shared.Of(content) > Pages.Zero)
            .OrderByDescending(domain => domain.Shared.Of(content)).ToList();
        var alone = sharers.Count == 0 ? Pages.Zero : Alone(content, sharers);
        if (alone > Pages.Zero)
            Own(sharers[0], content, alone);
        var frames = sharers.Count == 0 ? Pages.Zero : sharers[0].Shared.Of(content);
        if (content == Content.Zero)
            frames = Pages.Min(frames, new Pages(1));
        machine.Take(frames);
        _frames[(group, content)] = frames;
    }

    /// <summary>How many of its shared pages the first of all has alone.</summary>
    private static Pages Alone(Content content, List<SimulatedDomain> sharers)
    {
        var most = sharers[0].Shared.Of(content);
        if (content == Content.Zero)
            return sharers.Count == 1 && most == new Pages(1) ? most : Pages.Zero;
        return sharers.Count == 1 ? most : most - sharers[1].Shared.Of(content);
    }
}
