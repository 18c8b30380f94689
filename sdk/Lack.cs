namespace Actors.Sdk;

/// <summary>The kinds of obstacles that can keep a domain from its target. They can be combined.</summary>
[Flags]
public enum LackKinds
{
    /// <summary>Nothing is known to be missing.</summary>
    None = 0,

    /// <summary>Free memory of the host. <see cref="Lack.HostMemory"/> is the amount.</summary>
    HostMemory = 1 << 0,

    /// <summary>A balloon driver in the guest that reacts: it never came up, it is stuck, or it gave up.</summary>
    BalloonDriver = 1 << 1,

    /// <summary>Memory that the guest could do without.</summary>
    GuestMemory = 1 << 2,

    /// <summary>A running domain: it is booting, paused, being saved, or was shut down.</summary>
    DomainState = 1 << 3,

    /// <summary>Sole control of <c>memory/target</c>: another program wrote it. Only a new target takes it back.</summary>
    SecondWriter = 1 << 4,

    /// <summary>A higher max_mem.</summary>
    MaxMem = 1 << 5,

    /// <summary>A mechanism that the actor needs, for example paging.</summary>
    Mechanism = 1 << 6,

    /// <summary>Time: the step was still making progress when its time was up.</summary>
    Time = 1 << 7,

    /// <summary>The actor or policy that the domain names: it is not loaded, broken, or out of service.</summary>
    Actor = 1 << 8,
}

/// <summary>
/// What was missing when a dispatch did not reach its target. The host watches these conditions and requests the target again as soon as
/// one of them changes.
/// </summary>
/// <param name="Kinds">Every kind of obstacle that was met.</param>
public sealed record Lack(LackKinds Kinds)
{
    /// <summary>
    /// The free memory that the host would need above its reserve, for the whole way to the target. Zero unless <see cref="Kinds"/>
    /// contains <see cref="LackKinds.HostMemory"/>.
    /// </summary>
    public Kib HostMemory { get; init; }

    /// <summary>A lack of free host memory.</summary>
    /// <param name="amount">The free memory, above the host's reserve, for the whole way to the target.</param>
    public static Lack OfHostMemory(Kib amount) => new(LackKinds.HostMemory) { HostMemory = amount };

    /// <summary>Combines what two steps lacked. A step that lacked nothing known adds nothing; of two amounts, the larger one counts.</summary>
    public static Lack? Combine(Lack? left, Lack? right) => (left, right) switch
    {
        (null, _) => right,
        (_, null) => left,
        _ => new Lack(left.Kinds | right.Kinds) { HostMemory = Kib.Max(left.HostMemory, right.HostMemory) },
    };
}
