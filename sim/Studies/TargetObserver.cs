using System.Buffers.Text;
using System.Globalization;
using Actors.Sdk;
using Actors.XenStore;
using Actors.XenStore.Embedded;

namespace Actors.Sim.Studies;

/// <summary>Follows the targets of all domains, without a request to the store.</summary>
internal sealed class TargetObserver : INodeObserver
{
    private const string Domains = "/local/domain/";
    private const string PolicyTarget = "/memory-policy/target";
    private const string BalloonTarget = "/memory/target";

    private readonly Dictionary<int, Kib> _policy = [];
    private readonly Dictionary<int, Kib> _balloon = [];

    /// <summary>The footprint that is requested for a domain: by a policy's target, else by the balloon's.</summary>
    /// <param name="domid">The domain.</param>
    /// <param name="offset">How far its footprint is above its balloon's target.</param>
    public Kib? Of(int domid, Kib offset) =>
        _policy.TryGetValue(domid, out var target) ? target : _balloon.TryGetValue(domid, out var balloon) ? balloon + offset : null;

    public void Changed(string path, ReadOnlySpan<byte> value, NodePermissions permissions)
    {
        if (Find(path) is not var (targets, domid))
            return;
        if (Utf8Parser.TryParse(value, out long kib, out var length) && length == value.Length && kib >= 0)
            targets[domid] = new Kib(kib);
        else
            targets.Remove(domid);
    }

    public void Removed(string path)
    {
        if (Find(path) is var (targets, domid))
            targets.Remove(domid);
    }

    private (Dictionary<int, Kib> Targets, int Domid)? Find(string path)
    {
        var isPolicy = path.EndsWith(PolicyTarget, StringComparison.Ordinal);
        if (!path.StartsWith(Domains, StringComparison.Ordinal) || !(isPolicy || path.EndsWith(BalloonTarget, StringComparison.Ordinal)))
            return null;
        var name = path.AsSpan(Domains.Length, path.Length - Domains.Length - (isPolicy ? PolicyTarget : BalloonTarget).Length);
        return int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var domid) ? (isPolicy ? _policy : _balloon, domid) : null;
    }
}
