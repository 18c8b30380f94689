namespace Actors.Sim.Specs;

/// <summary>The keys of self-ballooning guests, in KiB (mail to xen-devel with the first patch, 2008).</summary>
internal static class SelfBalloonKeys
{
    /// <summary>1 while the guest balloons itself, 0 otherwise; dom0 writes it.</summary>
    public const string Switch = "memory/selfballoon";

    /// <summary>The guest's size.</summary>
    public const string Actual = "memory/actual";

    /// <summary>The size below which it does not go.</summary>
    public const string Minimum = "memory/minimum";

    /// <summary>The target that it has set for itself.</summary>
    public const string SelfTarget = "memory/selftarget";

    /// <summary>The keys that the guest writes.</summary>
    public static readonly IReadOnlyList<string> OfTheGuest = [Actual, Minimum, SelfTarget];
}
